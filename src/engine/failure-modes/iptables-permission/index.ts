import { absent, failureMode, type Sign, sign, undecided } from "../../diagnose/failure-mode";
import { isKnownToBe, placesOf } from "../../facts/fact";
import { complaints, placesOfFailures } from "../../facts/failure-facts";
import type { FoldedFailure } from "../../facts/host-facts";
import { byHand, habits } from "../../remedy/steps";

type Params = {
	readonly rootless: boolean;
	/** What the system said when the legacy program wanted to open its lock file; null where that is not what failed. */
	readonly lockFile: string | null;
};

export default failureMode<"iptables-permission", Params>({
	id: "iptables-permission",
	title: "dockerd lacks the privilege to change the tables",
	effect: "dockerd does not start",
	impact: "high",
	minutes: 15,
	explains: ["docker-chain-missing", "docker-filter-chain-missing", "nat-module-missing", "ip-forward-off"],

	detect(facts) {
		// The legacy program opens /run/xtables.lock before it asks the kernel for anything.
		const locked = complaints(facts.failures, "lock-file-unopenable");
		const refused: readonly FoldedFailure[] = [
			...complaints(facts.failures, "permission").filter(
				({ complaint }) => complaint.what === "iptables" || complaint.what === "netlink",
			),
			...locked,
		];
		const dockers = refused.filter((one) => one.best.fromDockerd);
		const byFile = locked.find((one) => one.best.fromDockerd && dockers.length === 1);
		const params: Params = {
			rootless: isKnownToBe(facts.docker.rootless, true),
			lockFile: byFile?.complaint.errno ?? null,
		};
		if (dockers.length > 0) {
			const signs: Sign[] = [
				sign(
					byFile
						? "dockerd’s `iptables` may not write its lock file"
						: "The kernel refused dockerd’s `iptables` for lack of privilege",
					placesOfFailures(dockers),
				),
			];
			return { kind: "present", confidence: byFile ? "likely" : "certain", params, signs };
		}
		// A person who forgot sudo sees the same words: that says nothing of dockerd.
		if (refused.length > 0)
			return facts.docker.running.known
				? absent("only a command typed without root was refused; dockerd itself was not", placesOfFailures(refused))
				: undecided("dockerd-log", "rule-set");
		if (facts.log.known || isKnownToBe(facts.docker.running, true))
			return absent(
				"dockerd was not refused anything for lack of privilege",
				[...placesOf(facts.log), ...placesOf(facts.docker.running)].slice(0, 1),
			);
		return undecided("dockerd-log");
	},

	explain({ rootless, lockFile }) {
		if (lockFile !== null && !rootless)
			return `\`iptables-legacy\` opens \`/run/xtables.lock\` before it touches a table, and dockerd’s was not let (${lockFile.toLowerCase()}): dockerd does not run as root of the host, \`/run\` is read-only where it runs, or a security module forbids it. Nobody holds the lock, and deleting the file helps nothing.`;
		return rootless
			? "Rootless dockerd may not change the host’s tables; ports are published by rootlesskit instead."
			: "dockerd runs where it does not own the network namespace: an unprivileged LXC or Proxmox container, a user namespace, or a container without `CAP_NET_ADMIN`. Being uid 0 there is not enough: “you must be root” means the right to administer this network namespace.";
	},

	fix() {
		return {
			summary: "Give dockerd’s environment the right to its network, or run it on the host.",
			before: [],
			steps: [
				byHand(
					"What encloses dockerd decides, so it must be changed from outside.",
					"LXC, Proxmox: set `nesting=1,keyctl=1` for the container and load the modules on its host; then start the container anew.",
					"Docker in Docker: the outer container needs `--privileged`, with docker:dind-rootless as well.",
					"A systemd unit: remove `User=`, `PrivateUsers=` or a `CapabilityBoundingSet=` without CAP_NET_ADMIN from docker.service.",
					"If it should stay unprivileged, use rootless Docker: it needs no tables of the host.",
				),
			],
			after: [{ kind: "daemon-running" }],
			instead: habits("iptables-false", "chmod-socket", "switch-to-legacy"),
			proveFromOutside: null,
		};
	},

	prevent() {
		return null;
	},
});
