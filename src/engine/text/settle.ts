import { type Piece, withBlanks } from "./cut";
import type { ArtifactKind } from "./evidence";
import type { Region, TextLine } from "./regions";
import { isComplaint } from "./shapes/errors";

/**
 * What the shapes left open, the hints decide: an error that stands where a listing was asked for has the listing's
 * kind, and what no shape knows has the kind of the command that a prompt shows. A shape that says otherwise stands.
 */
export function settled(pieces: readonly Piece[], region: Region): readonly Piece[] {
	const kind = region.hints[0];
	if (kind === undefined) return pieces;
	const proven = region.hintedBy === "prompt";
	const listed = pieces.some((piece) => piece.kind === kind);
	const asked = pieces.map((piece): Piece => {
		if (
			piece.kind === "docker-error" &&
			(proven || !listed || touches(piece, pieces, kind)) &&
			takesErrors(kind, piece)
		)
			return { ...piece, kind };
		if (piece.kind === "modprobe" && kind !== "docker-error" && !listed) return { ...piece, kind };
		return piece;
	});
	const alone = asked.every((piece) => piece.kind === "unrecognised" || piece.kind === kind);
	const decided = alone
		? asked.map((piece, index) => (claims(kind, proven, piece, asked, index) ? { ...piece, kind } : piece))
		: asked;
	return together(decided, kind, region.lines);
}

/** An error right above or below a listing is what its program said of it: the listing is not whole. */
function touches(piece: Piece, pieces: readonly Piece[], kind: ArtifactKind): boolean {
	const [above, below] = [piece.lines[0]?.index ?? 0, piece.lines.at(-1)?.index ?? 0];
	return pieces.some(
		(other) => other.kind === kind && (other.lines[0]?.index === below + 1 || other.lines.at(-1)?.index === above - 1),
	);
}

const LOGS: ReadonlySet<ArtifactKind> = new Set(["dockerd-log", "kernel-log", "firewalld-log"]);

const CLIENT = /^\s*(?:docker: |Error response|ERROR: for |Cannot connect to the Docker)/;
const DAEMON =
	/^\s*(?:docker: |ERROR: for )?(?:Error response from daemon|failed to start daemon|Error starting daemon): /;

/** Kinds that Docker's own programs print. */
const FROM_DOCKER = /^(?:docker|compose|daemon-json|systemctl-status|probe)/;

/** A client's words are no log, and Docker's are not what `ip addr` or `iptables -L` said, wherever they were pasted. */
function takesErrors(kind: ArtifactKind, piece: Piece): boolean {
	const says = (pattern: RegExp) => piece.lines.some(({ columns }) => pattern.test(columns.text.slice(0, 80)));
	if (LOGS.has(kind)) return !says(CLIENT);
	return FROM_DOCKER.test(kind) || !says(DAEMON);
}

/** `[]`: nothing to inspect. */
const PRINTS_JSON: ReadonlySet<ArtifactKind> = new Set([
	"docker-inspect",
	"docker-network-inspect",
	"docker-info",
	"daemon-json",
]);

/** Kinds of files that a person writes by hand: broken, they have no shape left. */
const WRITTEN: ReadonlyMap<ArtifactKind, RegExp> = new Map([
	["daemon-json", /[{}":]/],
	["unit-file", /[=[\]]/],
	["compose-file", /:/],
	["sysctl", /=/],
]);

function claims(kind: ArtifactKind, proven: boolean, piece: Piece, all: readonly Piece[], index: number): boolean {
	if (piece.kind !== "unrecognised") return false;
	const texts = piece.lines.map(({ columns }) => columns.text.slice(0, 2000).trim()).filter((text) => text !== "");
	const others = all.some((other) => other.kind === kind);
	if (PRINTS_JSON.has(kind) && texts.every((text) => /^[[\]{}]{1,2}$/.test(text))) return true;
	if (proven) {
		// After the output of a command and before the next prompt there may be a person's own sentence.
		return !others || kind === "probe" || all.slice(index + 1).some((later) => later.kind === kind);
	}
	if (others) return false;
	if (texts.length <= SHORT && texts.some((text) => isComplaint(text) || COMPLAINT.test(text))) return true;
	const written = WRITTEN.get(kind);
	return (
		written !== undefined && texts.some((text) => written.test(text)) && !texts.every((text) => SENTENCE.test(text))
	);
}

/** An error that stands for a listing is short; a long text with an error in it is something else. */
const SHORT = 40;
/** `prog: what: why` in any language, and a person's note that nothing came. */
const COMPLAINT =
	/^(?:-?\w{0,8}sh|\/[\w./-]{1,60}|[a-z][\w.-]{1,30})(?:\[\d+\])?: \S.{2,}|\b(?:not found|No such file|Permission denied|cannot|can't|could not|failed|denied|unable to|not permitted|not supported|unknown (?:option|command|flag))\b|^\(?(?:no (?:answer|output|entries)|nothing|empty|hangs?|waits?|interrupted)\b|^\^C/i;
const SENTENCE = /^[A-Z][^{}"=[\]]{10,}[.?!]$/;

/** Neighbours that have become one kind are one piece. */
function together(pieces: readonly Piece[], kind: ArtifactKind, all: readonly TextLine[]): readonly Piece[] {
	const result: Piece[] = [];
	for (const piece of pieces) {
		const last = result.at(-1);
		if (last !== undefined && last.kind === kind && piece.kind === kind && !piece.anew) {
			result[result.length - 1] = { ...last, lines: withBlanks([...last.lines, ...piece.lines], all) };
		} else result.push(piece);
	}
	return result;
}
