import { cleanLine } from "./clean";
import { type Columns, dropFront } from "./columns";
import { kindsOfName } from "./commands";
import { cut, type Piece } from "./cut";
import { undecorated } from "./decorations";
import type { Artifact, ArtifactKind, Evidence, Line, Source, TypedCommand } from "./evidence";
import { type RawLine, rawLines } from "./lines";
import { type Region, regionsOf } from "./regions";
import { settled } from "./settle";
import { mended } from "./torn";
import { unwrapped } from "./wrap";

/**
 * Cuts everything that was pasted into artifacts. Every character of every source that is not blank lies in exactly one
 * of them; what no shape, command or name explains is `unrecognised`. Any text is good, and the work grows with its length.
 */
export function recognise(evidence: Evidence): readonly Artifact[] {
	return withIds(evidence.flatMap(artifactsOf));
}

/** An artifact before it is known how many of its kind were pasted before it. */
export type Draft = Omit<Artifact, "id">;

/** Gives each artifact of a whole paste its id: the kind, numbered from the second of the kind on. */
export function withIds(drafts: readonly Draft[]): readonly Artifact[] {
	const count = new Map<ArtifactKind, number>();
	return drafts.map((draft) => {
		const number = (count.get(draft.kind) ?? 0) + 1;
		count.set(draft.kind, number);
		return { ...draft, id: number === 1 ? draft.kind : `${draft.kind}-${number}` };
	});
}

/** A piece and the first line of the source that is its own: a prompt or a heading above it, else its first text. */
type Placed = {
	readonly piece: Piece;
	readonly region: Region;
	readonly first: number;
	readonly isFirst: boolean;
	readonly typed: readonly TypedCommand[];
};

/** Cuts one source into artifacts. What stands in the other sources has no say in it. */
export function artifactsOf(source: Source): readonly Draft[] {
	const hints = kindsOfName(source.name);
	const raw = rawLines(source.text);
	const lines = mended(undecorated(raw.map(({ from, to }) => cleanLine(source.text, from, to))));
	const regions = regionsOf(lines, hints, (index) => quoteDepth(source.text, lines[index]));
	const placed: Placed[] = [];
	// A prompt with nothing to say of its own (`cd /tmp`) is kept with the output that follows it.
	let carried: number | null = null;
	let typed: TypedCommand[] = [];
	regions.forEach((region, index) => {
		typed.push(...typedIn(region));
		const pieces = piecesOf(region, regions[index + 1]);
		pieces.forEach((piece, at) => {
			const own = piece.lines[0]?.index ?? region.firstIndex;
			const isFirst = at === 0;
			placed.push({
				piece,
				region,
				first: isFirst ? (carried ?? region.firstIndex) : own,
				isFirst,
				typed: isFirst ? typed : [],
			});
		});
		if (pieces.length > 0) {
			carried = null;
			typed = [];
		} else carried ??= region.firstIndex;
	});
	const last = placed.at(-1);
	if (last && typed.length > 0) placed[placed.length - 1] = { ...last, typed: [...last.typed, ...typed] };
	if (placed.length === 0) return nothingFound(source, raw, lines, regions, hints);
	return placed.map((place, index) => {
		// Whatever stands between two artifacts (closing fences, pagers' marks) belongs to the upper one.
		const end = placed[index + 1]?.first ?? raw.length;
		const found = draft(source, place, inked(source, raw, index === 0 ? 0 : place.first, end));
		return asInFile(source, raw, found);
	});
}

/**
 * Numbers the lines as whoever looks for them counts: an editor, or for an excerpt the file it was made of. A line that was
 * put together from several has the number of the first.
 */
function asInFile({ numbers }: Source, raw: readonly RawLine[], found: Draft): Draft {
	const numberOf = (index: number) => numbers?.[index] ?? index + 1;
	const firstLine = numberOf(found.firstLine - 1);
	let at = found.firstLine - 1;
	const lines = found.lines.map((line) => {
		while (at + 1 < raw.length && (raw[at + 1]?.from ?? 0) <= line.from) at++;
		return { ...line, number: numberOf(at) - firstLine + 1 };
	});
	return { ...found, firstLine, lines };
}

/** The command at the prompt that began a region. */
function typedIn({ prompt, command, hintedBy }: Region): readonly TypedCommand[] {
	if (prompt === null || command === null || hintedBy !== "prompt") return [];
	const { columns, index } = prompt;
	return [{ command, from: columns.from, to: columns.to, sourceLine: index + 1 }];
}

/** How many quote marks stood before a line. */
function quoteDepth(text: string, line: Columns | undefined): number {
	const start = line?.map?.[0]?.[1];
	if (line === undefined || start === undefined) return 0;
	let depth = 0;
	for (const sign of text.slice(line.from, Math.min(start, line.from + 100))) if (sign === ">" || sign === "|") depth++;
	return depth;
}

type Place = Pick<Artifact, "from" | "to" | "firstLine">;

/** From the first to the last line that holds anything but blanks, among those from `first` up to, not including, `end`. */
function inked(source: Source, raw: readonly RawLine[], first: number, end: number): Place {
	const isInked = (line: RawLine | undefined) => line !== undefined && /\S/.test(source.text.slice(line.from, line.to));
	let upper = first;
	while (upper < end && !isInked(raw[upper])) upper++;
	let lower = end - 1;
	while (lower > upper && !isInked(raw[lower])) lower--;
	return { from: raw[upper]?.from ?? 0, to: raw[lower]?.to ?? 0, firstLine: upper + 1 };
}

/** Kinds whose emptiness says something: no table, no holder, no listener. */
const EMPTY_TELLS: ReadonlySet<ArtifactKind> = new Set([
	"iptables-save",
	"nft-ruleset",
	"lock-holders",
	"ipset",
	"ip-route",
	"probe",
]);

function piecesOf(region: Region, next: Region | undefined): readonly Piece[] {
	if (region.lines.length > 0) return settled(cut(region), region);
	const kind = region.hints[0];
	// Only a prompt or a heading that comes after proves that the command had nothing to print: else the paste ends there.
	const ended = next !== undefined && next.prompt !== null;
	return kind !== undefined && EMPTY_TELLS.has(kind) && ended ? [{ kind, lines: [], anew: false }] : [];
}

function draft(source: Source, { piece, region, isFirst, typed }: Placed, place: Place): Draft {
	const texts = piece.lines.map(({ columns }) => columns);
	// Below a command's output there may be a person's next paste, without a prompt of its own.
	const answers = region.hints.includes(piece.kind) || (isFirst && region.hintedBy === "prompt");
	const asked = answers ? region.command : null;
	return {
		kind: piece.kind,
		name: asked ?? nameOf(source, piece.kind),
		source: source.id,
		...place,
		lines: numbered(unwrapped(piece.kind, dedented(texts))),
		...(asked === null ? {} : { command: asked }),
		...(region.host === null ? {} : { host: region.host }),
		...(typed.length === 0 ? {} : { typed }),
	};
}

function numbered(lines: readonly Columns[]): readonly Line[] {
	return lines.map(({ text, from, to, map }, index) => ({
		number: index + 1,
		text,
		from,
		to,
		...(map === null ? {} : { map }),
	}));
}

/** Takes off the indentation that all lines share: of a Markdown list, a code block, a quoted mail. */
function dedented(lines: readonly Columns[]): readonly Columns[] {
	let common: string | null = null;
	for (const { text } of lines) {
		if (text.trim() === "") continue;
		const indentation: string = /^[ \t]{0,200}/.exec(text)?.[0] ?? "";
		if (common === null) common = indentation;
		else while (!indentation.startsWith(common)) common = common.slice(0, -1);
		if (common === "") return lines;
	}
	const width = common?.length ?? 0;
	return lines.map((line) => (line.text.trim() === "" ? line : dropFront(line, width)));
}

/** No output at all. A file that a command's output was written to says by its emptiness that there was none. */
function nothingFound(
	source: Source,
	raw: readonly RawLine[],
	lines: readonly Columns[],
	regions: readonly Region[],
	hints: readonly ArtifactKind[],
): readonly Draft[] {
	const place = inked(source, raw, 0, raw.length);
	const base = { source: source.id, ...place };
	if (place.to > place.from) {
		// Prompts without output, or marks around nothing.
		const texts = lines.filter(({ from, to }) => /\S/.test(source.text.slice(from, to)));
		const command = regions.find((region) => region.command)?.command;
		const asked = command ? { command } : {};
		return [
			{
				...base,
				kind: "unrecognised",
				name: command ?? nameOf(source, "unrecognised"),
				lines: numbered(texts),
				...asked,
			},
		];
	}
	const kind = hints[0];
	if (kind === undefined || !/\.\w{2,5}$/.test(source.name)) return [];
	return [{ source: source.id, from: 0, to: source.text.length, firstLine: 1, kind, name: source.name, lines: [] }];
}

/** What a person would call it when no prompt tells: the file, unless it holds something else than its name says. */
function nameOf(source: Source, kind: ArtifactKind): string {
	const promised = kindsOfName(source.name);
	const named =
		source.name.trim() !== "" && (promised.length === 0 ? kind === "unrecognised" : promised.includes(kind));
	return named ? source.name : KIND_NAMES[kind];
}

/**
 * What people call each kind of artifact. Where the command's words would say more than the shape proves (which table,
 * which program, whether all of it), they are avoided: parsers read a name as a hint of what was asked.
 */
export const KIND_NAMES: Readonly<Record<ArtifactKind, string>> = {
	"docker-info": "docker info",
	"docker-version": "docker version",
	"docker-ps": "docker ps",
	"docker-inspect": "docker inspect",
	"docker-network-ls": "docker network ls",
	"docker-network-inspect": "docker network inspect",
	"docker-error": "error message",
	"dockerd-log": "dockerd log",
	"kernel-log": "kernel log",
	"firewalld-log": "firewalld log",
	"systemctl-status": "systemctl status",
	"unit-file": "unit file",
	"daemon-json": "daemon.json",
	"iptables-list": "chain listing",
	"iptables-save": "rules in save format",
	"nft-ruleset": "nftables rules",
	"nft-monitor": "nft monitor",
	"iptables-version": "iptables version",
	alternatives: "update-alternatives",
	lsmod: "lsmod",
	modprobe: "modprobe",
	"lib-modules": "kernel module folders",
	"kernel-config": "kernel configuration",
	"process-list": "ps",
	"lock-holders": "holders of the xtables lock",
	sysctl: "sysctl",
	uname: "uname",
	"os-release": "os-release",
	sockets: "listening sockets",
	"ip-addr": "ip addr",
	"bridge-ports": "ports of bridges",
	"ip-route": "ip route",
	"ip-rule": "ip rule",
	probe: "connection test",
	"ufw-status": "ufw status",
	"firewalld-state": "firewall-cmd",
	ipset: "ipset list",
	conntrack: "conntrack",
	"docker-services": "docker service ls",
	"compose-file": "compose file",
	"package-list": "package list",
	nstat: "nstat",
	"desktop-checks": "Docker Desktop’s checks",
	wsl: "wsl",
	unrecognised: "unrecognised text",
};
