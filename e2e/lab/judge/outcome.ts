import type { Flow, Outcome } from "../../../src/engine/packet-path/trace";
import type { Probe, ProbeResult } from "./agent-protocol";
import { agentAt, CLIENT, HOST, NEIGHBOUR, type Place, type Rig, SECOND_BRIDGE } from "./rig";
import { EXCHANGING, readWatch, type Watched } from "./watch";

/** A flow of the engine, and where in the rig it starts. */
export type Sent = { readonly flow: Flow; readonly place: Place; readonly source: string | null };

/** A flow with the address it is sent to spelled out. */
export function sentBy(flow: Flow): Sent {
	if (flow.from === "host") return { flow, place: "host", source: null };
	if (flow.from === "container") return { flow, place: flow.bridge === SECOND_BRIDGE ? "far" : "near", source: null };
	const direct = flow.to !== undefined && flow.to !== HOST;
	return { flow, place: "client", source: direct ? NEIGHBOUR : CLIENT };
}

/** Answers that come at all come within this many milliseconds on a loaded machine. */
const PATIENCE = 200;

let nextPort = 0;

function portFor(exchange: boolean): number {
	nextPort++;
	return exchange ? EXCHANGING + (nextPort % (60_999 - EXCHANGING)) : 32_768 + (nextPort % (EXCHANGING - 32_768));
}

/** Sends the first packet of every flow at the same time and says how each ended, as its sender sees it. */
export async function kernelOutcomes(
	rig: Rig,
	sent: readonly Sent[],
	exchange: boolean,
): Promise<readonly { readonly outcome: Outcome; readonly says: string }[]> {
	const probes = sent.map(({ flow, place, source }): { place: Place; probe: Probe } => ({
		place,
		probe: {
			protocol: flow.protocol,
			source,
			sourcePort: portFor(exchange),
			to: flow.to ?? (flow.from === "host" ? "127.0.0.1" : HOST),
			port: flow.port,
			timeout: exchange ? 2 * PATIENCE : PATIENCE,
			exchange,
		},
	}));
	const places: readonly Place[] = ["client", "near", "far", "host"];
	const answers = await Promise.all(
		places.map((place) =>
			agentAt(rig, place).probe(probes.filter((one) => one.place === place).map(({ probe }) => probe)),
		),
	);
	const results = new Map<number, ProbeResult>(answers.flat().map((result) => [result.sourcePort, result]));
	const watched = new Map<Place, Watched>(
		await Promise.all(
			[...rig.agents].map(async ([place, agent]): Promise<[Place, Watched]> => [place, await readWatch(agent)]),
		),
	);
	return probes.map(({ place, probe }) => {
		const says = results.get(probe.sourcePort)?.says ?? "no result";
		const own = watched.get(place);
		const reset = own?.resets.has(probe.sourcePort) ?? false;
		const error = own?.errors.has(probe.sourcePort) ?? false;
		const arrived = [...watched.values()].some((one) =>
			one[probe.protocol === "tcp" ? "tcp-arrived" : "udp-arrived"].has(probe.sourcePort),
		);
		const noted = [says, reset ? "reset" : "", error ? "ICMP error" : "", arrived ? "arrived" : ""];
		// A reset that TCP did not take for an answer is none: the program goes on waiting.
		const negative = probe.protocol === "tcp" ? says !== "timeout" && (reset || error) : error;
		return { outcome: outcomeOf(says, negative, arrived), says: noted.filter((word) => word !== "").join(", ") };
	});
}

/** A negative answer comes from whoever got the packet: from a socketless port if it arrived, else from a rule. */
function outcomeOf(says: string, negative: boolean, arrived: boolean): Outcome {
	if (says === "open") return "delivered";
	if (negative) return arrived ? "refused" : "rejected";
	return says === "closed" ? "refused" : "dropped";
}
