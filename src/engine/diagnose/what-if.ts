import { bindingText, type Exposed, exposure } from "../packet-path/exposure";
import { networkReach, type Place, type Reach } from "../packet-path/network-reach";
import type { Flow, Outcome } from "../packet-path/trace";
import { walk } from "../packet-path/walk";
import type { World } from "../packet-path/world";
import type { Action, Plan } from "../remedy/plan";
import { actionTitle } from "../remedy/wording";
import { applied, isNeutral } from "./applied";

/** One path that a change opens or closes. */
export type Difference = {
	readonly from: string;
	readonly to: string;
	readonly before: Outcome | "no-address";
	readonly after: Outcome | "no-address";
};

/** One vetted change, and what it would make of the host. */
export type Change = {
	/** The finding whose plan has it. */
	readonly failure: string;
	/** What is done, with code in back-ticks. */
	readonly does: readonly string[];
	/** The packet in question; `got-through`: before already, the finding is about another one. `not-computed`: what the change makes of the tables is written by dockerd or firewalld, or is done by hand. */
	readonly wanted: "gets-through" | "got-through" | "still-stopped" | "unknown" | "not-computed";
	/** Whether a person has to pick it, or the plan's script does it. */
	readonly isChoice: boolean;
	/** Paths besides the wanted one that were closed or unknown before. */
	readonly opens: readonly Difference[];
	readonly closes: readonly Difference[];
};

type Planned = { readonly failure: string; readonly plan: Plan | null };

/**
 * What the vetted changes of the findings would do: each is applied to the rule set that was shown, and every published
 * port and network is asked again. Those that let the wanted packet through come first, and of these those that open
 * least besides. Only changes of vetted plans are looked at; none is made up.
 */
export function whatIf(world: World, wanted: Flow, findings: readonly Planned[]): readonly Change[] {
	const plans = findings.flatMap(({ failure, plan }) => (plan ? [{ failure, plan }] : []));
	if (plans.length === 0) return [];
	const before = { paths: pathsOf(world), outcome: walk(world, wanted).outcome };
	const changes = plans.flatMap(({ failure, plan }): readonly Change[] => {
		const steps = plan.steps.map(({ action }) => action).filter((action) => !isNeutral(action));
		return [
			...(steps.length > 0 ? [changeOf(world, wanted, before, failure, steps, false)] : []),
			...(plan.choices ?? []).map((actions) => changeOf(world, wanted, before, failure, actions, true)),
		];
	});
	return changes.toSorted((a, b) => RANK[a.wanted] - RANK[b.wanted] || a.opens.length - b.opens.length);
}

const RANK: Readonly<Record<Change["wanted"], number>> = {
	"gets-through": 0,
	"got-through": 0,
	unknown: 1,
	"not-computed": 2,
	"still-stopped": 3,
};

function changeOf(
	world: World,
	wanted: Flow,
	before: { readonly paths: Paths; readonly outcome: Outcome },
	failure: string,
	actions: readonly Action[],
	isChoice: boolean,
): Change {
	const does = actions.map(doesOf);
	const after = actions.reduce<World | null>((under, action) => under && applied(under, action), world);
	if (!after) return { failure, does, wanted: "not-computed", isChoice, opens: [], closes: [] };
	const { outcome } = walk(after, wanted);
	const differences = [...pathsOf(after)].flatMap(([key, path]): readonly (Difference & { isWanted: boolean })[] => {
		const was = before.paths.get(key)?.outcome;
		if (was === undefined || was === path.outcome) return [];
		return [{ from: path.from, to: path.to, before: was, after: path.outcome, isWanted: isWantedPath(path, wanted) }];
	});
	const bare = ({ isWanted: _, ...difference }: Difference & { isWanted: boolean }): Difference => difference;
	return {
		failure,
		does,
		wanted:
			outcome === "delivered"
				? before.outcome === "delivered"
					? "got-through"
					: "gets-through"
				: outcome === "unknown"
					? "unknown"
					: "still-stopped",
		isChoice,
		opens: differences.filter((one) => one.after === "delivered" && !one.isWanted).map(bare),
		closes: differences.filter((one) => one.before === "delivered").map(bare),
	};
}

function doesOf(action: Action): string {
	if (action.kind !== "insert-rule" && action.kind !== "delete-rule") return actionTitle(action);
	return `${actionTitle(action)}: \`${action.spec.join(" ")}\``;
}

type Path = {
	readonly from: string;
	readonly to: string;
	readonly outcome: Outcome | "no-address";
	readonly asked: Flow | null;
};
type Paths = ReadonlyMap<string, Path>;

/** The main trace goes from outside to the port over IPv4; the same port asked from elsewhere is another path. */
function isWantedPath({ asked }: Path, wanted: Flow): boolean {
	return (
		asked !== null &&
		asked.from === wanted.from &&
		asked.port === wanted.port &&
		asked.protocol === wanted.protocol &&
		(asked.family ?? 4) === (wanted.family ?? 4) &&
		asked.bridge === wanted.bridge &&
		(asked.ownAddress ?? false) === (wanted.ownAddress ?? false)
	);
}

function pathsOf(world: World): Paths {
	const paths = new Map<string, Path>();
	const add = (path: Path): void => void paths.set(`${path.from} > ${path.to}`, path);
	for (const entry of exposure(world)) {
		const to = bindingText(entry);
		for (const from of askersOf(entry)) add({ from, to, outcome: entry.outcome, asked: entry.flow });
	}
	for (const reach of networkReach(world)) for (const path of networkPaths(reach)) add(path);
	return paths;
}

function askersOf({ asker, networks }: Exposed): readonly string[] {
	if (asker === "outside") return ["outside"];
	if (asker === "loopback") return ["this host by loopback"];
	if (asker === "own-address") return ["this host by its own address"];
	return networks.length === 0 ? ["a container"] : networks.map((name) => `containers on ${name}`);
}

/** Any port as one path, and each published port, for which another rule may speak, as one of its own. */
function networkPaths({ from, to, family, outcome, except, published }: Reach): readonly Path[] {
	const six = family === 6 ? " (IPv6)" : "";
	const source = from.kind === "outside" ? "outside" : `containers on ${from.name}`;
	const target = placeOf(to);
	return [
		{
			from: source,
			to: to.kind === "outside" ? `outside${six}` : `${target}${six}, ports that are not published`,
			outcome,
			asked: null,
		},
		...published.map(({ container, port, protocol }): Path => {
			const other = except.find((one) => one.container === container && one.port === port && one.protocol === protocol);
			const name = `${container ?? target}${six}, port ${port}/${protocol} by its own address`;
			return { from: source, to: name, outcome: other?.outcome ?? outcome, asked: null };
		}),
	];
}

const placeOf = (place: Place): string => (place.kind === "network" ? `any container on ${place.name}` : "outside");
