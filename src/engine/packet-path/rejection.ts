import { type Address, formatAddress } from "../netfilter/address";
import { type Branch, type End, type Ends, endOf } from "./branch";
import { altered, type Form, NO_INTERFACE, type Packet } from "./packet";
import { outOfHost } from "./reply";
import type { Setting } from "./setting";
import { station } from "./stations";
import { isOwn, routeTo } from "./topology";
import { replyTo } from "./translation";

/**
 * What a REJECT sends back is a packet of the host's own: it goes out by OUTPUT and POSTROUTING as RELATED, and rules there
 * can drop it. Then the sender hears nothing, and waits. The deciding rule is the one that rejects, all the same.
 */
export function toldOfRejection(setting: Setting, ends: Ends): Ends {
	return ends.flatMap((end) => (end.rejected ? ways(setting, end, end.rejected) : [end]));
}

function ways(setting: Setting, end: End, { packet, how }: NonNullable<End["rejected"]>): readonly End[] {
	const { decision } = end;
	// docker-proxy gets the error at once and closes the client's connection.
	if (end.viaProxy) return [end];
	if (packet.direction === "reply") {
		const says = "The rejection goes to whoever answered, not to the client: the client hears nothing.";
		return [{ ...end, outcome: "dropped", line: [...end.line, station("client", "origin", says, "not-reached")] }];
	}
	const toSelf = isOwn(setting.topology, packet.source.address);
	const device = toSelf ? "lo" : (routeTo(setting.topology, packet.source.address)?.device ?? null);
	if (device === null) return [end];
	const form = formOf(packet, how);
	const answer = replyTo(packet, NO_INTERFACE, form);
	if (form.kind === "reset" && isOverBridge(setting, packet.iif)) {
		if (!packet.connection.dnat) return [end];
		const says =
			"The reset is put on the bridge as it is, from an address that the client did not ask: the client waits.";
		return [{ ...end, outcome: "dropped", line: [...end.line, station("client", "origin", says, "not-reached")] }];
	}
	// The packet that a REJECT sends belongs to the connection before any hook sees it (nf_ct_attach in nf_reject_ipv4.c).
	const attached = packet.tracking !== "untracked" && packet.tracking !== "not-yet" && packet.tracking !== "invalid";
	const sent = altered(answer, {
		oif: device,
		source: { ...answer.source, address: form.kind === "error" ? senderOf(setting, packet) : answer.source.address },
		tracking: attached ? "related" : "not-yet",
		connection: { ...answer.connection, tracked: attached },
	});
	const branch: Branch = { ...end, packet: sent, outer: null };
	const lost: End[] = [];
	const told = outOfHost(setting, branch, lost);
	return [
		...told.map((left) => ({
			...endOf({ ...branch, needs: left.needs }, "rejected", decision),
			translatedTo: end.translatedTo,
		})),
		...lost.map((one): End => {
			const says =
				"The error that tells the sender of the rejection is dropped: the sender waits as if its packet were.";
			const line = [...one.line, station(formatAddress(packet.source.address), "origin", says, "not-reached")];
			return {
				...one,
				outcome: one.outcome === "unknown" ? "unknown" : "dropped",
				line,
				decision,
				translatedTo: end.translatedTo,
			};
		}),
	];
}

/**
 * To a packet that came over a bridge, also one that is routed, a reset goes out by the bridge directly: past OUTPUT, and
 * past the undoing of DNAT (nf_send_reset, CONFIG_BRIDGE_NETFILTER).
 */
function isOverBridge({ topology, sysctls }: Setting, iif: string): boolean {
	return topology.bridges.some(({ name }) => name === iif) && sysctls.get("net.bridge.bridge-nf-call-iptables") !== "0";
}

function formOf(packet: Packet, how: string | null): Form {
	if (packet.protocol === "tcp" && how?.includes("reset")) return { kind: "reset" };
	const word = (how ?? "").replace(/^icmp[6x]?-/, "");
	const type = (packet.source.address.family === 4 ? CODES_4 : CODES_6).get(word);
	return { kind: "error", type: type ?? (packet.source.address.family === 4 ? "3/3" : "1/4") };
}

/** iptables-extensions(8) REJECT, nft(8) REJECT STATEMENT; `icmpx` names the four that both families have. */
const CODES_4: ReadonlyMap<string, string> = new Map([
	["net-unreachable", "3/0"],
	["host-unreachable", "3/1"],
	["prot-unreachable", "3/2"],
	["proto-unreachable", "3/2"],
	["port-unreachable", "3/3"],
	["net-prohibited", "3/9"],
	["host-prohibited", "3/10"],
	["admin-prohibited", "3/13"],
	["no-route", "3/0"],
]);
const CODES_6: ReadonlyMap<string, string> = new Map([
	["no-route", "1/0"],
	["admin-prohibited", "1/1"],
	["adm-prohibited", "1/1"],
	["addr-unreachable", "1/3"],
	["host-unreachable", "1/3"],
	["port-unreachable", "1/4"],
	["policy-fail", "1/5"],
	["reject-route", "1/6"],
]);

/** The address an ICMP error comes from: the one that was asked where it is the host's, else that of the way back (icmp.c). */
function senderOf({ topology }: Setting, packet: Packet): Address {
	if (isOwn(topology, packet.destination.address)) return packet.destination.address;
	if (isOwn(topology, packet.source.address)) return packet.source.address;
	return routeTo(topology, packet.source.address)?.source ?? topology.hostAddress;
}
