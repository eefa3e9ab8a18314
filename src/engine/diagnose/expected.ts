import { filterLayout, ingressLayout, ip6Layout } from "../facts/docker-layout";
import { rawLayout } from "../facts/docker-raw";
import { type Expectation, isDockerChain, type TableState } from "../facts/docker-rules";
import { whyNoChainsExpected } from "../facts/engine-state";
import { isKnownToBe } from "../facts/fact";
import type { HostFacts } from "../facts/host-facts";
import type { Expected } from "./analysis";

/** More rows than this are a list of ports or networks, not a difference: the missing ones are kept. */
const MOST = 200;

/**
 * What dockerd of this generation keeps in the tables, chain by chain, held against what was listed. Empty where nothing
 * was listed, or where no rules of Docker's are expected on this host.
 */
export function expectedOf(facts: HostFacts): readonly Expected[] {
	const { docker, rules } = facts;
	if (isKnownToBe(docker.firewallBackend, "nftables"))
		return isKnownToBe(docker.running, false) ? [] : rowsOf([...(rules.native ?? []), ...rawLayout(facts)]);
	if (whyNoChainsExpected(facts)) return [];
	const layout = filterLayout(facts);
	// Where bridges are known the layout has each jump of the way from FORWARD to DOCKER in a row of its own.
	const wholeWay = layout.some(({ kind, what }) => kind === "jump" && /to `DOCKER`(?: |$)/.test(what));
	const isTold = ({ kind }: Expectation) => wholeWay && kind === "jump";
	return rowsOf([
		...rawLayout(facts),
		...expectationsOf(rules.nat),
		...ingressLayout(facts),
		...layout,
		...expectationsOf(rules.filter).filter((one) => !isTold(one)),
		...ip6Layout(facts),
	]);
}

const expectationsOf = (state: TableState) => (state.kind === "shown" ? state.expected : []);

/** The chains that the kernel calls stand before those they lead to; the way out stands last. */
const rankOf = (chain: string) =>
	chain === "POSTROUTING" ? 2 : isDockerChain(chain) || chain === "DOCKER-USER" ? 1 : 0;

/** Table by table, and within a table chain by chain, in the order in which a packet meets them. */
function rowsOf(all: readonly Expectation[]): readonly Expected[] {
	const tables = [...new Set(all.map(({ table }) => table))];
	const chains = [...new Set(all.map(({ table, chain }) => `${table} ${chain}`))];
	const place = new Map(chains.map((key, index) => [key, index]));
	const placeOf = ({ table, chain }: Expectation) =>
		tables.indexOf(table) * 1e6 +
		(table === "docker-bridges" ? 0 : rankOf(chain)) * 1e5 +
		(place.get(`${table} ${chain}`) ?? 0);
	const rows = new Map<string, Expected>();
	// Containers may share a port of theirs: the rows that say the same are one.
	for (const { table, chain, what, state, at } of all.toSorted((a, b) => placeOf(a) - placeOf(b))) {
		const key = `${table} ${chain} ${what} ${state}`;
		rows.set(key, rows.get(key) ?? { table, chain, what, state, at });
	}
	const sorted = [...rows.values()];
	let spare = MOST - sorted.filter(({ state }) => state === "missing").length;
	return sorted.filter(({ state }) => state === "missing" || spare-- > 0).slice(0, MOST);
}
