import { absent, failureMode, type Sign, sign, undecided } from "../../diagnose/failure-mode";
import { mainTrace, portInQuestion } from "../../diagnose/main-trace";
import { dnatRulesFor } from "../../facts/docker-rules";
import { deadProbes, isLooping, listWords, pressingFailures, publishing } from "../../facts/engine-state";
import { valueOr } from "../../facts/fact";
import type { Container, HostFacts, ListeningSocket } from "../../facts/host-facts";
import { alerts, byHand, habits } from "../../remedy/steps";
import type { Span } from "../../text/span";

type Params = {
	readonly container: string | null;
	readonly port: number | null;
	/** Null: the sockets in the container were not shown; a connection that ended at once is all there is. */
	readonly loopbackOnly: boolean | null;
	/** Other ports that are open there to the network. */
	readonly others: readonly number[];
	/** The container that wants the port does not run at all. */
	readonly stopped?: true;
	/** The rules lead to this address of the container, and the try was refused. */
	readonly refusedAt?: string;
};

export default failureMode<"container-not-listening", Params>({
	id: "container-not-listening",
	title: "Nothing listens on the port inside the container",
	effect: "Connections are refused or end at once",
	impact: "medium",
	minutes: 5,
	explains: [],

	headline: ({ stopped }) =>
		stopped
			? "The container does not run, so nothing is behind the port"
			: "Nothing listens on the port inside the container",

	detect(facts) {
		const silent = silentContainer(facts);
		// docker-proxy that finds nobody behind hangs up at once. Accepted and then silent is a program that hangs, or the
		// socket that dockerd itself keeps open for a port when its userland proxy is off.
		// Where another try got an answer from the same port, somebody does listen.
		const answered = facts.probes.filter((probe) => probe.outcome === "answered");
		const empty = deadProbes(facts).filter(
			(probe) =>
				probe.outcome === "empty" &&
				!probe.fromContainer &&
				(probe.seconds ?? 0) < 1 &&
				!answered.some((one) => probe.port !== null && one.port === probe.port),
		);
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
				params: { container: only?.name ?? null, port: null, loopbackOnly: null, others: [] },
				signs,
				ask: ["container-sockets"],
			};
		}
		const refused = refusedInTheContainer(facts);
		if (refused)
			return {
				kind: "present",
				confidence: "likely",
				params: refused.params,
				signs: refused.signs,
				ask: ["container-sockets"],
			};
		const stopped = stoppedContainer(facts);
		if (stopped)
			return {
				kind: "present",
				confidence: stopped.sure ? "likely" : "possible",
				params: { container: stopped.name, port: stopped.port, loopbackOnly: false, others: [], stopped: true },
				signs: [
					sign(
						stopped.sure
							? `Container \`${stopped.name}\` was made to publish port ${stopped.port} and ${stopped.state === "exited" ? "has ended" : "never ran"}`
							: `No container runs: \`${stopped.name}\` ${stopped.state === "exited" ? "has ended" : "never ran"}`,
						stopped.at,
					),
					sign(
						"The port does not answer",
						deadProbes(facts).map((probe) => probe.at),
					),
				],
			};
		const seen = facts.containerSockets;
		return seen.known && publishing(facts).length > 0
			? absent("the container listens on its port", seen.at.slice(0, 1))
			: undecided("container-sockets");
	},

	explain({ container, port, loopbackOnly, others, stopped, refusedAt }) {
		const who = container ? `\`${container}\`` : "the container";
		if (stopped)
			return `Docker makes the rules of a published port when its container starts and takes them away when it ends. ${who} wants port ${port ?? "…"} and does not run, so neither a rule nor docker-proxy is there for it. A restart of dockerd without live-restore leaves a container so that has no restart policy.`;
		if (refusedAt)
			return `By the rules pasted here the packet arrives at ${refusedAt}, and it is refused. Past the last rule only the kernel in ${who} can say no, and it does so where no program has the port open to the network: the program listens on 127.0.0.1 only, on another port, or has not started yet. Its sockets tell which.`;
		if (loopbackOnly === null)
			return `docker-proxy took the connection on the host and found nobody to hand it to: in ${who} no program answers on the published port. It listens on 127.0.0.1 only, on another port, or has not started yet; which one, its sockets tell.`;
		if (loopbackOnly)
			return `In ${who} the program listens on 127.0.0.1${port === null ? "" : `:${port}`}, and that is the container’s own loopback. Packets for the published port come to the container’s eth0, where nothing listens, and are refused. Docker’s rules do their work.`;
		const elsewhere =
			others.length > 0
				? `It has ${listWords(others.slice(0, 4).map(String))} open instead.`
				: "It may not have started yet, or it listens on another port.";
		return `Packets for the published port arrive in ${who}, and there no program has port ${port ?? "…"} open. ${elsewhere} Docker’s rules do their work.`;
	},

	fix({ container, port, loopbackOnly, others, stopped }) {
		const who = container ?? "NAME";
		if (stopped)
			return {
				summary: "Start the container.",
				before: [],
				steps: [
					byHand(
						"Only a container that runs has its port.",
						`\`docker start ${who}\`; if it ends again, \`docker logs ${who}\` says why.`,
						`So that it comes back by itself: \`docker update --restart unless-stopped ${who}\`.`,
					),
				],
				after: [],
				instead: habits("network-host", "flush-everything", "reinstall-docker"),
				proveFromOutside: "Open the published port from another machine.",
			};
		const look = `See what it listens on: \`docker exec ${who} netstat -ltn\` (or \`ss -ltn\`).`;
		const bind =
			"Bind it to 0.0.0.0 instead of 127.0.0.1 or localhost: usual settings are `--host 0.0.0.0`, `HOST=0.0.0.0`, `bind 0.0.0.0`.";
		const publish = `Publish the port that it has open: \`-p HOST_PORT:${others[0] ?? "CONTAINER_PORT"}\`${port === null ? "" : `, not \`-p HOST_PORT:${port}\``}. For that the container must be made anew.`;
		const logs = `If it has no port open at all, its own output says why: \`docker logs ${who}\`.`;
		const instructions =
			loopbackOnly === null
				? [look, bind, publish, logs]
				: loopbackOnly
					? [bind, `Start the container anew with that setting, then look again: \`docker exec ${who} netstat -ltn\`.`]
					: others.length > 0
						? [publish, `Or set the program’s own port to ${port ?? "the published one"}.`]
						: [logs, look, publish];
		return {
			summary:
				loopbackOnly === false
					? others.length > 0
						? "Publish the port that the program has open."
						: "Bring the program up, on the published port."
					: "Let the program listen on 0.0.0.0 instead of 127.0.0.1.",
			before: [],
			steps: [byHand("Docker’s rules are right; the program or its `-p` must change.", ...instructions)],
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
			keep: alerts("published-port"),
			instead: habits("curl-localhost"),
			proveFromOutside: null,
		};
	},
});

/** A container that wants the port that was tried in vain, and does not run. */
function stoppedContainer(facts: HostFacts) {
	const question = portInQuestion(facts);
	if (!question || deadProbes(facts).length === 0 || pressingFailures(facts).length > 0) return null;
	const containers = valueOr(facts.containers, []);
	const wants = (one: (typeof containers)[number]) =>
		one.inspected?.wantedPorts.some((wanted) => wanted.hostPort === question.port) === true;
	if (containers.some((one) => one.state === "running" && (wants(one) || publishes(one, question.port)))) return null;
	const found = containers.find((one) => (one.state === "exited" || one.state === "created") && wants(one));
	if (found?.name) return { name: found.name, state: found.state, port: question.port, at: found.at, sure: true };
	// Without an inspection: nothing runs at all, no rule translates the port, and somebody said no.
	const { nat } = facts.rules;
	const [only] = containers;
	const untranslated =
		nat.kind === "shown" &&
		nat.anyDockerChain &&
		(!nat.table || dnatRulesFor(nat.table, question.port, question.protocol).length === 0);
	const isOver = (one: Container) => one.state === "exited" || one.state === "created";
	const refused = deadProbes(facts).every(({ outcome }) => outcome === "refused");
	return untranslated && refused && only?.name && containers.every(isOver)
		? { name: only.name, state: only.state, port: question.port, at: only.at, sure: false }
		: null;
}

/** The rules lead to the container, the try was refused, and nobody stands between: its own kernel refused. */
function refusedInTheContainer(facts: HostFacts): { readonly params: Params; readonly signs: readonly Sign[] } | null {
	const trace = mainTrace(facts);
	const dead = deadProbes(facts);
	if (trace?.outcome !== "delivered" || trace.viaProxy || trace.translatedTo === null || dead.length === 0) return null;
	const isRefusal = ({ outcome, port, address }: (typeof dead)[number]) =>
		outcome === "refused" && port === trace.flow.port && !/^(?:127\.|localhost$)/.test(address ?? "");
	const answered = facts.probes.some(({ outcome, port }) => outcome === "answered" && port === trace.flow.port);
	if (answered || !dead.every(isRefusal) || pressingFailures(facts).length > 0) return null;
	const owner = publishing(facts).find((one) => publishes(one, trace.flow.port));
	return {
		params: {
			container: owner?.name ?? null,
			port: null,
			loopbackOnly: null,
			others: [],
			refusedAt: trace.translatedTo,
		},
		signs: [
			sign(
				`By the rules pasted here the packet arrives at ${trace.translatedTo}`,
				trace.steps.flatMap((step) => (step.rule && step.at ? [step.at] : [])).slice(0, 4),
			),
			sign(
				"The try was refused",
				dead.map(({ at }) => at),
			),
		],
	};
}

const publishes = (one: Container, port: number) =>
	one.ports?.some((published) => published.hostPort === port) === true;

type Silent = Params & { readonly container: string; readonly at: readonly Span[] };

/** A running container whose sockets were listed and whose published port is not open to its network. */
function silentContainer(facts: HostFacts): Silent | null {
	const listed = valueOr(facts.containerSockets, new Map<string, never>());
	for (const container of publishing(facts)) {
		const own = container.name ? listed.get(container.name) : undefined;
		// A container in a restart loop listens on nothing for most of the time; that is another finding.
		if (!own || !container.name || isLooping(container)) continue;
		for (const published of container.ports ?? []) {
			const silent = published.protocol === "tcp" ? silentPort(container.name, own, published.containerPort) : null;
			if (silent) return silent;
		}
	}
	return facts.containers.known ? null : closedToTheNetwork(facts);
}

type Sockets = { readonly sockets: readonly ListeningSocket[]; readonly at: readonly Span[] };

const isLoopback = (address: string) => address.startsWith("127.") || address === "::1";

function silentPort(container: string, { sockets, at }: Sockets, port: number): Silent | null {
	const tcp = sockets.filter((socket) => socket.protocol === "tcp");
	const open = tcp.filter((socket) => socket.port === port);
	if (!open.every((socket) => isLoopback(socket.address))) return null;
	const others = tcp.filter((socket) => !isLoopback(socket.address));
	return {
		container,
		port,
		loopbackOnly: open.length > 0,
		others: [...new Set(others.map((socket) => socket.port))],
		at: open.length > 0 ? open.map((socket) => socket.at) : at,
	};
}

/** Without a list of containers: one that has the port a DNAT rule sends packets to open on its own loopback alone. */
function closedToTheNetwork(facts: HostFacts): Silent | null {
	const { nat } = facts.rules;
	const rules = nat.kind === "shown" ? (nat.table?.chains ?? []).flatMap((chain) => chain.rules) : [];
	const ports = new Set(
		rules.flatMap((rule) => (rule.verdict.kind === "dnat" ? (rule.verdict.to.port?.from ?? []) : [])),
	);
	for (const [name, own] of valueOr(facts.containerSockets, new Map<string, never>())) {
		for (const port of ports) {
			const silent = silentPort(name, own, port);
			if (silent?.loopbackOnly) return silent;
		}
	}
	return null;
}
