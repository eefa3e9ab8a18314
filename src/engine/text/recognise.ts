import { cleanLine } from "./clean";
import { type Columns, dropFront } from "./columns";
import { kindsOfName } from "./commands";
import { cut, type Piece } from "./cut";
import { undecorated } from "./decorations";
import type { Artifact, ArtifactKind, Evidence, Line, Source } from "./evidence";
import { rawLines } from "./lines";
import { type Region, regionsOf } from "./regions";
import { settled } from "./settle";
import { unwrapped } from "./wrap";

/**
 * Cuts everything that was pasted into artifacts. Every character of every source that is not blank lies in exactly one
 * of them; what no shape, command or name explains is `unrecognised`. Any text is good, and the work grows with its length.
 */
export function recognise(evidence: Evidence): readonly Artifact[] {
	const found = evidence.flatMap((source) => artifactsOf(source));
	const count = new Map<ArtifactKind, number>();
	return found.map((draft) => {
		const number = (count.get(draft.kind) ?? 0) + 1;
		count.set(draft.kind, number);
		return { ...draft, id: number === 1 ? draft.kind : `${draft.kind}-${number}` };
	});
}

type Draft = Omit<Artifact, "id">;

/** An artifact's place before it is known where the next one begins: indexes of source lines, from 0. */
type Placed = { readonly piece: Piece; readonly region: Region; readonly first: number; readonly last: number };

function artifactsOf(source: Source): readonly Draft[] {
	const hints = kindsOfName(source.name);
	const raw = rawLines(source.text);
	const lines = undecorated(raw.map(({ from, to }) => cleanLine(source.text, from, to)));
	const regions = regionsOf(lines, hints);
	const placed: Placed[] = [];
	// A prompt with nothing to say of its own (`cd /tmp`) is kept with the output that follows it.
	let carried: number | null = null;
	regions.forEach((region, index) => {
		const pieces = piecesOf(region, regions[index + 1]);
		pieces.forEach((piece, at) => {
			const next = pieces[at + 1]?.lines[0]?.index;
			placed.push({
				piece,
				region,
				first: at === 0 ? (carried ?? region.firstIndex) : (piece.lines[0]?.index ?? region.firstIndex),
				last: next === undefined ? region.lastIndex : next - 1,
			});
		});
		if (pieces.length > 0) carried = null;
		else carried ??= region.firstIndex;
	});
	if (placed.length === 0) return nothingFound(source, lines, regions, hints);
	const end = carried === null ? null : (regions.at(-1)?.lastIndex ?? null);
	return placed.map((place, index) =>
		draft(source, lines, place, index === placed.length - 1 && end !== null ? end : place.last),
	);
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

/** The kinds whose parsers need the command line before the output: what was asked, and in which container. */
const COMMAND_SHOWN: ReadonlySet<ArtifactKind> = new Set(["probe", "sockets"]);

function draft(source: Source, lines: readonly Columns[], place: Placed, last: number): Draft {
	const { piece, region } = place;
	const first = firstText(lines, place.first, last);
	const end = lastText(lines, first, last);
	const begins =
		region.prompt !== null && (piece.lines[0] === undefined || piece.lines[0].index === region.lines[0]?.index);
	const texts = piece.lines.map(({ columns }) => columns);
	const shown =
		begins && region.prompt !== null && COMMAND_SHOWN.has(piece.kind)
			? [promptLine(region, region.prompt.columns)]
			: [];
	const asked =
		region.command !== null && (region.hintedBy === "prompt" || region.hints.includes(piece.kind))
			? region.command
			: null;
	return {
		kind: piece.kind,
		name: asked ?? nameOf(source, piece.kind),
		source: source.id,
		from: lines[first]?.from ?? 0,
		to: lines[end]?.to ?? source.text.length,
		firstLine: first + 1,
		lines: numbered([...shown, ...unwrapped(piece.kind, dedented(texts))]),
		...(asked === null ? {} : { command: asked }),
		...(region.host === null ? {} : { host: region.host }),
	};
}

const promptLine = (region: Region, columns: Columns): Columns =>
	region.hintedBy === "nothing" ? columns : dropFront(columns, columns.text.search(/\S/));

function firstText(lines: readonly Columns[], from: number, last: number): number {
	for (let at = from; at <= last; at++) if (lines[at]?.text.trim()) return at;
	return from;
}

function lastText(lines: readonly Columns[], first: number, last: number): number {
	for (let at = last; at > first; at--) if (lines[at]?.text.trim()) return at;
	return first;
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

/** No text at all. A file that a command's output was written to says by its emptiness that there was none. */
function nothingFound(
	source: Source,
	lines: readonly Columns[],
	regions: readonly Region[],
	hints: readonly ArtifactKind[],
): readonly Draft[] {
	const base = { source: source.id, from: 0, to: source.text.length, firstLine: 1 };
	const region = regions[0];
	if (region !== undefined) {
		const texts = lines.filter(({ text }) => text.trim() !== "");
		const kind = regions.flatMap((each) => each.hints)[0] ?? "unrecognised";
		const asked = region.command === null || region.command === "" ? {} : { command: region.command };
		return [
			{
				...base,
				kind: kind === "probe" ? kind : "unrecognised",
				name: region.command || source.name,
				lines: numbered(texts),
				...asked,
			},
		];
	}
	const kind = hints[0];
	if (kind === undefined || !/\.\w{2,5}$/.test(source.name)) return [];
	return [{ ...base, kind, name: source.name, lines: [] }];
}

/** What a person would call it when no prompt tells: the file, unless it holds something else than its name says. */
function nameOf(source: Source, kind: ArtifactKind): string {
	const promised = kindsOfName(source.name);
	const named =
		source.name.trim() !== "" && (promised.length === 0 ? kind === "unrecognised" : promised.includes(kind));
	return named ? source.name : KIND_NAMES[kind];
}

/** What people call each kind of artifact: mostly the command that prints it. */
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
	"iptables-list": "iptables -L",
	"iptables-save": "iptables-save",
	"nft-ruleset": "nft list ruleset",
	"iptables-version": "iptables --version",
	alternatives: "update-alternatives",
	lsmod: "lsmod",
	modprobe: "modprobe",
	"lib-modules": "ls /lib/modules",
	"kernel-config": "kernel configuration",
	"lock-holders": "holders of the xtables lock",
	sysctl: "sysctl",
	uname: "uname",
	"os-release": "os-release",
	sockets: "listening sockets",
	"ip-addr": "ip addr",
	"ip-route": "ip route",
	"ip-rule": "ip rule",
	probe: "connection test",
	"ufw-status": "ufw status",
	"firewalld-state": "firewall-cmd",
	ipset: "ipset list",
	"compose-file": "compose file",
	"package-list": "package list",
	nstat: "nstat",
	unrecognised: "unrecognised text",
};
