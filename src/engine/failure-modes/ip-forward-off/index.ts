import { absent, failureMode, type Sign, sign, undecided } from "../../diagnose/failure-mode";
import { deadProbes } from "../../facts/engine-state";
import { isKnownToBe } from "../../facts/fact";
import { complaints, placesOfFailures } from "../../facts/failure-facts";
import type { HostFacts } from "../../facts/host-facts";
import type { Check, Step } from "../../remedy/plan";
import { byHand, habits } from "../../remedy/steps";
import { sysctlKey, sysctlValue } from "../../remedy/validate";
import type { Span } from "../../text/span";

type Params = { readonly key: string };

export default failureMode<"ip-forward-off", Params>({
	id: "ip-forward-off",
	title: "The kernel does not forward packets",
	effect: "Published ports are dead from outside",
	impact: "high",
	minutes: 5,
	explains: ["forward-dropped"],

	detect(facts) {
		const off = switchedOff(facts);
		const said = complaints(facts.failures, "forwarding-disabled").filter(({ complaint }) => complaint.family === 4);
		const refused = complaints(facts.failures, "forwarding-refused");
		const signs: Sign[] = [];
		if (off) signs.push(sign(`\`${off.key}\` is 0`, [off.at]));
		if (said.length > 0)
			signs.push(sign("Docker itself says that IPv4 forwarding is disabled", placesOfFailures(said)));
		if (refused.length > 0) signs.push(sign("dockerd could not switch forwarding on", placesOfFailures(refused)));
		const dead = deadProbes(facts);
		if (dead.length > 0 && signs.length > 0)
			signs.push(
				sign(
					"The port does not answer",
					dead.map((probe) => probe.at),
				),
			);
		const params = { key: off?.key ?? "net.ipv4.ip_forward" };
		if (off && said.length === 0 && refused.length === 0 && isKnownToBe(facts.docker.running, false))
			return absent("forwarding is off while dockerd does not run; dockerd switches it on as it starts", [off.at]);
		if (off && off.key === "net.ipv4.ip_forward") return { kind: "present", confidence: "certain", params, signs };
		if (said.length > 0) return { kind: "present", confidence: "certain", params, signs };
		if (off) return { kind: "present", confidence: "likely", params, signs };
		if (refused.length > 0) return { kind: "present", confidence: "likely", params, signs, ask: ["sysctls"] };
		const value = facts.sysctls.get("net.ipv4.ip_forward");
		if (value?.value === "1") return absent("`net.ipv4.ip_forward` is 1", [value.at]);
		return undecided("sysctls");
	},

	explain({ key }) {
		return `\`${key}\` is 0${key === "net.ipv4.ip_forward" ? "" : ", although forwarding is on for the host as a whole"}: the kernel throws away every packet that is not for the host itself, after its address was translated and before any rule of \`FORWARD\`. dockerd switches forwarding on when it starts and does not look again; something switched it off since. From the host itself the port may still answer.`;
	},

	fix({ key }) {
		const name = sysctlKey(key);
		const one = sysctlValue("1");
		const set: readonly Step[] =
			name && one
				? [
						{
							action: { kind: "set-sysctl", key: name, value: one, persist: true },
							why: "Takes effect at once, for running containers as well; no restart.",
							risk: "low",
							interrupts: "nothing",
						},
					]
				: [];
		const check: readonly Check[] = name && one ? [{ kind: "sysctl-is", key: name, value: one }] : [];
		return {
			summary: "Switch forwarding on, and keep it on.",
			before: [],
			steps: set,
			after: check,
			instead: habits("forward-accept", "restart-container", "network-host"),
			proveFromOutside: "Open the published port from another machine.",
		};
	},

	prevent() {
		return {
			summary: "Find what switches it off.",
			before: [],
			steps: [
				byHand(
					"It will be switched off again by whatever did it.",
					"`grep -rs ip_forward /etc/sysctl.conf /etc/sysctl.d /usr/lib/sysctl.d /run/sysctl.d /etc/ufw/sysctl.conf`",
					"Hardening roles and tuned profiles write such files; `sysctl --system` applies them.",
					"systemd-networkd: `IPv4Forwarding=` (older: `IPForward=`) in a .network file.",
				),
			],
			after: [],
			instead: [],
			proveFromOutside: null,
		};
	},
});

/** The host's switch first, then those of single interfaces, which a packet must pass as well (ip-sysctl.rst, `forwarding`). */
function switchedOff(facts: HostFacts): { readonly key: string; readonly at: Span } | null {
	for (const key of ["net.ipv4.ip_forward", "net.ipv4.conf.all.forwarding"]) {
		const found = facts.sysctls.get(key);
		if (found?.value === "0") return { key: "net.ipv4.ip_forward", at: found.at };
	}
	for (const [key, { value, at }] of facts.sysctls) {
		if (value === "0" && /^net\.ipv4\.conf\.(?!all\.|default\.|lo\.)[^.]{1,15}\.forwarding$/.test(key))
			return { key, at };
	}
	return null;
}
