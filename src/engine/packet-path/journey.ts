import { type Address, formatAddress, inRange, parseAddress } from "../netfilter/address";
import { type Answer, containerAnswer, hostAnswer } from "./arrival";
import { type Branch, type End, type Ends, endOf } from "./branch";
import { joined } from "./chain-walk";
import { type Forwarding, forwardingOf, type Open, outputRoute, reversePath, unroutable } from "./forwarding";
import { hiddenMasquerade } from "./hidden-tables";
import { passHook } from "./hook-walk";
import { altered, NO_INTERFACE, onePort, type Packet, packetOf, SOME_INTERFACE } from "./packet";
import { toldOfRejection } from "./rejection";
import { refuse, reply } from "./reply";
import { isShown, type Setting, settingOf, type Target } from "./setting";
import { station } from "./stations";
import { isLoopback, isOwn, isPrivate, routeTo, sameAddress } from "./topology";
import type { Step } from "./trace";
import { ephemeral } from "./translation";

/** Follows the first packet of a flow to every end it can have. */
export function journey(setting: Setting): Ends {
	const ends: Ends = [];
	const { flow, topology } = setting;
	const asked = flow.to === undefined ? null : parseAddress(flow.to);
	if (flow.from === "host") {
		const loopback: Address = setting.family === 4 ? { family: 4, value: 0x7f000001n } : { family: 6, value: 1n };
		const to = asked ?? (flow.ownAddress ? topology.hostAddress : loopback);
		const line = [
			station("this host", "origin", `A program on the host connects to \`${formatAddress(to)}\`, port ${flow.port}.`),
		];
		leaveHost(setting, branchOf(setting, sourceTowards(setting, to), to, NO_INTERFACE, line), ends);
		return ends;
	}
	const origin = flow.from === "outside" ? outsideOrigin(setting) : containerOrigin(setting);
	const to = asked ?? topology.hostAddress;
	enter(setting, branchOf(setting, origin.address, to, origin.iif, origin.line), ends);
	return ends;
}

function branchOf(setting: Setting, source: Address, destination: Address, iif: string, line: readonly Step[]): Branch {
	const from = ephemeral(source);
	const to = { address: destination, port: onePort(setting.flow.port) };
	const connection = {
		source: from,
		destination: to,
		dnat: null,
		snat: null,
		destinationSettled: false,
		sourceSettled: false,
		tracked: true,
		confirmed: false,
	};
	const packet = packetOf({
		protocol: setting.flow.protocol,
		form: { kind: "first" },
		iif,
		oif: NO_INTERFACE,
		source: from,
		destination: to,
		tracking: "not-yet",
		direction: "original",
		mark: 0,
		connmark: 0,
		connection,
	});
	return { packet, line, needs: [], decision: null, translatedBy: null, outer: null };
}

type Origin = { readonly address: Address; readonly iif: string; readonly line: readonly Step[] };

function outsideOrigin(setting: Setting): Origin {
	const { topology } = setting;
	const { client, external } = topology;
	const example = topology.clientKnown ? "" : " (an example address)";
	return {
		address: client,
		iif: external,
		line: [
			station("client", "origin", `A client outside, \`${formatAddress(client)}\`${example}, connects to the host.`),
			station(
				interfaceName(external),
				"interface",
				`The packet comes in by \`${interfaceName(external)}\`.${takenForEmpty(setting)}`,
			),
		],
	};
}

/** Tables that hardly any host uses are taken to be empty where they were not shown, and the line says so. */
function takenForEmpty(setting: Setting): string {
	const rare = ["raw", "mangle"].filter((table) => !isShown(setting, table, "PREROUTING"));
	const native = setting.world.shown.some(
		(shown) => shown.program === "native" && shown.family === (setting.family === 4 ? "ip" : "ip6"),
	);
	const names = [...rare.map((table) => `table ${table}`), ...(native ? [] : ["tables of nft's own"])];
	return names.length === 0 ? "" : ` (Not shown and taken to be empty: ${names.join(", ")}.)`;
}

/** Another container on the wanted bridge; by default one beside the container that publishes the port. */
function containerOrigin({ topology, flow, target, family }: Setting): Origin {
	const own = target && routeTo(topology, target.address)?.bridge;
	const bridge = topology.bridges.find((entry) => entry.name === (flow.bridge ?? own?.name)) ?? topology.bridges[0];
	const network = bridge?.networks.find((entry) => entry.to.value - entry.from.value > 3n);
	let value = network ? network.to.value - 2n : family === 4 ? 0xac11fffdn : 0xfdn << 120n;
	if (target?.address.value === value) value -= 1n;
	const iif = bridge?.name ?? flow.bridge ?? "docker0";
	return {
		address: { family, value },
		iif,
		line: [
			station("container", "origin", `A container on \`${iif}\` connects.`),
			station(iif, "interface", `The packet comes in by the bridge \`${iif}\`.`),
		],
	};
}

function sourceTowards(setting: Setting, to: Address): Address {
	if (isOwn(setting.topology, to)) return to;
	return routeTo(setting.topology, to)?.source ?? setting.topology.hostAddress;
}

/** The name people read for the interface that was not shown. */
export function interfaceName(name: string): string {
	return name === SOME_INTERFACE ? "outer interface" : name;
}

/** A packet from outside or from a container: PREROUTING, then the routing decision. */
function enter(setting: Setting, branch: Branch, ends: Ends): void {
	for (const after of passHook(setting, "prerouting", [branch], ends)) {
		const { packet } = after;
		const martian = reversePath(setting, packet);
		if (typeof martian === "string") {
			stop(after, martian, ends);
			continue;
		}
		if (martian) open(after, martian, ends);
		if (isOwn(setting.topology, packet.destination.address)) {
			const says = `\`${formatAddress(packet.destination.address)}\` is the host's own address: the packet goes to INPUT.`;
			intoHost(setting, on(after, station("route", "route", says)), ends);
		} else forward(setting, after, ends);
	}
}

function forward(setting: Setting, branch: Branch, ends: Ends): void {
	const decided: Forwarding = forwardingOf(setting, branch.packet);
	if (decided.kind === "stopped") {
		stop(branch, decided.says, ends);
		return;
	}
	if (decided.kind === "open") {
		open(branch, decided, ends);
		return;
	}
	const under = on(branch, station("route", "route", decided.says));
	if (decided.oif === branch.packet.iif && setting.topology.bridges.some(({ name }) => name === decided.oif)) {
		// Within one network the bridge asks for the address before it hands the frame on (br_nf_pre_routing_finish_bridge).
		const waiting = { ...under, packet: altered(under.packet, { oif: decided.oif }) };
		const answer = containerAnswer(setting, waiting);
		if (answer.kind === "silent") {
			arrive(setting, waiting, answer, ends);
			return;
		}
	}
	const routed = { ...under, packet: altered(under.packet, { oif: decided.oif }) };
	for (const allowed of passHook(setting, "forward", [routed], ends)) depart(setting, allowed, ends);
}

function stop(branch: Branch, says: string, ends: Ends): void {
	ends.push(endOf(on(branch, station("route", "route", says, "stopped")), "dropped", null));
}

/** Where the packet goes is decided by what was not shown. */
function open(branch: Branch, { says, needs }: Open, ends: Ends): void {
	const at = on(branch, station("route", "route", says, "unknown"));
	ends.push(endOf({ ...at, needs: joined(at.needs, needs) }, "unknown", null));
}

/** POSTROUTING and the wire behind it. */
function depart(setting: Setting, branch: Branch, ends: Ends): void {
	for (const left of passHook(setting, "postrouting", [branch], ends)) {
		const { oif, destination } = left.packet;
		const { bridges, external } = setting.topology;
		const isBridge = bridges.some(({ name }) => name === oif);
		const away = isBridge
			? undefined
			: bridges.find(({ networks }) => networks.some((one) => inRange(one, destination.address)));
		if (away) {
			const says = `The packet leaves by \`${interfaceName(oif)}\`: a route takes \`${formatAddress(destination.address)}\` away from \`${away.name}\`, the bridge of its network.`;
			ends.push(endOf(on(left, station(interfaceName(oif), "interface", says, "stopped")), "dropped", null));
		} else if (!isBridge && oif === external) outward(setting, left, ends);
		else {
			const wire = station(interfaceName(oif), "interface", `The packet leaves by \`${interfaceName(oif)}\`.`);
			const masqueraded = isLoopback(left.packet.source.address) ? hiddenMasquerade(setting, left) : null;
			if (masqueraded) ends.push(endOf(masqueraded, "dropped", null, true));
			const under = masqueraded ?? left;
			arrive(setting, on(under, wire), containerAnswer(setting, under), ends);
		}
	}
}

/** Out of the host: a container's own address means nothing there. */
function outward(setting: Setting, branch: Branch, ends: Ends): void {
	const { packet } = branch;
	const wire = on(
		branch,
		station(interfaceName(packet.oif), "interface", `The packet leaves by \`${interfaceName(packet.oif)}\`.`),
	);
	const address = formatAddress(packet.destination.address);
	if (packet.connection.dnat) {
		const says = `\`${address}\` is not on any of the host's bridges: the packet leaves by the outer interface and reaches no container.`;
		ends.push(endOf(on(wire, station(address, "destination", says, "stopped")), "dropped", branch.translatedBy));
		return;
	}
	const source = packet.source.address;
	if (isPrivate(source) && !isAnswerable(setting, source)) {
		const masqueraded = hiddenMasquerade(setting, branch);
		if (masqueraded) {
			ends.push(endOf(masqueraded, "dropped", null, true));
			arrive(
				setting,
				{ ...masqueraded, line: [...masqueraded.line, ...wire.line.slice(branch.line.length)] },
				{ kind: "answers", station: "outside", says: `\`${address}\` gets the packet.` },
				ends,
			);
			return;
		}
		const says = `The packet leaves with the source \`${formatAddress(source)}\`, which nobody outside can answer: no rule masquerades it.`;
		ends.push(endOf(on(wire, station("outside", "destination", says, "stopped")), "dropped", null));
		return;
	}
	arrive(setting, wire, { kind: "answers", station: "outside", says: `\`${address}\` gets the packet.` }, ends);
}

/** An address of the host's that is not one of its bridges': nobody outside has a route to those. */
function isAnswerable({ topology }: Setting, source: Address): boolean {
	return (
		isOwn(topology, source) && !topology.bridges.some(({ networks }) => networks.some((one) => inRange(one, source)))
	);
}

/** The packet is for the host itself: INPUT, then the socket. */
function intoHost(setting: Setting, branch: Branch, ends: Ends): void {
	for (const allowed of passHook(setting, "input", [branch], ends))
		arrive(setting, allowed, hostAnswer(setting, allowed), ends);
}

function arrive(setting: Setting, branch: Branch, answer: Answer, ends: Ends): void {
	const at = (state: Step["state"]): Branch =>
		on(branch, station(answer.station, answer.kind === "proxy" ? "socket" : "destination", answer.says, state));
	switch (answer.kind) {
		case "answers":
			reply(setting, at("passed"), ends);
			return;
		case "proxy":
			proxied(setting, at("passed"), ends);
			return;
		case "refuses":
			refuse(setting, at("stopped"), ends);
			return;
		case "silent":
			ends.push(endOf(at("stopped"), "dropped", branch.outer ? null : branch.translatedBy));
			return;
		case "open": {
			const open = at("unknown");
			refuse(setting, { ...open, needs: joined(open.needs, [answer.need]) }, ends);
			if (answer.answers === "proxy") proxied(setting, open, ends);
			else reply(setting, open, ends);
			return;
		}
		default:
			answer satisfies never;
	}
}

/** docker-proxy reads the client's data and opens a second connection from the host to the container. */
function proxied(setting: Setting, branch: Branch, ends: Ends): void {
	const { target, topology } = setting;
	if (!target || branch.outer) {
		reply(setting, branch, ends);
		return;
	}
	if (target.address.family !== setting.family) {
		proxiedToOtherFamily(setting, branch, target, ends);
		return;
	}
	const route = routeTo(topology, target.address);
	const second = branchOf(setting, route?.source ?? topology.hostAddress, target.address, NO_INTERFACE, branch.line);
	const destination = { address: target.address, port: onePort(target.port) };
	const packet = altered(second.packet, { destination, connection: { ...second.packet.connection, destination } });
	leaveHost(setting, { ...second, packet, needs: branch.needs, decision: branch.decision, outer: branch.packet }, ends);
}

/** The client speaks IPv6, the container IPv4: the second connection goes through the tables of the other family. */
function proxiedToOtherFamily(setting: Setting, branch: Branch, { address, port }: Target, ends: Ends): void {
	const { world, flow } = setting;
	const containers = world.containers?.map((container) => ({ ...container, published: [] })) ?? null;
	const inner = settingOf(
		{ ...world, containers },
		{ from: "host", protocol: flow.protocol, port, to: formatAddress(address) },
	);
	for (const end of toldOfRejection(inner, journey(inner))) {
		const line = [...branch.line, ...end.line.slice(1)];
		const needs = joined(branch.needs, end.needs);
		if (end.outcome !== "delivered") {
			ends.push({ ...end, line, needs, viaProxy: true, translatedTo: null });
			continue;
		}
		const answered: End[] = [];
		reply(setting, { ...branch, line, needs, decision: end.decision ?? branch.decision }, answered);
		ends.push(...answered.map((one) => ({ ...one, viaProxy: true, translatedTo: null })));
	}
}

/** A packet the host itself sends: OUTPUT with the first route's interface, then the route of what OUTPUT made of it. */
function leaveHost(setting: Setting, branch: Branch, ends: Ends): void {
	const { topology } = setting;
	const first = sent(setting, branch, false, ends);
	if (first === null) return;
	const problem = unroutable(setting, branch.packet, first);
	if (problem !== null) {
		stop(branch, problem, ends);
		return;
	}
	const routed = { ...branch, packet: altered(branch.packet, { oif: first }) };
	for (const after of passHook(setting, "output", [routed], ends)) {
		const to = after.packet.destination.address;
		const device = sent(setting, after, true, ends);
		if (device === null) continue;
		const under = { ...after, packet: altered(after.packet, { oif: device }) };
		if (device !== "lo" || !isOwn(topology, to)) depart(setting, under, ends);
		else loopBack(setting, under, ends);
	}
}

/** The interface by which a packet of the host's own leaves; null: it does not, or that can't be told, and its end says so. */
function sent(setting: Setting, branch: Branch, isBound: boolean, ends: Ends): string | null {
	const route = outputRoute(setting, branch.packet, isBound);
	if (route.kind === "device") return route.device;
	if (route.kind === "open") open(branch, route, ends);
	else stop(branch, route.says, ends);
	return null;
}

/** From the host to the host: out by lo and in again, with what conntrack knows of the packet kept. */
function loopBack(setting: Setting, branch: Branch, ends: Ends): void {
	for (const left of passHook(setting, "postrouting", [branch], ends)) {
		const connection = { ...left.packet.connection, confirmed: true };
		const inward: Packet = altered(left.packet, { iif: "lo", oif: NO_INTERFACE, connection });
		const under = on(
			{ ...left, packet: inward },
			station("lo", "interface", "The packet comes back by `lo`: it is for the host itself."),
		);
		for (const entered of passHook(setting, "prerouting", [under], ends)) {
			const to = entered.packet.destination.address;
			if (isOwn(setting.topology, to) || sameAddress(to, left.packet.destination.address))
				intoHost(setting, entered, ends);
			else forward(setting, entered, ends);
		}
	}
}

/** The branch with one more station behind it. */
export function on(branch: Branch, step: Step): Branch {
	return { ...branch, line: [...branch.line, step] };
}
