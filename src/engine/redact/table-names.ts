import type { NameFound } from "./line-names";
import type { NameKind } from "./name-detectors";
import { isPseudonym } from "./pseudonym";

/** A column of a table that docker, compose, ps or lsof heads with capitals. */
export type Table = {
	readonly columns: readonly Column[] /** ps and lsof align as they like: cells are counted. */;
	readonly counted: boolean;
};
type Column = { readonly kind: NameKind | "id" | null; readonly from: number };

const COLUMNS = new Map<string, NameKind | "id">([
	["CONTAINER ID", "id"],
	["NETWORK ID", "id"],
	["IMAGE ID", "id"],
	["NAMES", "container"],
	["IMAGE", "image"],
	["REPOSITORY", "image"],
	["VOLUME NAME", "volume"],
	["HOSTNAME", "host"],
	["NODE", "host"],
	["SERVICE", "container"],
	["ID", "id"],
]);

/** The columns that a header line names; null for any other line. */
export function tableHeader(text: string): Table | null {
	if (!/^\s{0,8}[A-Z][A-Z/_ -]{1,30}(?:\s{1,60}[A-Z(])/.test(text) || /[a-z:=]/.test(text)) return null;
	const heads = [...text.matchAll(/[A-Z%]+(?: [A-Z%]+)*/g)].map((match) => ({ head: match[0], from: match.index }));
	const named = (...names: readonly string[]): boolean => heads.some(({ head }) => names.includes(head));
	if (text.includes("USER") && /\b(?:PID|COMMAND)\b/.test(text)) {
		const words = text.trim().split(/\s+/);
		return { columns: words.map((word) => ({ kind: word === "USER" ? "user" : null, from: 0 })), counted: true };
	}
	// lsblk -o …,SERIAL: cells are counted, as in ps.
	if (/^\s{0,2}NAME\b/.test(text) && /\bSERIAL\b/.test(text)) {
		const words = text.trim().split(/\s+/);
		return { columns: words.map((word) => ({ kind: word === "SERIAL" ? "serial" : null, from: 0 })), counted: true };
	}
	if (heads.length < 2) return null;
	const compose = heads[0]?.head === "NAME" && named("IMAGE", "STATUS", "SERVICE", "CPU %");
	// docker node ls, service ls, service ps, secret ls
	const swarm = heads[0]?.head === "ID" && named("HOSTNAME", "REPLICAS", "NODE", "CREATED");
	if (
		!compose &&
		!swarm &&
		!named("CONTAINER ID", "NETWORK ID", "IMAGE ID", "NAMES", "VOLUME NAME", "REPOSITORY", "HOSTNAME")
	)
		return null;
	const ofName = heads[0]?.head === "NETWORK ID" ? "net" : "container";
	return {
		columns: heads.map(({ head, from }) => ({ kind: head === "NAME" ? ofName : (COLUMNS.get(head) ?? null), from })),
		counted: false,
	};
}

/** Names of a row; false when the line is none of the table's. */
export function tableRow(text: string, base: number, table: Table, found: NameFound): boolean {
	if (table.counted) return countedRow(text, base, table, found);
	// Docker pads every cell, so a word across a column's beginning belongs to another kind of line.
	if (table.columns.some(({ from }) => from > 0 && from < text.length && !/\s/.test(text.charAt(from - 1))))
		return false;
	for (const { kind, from } of table.columns) {
		const word = kind === null ? undefined : /^\S{1,255}/.exec(text.slice(from, from + 256))?.[0];
		if (kind === null || !word) continue;
		let at = base + from;
		// `db,shop-db-1` lists names of links.
		for (const name of word.split(",")) {
			cell(kind, name, at, found);
			at += name.length + 1;
		}
	}
	return true;
}

function countedRow(text: string, base: number, { columns }: Table, found: NameFound): boolean {
	const words = [...text.matchAll(/\S+/g)];
	if (words.length < columns.length - 1) return false;
	for (const [index, { kind }] of columns.entries()) {
		const word = words[index];
		if (kind === "serial") {
			if (word && words.length === columns.length) cell(kind, word[0], base + word.index, found);
		} else if (kind !== null && word && /^[A-Za-z_][A-Za-z0-9_.-]{0,31}\+?$/.test(word[0]))
			cell(kind, word[0].replace(/\+$/, ""), base + word.index, found);
	}
	return true;
}

// Rows that lost their padding, or their header: what they are made of tells them.
const PS_ROW =
	/^\s{0,8}(?:[0-9a-f]{12}|[0-9a-f]{64}) {1,40}(\S{1,255}) {1,40}"[^"\n]{0,255}" {1,40}[^\n]{5,1500}? {1,40}([A-Za-z0-9][A-Za-z0-9_.,-]{0,255})\s{0,8}$/d;
const NETWORK_ROW =
	/^\s{0,8}[0-9a-z]{12,64} {1,40}([A-Za-z0-9][A-Za-z0-9_.-]{0,127}) {1,40}(?:bridge|overlay|host|null|macvlan|ipvlan|nat) {1,40}(?:local|swarm|global)\s{0,8}$/d;

// `docker ps --format '{{.Names}} {{.Ports}}'`, or with the status.
const NAMED_ROW =
	/^\s{0,8}([A-Za-z0-9][A-Za-z0-9_.-]{1,127})\s{1,40}(?:(?:\[?[0-9a-f.:]{2,45}\]?:)?\d{1,5}->\d{1,5}\/(?:tcp|udp|sctp)|Up (?:\d+|About|Less)|Exited \(\d)/d;

/** A row of `docker ps` or `docker network ls` without its table. */
export function looseRow(text: string, base: number, found: NameFound): void {
	const named =
		text.includes("->") || text.includes("Up ") || text.includes("Exited ") ? NAMED_ROW.exec(text)?.indices?.[1] : null;
	if (named) cell("container", text.slice(...named), base + named[0], found);
	if (!/^\s{0,8}[0-9a-z]{12}/.test(text)) return;
	const network = NETWORK_ROW.exec(text)?.indices?.[1];
	if (network) cell("net", text.slice(...network), base + network[0], found);
	const ps = PS_ROW.exec(text)?.indices;
	const image = ps?.[1];
	const name = ps?.[2];
	// A stand-in there is of an earlier pass, which has seen the row.
	if (name && isPseudonym(text.slice(...name))) return;
	if (image) cell("image", text.slice(...image), base + image[0], found);
	if (name && !/^(?:ago|seconds|minutes|hours|days|weeks|months|Created|Dead|tcp|udp)$/.test(text.slice(...name)))
		cell("container", text.slice(...name), base + name[0], found);
}

function cell(kind: NameKind | "id", name: string, at: number, found: NameFound): void {
	const bare = name.startsWith("/") ? 1 : 0;
	if (/^[A-Za-z0-9][A-Za-z0-9_.:/@-]*$/.test(name.slice(bare)))
		found(kind, { from: at + bare, to: at + name.length }, true);
}
