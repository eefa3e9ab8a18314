import { simpler } from "./chain-walk";
import type { Packet } from "./packet";
import { formatEndpoint } from "./setting";
import type { Decision, Outcome, Step } from "./trace";

/** A packet under way, with the stations behind it. */
export type Branch = {
	readonly packet: Packet;
	readonly line: readonly Step[];
	/** What would tell whether the packet comes here; empty where it comes for certain. */
	readonly needs: readonly string[];
	/** The last rule or policy of a filter that let it through. */
	readonly decision: Decision | null;
	/** The rule that translated the destination. */
	readonly translatedBy: Decision | null;
	/** The client's own connection, while docker-proxy carries its data in a second one. */
	readonly outer: Packet | null;
};

/** One way in which the connection ends. */
export type End = Pick<Branch, "line" | "needs" | "decision" | "translatedBy"> & {
	/** `unknown`: what happens from here on was not shown, whatever the rest says. */
	readonly outcome: Outcome;
	readonly translatedTo: string | null;
	readonly viaProxy: boolean;
	/** Not a way that was read, only one that a table that was not shown could take. */
	readonly hidden: boolean;
	/** The packet a rule rejected, and the rule's words for how. */
	readonly rejected: { readonly packet: Packet; readonly how: string | null } | null;
};

/** Collects ends while branches go on. */
export type Ends = End[];

/** More ways than this are not told apart. */
const MAX_BRANCHES = 32;
/** The end of a branch. */
export function endOf(branch: Branch, outcome: Outcome, decision: Decision | null, hidden = false): End {
	return {
		outcome,
		line: branch.line,
		needs: branch.needs,
		decision,
		translatedBy: branch.translatedBy,
		translatedTo: destinationOf(branch.outer ?? branch.packet),
		viaProxy: branch.outer !== null,
		hidden,
		rejected: null,
	};
}

function destinationOf(packet: Packet): string | null {
	const dnat = packet.connection.dnat;
	return dnat && formatEndpoint(dnat.address, dnat.port.from);
}

/** Branches whose packets no rule can tell apart go on as one; too many of them end as unknown. */
export function merged(branches: readonly Branch[], ends: Ends): readonly Branch[] {
	if (branches.length < 2) return branches;
	const byKey = new Map<string, Branch>();
	for (const branch of branches) {
		const key = branch.packet.key + (branch.outer?.key ?? "");
		const twin = byKey.get(key);
		if (twin) byKey.set(key, simpler(twin, branch));
		else if (byKey.size < MAX_BRANCHES) byKey.set(key, branch);
		else ends.push(endOf(branch, "unknown", null));
	}
	return [...byKey.values()];
}

/** Whether it is the answer that is under way. */
export function answering(branch: Branch): boolean {
	return branch.packet.direction === "reply";
}
