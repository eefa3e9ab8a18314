import type { Backend, Table } from "../netfilter/ruleset";
import type { ParsedRuleset } from "../parse/parsed";
import type { Span } from "../text/span";
import { type Fact, known, unknown } from "./fact";
import type { NetfilterFacts } from "./host-facts";
import { type Reading, readingsOf } from "./reading";

/** What one table's listing tells: the table, that it is empty, or nothing. */
export type TableAnswer =
	| { readonly kind: "shown"; readonly table: Table }
	| { readonly kind: "empty"; readonly at: readonly Span[] }
	| { readonly kind: "unknown" };

/** The backend that the host's `iptables` drives: `iptables --version` first, then the link of the alternatives, else what its messages and listings call themselves. */
export function gatherBackend(readings: readonly Reading[]): {
	readonly backend: Fact<Backend>;
	readonly version: Fact<string>;
} {
	for (const { parsed } of readingsOf(readings, "iptables-version")) {
		const main = parsed.programs.find((one) => one.program === "iptables") ?? parsed.programs[0];
		if (!main) continue;
		const version = known(main.version, [main.at]);
		return {
			version,
			backend: main.backend
				? known(main.backend, [main.at])
				: isBeforeBackends(main.version)
					? known("legacy", [main.at])
					: unknown("iptables-version"),
		};
	}
	for (const { parsed } of readingsOf(readings, "alternatives")) {
		const link = parsed.name === null || parsed.name === "iptables" ? parsed.current : null;
		const backend = /iptables-(nft|legacy)$/.exec(link?.value ?? "")?.[1];
		if (link && backend)
			return {
				backend: known(backend === "nft" ? "nf_tables" : "legacy", [link.at]),
				version: unknown("iptables-version"),
			};
	}
	const said = readings
		.flatMap(({ parsed }) => ("failures" in parsed ? parsed.failures : []))
		.filter((failure) => failure.backend && failure.command?.program !== "ip6tables");
	const last = said.findLast((failure) => failure.fromDockerd) ?? said.at(-1);
	if (last?.backend)
		return {
			backend: known(last.backend, [last.at]),
			version: last.version ? known(last.version, [last.at]) : unknown("iptables-version"),
		};
	for (const { parsed, artifact } of readingsOf(readings, "ruleset")) {
		const plain = /^(?:iptables-save|iptables)\b/.test(artifact.command ?? artifact.name);
		if (plain && parsed.version?.value.backend)
			return {
				backend: known(parsed.version.value.backend, [parsed.version.at]),
				version: known(parsed.version.value.version, [parsed.version.at]),
			};
	}
	return { backend: unknown("iptables-version"), version: unknown("iptables-version") };
}

/** Up to 1.6 there is only legacy, and no bracket after the version (netfilter.org release notes of 1.8.0). */
function isBeforeBackends(version: string): boolean {
	const [major, minor] = version.split(".");
	return major === "1" && Number(minor) < 8;
}

/** The richest listing of each table, and which backends were listed whole. */
export function gatherNetfilter(readings: readonly Reading[], active: Fact<Backend>): NetfilterFacts {
	const best = new Map<string, Table>();
	const listed: { backend: Backend; family: 4 | 6; at: readonly Span[] }[] = [];
	const native: { family: 4 | 6; at: readonly Span[] }[] = [];
	let legacyTablesPresent: Span | null = null;
	for (const { parsed, artifact } of readingsOf(readings, "ruleset")) {
		legacyTablesPresent ??= parsed.legacyTablesPresent;
		const backend = backendOf(parsed, `${artifact.command ?? ""} ${artifact.name}`, active);
		for (const shown of parsed.tables) {
			const table = shown.backend || shown.native || !backend ? shown : { ...shown, backend };
			const key = `${table.backend ?? "?"} ${table.family} ${table.name}`;
			const before = best.get(key);
			if (!before || richness(table) > richness(before)) best.set(key, table);
		}
		if (parsed.allTables && parsed.failures.length === 0 && backend) {
			const at = artifact.lines[0]
				? [{ artifact: artifact.id, from: artifact.from, to: artifact.to, line: 1, lastLine: artifact.lines.length }]
				: [];
			if (artifact.kind === "nft-ruleset") native.push({ family: 4, at }, { family: 6, at });
			if (parsed.family !== "ip6") listed.push({ backend, family: 4, at });
			if (parsed.family !== "ip") listed.push({ backend, family: 6, at });
		}
	}
	return { tables: [...best.values()], listed, native, legacyTablesPresent };
}

function backendOf(parsed: ParsedRuleset, name: string, active: Fact<Backend>): Backend | null {
	const own = parsed.version?.value.backend ?? parsed.tables.find((table) => table.backend)?.backend;
	if (own) return own;
	if (/\bnft\b|iptables-nft/.test(name)) return "nf_tables";
	if (/legacy/.test(name)) return "legacy";
	return active.known ? active.value : null;
}

/** Prefers complete listings with interfaces, then those that show more rules. */
function richness(table: Table): number {
	const rules = table.chains.reduce((count, chain) => count + chain.rules.length, 0);
	return (table.complete ? 4e6 : 0) + (table.interfacesShown ? 2e6 : 0) + Math.min(rules, 1e6);
}

/** One table of one backend. A backend of null asks for whichever was shown. */
export function tableOf(netfilter: NetfilterFacts, backend: Backend | null, family: 4 | 6, name: string): TableAnswer {
	const wanted = family === 4 ? "ip" : "ip6";
	const same = netfilter.tables.filter((table) => table.name === name && table.family === wanted && !isForeign(table));
	const table =
		same.find((one) => one.backend === backend) ??
		same.find((one) => one.backend === null) ??
		(backend === null ? same[0] : undefined);
	if (table) return { kind: "shown", table };
	const whole = netfilter.listed.find((one) => one.family === family && (backend === null || one.backend === backend));
	return whole ? { kind: "empty", at: whole.at } : { kind: "unknown" };
}

/** A native table that merely bears the name of an iptables table: it has no built-in chain of iptables' spelling. */
function isForeign(table: Table): boolean {
	return table.native && !table.chains.some((chain) => chain.base !== null && chain.name === chain.name.toUpperCase());
}

/** The backend that is not the given one. */
export function otherBackend(backend: Backend): Backend {
	return backend === "legacy" ? "nf_tables" : "legacy";
}
