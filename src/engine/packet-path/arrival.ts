import { type Address, formatAddress, parseAddress } from "../netfilter/address";
import type { Branch } from "./branch";
import { formatEndpoint, type Setting } from "./setting";
import { isLoopback, sameAddress } from "./topology";
import type { HostContainer, HostSocket } from "./world";

/** What answers at the end of the way. `says` is the sentence of its station. */
export type Answer =
	| { readonly kind: "answers"; readonly station: string; readonly says: string }
	| { readonly kind: "proxy"; readonly station: string; readonly says: string }
	| { readonly kind: "refuses" | "silent"; readonly station: string; readonly says: string }
	| {
			readonly kind: "open";
			readonly station: string;
			readonly says: string;
			readonly answers: "proxy" | "something";
			readonly need: string;
	  };

/** Who listens on the host for a packet that INPUT let through. */
export function hostAnswer(setting: Setting, branch: Branch): Answer {
	const { address, port } = branch.packet.destination;
	const number = port.from;
	const { protocol } = branch.packet;
	const { sockets } = setting.world;
	if (sockets) {
		const found = sockets.find(
			(socket) => socket.protocol === protocol && socket.port === number && listensOn(socket, address),
		);
		return found ? socketAnswer(setting, found) : nobody(setting, sockets, number);
	}
	const { target, flow } = setting;
	const bound = target?.boundTo ?? null;
	const station = `port ${number}`;
	if (target && number === flow.port) {
		if (bound && !sameAddress(bound, address)) {
			return {
				kind: "refuses",
				station,
				says: `Port ${number} is published on \`${formatAddress(bound)}\` only: nothing listens on \`${formatAddress(address)}\`.`,
			};
		}
		if (target.container && !target.container.running) {
			return {
				kind: "refuses",
				station,
				says: `Container \`${target.container.name}\` is not running: nothing listens on port ${number}.`,
			};
		}
		const proxy = setting.world.userlandProxy ?? proxyFromRules(setting);
		if (proxy === true && (target.container || setting.world.containers === null)) {
			return {
				kind: "proxy",
				station: "docker-proxy",
				says: `docker-proxy listens on port ${number} and opens a connection of its own to the container.`,
			};
		}
		if (proxy === false) return { kind: "silent", station, says: HELD };
		return {
			kind: "open",
			station,
			says: "Whether docker-proxy listens here was not shown.",
			answers: "proxy",
			need: "ss -tlnp",
		};
	}
	if (setting.world.containers !== null && target === null) {
		return {
			kind: "open",
			station,
			says: `No container publishes port ${number}; whether anything else listens was not shown.`,
			answers: "something",
			need: "ss -tlnp",
		};
	}
	return {
		kind: "open",
		station,
		says: `What listens on port ${number} was not shown.`,
		answers: "something",
		need: "ss -tlnp",
	};
}

// With the userland proxy off dockerd keeps the port for itself with a socket it never answers
// (moby daemon/libnetwork/portmapper; listed on real hosts as LISTEN with backlog 0).
const HELD = "dockerd only holds the port against other programs, it doesn't answer: the userland proxy is off.";

function socketAnswer(setting: Setting, socket: HostSocket): Answer {
	const published = setting.target !== null && socket.port === setting.flow.port;
	if (socket.process === "docker-proxy") {
		return {
			kind: "proxy",
			station: "docker-proxy",
			says: `docker-proxy listens on port ${socket.port} and opens a connection of its own to the container.`,
		};
	}
	if (socket.process === "dockerd") return { kind: "silent", station: "dockerd", says: HELD };
	if (socket.process === "rootlessport") {
		return {
			kind: "proxy",
			station: "rootlessport",
			says: `rootlessport listens on port ${socket.port} and hands the data to the container.`,
		};
	}
	if (socket.process === null && published) {
		if (setting.world.userlandProxy === false) return { kind: "silent", station: `port ${socket.port}`, says: HELD };
		return {
			kind: "proxy",
			station: `port ${socket.port}`,
			says: `A program listens on port ${socket.port}; for a published port that is docker-proxy.`,
		};
	}
	const name = socket.process ?? "a program of the host";
	return {
		kind: "answers",
		station: socket.process ?? `port ${socket.port}`,
		says: `\`${name}\` on the host itself listens on port ${socket.port} and answers, not a container.`,
	};
}

function nobody(setting: Setting, sockets: readonly HostSocket[], port: number): Answer {
	const elsewhere = sockets.find((socket) => socket.port === port && socket.protocol === setting.flow.protocol);
	const says = elsewhere
		? `On port ${port} only \`${elsewhere.address}\` is listened on: the host refuses the connection.`
		: `Nothing listens on port ${port} of the host: it refuses the connection.`;
	return { kind: "refuses", station: `port ${port}`, says };
}

/** A socket of IPv6 `::` takes IPv4 as well, as the older docker-proxy's do. */
function listensOn(socket: HostSocket, address: Address): boolean {
	const own = socket.address
		.replace(/^\[|\]$/g, "")
		.replace(/%.*$/, "")
		.replace(/^::ffff:(?=\d)/, "");
	if (own === "*" || own === "::" || own === "0.0.0.0" || own === "") return own !== "0.0.0.0" || address.family === 4;
	const parsed = parseAddress(own);
	return parsed !== null && sameAddress(parsed, address);
}

/** What Docker's own nat rules say about the proxy (domain: moby setup_ip_tables_linux.go); null: they say nothing. */
function proxyFromRules(setting: Setting): boolean | null {
	for (const table of setting.tables) {
		if (table.name !== "nat") continue;
		const output = table.chains.find((chain) => chain.name === "OUTPUT");
		const jump = output?.rules.find((rule) => rule.verdict.kind === "jump" && rule.verdict.chain === "DOCKER");
		if (jump) return jump.matches.some((match) => match.kind === "daddr" && match.negated);
	}
	return null;
}

/** What happens to a packet that leaves by a bridge towards a container's address. */
export function containerAnswer(setting: Setting, branch: Branch): Answer {
	const { address, port } = branch.packet.destination;
	const station = formatEndpoint(address, port.from);
	const { target, world } = setting;
	const viaProxy = branch.outer !== null;
	if (isLoopback(branch.packet.source.address)) {
		const source = formatAddress(branch.packet.source.address);
		const says = `The packet arrives with the source \`${source}\`, which the container's kernel does not believe: no rule masquerades it.`;
		return { kind: "silent", station, says };
	}
	if (branch.translatedBy?.chain === "DOCKER-INGRESS") {
		const says = "The packet goes to swarm's ingress network, whose own rules and IPVS table were not shown.";
		return {
			kind: "open",
			station,
			says,
			answers: "something",
			need: "nsenter --net=/run/docker/netns/ingress_sbox iptables-save",
		};
	}
	const intended = target !== null && (!target.addressKnown || sameAddress(target.address, address));
	const container = intended && target.container ? target.container : (holderOf(world.containers, address) ?? null);
	if (!container) return stranger(setting, station, address);
	if (!container.running)
		return {
			kind: "silent",
			station,
			says: `Container \`${container.name}\` is not running: nobody has the address \`${formatAddress(address)}\`.`,
		};
	const wrong = target?.container && target.container !== container;
	if (container.listening === null) {
		if (wrong) {
			const says = `The rule leads to container \`${container.name}\`; port ${setting.flow.port} is published by \`${target?.container?.name ?? ""}\`.`;
			return {
				kind: "open",
				station,
				says,
				answers: "something",
				need: `docker exec ${quotable(container.name)} netstat -ltnu`,
			};
		}
		return {
			kind: "answers",
			station,
			says: `Container \`${container.name}\` gets the packet. (That it listens on port ${port.from} is taken for granted.)`,
		};
	}
	const sockets = container.listening.filter(
		(socket) => socket.port === port.from && socket.protocol === branch.packet.protocol,
	);
	if (sockets.some((socket) => listensOn({ ...socket, process: null }, address))) {
		return {
			kind: "answers",
			station,
			says: `Container \`${container.name}\` listens on port ${port.from} and answers.`,
		};
	}
	const only = sockets[0];
	const says = only
		? `In container \`${container.name}\` only \`${only.address}:${only.port}\` is listened on: the connection is refused.`
		: `In container \`${container.name}\` nothing listens on port ${port.from}: the connection is refused.`;
	return {
		kind: "refuses",
		station,
		says: viaProxy ? `${says} docker-proxy then closes the client's connection.` : says,
	};
}

function holderOf(containers: readonly HostContainer[] | null, address: Address): HostContainer | undefined {
	return containers?.find((container) =>
		container.addresses?.some((text) => {
			const own = parseAddress(text.split("/", 1)[0] ?? "");
			return own !== null && sameAddress(own, address);
		}),
	);
}

/** An address that no known container has. */
function stranger(setting: Setting, station: string, address: Address): Answer {
	const { containers } = setting.world;
	const complete = containers?.every((container) => !container.running || container.addresses !== null);
	if (containers !== null && complete) {
		return {
			kind: "silent",
			station,
			says: `No running container has the address \`${formatAddress(address)}\`: nobody answers there.`,
		};
	}
	const says = `The packet reaches \`${station}\`. (That a container listens there is taken for granted.)`;
	return { kind: "answers", station, says };
}

/** A container's name fit for a command; Docker itself allows no others. */
function quotable(name: string): string {
	return /^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/.test(name) ? name : "CONTAINER";
}
