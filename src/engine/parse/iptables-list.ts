/**
 * `iptables -t TABLE -L` and `ip6tables …` with any of -n -v -x --line-numbers, one chain or all, several tables one
 * after another; 1.4.21 to 1.8.13, both backends.
 *
 *     Chain DOCKER (2 references)
 *     num   pkts bytes target     prot opt in     out     source               destination
 *     1        0     0 DNAT       tcp  --  !docker0 *       0.0.0.0/0            0.0.0.0/0            tcp dpt:8080 to:172.17.0.2:80
 *
 * The protocol is a name, or since 1.8.9 with -n a number; the opt column of ip6tables is empty before 1.8.9; a rule
 * without a target has blanks there. Nothing names the table: see `table-inference.ts`.
 *
 * Not read: rows whose chain heading or column heading was cut away (`iptables -L | grep DNAT`), ebtables.
 */
import { parseAddress } from "../netfilter/address";
import { addressOfName, protocolName } from "../netfilter/names";
import { plain, printWords } from "../netfilter/rule-words";
import type { Counters, Match, Rule, Word } from "../netfilter/ruleset";
import type { Artifact, Line } from "../text/evidence";
import { spanOfText, textOf } from "./line-text";
import { readExtras } from "./list-extras";
import type { ListingHints } from "./listing-hints";
import { readOptions } from "./match-words";
import { optionsOf } from "./rule-options";
import type { RulesetText } from "./ruleset-text";
import { type ChainDraft, chainOf, evidenceOf, finishTable, newTable, setPolicy, type TableDraft } from "./table-draft";
import { beginsNextTable, inferTable, showsAllBuiltins } from "./table-inference";

type State = {
	readonly artifact: Artifact;
	readonly hints: ListingHints;
	readonly family: "ip" | "ip6";
	readonly tables: TableDraft[];
	readonly unread: Line[];
	table: TableDraft | null;
	chain: ChainDraft | null;
	columns: Columns | null;
	/** A chain's column heading was seen. */
	headed: boolean;
	/** A row could not be read: the paste may be cut. */
	broken: boolean;
};

/** Tables of a listing. Never throws; lines that are no part of it are in `unread`. */
export function parseIptablesList(artifact: Artifact, hints: ListingHints): RulesetText {
	const state: State = {
		artifact,
		hints,
		family: hints.family ?? familyOfListing(artifact),
		tables: [],
		unread: [],
		table: null,
		chain: null,
		columns: null,
		headed: true,
		broken: false,
	};
	for (const line of artifact.lines) readLine(state, line);
	const tables = state.tables.map((draft, index) => {
		const name = inferTable(evidenceOf(draft), state.hints.table);
		const last = index === state.tables.length - 1;
		const cut = last && (!state.headed || state.broken);
		draft.complete = showsAllBuiltins(name, draft.builtins) && !hints.filtered && hints.chain === null && !cut;
		return finishTable(artifact, draft, name);
	});
	return { tables, unread: state.unread, remarks: [], version: null, family: state.family, allTables: false };
}

/** No command, no file name: IPv6 shows itself by an address with `::`, by its protocol or reject types, by ufw's chains. */
function familyOfListing(artifact: Artifact): "ip" | "ip6" {
	const shows = (text: string) =>
		/(?:^| )!?[0-9a-f:]{0,38}::[0-9a-f:.]{0,38}(?:\/\d{1,3})?(?: |$)/.test(text) ||
		/\bipv6-icmp|\bufw6-|icmp6-/.test(text);
	return artifact.lines.some((line) => shows(textOf(line).split("/*", 1)[0] ?? "")) ? "ip6" : "ip";
}

// `Chain INPUT (policy DROP 12K packets, 5M bytes)`, `Chain DOCKER (2 references)`, `Chain X (ERROR obtaining refs)`.
const HEADING =
	/^Chain (\S{1,64}) \((?:policy (\w{1,16})(?: (\w{1,24}) packets, (\w{1,24}) bytes)?|(\d{1,10}) references|ERROR[^)]{0,40})\)?/;

function readLine(state: State, line: Line): void {
	const text = textOf(line);
	const trimmed = text.trim();
	if (trimmed === "") return;
	const heading = HEADING.exec(trimmed);
	if (heading) {
		startChain(state, line, heading);
		return;
	}
	const columns = readColumns(text);
	if (columns && state.chain && state.table) {
		state.columns = columns;
		state.headed = true;
		state.table.interfacesShown &&= columns.interfaces;
		state.table.last = line;
		return;
	}
	if (!state.chain || !state.table || !state.columns) {
		state.unread.push(line);
		return;
	}
	const rule = readRow(state, state.chain, state.columns, line, text);
	if (rule) {
		state.chain.rules.push(rule);
		state.table.last = line;
		state.broken = false;
	} else {
		state.unread.push(line);
		state.broken = true;
	}
}

function startChain(state: State, line: Line, heading: RegExpExecArray): void {
	const [, name = "", policy, packets, bytes, references] = heading;
	if (!state.table || beginsNextTable(state.table, name, policy !== undefined)) {
		state.table = newTable("iptables", null, state.family, line);
		state.table.backend = state.hints.backend;
		state.tables.push(state.table);
	}
	state.table.last = line;
	const chain = chainOf(state.table, name, spanOfText(state.artifact, line));
	if (policy !== undefined) setPolicy(state.table, chain, policy);
	if (references !== undefined) chain.references = Number(references);
	chain.counters = countersOf(packets, bytes);
	state.chain = chain;
	state.headed = false;
}

/** Which optional columns a listing has, and where the target column begins. */
type Columns = {
	readonly numbers: boolean;
	readonly counters: boolean;
	readonly interfaces: boolean;
	readonly targetFrom: number;
};

function readColumns(text: string): Columns | null {
	if (!/^\s{0,40}(?:num\s{1,8})?(?:pkts\s{1,20}bytes\s)?target\s{1,8}prot\s/.test(text)) return null;
	const words = new Set(text.split(/\s+/));
	return {
		numbers: words.has("num"),
		counters: words.has("pkts"),
		interfaces: words.has("in") && words.has("out"),
		targetFrom: text.indexOf("target"),
	};
}

type Cell = { readonly text: string; readonly from: number; readonly to: number };

/** The first words of a row; no row needs more than ten before its extras. */
function cellsOf(text: string): readonly Cell[] {
	const cells: Cell[] = [];
	const word = /\S{1,8192}/g;
	for (let found = word.exec(text); found && cells.length < 11; found = word.exec(text)) {
		cells.push({ text: found[0], from: found.index, to: word.lastIndex });
	}
	return cells;
}

type Row = {
	readonly number: number | null;
	readonly counters: Counters | null;
	readonly target: string;
	readonly protocol: string;
	readonly fragment: "" | "-f" | "!f";
	readonly iif: string;
	readonly oif: string;
	readonly source: string;
	readonly destination: string;
	readonly extras: string;
};

function splitRow(columns: Columns, text: string): Row | null {
	const cells = cellsOf(text);
	let at = 0;
	let number: number | null = null;
	if (columns.numbers) {
		number = /^\d{1,9}$/.test(cells[at]?.text ?? "") ? Number(cells[at]?.text) : null;
		if (number === null) return null;
		at++;
	}
	let counters: Counters | null = null;
	if (columns.counters) {
		counters = countersOf(cells[at]?.text, cells[at + 1]?.text);
		if (!counters) return null;
		at += 2;
	}
	const hasTarget = targetIsThere(columns, cells, at);
	const target = hasTarget ? (cells[at++]?.text ?? "") : "";
	const protocol = cells[at++]?.text ?? "";
	const opt = cells[at]?.text ?? "";
	const fragment = opt === "-f" || opt === "!f" ? opt : "";
	if (isOpt(opt)) at++;
	const iif = columns.interfaces ? (cells[at++]?.text ?? "") : "";
	const oif = columns.interfaces ? (cells[at++]?.text ?? "") : "";
	const source = cells[at++]?.text;
	const destination = cells[at];
	if (source === undefined || !destination || !/^!?[a-z0-9][\w.-]{0,24}$/.test(protocol)) return null;
	const extras = text.slice(destination.to);
	return { number, counters, target, protocol, fragment, iif, oif, source, destination: destination.text, extras };
}

function isOpt(text: string | undefined): boolean {
	return text === "--" || text === "-f" || text === "!f";
}

/** The opt column tells, whatever became of the blanks; where it is empty (old ip6tables) the place of the first word does. */
function targetIsThere(columns: Columns, cells: readonly Cell[], at: number): boolean {
	if (isOpt(cells[at + 1]?.text)) return false;
	if (isOpt(cells[at + 2]?.text)) return true;
	const before = cells[at - 1];
	const expected =
		before && columns.counters ? before.to + 1 : Math.max(columns.targetFrom, before ? before.to + 1 : 0);
	return (cells[at]?.from ?? 0) <= expected;
}

// 12K, 5M: thousands, millions (print_num, libxtables/xtables.c). -x prints all digits.
const SCALES: ReadonlyMap<string, number> = new Map([
	["", 1],
	["K", 1e3],
	["M", 1e6],
	["G", 1e9],
	["T", 1e12],
]);

function countersOf(packets: string | undefined, bytes: string | undefined): Counters | null {
	const [first, second] = [packets, bytes].map((text) => {
		const found = /^(\d{1,20})([KMGT]?)$/.exec(text ?? "");
		return found ? Number(found[1]) * (SCALES.get(found[2] ?? "") ?? 1) : null;
	});
	return typeof first === "number" && typeof second === "number" ? { packets: first, bytes: second } : null;
}

function readRow(state: State, chain: ChainDraft, columns: Columns, line: Line, text: string): Rule | null {
	const row = splitRow(columns, text);
	if (!row) return null;
	const extras = readExtras(row.extras, row.target);
	const jump = row.target === "" ? [] : [plain(extras.isGoto ? "-g" : "-j"), plain(row.target), ...extras.target];
	const core = coreWords(row, state.family);
	const { counters: _none, ...meaning } = readOptions(optionsOf([...core, ...extras.matches, ...jump]), state.family);
	const unread = extras.unread.map((piece): Match => ({ kind: "unknown", extension: "", text: piece }));
	return {
		number: row.number ?? chain.rules.length + 1,
		text: printWords([
			plain("-A"),
			plain(chain.name),
			...core,
			...extras.matches,
			...extras.unread.map(plain),
			...jump,
		]),
		...meaning,
		matches: [...meaning.matches, ...unread],
		counters: row.counters,
		at: spanOfText(state.artifact, line),
	};
}

function coreWords(row: Row, family: "ip" | "ip6"): readonly Word[] {
	const words: string[] = [];
	const push = (option: string, cell: string, value: string | null) => {
		if (value !== null) words.push(...(cell.startsWith("!") ? ["!"] : []), option, value);
	};
	push("-s", row.source, addressWord(row.source, family));
	push("-d", row.destination, addressWord(row.destination, family));
	push("-i", row.iif, interfaceWord(row.iif));
	push("-o", row.oif, interfaceWord(row.oif));
	const protocol = protocolName(row.protocol.replace(/^!/, ""));
	push("-p", row.protocol, protocol === "all" ? null : protocol);
	if (row.fragment !== "") words.push(...(row.fragment === "!f" ? ["!"] : []), "-f");
	return words.map(plain);
}

/** As iptables-save prints it, with a mask; null for any address. */
function addressWord(cell: string, family: "ip" | "ip6"): string | null {
	const name = cell.replace(/^!/, "");
	const address = addressOfName(name, family) ?? name;
	if (address === "0.0.0.0/0" || address === "::/0") return cell.startsWith("!") ? address : null;
	const single = parseAddress(address);
	return single ? `${address}/${single.family === 4 ? 32 : 128}` : address;
}

/** `*`, without -n `any`, stands for any interface. */
function interfaceWord(cell: string): string | null {
	return cell === "*" || cell === "any" || cell === "" ? null : cell.replace(/^!/, "");
}
