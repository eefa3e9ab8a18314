import { formatAddress } from "../netfilter/address";
import { answering, type Branch, type Ends, endOf } from "./branch";
import { joined } from "./chain-walk";
import { formatEndpoint, isShown, type Setting } from "./setting";
import { station } from "./stations";
import { isOwn, routeTo } from "./topology";
import { translated } from "./translation";

/** Without the nat table, the packet may or may not be translated to where the port was meant to lead. */
export function hiddenNat(
	setting: Setting,
	branch: Branch,
	hook: "prerouting" | "output",
	ends: Ends,
): readonly Branch[] {
	const { packet } = branch;
	if (packet.tracking !== "new" || packet.direction !== "original" || packet.connection.destinationSettled)
		return [branch];
	if (!isOwn(setting.topology, packet.destination.address)) return [branch];
	const builtin = hook === "prerouting" ? "PREROUTING" : "OUTPUT";
	if (isShown(setting, "nat", builtin) || branch.outer) return [branch];
	const listing = setting.family === 4 ? "iptables-save" : "ip6tables-save";
	const says = `Chain \`${builtin}\` of table nat was not shown: the packet is translated there, or goes to the host itself.`;
	const { target } = setting;
	// A container without an address of this family is reached by docker-proxy only; dockerd makes no rule for it.
	if (target && target.address.family !== setting.family) return [branch];
	const line = [...branch.line, station(`nat ${builtin}`, "chain", says, "unknown")];
	if (!target) {
		ends.push(endOf({ ...branch, line, needs: joined(branch.needs, [listing]) }, "unknown", null));
		return [{ ...branch, line }];
	}
	const to = {
		address: { from: target.address, to: target.address },
		port: { from: target.port, to: target.port },
		text: formatEndpoint(target.address, target.port),
	};
	const mapped = translated(packet, { kind: "dnat", to }, setting.topology);
	return [
		{ ...branch, line },
		{ ...branch, packet: mapped, line, needs: joined(branch.needs, [listing]) },
	];
}

/** Without the nat table, a source that nobody can answer may be masqueraded at the end; null where the table was shown. */
export function hiddenMasquerade(setting: Setting, branch: Branch): Branch | null {
	if (isShown(setting, "nat", "POSTROUTING")) return null;
	const { packet } = branch;
	const address = routeTo(setting.topology, packet.destination.address)?.source ?? setting.topology.hostAddress;
	const to = { address: { from: address, to: address }, port: null, text: formatAddress(address) };
	const says = "Chain `POSTROUTING` of table nat was not shown: whether it masquerades the source can't be told.";
	return {
		...branch,
		packet: translated(packet, { kind: "snat", to }, setting.topology),
		line: [...branch.line, station("nat POSTROUTING", "chain", says, "unknown")],
		needs: joined(branch.needs, [setting.family === 4 ? "iptables-save" : "ip6tables-save"]),
	};
}

/** Without the filter table, what gets here may be dropped here. Loopback is dropped by nobody in earnest. */
export function hiddenFilter(setting: Setting, branch: Branch, hook: "forward" | "input", ends: Ends): void {
	if (hook === "input" && branch.packet.iif === "lo") return;
	const builtin = hook === "forward" ? "FORWARD" : "INPUT";
	if (isShown(setting, "filter", builtin)) return;
	const listing = setting.family === 4 ? "iptables-save" : "ip6tables-save";
	const whose = answering(branch) ? "the answer" : "the packet";
	const stop = station(
		builtin,
		"chain",
		`Chain \`${builtin}\` of table filter was not shown: it may stop ${whose}.`,
		"unknown",
	);
	const stopped = { ...branch, line: [...branch.line, stop], needs: joined(branch.needs, [listing]) };
	ends.push(endOf(stopped, "dropped", null, true));
	if (!answering(branch)) ends.push(endOf(stopped, "rejected", null, true));
}
