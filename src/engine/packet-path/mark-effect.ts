import type { Effect } from "../netfilter/ruleset";
import { altered, type Packet } from "./packet";

/** What a rule does to a packet besides its verdict. A mark made of more than the old mark is unknown from there on. */
export function withEffects(effects: readonly Effect[], packet: Packet): Packet {
	let result = packet;
	for (const effect of effects) {
		if (effect.kind === "notrack" && result.tracking === "not-yet") result = altered(result, { tracking: "untracked" });
		if (effect.kind === "mark") result = marked(effect, result);
		if (effect.kind === "connmark") result = connmarked(effect, result);
	}
	return result;
}

type MarkEffect = Extract<Effect, { readonly kind: "mark" | "connmark" }>;

function marked(effect: MarkEffect, packet: Packet): Packet {
	if (/mark set ct mark\s*$/.test(effect.text)) return withMark(packet, packet.connmark);
	return withMark(packet, changed(effect, packet.mark));
}

/** CONNMARK also copies: --save-mark from the packet to the connection, --restore-mark back. */
function connmarked(effect: MarkEffect, packet: Packet): Packet {
	const unmarked = packet.mark === 0 && packet.connmark === 0;
	if (/--save-mark|ct mark set (?:meta )?mark\b/.test(effect.text)) {
		const whole = /(?:--save-mark|set (?:meta )?mark)\s*$/.test(effect.text);
		return withConnmark(packet, whole ? packet.mark : unmarked ? 0 : null);
	}
	if (/--restore-mark/.test(effect.text)) {
		const whole = /--restore-mark\s*$/.test(effect.text);
		return withMark(packet, whole ? packet.connmark : unmarked ? 0 : null);
	}
	return withConnmark(packet, changed(effect, packet.connmark));
}

function changed({ set }: MarkEffect, old: number | null): number | null {
	if (!set) return null;
	if (set.keep >>> 0 === 0) return set.flip >>> 0;
	return old === null ? null : ((old & set.keep) ^ set.flip) >>> 0;
}

function withMark(packet: Packet, mark: number | null): Packet {
	return packet.mark === mark ? packet : altered(packet, { mark });
}

function withConnmark(packet: Packet, connmark: number | null): Packet {
	return packet.connmark === connmark ? packet : altered(packet, { connmark });
}
