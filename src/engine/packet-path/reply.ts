import { formatAddress } from "../netfilter/address";
import { type Branch, type Ends, endOf } from "./branch";
import { joined } from "./chain-walk";
import { forwardingOf, type Open, outputRoute, reversePath } from "./forwarding";
import { passHook } from "./hook-walk";
import { altered, type Form, NO_INTERFACE, type Packet } from "./packet";
import type { Setting } from "./setting";
import { station } from "./stations";
import { isOwn } from "./topology";
import type { Outcome } from "./trace";
import { replyTo } from "./translation";

/**
 * The way back. A port answers only if the container's SYN/ACK reaches the client, through the same hooks with the
 * connection ESTABLISHED, its NAT undone: the source at POSTROUTING and INPUT, the destination at PREROUTING and OUTPUT
 * (nf_nat_packet in the kernel's nf_nat_core.c). Stations are added only where the answer is stopped.
 */
export function reply(setting: Setting, branch: Branch, ends: Ends): void {
	answered(setting, branch, { kind: "answer" }, ends);
}

/**
 * Nobody listens: a reset, or for UDP an ICMP error that is RELATED, goes the same way back. A client that never gets it
 * waits as if the packet had been dropped.
 */
export function refuse(setting: Setting, branch: Branch, ends: Ends): void {
	if (branch.outer) {
		// docker-proxy is told, and closes the client's connection.
		ends.push(endOf(branch, "refused", null));
		return;
	}
	const type = setting.family === 4 ? "3/3" : "1/4";
	const form: Form = branch.packet.protocol === "tcp" ? { kind: "reset" } : { kind: "error", type };
	answered(setting, branch, form, ends);
}

function answered(setting: Setting, branch: Branch, form: Form, ends: Ends): void {
	const { packet } = branch;
	if (packet.iif === NO_INTERFACE || packet.oif !== NO_INTERFACE) fromContainer(setting, branch, form, ends);
	else fromHost(setting, branch, packet, form, ends);
}

/** Whoever answers got the first packet, and with that conntrack confirmed the connection (nf_confirm in nf_conntrack_proto.c). */
function confirmed(answer: Packet): Packet {
	return altered(answer, { connection: { ...answer.connection, confirmed: true } });
}

/** What the sender gets when an answer of this form has reached it. */
function outcomeOf({ form }: Packet): Outcome {
	return form.kind === "answer" ? "delivered" : "refused";
}

/** The answer to a packet that left by an interface comes in there. */
function fromContainer(setting: Setting, branch: Branch, form: Form, ends: Ends): void {
	const sent = branch.packet;
	if (sent.oif === sent.iif && sent.connection.dnat && !sent.connection.snat) {
		if (setting.sysctls.get("net.bridge.bridge-nf-call-iptables") === "0") {
			const says = `The answer goes straight over \`${sent.oif}\` without netfilter (\`net.bridge.bridge-nf-call-iptables\` is 0): it comes from an address the asking container does not know.`;
			stop(branch, sent.oif, says, ends);
			return;
		}
	}
	const answer = confirmed(replyTo(sent, sent.oif, form));
	for (const entered of passHook(setting, "prerouting", [{ ...branch, packet: answer }], ends)) {
		if (lostTrack(entered.packet)) {
			stop(
				entered,
				"conntrack",
				"A rule takes the answer out of connection tracking: its addresses are not translated back, the client drops it.",
				ends,
			);
			continue;
		}
		const { packet } = entered;
		const martian = reversePath(setting, packet);
		if (typeof martian === "string") {
			stop(entered, "route", `The answer is stopped: ${martian}`, ends);
			continue;
		}
		if (martian) open(entered, martian, ends);
		if (isOwn(setting.topology, packet.destination.address)) intoHost(setting, entered, form, ends);
		else through(setting, entered, sent.iif, ends);
	}
}

function through(setting: Setting, branch: Branch, cameBy: string, ends: Ends): void {
	const decided = forwardingOf(setting, branch.packet);
	if (decided.kind === "open") {
		open(branch, decided, ends);
		return;
	}
	if (decided.kind === "stopped") {
		stop(branch, "route", `The answer is stopped: ${decided.says}`, ends);
		return;
	}
	if (isAstray(setting, decided.oif, cameBy)) {
		astray(setting, branch, decided.oif, cameBy, ends);
		return;
	}
	const routed = { ...branch, packet: altered(branch.packet, { oif: decided.oif }) };
	for (const allowed of passHook(setting, "forward", [routed], ends)) {
		for (const left of passHook(setting, "postrouting", [allowed], ends))
			ends.push(endOf(left, outcomeOf(left.packet), decisionOf(left)));
	}
}

/** A refusal is nobody's rule. */
function decisionOf({ packet, decision }: Branch): Branch["decision"] {
	return packet.form.kind === "answer" ? decision : null;
}

function intoHost(setting: Setting, branch: Branch, form: Form, ends: Ends): void {
	for (const allowed of passHook(setting, "input", [branch], ends)) {
		if (allowed.outer) fromHost(setting, { ...allowed, outer: allowed.outer }, allowed.outer, form, ends);
		else ends.push(endOf(allowed, outcomeOf(allowed.packet), decisionOf(allowed)));
	}
}

/** A program on the host, docker-proxy for one, answers the client. */
function fromHost(setting: Setting, branch: Branch, asked: Packet, form: Form, ends: Ends): void {
	const sent = confirmed(replyTo(asked, NO_INTERFACE, form));
	const route = outputRoute(setting, sent, true);
	if (route.kind === "none") {
		stop(branch, "route", `The host has no route back to \`${formatAddress(asked.source.address)}\`.`, ends);
		return;
	}
	if (route.kind === "open") {
		open(branch, route, ends);
		return;
	}
	if (isAstray(setting, route.device, asked.iif)) {
		astray(setting, branch, route.device, asked.iif, ends);
		return;
	}
	const answer = altered(sent, { oif: route.device });
	for (const left of outOfHost(setting, { ...branch, packet: answer }, ends)) {
		if (lostTrack(left.packet)) {
			stop(
				left,
				"conntrack",
				"A rule takes the answer out of connection tracking: its addresses are not translated back.",
				ends,
			);
		} else ends.push(endOf(left, outcomeOf(left.packet), decisionOf(left)));
	}
}

/** A packet of the host itself through OUTPUT and POSTROUTING, and where it goes to the host, in again by lo. */
export function outOfHost(setting: Setting, branch: Branch, ends: Ends): readonly Branch[] {
	const sent = passHook(setting, "output", [branch], ends).map((one) => {
		const route = outputRoute(setting, one.packet, true);
		return route.kind === "device" ? { ...one, packet: altered(one.packet, { oif: route.device }) } : one;
	});
	return passHook(setting, "postrouting", sent, ends).flatMap((left): readonly Branch[] => {
		if (left.packet.oif !== "lo" || lostTrack(left.packet)) return [left];
		const inward = { ...left, packet: altered(left.packet, { iif: "lo", oif: NO_INTERFACE }) };
		return passHook(setting, "input", passHook(setting, "prerouting", [inward], ends), ends);
	});
}

/** NOTRACK on the answer of a translated connection. */
function lostTrack({ tracking, connection }: Packet): boolean {
	return tracking === "untracked" && (connection.dnat !== null || connection.snat !== null);
}

/** A routing rule sends the answer out by another interface than the question came in by. */
function isAstray({ topology }: Setting, device: string, cameBy: string): boolean {
	return topology.policy.length > 0 && cameBy === topology.external && device !== cameBy;
}

function astray({ flow }: Setting, branch: Branch, device: string, cameBy: string, ends: Ends): void {
	const says = `The answer leaves by \`${device}\`, the packet came in by \`${cameBy}\`: whether it gets to the client from there can’t be told on this host.`;
	const needs = [`curl -sS -m 3 http://HOST:${flow.port}/ # from another machine`];
	open(branch, { kind: "open", says, needs }, ends);
}

function open(branch: Branch, { says, needs }: Open, ends: Ends): void {
	const line = [...branch.line, station("route", "route", says, "unknown")];
	ends.push(endOf({ ...branch, line, needs: joined(branch.needs, needs) }, "unknown", null));
}

function stop(branch: Branch, name: string, says: string, ends: Ends): void {
	ends.push(endOf({ ...branch, line: [...branch.line, station(name, "route", says, "stopped")] }, "dropped", null));
}
