import type { End } from "./branch";
import { joined } from "./chain-walk";
import { interfaceName, journey } from "./journey";
import { toldOfRejection } from "./rejection";
import { formatEndpoint, type Setting, settingOf } from "./setting";
import { station } from "./stations";
import { routeTo } from "./topology";
import type { Flow, Outcome, Step, Trace } from "./trace";
import type { World } from "./world";

/**
 * Follows the first packet of a connection, and the answer to it, through everything that was shown of a host.
 *
 * Where a condition can't be decided, or a table was not shown, both ways are followed. If they end the same, that is
 * the outcome; if not, it is `unknown`, `possible` has both, and `needs` names what would decide.
 */
export function walk(world: World, flow: Flow): Trace {
	const setting = settingOf(world, flow);
	const ends = toldOfRejection(setting, journey(setting));
	// What a table that was not shown could do matters only to a packet that everything else lets through.
	const read = ends.filter((end) => !end.hidden);
	const relevant =
		read.some((end) => end.outcome === "delivered" || end.outcome === "refused" || end.outcome === "unknown") ||
		read.length === 0
			? ends
			: read;
	const outcomes = new Set(relevant.map((end) => end.outcome));
	const [only] = outcomes;
	const best = relevant.toSorted((a, b) => a.needs.length - b.needs.length)[0];
	if (outcomes.size === 1 && only !== undefined && only !== "unknown" && best) {
		return {
			flow,
			outcome: only,
			translatedTo: best.translatedTo,
			viaProxy: best.viaProxy,
			decidedBy: best.decision ?? (only === "delivered" ? best.translatedBy : null),
			steps: [...best.line, ...notReached(setting, best)],
			possible: [only],
			needs: [],
		};
	}
	return undecided(setting, flow, relevant);
}

function undecided(setting: Setting, flow: Flow, ends: readonly End[]): Trace {
	const through =
		ends.find((end) => end.outcome === "delivered") ??
		ends.find((end) => end.outcome === "refused") ??
		ends.toSorted((a, b) => b.line.length - a.line.length)[0];
	// Unknown from the first station on at which another outcome is possible.
	const other = ends
		.filter((end) => end !== through && end.outcome !== through?.outcome)
		.toSorted((a, b) => commonLength(a, through) - commonLength(b, through))[0];
	const targets = new Set(ends.map((end) => end.translatedTo));
	const needs = ends.reduce<readonly string[]>((all, end) => joined(all, end.needs), []);
	const possible = ends.some((end) => end.outcome === "unknown")
		? (["delivered", "dropped", "rejected", "refused"] as const)
		: [...new Set(ends.map((end): Outcome => end.outcome))];
	return {
		flow,
		outcome: "unknown",
		translatedTo: targets.size === 1 ? (through?.translatedTo ?? null) : null,
		viaProxy: ends.length > 0 && ends.every((end) => end.viaProxy),
		decidedBy: null,
		steps: through ? [...forked(through, other), ...notReached(setting, through)] : [],
		possible,
		needs: needs.slice(0, 4),
	};
}

/** The line up to where the ways part, that station as unknown, and the rest of the better way as unknown too. */
function forked(through: End, other: End | undefined): Step[] {
	if (!other) return [...through.line];
	const common = commonLength(other, through);
	const parting = other.line[common];
	const rest = through.line.slice(common);
	const before = through.line.slice(0, common);
	if (!parting) return [...before, ...rest.map(asUnknown)];
	const tail = rest[0]?.station === parting.station ? rest.slice(1) : rest;
	return [...before, doubtful(parting), ...tail.map(asUnknown)];
}

function doubtful(step: Step): Step {
	if (step.state !== "stopped" || !step.rule) return { ...step, state: "unknown" };
	const { number, text } = step.rule;
	const what =
		number === "policy" ? `the policy of \`${step.station}\`` : `rule ${number} of \`${step.station}\`, \`${text}\`,`;
	return { ...step, state: "unknown", says: `From what was shown it can't be told whether ${what} stops the packet.` };
}

function asUnknown(step: Step): Step {
	return { ...step, state: "unknown" };
}

/** Stations that both lines have in common before they part or one of them stops. */
function commonLength(a: End, b: End | undefined): number {
	if (!b) return 0;
	let length = 0;
	while (length < a.line.length && length < b.line.length) {
		const one = a.line[length];
		const two = b.line[length];
		if (
			!one ||
			!two ||
			one.station !== two.station ||
			(one.state !== two.state && (one.state === "stopped" || two.state === "stopped"))
		)
			break;
		length++;
	}
	return length;
}

/** Where the packet was meant to go, from the station at which it stops. */
function notReached({ target, topology }: Setting, end: End): Step[] {
	if (!target || end.outcome === "delivered") return [];
	const address = formatEndpoint(target.address, target.port);
	const name = target.addressKnown ? address : (target.container?.name ?? "container");
	const has = new Set(end.line.map((step) => step.station));
	if (has.has(address) || has.has(name)) return [];
	const device = routeTo(topology, target.address)?.bridge?.name;
	const steps: Step[] = [];
	if (device && !has.has(device))
		steps.push(station(interfaceName(device), "interface", "The packet does not get here.", "not-reached"));
	const whose = target.container ? `Container \`${target.container.name}\`` : "The container";
	return [...steps, station(name, "destination", `${whose} gets nothing.`, "not-reached")];
}
