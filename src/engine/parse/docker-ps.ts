/**
 * `docker ps`, any columns, with or without `--no-trunc`, as a table or as JSON lines; `docker compose ps` as well.
 *
 *     CONTAINER ID   IMAGE     COMMAND           CREATED         STATUS        PORTS                                   NAMES
 *     7fd58001bc66   lab/web   "/bin/serve 80"   2 seconds ago   Up 1 second   0.0.0.0:8081->80/tcp, :::8081->80/tcp   web2
 *
 * `docker port web` prints `80/tcp -> 0.0.0.0:8080`, and the name stands in the command alone.
 * Seen: docker 17 to 28, `--format 'table …'`, `--format '{{.Names}}\t{{.Ports}}'` (no heading), `--format json`,
 * compose 1 and 2. Rows that a terminal wrapped are joined; rows whose padding was lost are read by the shape of
 * their cells. The ports are what docker remembers, not what the kernel has. Not read: sizes, labels, mounts.
 */
import type { Node } from "jsonc-parser";
import type { Artifact, Line } from "../text/evidence";
import type { Remark } from "../text/span";
import { spanOfLines } from "../text/span-of";
import { type Column, cellsOf, columnsOf, gapsOf } from "./columns";
import { daemonAnswer, isClientMessage } from "./docker-answer";
import { elements, type JsonBlock, jsonBlocks, members, numberOf, stringOf, wordOf } from "./json-text";
import { LONGEST_LINE, remarksOnLines, textOf, writtenLines } from "./line-text";
import { parseFailures } from "./log";
import type { ListedContainer, ParsedDockerPs } from "./parsed";
import { hostAddress, isPortList, publishedPorts } from "./published-port";

/** Reads `docker ps`. */
export function parseDockerPs(artifact: Artifact): ParsedDockerPs {
	const { blocks, others } = jsonBlocks(artifact, artifact.lines);
	const written = writtenLines(others);
	const table = readTable(artifact, written);
	const ported = fromPortCommand(artifact, written);
	const containers = [...blocks.flatMap(fromJson), ...table.containers, ...(ported ? [ported] : [])];
	const answer = daemonAnswer(artifact, written);
	const unread = ported ? table.unread.filter((line) => !PORT_LINE.test(textOf(line).trim())) : table.unread;
	const remarks: Remark[] = [...remarksOnLines(artifact, unread, "Not a row of `docker ps`, skipped")];
	const asked = /\s(?:-[a-z]*a[a-z]*|--all)(?=\s|$)/.test((artifact.command ?? "").slice(0, LONGEST_LINE));
	return {
		kind: "docker-ps",
		all: asked || containers.some(({ state }) => state === "exited" || state === "created" || state === "dead"),
		containers,
		daemonAnswered:
			answer ?? (table.heading ? { value: true, at: spanOfLines(artifact, table.heading, table.heading) } : null),
		failures: parseFailures(artifact, written),
		remarks,
	};
}

// `80/tcp -> 0.0.0.0:8080`
const PORT_LINE = /^(\d{1,5}\/(?:tcp|udp|sctp)) -> (\S{1,60}:\d{1,5})$/;

/** `docker port web`: the ports of one running container, which only the command names. A stopped one prints nothing. */
function fromPortCommand(artifact: Artifact, lines: readonly Line[]): ListedContainer | null {
	const ports = lines.flatMap((line) => {
		const found = PORT_LINE.exec(textOf(line).trim());
		return found ? publishedPorts(`${found[2]}->${found[1]}`) : [];
	});
	const [first] = lines;
	const last = lines.at(-1);
	if (ports.length === 0 || !first || !last) return null;
	const name = /\bdocker (?:container )?port ([A-Za-z0-9][\w.-]{0,127})/.exec(artifact.command ?? "")?.[1] ?? null;
	return {
		id: null,
		name,
		image: null,
		state: "running",
		exitCode: null,
		ports,
		at: spanOfLines(artifact, first, last),
	};
}

const HEADINGS = [
	"CONTAINER ID",
	"CREATED AT",
	"LOCAL VOLUMES",
	"RUNNING FOR",
	"IMAGE",
	"COMMAND",
	"CREATED",
	"STATUS",
	"STATE",
	"PORTS",
	"NAMES",
	"NAME",
	"SERVICE",
	"SIZE",
	"LABELS",
	"MOUNTS",
	"NETWORKS",
	"PLATFORM",
];

type Table = {
	readonly containers: readonly ListedContainer[];
	readonly heading: Line | null;
	readonly unread: readonly Line[];
};
type Row = { text: string; readonly columns: readonly Column[]; readonly first: Line; last: Line };

function readTable(artifact: Artifact, lines: readonly Line[]): Table {
	const unread: Line[] = [];
	const rows: Row[] = [];
	let heading: Line | null = null;
	let headingText = "";
	let headingEnd = 0;
	let columns: readonly Column[] = [];
	for (const line of lines) {
		const text = textOf(line);
		const whole = line.text.slice(0, LONGEST_LINE);
		const open = rows.at(-1);
		if (heading && !open && line.number === headingEnd + 1 && /^[\sA-Z]{2,200}$/.test(text)) {
			// A heading that the terminal cut at its width, perhaps within a word.
			headingText += whole;
			headingEnd = line.number;
			columns = columnsOf(headingText, HEADINGS);
			continue;
		}
		if (isHeading(text)) {
			heading = line;
			headingText = whole;
			headingEnd = line.number;
			columns = columnsOf(text.toUpperCase(), HEADINGS);
			continue;
		}
		// The rule below the heading of compose 1.
		if (/^-{5,}$/.test(text.trim())) continue;
		const idFirst = columns[0]?.name === "CONTAINER ID";
		const isRow = idFirst ? BEGINS_WITH_ID.test(text) : !isClientMessage(text);
		if (isRow && (heading || looksLikeRow(text))) rows.push({ text: whole, columns, first: line, last: line });
		else if (isClientMessage(text)) continue;
		else if (open && idFirst && open.last.number === line.number - 1 && isCut(open, heading?.number !== headingEnd)) {
			open.text = (open.text + whole).slice(0, LONGEST_LINE);
			open.last = line;
		} else unread.push(line);
	}
	const containers = rows.flatMap((row) => {
		const one = readRow(artifact, row);
		if (!one) unread.push(row.first);
		return one ?? [];
	});
	return { containers, heading, unread };
}

const BEGINS_WITH_ID = /^\s{0,4}[0-9a-f]{12,64}(?:\s|$)/;

/** Whether a row stops before its last column, as a terminal's width would have it. */
function isCut({ text, columns }: Row, headingWasCut: boolean): boolean {
	return text.length <= (columns.at(-1)?.from ?? 0) && (headingWasCut || text.length >= 70);
}

function isHeading(text: string): boolean {
	const upper = text.toUpperCase();
	// Compose 1 prints `Name  Command  State  Ports`; a row never holds two of these words as words of their own.
	if (/^\s*NAME\s+COMMAND\s+STATE\s+PORTS/.test(upper)) return true;
	if (text !== upper) return false;
	return (
		columnsOf(text, HEADINGS).filter(({ name }) => HEADINGS.includes(name)).length >= 2 ||
		text.trim() === "CONTAINER ID" ||
		text.trim() === "NAMES"
	);
}

function looksLikeRow(text: string): boolean {
	return (
		BEGINS_WITH_ID.test(text) ||
		gapsOf(text).some((cell) => STATUS.test(cell) || (cell.includes("->") && isPortList(cell)))
	);
}

// The whole cell, so that an image or a name of `created` or `dead` is not taken for a status of a longer text.
const STATUS =
	/^(?:Up\b.{0,60}|Exited \(\d{1,3}\).{0,40}|Restarting \(\d{1,3}\).{0,40}|Created|Dead|Removal In Progress|Paused|(?:running|exited|created|restarting|paused|dead|removing)(?: ?\(.{1,20}\))?|Exit -?\d{1,3})$/;

function readRow(artifact: Artifact, row: Row): ListedContainer | null {
	const { columns } = row;
	const at = spanOfLines(artifact, row.first, row.last);
	const cells = columns.length > 0 ? (cellsOf(row.text, columns) ?? withoutPorts(row.text, columns)) : null;
	const named = new Map(columns.map(({ name }, index) => [name, cells?.[index] ?? ""]));
	const ports = named.get("PORTS");
	const status = named.get("STATUS") ?? named.get("STATE") ?? "";
	const fits =
		cells !== null &&
		(ports === undefined || ports === "" || isPortList(ports)) &&
		(status === "" || STATUS.test(status) || !columns.some(({ name }) => name === "STATUS"));
	if (!fits) return rowByShape(row.text, columns, at);
	const stateCell = named.get("STATE");
	const name = named.get("NAMES") ?? named.get("NAME") ?? "";
	if (columns.length > 1 && cells.filter((cell) => cell !== "").length < 2) return rowByShape(row.text, columns, at);
	return {
		id: idOf(named.get("CONTAINER ID") ?? ""),
		name: nameOf(name),
		image: named.get("IMAGE") || null,
		state: stateOf(stateCell || status),
		exitCode: exitCodeOf(status),
		ports: ports === undefined ? null : publishedPorts(ports),
		at,
	};
}

// A container that publishes nothing has an empty cell, which a gap between cells does not show.
function withoutPorts(text: string, columns: readonly Column[]): readonly string[] | null {
	const pieces = gapsOf(text);
	const at = columns.findIndex(({ name }) => name === "PORTS");
	return at >= 0 && pieces.length === columns.length - 1 ? [...pieces.slice(0, at), "", ...pieces.slice(at)] : null;
}

/** Cells told apart by what they look like: for rows whose padding is gone, and for formats without a heading. */
function rowByShape(text: string, columns: readonly Column[], at: ListedContainer["at"]): ListedContainer | null {
	const shows = (name: string) => columns.length === 0 || columns.some((column) => column.name === name);
	const id = /^\s{0,4}([0-9a-f]{12,64})(?=\s|$)/.exec(text)?.[1] ?? null;
	const afterId = id ? text.trimStart().slice(id.length) : text;
	const status =
		/(?:^|\s)(Up (?:\d{1,5}|About an?|Less than an?) \w{1,12}(?: \((?:healthy|unhealthy|Paused|health: starting)\))?|(?:Exited|Restarting) \(\d{1,3}\)(?: [\w ]{1,30}? ago)?|Created(?! At)|Dead|Removal In Progress)(?=\s|$)/.exec(
			afterId,
		);
	const words = afterId.trim().split(/[\s,]+/, 400);
	const portWords = words.filter((word) => word !== "" && isPortList(word) && /\/(?:tcp|udp|sctp)$/.test(word));
	if (!id && !status && portWords.length === 0) return null;
	const last = words.at(-1) ?? "";
	const first = words[0] ?? "";
	const isName = (word: string) => /^[A-Za-z0-9][\w./-]{0,254}$/.test(word) && !isPortList(word);
	const name = [last, first].find((word) => isName(word) && !(status?.[1] ?? "").split(" ").includes(word)) ?? null;
	return {
		id,
		name: name ? nameOf(name) : null,
		image: id && shows("IMAGE") && isName(first) ? first : null,
		state: status?.[1] ? stateOf(status[1]) : null,
		exitCode: exitCodeOf(status?.[1] ?? ""),
		ports:
			portWords.length > 0
				? publishedPorts(portWords.join(","))
				: columns.some((column) => column.name === "PORTS")
					? []
					: null,
		at,
	};
}

function idOf(text: string): string | null {
	return /^[0-9a-f]{12,64}$/.test(text) ? text : null;
}

/** The container's own name; `other/alias` are names that links gave it (docker/cli: Names). */
function nameOf(text: string): string | null {
	const names = text.split(",").map((one) => one.trim().replace(/^\//, ""));
	return names.find((one) => one !== "" && !one.includes("/")) ?? (names[0] || null);
}

/** `running`, `exited`… from `Up 2 hours (Paused)`, `Exited (137) 3 days ago`, or the state itself. */
export function stateOf(status: string): string | null {
	const text = status.trim().toLowerCase();
	if (text === "") return null;
	if (text.startsWith("up")) return text.includes("(paused)") ? "paused" : "running";
	if (text.startsWith("exit")) return "exited";
	if (text.startsWith("remov")) return "removing";
	const word = text.split(/[\s(]/, 1)[0] ?? "";
	return ["running", "created", "restarting", "paused", "dead"].includes(word) ? word : null;
}

function exitCodeOf(status: string): number | null {
	const code = /^(?:Exited|Restarting) ?\((\d{1,3})\)|^Exit (\d{1,3})|^exited \((\d{1,3})\)/.exec(status.trim());
	const digits = code?.[1] ?? code?.[2] ?? code?.[3];
	return digits === undefined ? null : Number(digits);
}

/** One object a line (`--format json`), or compose's array of objects. */
function fromJson({ root, joined }: JsonBlock): readonly ListedContainer[] {
	const rows = root?.type === "array" ? elements(root) : root ? [root] : [];
	return rows.flatMap((row): readonly ListedContainer[] => {
		const fields = members(row);
		const name = wordOf(fields.get("Names")) ?? wordOf(fields.get("Name"));
		const id = wordOf(fields.get("ID")) ?? wordOf(fields.get("Id"));
		if (!name && !id) return [];
		const status = stringOf(fields.get("Status")) ?? "";
		const exit = fields.get("ExitCode");
		const portText = stringOf(fields.get("Ports"));
		const state = stateOf(wordOf(fields.get("State")) ?? status);
		return [
			{
				id: idOf(id ?? ""),
				name: name ? nameOf(name) : null,
				image: wordOf(fields.get("Image")),
				state,
				exitCode: exitCodeOf(status) ?? (state === "exited" ? numberOf(exit) : null),
				ports: portText !== null ? publishedPorts(portText) : publishersOf(fields.get("Publishers")),
				at: joined.spanAt(row.offset, row.offset + row.length),
			},
		];
	});
}

/** Compose 2: `"Publishers":[{"URL":"0.0.0.0","TargetPort":80,"PublishedPort":8080,"Protocol":"tcp"}]`. */
function publishersOf(node: Node | undefined): ListedContainer["ports"] {
	if (node?.type !== "array") return null;
	return elements(node).flatMap((one) => {
		const fields = members(one);
		const hostPort = numberOf(fields.get("PublishedPort"));
		const containerPort = numberOf(fields.get("TargetPort"));
		const protocol = stringOf(fields.get("Protocol"));
		if (!hostPort || !containerPort || (protocol !== "tcp" && protocol !== "udp" && protocol !== "sctp")) return [];
		return [{ hostAddress: hostAddress(stringOf(fields.get("URL")) ?? ""), hostPort, containerPort, protocol }];
	});
}
