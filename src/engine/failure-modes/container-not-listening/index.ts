import { absent, failureMode, type Sign, sign, undecided } from "../../diagnose/failure-mode";
import { deadProbes, isLooping, publishing } from "../../facts/engine-state";
import { valueOr } from "../../facts/fact";
import type { HostFacts } from "../../facts/host-facts";
import { byHand, habits } from "../../remedy/steps";
import type { Span } from "../../text/span";

type Params = { readonly container: string | null; readonly port: number | null; readonly loopbackOnly: boolean };

export default failureMode<"container-not-listening", Params>({
	id: "container-not-listening",
	title: "Nothing listens on the port inside the container",
	effect: "Connections are refused or end at once",
	impact: "medium",
	minutes: 5,
	explains: [],

	detect(facts) {
		const silent = silentContainer(facts);
		const empty = deadProbes(facts).filter((probe) => probe.outcome === "empty");
		const signs: Sign[] = [];
		if (silent)
			signs.push(
				sign(
					silent.loopbackOnly
						? `Inside \`${silent.container}\` port ${silent.port} is open on 127.0.0.1 only`
						: `Inside \`${silent.container}\` nothing listens on port ${silent.port}`,
					silent.at,
				),
			);
		if (empty.length > 0)
			signs.push(
				sign(
					"The connection is accepted and then closed without an answer: docker-proxy takes it and finds nobody behind",
					empty.map((probe) => probe.at),
				),
			);
		if (silent)
			return {
				kind: "present",
				confidence: deadProbes(facts).length > 0 ? "certain" : "likely",
				params: silent,
				signs,
			};
		if (empty.length > 0) {
			const only = publishing(facts)[0];
			// Without any rule of Docker's the connection never came near the container.
			const { nat } = facts.rules;
			const noRules = nat.kind === "shown" && !nat.anyDockerChain;
			return {
				kind: "present",
				confidence: facts.containerSockets.known || noRules ? "possible" : "likely",
				params: { container: only?.name ?? null, port: null, loopbackOnly: false },
				signs,
				ask: ["container-sockets"],
			};
		}
		const seen = facts.containerSockets;
		return seen.known && publishing(facts).length > 0
			? absent("the container listens on its port", seen.at.slice(0, 1))
			: undecided("container-sockets");
	},

	explain({ container, port, loopbackOnly }) {
		const who = container ? `\`${container}\`` : "the container";
		if (loopbackOnly)
			return `Docker’s path is whole: packets arrive in ${who}. There the program listens on 127.0.0.1${port === null ? "" : `:${port}`}, which is the container’s own loopback; packets from outside come to its eth0 and are refused.`;
		return `Docker’s path is whole: packets arrive in ${who}, and no program has opened ${port === null ? "the port" : `port ${port}`} there. Either it listens on another port, on 127.0.0.1 only, or it has not started yet.`;
	},

	fix({ container, port }) {
		return {
			summary: "Let the program listen on 0.0.0.0 and on the published port.",
			before: [],
			steps: [
				byHand(
					"Only the program’s own settings can change this.",
					`See what it listens on: \`docker exec ${container ?? "NAME"} netstat -ltn\` (or \`ss -ltn\`).`,
					"Bind it to 0.0.0.0 instead of 127.0.0.1 or localhost: usual settings are `--host 0.0.0.0`, `HOST=0.0.0.0`, `bind 0.0.0.0`.",
					`If it listens on another port, publish that one: \`-p HOST_PORT:${port === null ? "CONTAINER_PORT" : "THAT_PORT"}\`.`,
					`If it does not listen at all, its own output says why: \`docker logs ${container ?? "NAME"}\`.`,
				),
			],
			after: [],
			instead: habits("network-host", "flush-everything", "privileged", "reinstall-docker"),
			proveFromOutside: "Open the published port from another machine.",
		};
	},

	prevent() {
		return {
			summary: "Check the port from outside the container.",
			before: [],
			steps: [
				byHand(
					"A health check inside the container passes on 127.0.0.1.",
					"Test in CI by the container’s address or the published port, not with `docker exec … curl localhost`.",
				),
			],
			after: [],
			instead: habits("curl-localhost"),
			proveFromOutside: null,
		};
	},
});

type Silent = Params & { readonly container: string; readonly at: readonly Span[] };

/** A running container whose sockets were listed and whose published port is not open to its network. */
function silentContainer(facts: HostFacts): Silent | null {
	const listed = valueOr(facts.containerSockets, new Map<string, never>());
	for (const container of publishing(facts)) {
		const own = container.name ? listed.get(container.name) : undefined;
		// A container in a restart loop listens on nothing for most of the time; that is another finding.
		if (!own || !container.name || isLooping(container)) continue;
		for (const published of container.ports ?? []) {
			if (published.protocol !== "tcp") continue;
			const open = own.sockets.filter((socket) => socket.port === published.containerPort && socket.protocol === "tcp");
			if (!open.every((socket) => socket.address.startsWith("127.") || socket.address === "::1")) continue;
			return {
				container: container.name,
				port: published.containerPort,
				loopbackOnly: open.length > 0,
				at: open.length > 0 ? open.map((socket) => socket.at) : own.at,
			};
		}
	}
	return null;
}
