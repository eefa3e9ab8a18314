import { formatAddress } from "../netfilter/address";
import type { Packet } from "./packet";
import { questionOf, routed } from "./routing";
import type { Setting } from "./setting";
import { isLoopback, isOwn } from "./topology";

/** The kernel's decision about a packet that is not for the host (ip_route_input in net/ipv4/route.c). */
export type Forwarding =
	| { readonly kind: "forwarded"; readonly oif: string; readonly says: string }
	| { readonly kind: "stopped"; readonly says: string }
	/** A routing rule decides, and what it says was not shown. */
	| { readonly kind: "open"; readonly says: string; readonly needs: readonly string[] };

/** A routing rule decides, and what it says was not shown. */
export type Open = Extract<Forwarding, { readonly kind: "open" }>;

/** Whether and by which interface the kernel passes the packet on. */
export function forwardingOf(setting: Setting, packet: Packet): Forwarding {
	const address = packet.destination.address;
	const found = routed(setting.topology, questionOf(packet));
	const route = found.kind === "route" ? found.route : null;
	const off = isSwitched(packet, route?.bridge?.name) ? null : forwardingOff(setting, packet.iif);
	if (off)
		return {
			kind: "stopped",
			says: `\`${off}\` is 0: the kernel does not pass packets on, this one for \`${formatAddress(address)}\` is lost.`,
		};
	if (found.kind === "open") return found;
	if (!route) return { kind: "stopped", says: `The host has no route to \`${formatAddress(address)}\`.` };
	const assumed =
		setting.world.ipForward === null && !setting.sysctls.has("net.ipv4.ip_forward")
			? " (Forwarding is taken to be on.)"
			: "";
	const by = found.kind === "route" && found.table !== null ? ` by routing table \`${found.table}\`` : "";
	return {
		kind: "forwarded",
		oif: route.device,
		says: `\`${formatAddress(address)}\` is not the host's: the packet is forwarded to \`${route.device === "/" ? "the outer interface" : route.device}\`${by}.${assumed}`,
	};
}

/** Between two containers of one network the bridge hands the frame on, it is not routed (br_netfilter only shows it the hooks). */
function isSwitched({ iif, connection }: Packet, bridge: string | undefined): boolean {
	return iif === bridge && connection.dnat === null;
}

/** The sysctl that forbids forwarding what comes in by an interface; null: allowed, or not shown (Docker switches it on). */
function forwardingOff({ world, sysctls, family }: Setting, iif: string): string | null {
	const net = family === 4 ? "net.ipv4" : "net.ipv6";
	const one = `${net}.conf.${iif}.forwarding`;
	// The kernel asks the incoming interface; the global switch only sets all of them (Documentation/networking/ip-sysctl.rst).
	if (family === 4 && sysctls.has(one)) return sysctls.get(one) === "0" ? one : null;
	if (family === 6) return sysctls.get("net.ipv6.conf.all.forwarding") === "0" ? "net.ipv6.conf.all.forwarding" : null;
	return world.ipForward === false || sysctls.get("net.ipv4.ip_forward") === "0" ? "net.ipv4.ip_forward" : null;
}

/** Where a packet of the host's own goes; `lo` for its own addresses (ip_route_output_key_hash in route.c). */
export function outputRoute({ topology }: Setting, packet: Packet, isBound: boolean): OutputRoute {
	const to = packet.destination.address;
	if (isOwn(topology, to)) return { kind: "device", device: "lo" };
	const question = questionOf(packet);
	// A program that binds no address gets one from the route: the rules are asked without a source.
	const found = routed(topology, isBound ? { ...question, iif: "lo" } : { ...question, iif: "lo", source: null });
	if (found.kind === "open") return found;
	if (found.kind === "none") return { kind: "none", says: `The host has no route to \`${formatAddress(to)}\`.` };
	return { kind: "device", device: found.route.device };
}

export type OutputRoute =
	| { readonly kind: "device"; readonly device: string }
	| { readonly kind: "none"; readonly says: string }
	| Open;

/** Why a packet from loopback may not leave by an interface; null: it may. */
export function unroutable(setting: Setting, { source }: Packet, device: string): string | null {
	const sysctl = `net.ipv4.conf.${device}.route_localnet`;
	if (device === "lo" || !isLoopback(source.address) || setting.sysctls.get(sysctl) !== "0") return null;
	return `A packet from \`${formatAddress(source.address)}\` may not leave by \`${device}\`: \`${sysctl}\` is 0.`;
}

/** Why the kernel takes the packet for forged; null: it does not. rp_filter 1 wants the way back to be the way in. */
export function reversePath(setting: Setting, packet: Packet): string | Open | null {
	const { topology, sysctls } = setting;
	const { iif, source, destination } = packet;
	if (setting.family !== 4 || iif === "lo") return null;
	if (
		isLoopback(destination.address) &&
		sysctls.get(`net.ipv4.conf.${iif}.route_localnet`) !== "1" &&
		!packet.connection.dnat
	) {
		return `\`${formatAddress(destination.address)}\` from outside is not believed: the kernel drops it as martian.`;
	}
	if (isOwn(topology, source.address))
		return `The source \`${formatAddress(source.address)}\` is the host's own: the kernel drops the packet as martian.`;
	const strictness = Math.max(
		...["all", iif].map((name) => Number(sysctls.get(`net.ipv4.conf.${name}.rp_filter`) ?? "0")),
	);
	if (strictness !== 1 || !topology.routesKnown) return null;
	// fib_validate_source() in fib_frontend.c asks as the answer would be asked, without the mark (src_valid_mark is 0).
	const found = routed(topology, { destination: source.address, source: destination.address, iif, mark: 0 });
	if (found.kind === "open") return found;
	const back = found.kind === "route" ? found.route : null;
	if (back && back.device === iif) return null;
	const where = back ? `by \`${back.device}\`` : "nowhere";
	return `The way back to \`${formatAddress(source.address)}\` leads ${where}, the packet came by \`${iif}\`: strict \`rp_filter\` drops it.`;
}
