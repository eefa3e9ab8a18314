import { absent, failureMode, type Sign, sign, undecided } from "../../diagnose/failure-mode";
import { deadProbes } from "../../facts/engine-state";
import { isKnownToBe } from "../../facts/fact";
import { complaints, placesOfFailures } from "../../facts/failure-facts";
import type { HostFacts } from "../../facts/host-facts";
import type { Check, Step } from "../../remedy/plan";
import { alerts, byHand, habits, startDocker } from "../../remedy/steps";
import { sysctlKey, sysctlValue } from "../../remedy/validate";
import type { Span } from "../../text/span";

type Params = {
	readonly key: string;
	/** dockerd did not start for it: its nftables backend asks, and does not switch forwarding on by itself. */
	readonly stopsDockerd: boolean;
	/** dockerd tried to switch it on and was not let. */
	readonly refused: boolean;
};

export default failureMode<"ip-forward-off", Params>({
	id: "ip-forward-off",
	title: "The kernel does not forward packets",
	effect: "Published ports are dead from outside",
	impact: "high",
	minutes: 5,
	explains: ["forward-dropped"],

	headline({ key, stopsDockerd, refused }) {
		if (stopsDockerd) return "IPv4 forwarding is off, and dockerd does not start without it";
		if (refused) return "dockerd could not switch IPv4 forwarding on";
		return key === "net.ipv4.ip_forward"
			? "The kernel does not forward packets"
			: `The kernel does not forward packets that come in by ${key.split(".")[3] ?? "one interface"}`;
	},

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
		const params: Params = {
			key: off?.key ?? "net.ipv4.ip_forward",
			stopsDockerd: said.some(({ best }) => best.weight === "fatal"),
			refused: !off && said.length === 0 && refused.length > 0,
		};
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

	explain({ key, stopsDockerd, refused }) {
		if (stopsDockerd)
			return "With its nftables backend dockerd does not switch forwarding on by itself: that would make a router of the host without a word. `net.ipv4.ip_forward` is 0, so it refuses to start.";
		if (refused)
			return "dockerd switches `net.ipv4.ip_forward` on as it starts, and the kernel did not let it write there. That is so in containers and in unprivileged LXC, where /proc/sys belongs to the machine around them.";
		const whole = key === "net.ipv4.ip_forward" ? "" : ", although forwarding is on for the host as a whole";
		return `\`${key}\` is 0${whole}: the kernel throws away every packet that is not for the host itself, after its address was translated and before any rule of \`FORWARD\`. dockerd switches forwarding on when it starts and does not look again; something switched it off since. From the host itself the port may still answer.`;
	},

	fix({ key, stopsDockerd, refused }) {
		const name = sysctlKey(key);
		const one = sysctlValue("1");
		const set: readonly Step[] =
			name && one
				? [
						{
							action: { kind: "set-sysctl", key: name, value: one, persist: true },
							why: stopsDockerd
								? "The host becomes a router between all its interfaces: make sure that `FORWARD` or a native chain keeps out what is not Docker’s."
								: "It takes effect at once, for running containers as well, without a restart.",
							risk: stopsDockerd ? "medium" : "low",
							interrupts: "nothing",
						},
					]
				: [];
		const check: readonly Check[] = name && one ? [{ kind: "sysctl-is", key: name, value: one }] : [];
		return {
			summary: stopsDockerd ? "Switch forwarding on, then start dockerd." : "Switch forwarding on, and keep it on.",
			before: [],
			steps: refused
				? [
						byHand(
							"The switch belongs to the machine around this one.",
							"Set `net.ipv4.ip_forward` to 1 there, for the container: in LXC `lxc.sysctl.net.ipv4.ip_forward = 1`, in Docker `--sysctl net.ipv4.ip_forward=1`.",
							"Then restart docker in here.",
						),
					]
				: [...set, ...(stopsDockerd ? startDocker("dockerd asks for forwarding as it starts.") : [])],
			after: refused ? [] : [...check, ...(stopsDockerd ? [{ kind: "daemon-running" as const }] : [])],
			instead:
				stopsDockerd || refused
					? habits("iptables-false", "network-host")
					: habits("forward-accept", "restart-container-forwarding", "network-host"),
			proveFromOutside: "Open the published port from another machine.",
		};
	},

	prevent({ stopsDockerd, refused }) {
		if (stopsDockerd || refused) return null;
		return {
			summary: "Find what switches it off.",
			before: [],
			steps: [
				byHand(
					"Whatever switched it off does so again.",
					"Look for it: `grep -rsE 'ip_forward|ip/forward|\\.forwarding' /etc/sysctl.conf /etc/sysctl.d /usr/lib/sysctl.d /run/sysctl.d /etc/ufw/sysctl.conf`.",
					"Hardening roles and tuned profiles write such files, `sysctl --system` and each boot apply them, and the last file by name wins.",
					"systemd-networkd: `IPv4Forwarding=` (before systemd 256 `IPForward=`) in networkd.conf and .network files.",
				),
			],
			after: [],
			keep: alerts("ip-forward"),
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
