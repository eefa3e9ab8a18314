import { absent, failureMode, sign, undecided } from "../../diagnose/failure-mode";
import { placesOf } from "../../facts/fact";
import { complaints, placesOfFailures } from "../../facts/failure-facts";
import { byHand, habits, restartDocker } from "../../remedy/steps";

export default failureMode<"docker-proxy-missing", { readonly path: string | null }>({
	id: "docker-proxy-missing",
	title: "The docker-proxy program is missing",
	effect: "Containers with published ports do not start",
	impact: "high",
	minutes: 5,
	explains: [],

	detect(facts) {
		const gone = complaints(facts.failures, "proxy-missing");
		const failed = complaints(facts.failures, "proxy-failed");
		const all = [...gone, ...failed];
		const proxy = all[0];
		if (!proxy)
			return facts.docker.running.known || facts.log.known
				? absent("docker-proxy was not missed", [...placesOf(facts.log), ...placesOf(facts.docker.running)].slice(0, 1))
				: undecided("error-text");
		const path = gone.find(({ complaint }) => complaint.path)?.complaint.path ?? null;
		return {
			kind: "present",
			confidence: gone.length > 0 ? "certain" : "likely",
			params: { path },
			signs: [sign("Docker can’t run `docker-proxy`", placesOfFailures(all))],
		};
	},

	explain({ path }) {
		return `With the userland proxy on (the default) Docker starts one \`docker-proxy\` for each published port, and refuses the port when it can’t. ${path ? `\`${path}\`` : "The program"} is not there: part of a package was removed, or \`userland-proxy-path\` is wrong. From 25.0 on dockerd does not even start without it.`;
	},

	fix() {
		return {
			summary: "Put docker-proxy back, then restart dockerd.",
			before: [
				{
					check: { kind: "program-present", program: "docker-proxy" },
					holds: false,
					otherwise: "`docker-proxy` is there: look at `userland-proxy-path` in daemon.json.",
				},
			],
			steps: [
				{
					action: { kind: "install-package", what: "docker" },
					why: "The program belongs to Docker’s own package, in the same version.",
					risk: "low",
					interrupts: "nothing",
				},
				...restartDocker("20.10 looks for the program only when it starts."),
			],
			after: [{ kind: "program-present", program: "docker-proxy" }, { kind: "daemon-running" }],
			instead: habits("iptables-false", "network-host"),
			proveFromOutside: "Start the container and open its port from another machine.",
		};
	},

	prevent() {
		return {
			summary: "Install Docker from one source only.",
			before: [],
			steps: [
				byHand(
					"Mixed packages overwrite or remove each other’s files.",
					'Switching the proxy off (`"userland-proxy": false`) also works, but changes what localhost and sibling containers reach, and needs br_netfilter.',
				),
			],
			after: [],
			instead: [],
			proveFromOutside: null,
		};
	},
});
