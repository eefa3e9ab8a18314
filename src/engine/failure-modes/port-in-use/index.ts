import { absent, failureMode, type Sign, sign, undecided } from "../../diagnose/failure-mode";
import { whereRefusalShows } from "../../facts/engine-state";
import { valueOr } from "../../facts/fact";
import { complaints, placesOfFailures } from "../../facts/failure-facts";
import type { FoldedFailure, HostFacts } from "../../facts/host-facts";
import type { Port } from "../../remedy/plan";
import { byHand, habits } from "../../remedy/steps";
import { containerName, port } from "../../remedy/validate";

type Params = {
	readonly port: number | null;
	readonly protocol: "tcp" | "udp";
	/** Docker's own allocator refused: another container. Otherwise a process of the host listens. */
	readonly byContainer: boolean;
	readonly owner: string | null;
};

export default failureMode<"port-in-use", Params>({
	id: "port-in-use",
	title: "The host port is taken",
	effect: "The container does not start",
	impact: "medium",
	minutes: 5,
	explains: [],

	detect(facts) {
		const allocated = complaints(facts.failures, "port-allocated");
		const taken = complaints(facts.failures, "address-in-use");
		const all = [...allocated, ...taken];
		const best = all[0];
		if (!best) {
			const shown = whereRefusalShows(facts);
			return shown ? absent("no report of a port in use", shown) : undecided("error-text", "dockerd-log");
		}
		const number = all.map((one) => one.complaint.port).find((one) => one !== null) ?? null;
		const protocol = taken.some(({ complaint }) => complaint.protocol?.startsWith("udp")) ? "udp" : "tcp";
		const owner = ownerOf(facts, number);
		const params: Params = { port: number, protocol, byContainer: allocated.length > 0, owner: owner?.name ?? null };
		const signs: Sign[] = [
			sign(
				allocated.length > 0
					? `Docker has already given port ${number ?? ""} to another container`
					: `Something on the host listens on port ${number ?? ""} already`,
				placesOfFailures(all),
			),
		];
		if (owner) signs.push(sign(`\`${owner.name}\` has port ${number}`, [owner.at]));
		const started = startedSince(facts, all);
		if (started.length > 0) return { kind: "present", confidence: "possible", params, signs, against: started };
		return { kind: "present", confidence: "certain", params, signs };
	},

	explain({ port: number, byContainer, owner }) {
		const which = number === null ? "The host port" : `Port ${number}`;
		return byContainer
			? `${which} is published by ${owner ? `\`${owner}\`` : "another container"}. Docker hands each host port out once; the new container is created but not started.`
			: `${which} is in use by ${owner ? `\`${owner}\`` : "a process of the host itself"}. Docker can’t bind it; the new container is created but not started.`;
	},

	fix({ port: number, protocol, byContainer, owner }) {
		const checked: Port | null = number === null ? null : port(number);
		const named = owner === null ? null : containerName(owner);
		const show = checked
			? [
					{
						action: { kind: "show-port-owner" as const, port: checked, protocol },
						why: "Look before anything is stopped: it may be the more important service.",
						risk: "none" as const,
						interrupts: "nothing" as const,
					},
				]
			: [];
		return {
			summary: "Free the port, or publish on another one.",
			before: [],
			steps: [
				...show,
				byHand(
					"Which of the two should have the port is yours to say.",
					`To keep both: publish the new container on another host port (\`-p ${another(number)}:…\`).`,
					byContainer
						? `To move the port: stop ${named ? `the container \`${named}\`` : "the other container"}, then start the new one.`
						: "To move the port: stop the service that listens, or bind it to another address.",
					"If no container and no process has it, Docker’s own record is stale: a restart of dockerd clears it.",
				),
			],
			after: [],
			instead: habits("kill-port-owner", "network-host", "reinstall-docker"),
			proveFromOutside: null,
		};
	},

	prevent() {
		return {
			summary: "Let Docker choose the host port, or keep a list.",
			before: [],
			steps: [
				byHand(
					"Fixed ports collide as services are added.",
					"`-p 80` without a host port takes a free one; `docker port NAME` tells which.",
					"Keep published ports below the range of `net.ipv4.ip_local_port_range`, which outgoing connections use.",
				),
			],
			after: [],
			instead: [],
			proveFromOutside: null,
		};
	},
});

/** A free-looking neighbour: above the privileged ports, inside the range. */
function another(number: number | null): number {
	if (number === null) return 8081;
	return number < 1024 ? number + 8000 : number < 65535 ? number + 1 : number - 1;
}

/** Refused containers that run by now, where that is so of every one: then the refusals are history. */
function startedSince(facts: HostFacts, refused: readonly FoldedFailure[]): readonly Sign[] {
	const names = refused.flatMap(({ all }) => all.flatMap(({ subject }) => subject ?? []));
	const running = valueOr(facts.containers, []).filter(
		({ name, state }) => state === "running" && name !== null && names.includes(name),
	);
	if (names.length === 0 || names.some((name) => !running.some((container) => container.name === name))) return [];
	return running.map(({ name, at }) => sign(`\`${name}\` runs now`, at.slice(0, 1)));
}

function ownerOf(facts: HostFacts, number: number | null) {
	if (number === null) return null;
	const container = valueOr(facts.containers, []).find(
		(one) => one.state === "running" && one.ports?.some((published) => published.hostPort === number),
	);
	const place = container?.at[0];
	if (container?.name && place) return { name: container.name, at: place };
	const socket = valueOr(facts.sockets, []).find((one) => one.port === number && one.process !== null);
	return socket?.process ? { name: socket.process, at: socket.at } : null;
}
