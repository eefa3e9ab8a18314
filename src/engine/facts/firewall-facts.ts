import { known, unknown } from "./fact";
import type { HostFacts } from "./host-facts";
import { type Reading, readingsOf, whole } from "./reading";

/** What `ufw status` says. */
export function gatherUfw(readings: readonly Reading[]): HostFacts["ufw"] {
	for (const { parsed, artifact } of readingsOf(readings, "ufw-status")) {
		if (parsed.active)
			return known(
				{
					active: parsed.active.value,
					incoming: parsed.defaults?.value.incoming ?? null,
					routed: parsed.defaults?.value.routed ?? null,
					rules: parsed.rules.map((rule) => rule.value),
				},
				whole(artifact),
			);
	}
	return unknown("firewalls");
}

/** What `firewall-cmd` says. */
export function gatherFirewalld(readings: readonly Reading[]): HostFacts["firewalld"] {
	for (const { parsed, artifact } of readingsOf(readings, "firewalld-state")) {
		if (parsed.running)
			return known(
				{ running: parsed.running.value, backend: parsed.backend?.value ?? null, zones: parsed.zones },
				whole(artifact),
			);
	}
	// `systemctl is-active firewalld` says as much, and no more. (ufw.service is active even where ufw is not enabled.)
	for (const { parsed } of readingsOf(readings, "unit-status")) {
		const unit = parsed.units.find((one) => /^firewalld(?:\.service)?$/.test(one.unit));
		if (unit) return known({ running: unit.active === "active", backend: null, zones: [] }, [unit.at]);
	}
	return unknown("firewalls");
}

/**
 * What ufw's own rules say of a port of the host. `open` where that can't be told: a rule names an application, whose
 * ports are not shown, or lets in some networks or one interface only.
 */
export function ufwOnPort(rules: readonly string[], port: number): "allowed" | "not-named" | "open" {
	let answer: "not-named" | "open" = "not-named";
	for (const rule of rules) {
		const [, to = "", from = ""] =
			/^(?:\[ {0,3}\d{1,4}\] )?(.{1,60}?) {1,40}(?:ALLOW|LIMIT)(?: IN)? {1,20}(?!OUT|FWD)(\S.{0,80})$/.exec(
				rule.trim(),
			) ?? [];
		const covers = coversPort(to, port);
		if (to === "" || covers === "no") continue;
		if (covers === "yes" && /^Anywhere(?! on)/.test(from) && !/ on /.test(to)) return "allowed";
		answer = "open";
	}
	return answer;
}

/** The column `To`: `8080/tcp`, `6000:6010/tcp`, `80,443/tcp`, `192.0.2.1 8080`, `Anywhere`, or the name of an application. */
function coversPort(to: string, port: number): "yes" | "no" | "open" {
	const words = to.replace(/ \(v6\)$/, "").split(" ");
	if (words[0] === "Anywhere") return "yes";
	const ports = words.find((word) => /^\d{1,5}(?:[:,]\d{1,5}){0,15}(?:\/(?:tcp|udp))?$/.test(word));
	if (!ports) return "open";
	if (ports.endsWith("/udp")) return "no";
	const covered = ports
		.replace(/\/tcp$/, "")
		.split(",")
		.some((one) => {
			const [from = "", upTo = from] = one.split(":");
			return Number(from) <= port && port <= Number(upTo);
		});
	return covered ? "yes" : "no";
}
