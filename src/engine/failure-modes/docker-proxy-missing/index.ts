import { absent, failureMode, sign, undecided } from "../../diagnose/failure-mode";
import { failedStart } from "../../facts/engine-state";
import { placesOf } from "../../facts/fact";
import { complaints, placesOfFailures } from "../../facts/failure-facts";
import { alerts, byHand, habits, restartDocker, startDocker } from "../../remedy/steps";

type Params = { readonly path: string | null; readonly gone: boolean; readonly down: boolean };

export default failureMode<"docker-proxy-missing", Params>({
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
			params: { path, gone: gone.length > 0, down: all.some((one) => failedStart(facts).includes(one)) },
			signs: [
				sign(
					gone.length > 0 ? "Docker finds no `docker-proxy`" : "`docker-proxy` did not start",
					placesOfFailures(all),
				),
			],
		};
	},

	explain({ path, gone, down }) {
		const use = `With the userland proxy on, which is the default, Docker runs one \`docker-proxy\` for each published port${down ? ", and from 25.0 on dockerd looks for the program as it starts" : " and starts no container whose port it can’t serve"}.`;
		if (!gone)
			return `${use} The program is there and did not come up: it is of another version than dockerd, or the host is too busy to start it in time.`;
		return path
			? `${use} \`${path}\` is not there: a part of Docker’s package was removed, or \`userland-proxy-path\` in daemon.json names the wrong place.`
			: `${use} The program is not in dockerd’s PATH: a part of Docker’s package was removed, or only \`dockerd\` was copied from it.`;
	},

	fix({ path, gone, down }) {
		return {
			summary: `Put docker-proxy back in the version of dockerd, then ${down ? "start" : "restart"} dockerd.`,
			before: gone
				? [
						{
							check: { kind: "program-present", program: "docker-proxy" },
							holds: false,
							otherwise:
								"`docker-proxy` is in the PATH: look at `userland-proxy-path` in daemon.json and at the PATH of docker.service.",
						},
					]
				: [],
			steps: [
				...(path
					? [
							byHand(
								"A path that you set yourself is yours to mend.",
								`If daemon.json has \`userland-proxy-path\`, take the key out or name the file that is there; \`${path}\` is not.`,
							),
						]
					: []),
				...(down
					? []
					: [
							{
								action: { kind: "enable-live-restore" as const },
								why: "With live-restore the containers keep running while the package restarts dockerd.",
								risk: "low" as const,
								interrupts: "nothing" as const,
							},
						]),
				{
					action: { kind: "install-package", what: "docker" },
					why: "The program belongs to Docker’s own package, in the same version; installing it restarts dockerd.",
					risk: "medium",
					interrupts: down ? "nothing" : "containers-unless-live-restore",
				},
				...(down
					? startDocker("dockerd finds the program as it starts.")
					: restartDocker("20.10 looks for the program only as it starts.")),
			],
			after: [{ kind: "program-present", program: "docker-proxy" }, { kind: "daemon-running" }],
			instead: habits("iptables-false", "network-host", "delete-docker-state"),
			proveFromOutside: "Start the container and open its port from another machine.",
		};
	},

	prevent() {
		return {
			summary: "Install Docker from one source only.",
			before: [],
			steps: [
				byHand(
					"Packages of two sources overwrite and remove each other’s files.",
					"Keep either `docker-ce` or the distribution’s `docker.io`; with static binaries copy all of them, `docker-proxy` too.",
					'`"userland-proxy": false` does without the program, but it changes what localhost and the host’s own programs reach, and from 27.4 on it needs br_netfilter.',
				),
			],
			after: [],
			keep: alerts("published-port"),
			instead: [],
			proveFromOutside: null,
		};
	},
});
