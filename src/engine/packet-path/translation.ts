import type { Address } from "../netfilter/address";
import type { NatTarget, PortRange, Verdict } from "../netfilter/ruleset";
import { altered, type Endpoint, EPHEMERAL, type Form, NO_INTERFACE, type Packet } from "./packet";
import { routeTo, sameAddress, type Topology } from "./topology";

/** A NAT verdict of a rule. */
export type Translation = Extract<Verdict, { readonly kind: "dnat" | "snat" | "masquerade" | "redirect" }>;

/** The packet as the verdict rewrites it, its connection remembering how. */
export function translated(packet: Packet, verdict: Translation, topology: Topology): Packet {
	switch (verdict.kind) {
		case "dnat":
			return withDestination(packet, endpoint(verdict.to, packet.destination));
		case "redirect":
			return withDestination(
				packet,
				endpoint(verdict.to, { ...packet.destination, address: ownAddressOn(packet, topology) }),
			);
		case "snat":
			return withSource(packet, endpoint(verdict.to, packet.source));
		case "masquerade":
			return withSource(packet, {
				address: addressTowards(packet, topology),
				port: verdict.to.port ?? packet.source.port,
			});
	}
}

/** A translation to what is there already leaves no mark on the connection (nf_nat_setup_info in nf_nat_core.c). */
function withDestination(packet: Packet, destination: Endpoint): Packet {
	const dnat = isSame(destination, packet.destination) ? packet.connection.dnat : destination;
	return altered(packet, { destination, connection: { ...packet.connection, dnat, destinationSettled: true } });
}

function withSource(packet: Packet, source: Endpoint): Packet {
	const snat = isSame(source, packet.source) ? packet.connection.snat : source;
	return altered(packet, { source, connection: { ...packet.connection, snat, sourceSettled: true } });
}

function isSame(one: Endpoint, other: Endpoint): boolean {
	return sameAddress(one.address, other.address) && one.port.from === other.port.from && one.port.to === other.port.to;
}

/** Of a range of addresses the kernel picks one by a hash of the client; any of them stands for all. */
function endpoint(to: NatTarget, old: Endpoint): Endpoint {
	return { address: to.address?.from ?? old.address, port: to.port ? firstPort(to.port) : old.port };
}

function firstPort(range: PortRange): PortRange {
	return { from: range.from, to: range.from };
}

/** REDIRECT goes to the first address of the incoming interface, for local packets to loopback (nf_nat_redirect.c). */
function ownAddressOn(packet: Packet, topology: Topology): Address {
	const { family } = packet.source.address;
	if (packet.iif === NO_INTERFACE || packet.iif === "lo") return { family, value: family === 4 ? 0x7f000001n : 1n };
	return topology.own.find((entry) => entry.interface === packet.iif)?.address ?? topology.hostAddress;
}

function addressTowards(packet: Packet, topology: Topology): Address {
	const route = routeTo(topology, packet.destination.address);
	// A routing rule may have chosen another interface than the main table would.
	const other = route?.device === packet.oif ? null : topology.own.find((entry) => entry.interface === packet.oif);
	return other?.address ?? route?.source ?? topology.hostAddress;
}

/** The answer to a packet that arrived, before NAT changes it back. */
export function replyTo(packet: Packet, iif: string, form: Form): Packet {
	const { source, destination } = packet;
	return altered(packet, {
		protocol: form.kind === "error" ? "icmp" : packet.protocol,
		form,
		iif,
		oif: NO_INTERFACE,
		source: destination,
		destination: source,
		tracking: "not-yet",
		direction: "reply",
		mark: 0,
		connection: { ...packet.connection, tracked: packet.tracking !== "untracked" },
	});
}

/** A port of a client's own choosing. */
export function ephemeral(address: Address): Endpoint {
	return { address, port: EPHEMERAL };
}
