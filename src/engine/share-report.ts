import { analyse } from "./analyse";
import type { Analysis } from "./diagnose/analysis";
import { type ReplacedThing, redact } from "./redact/redact";
import { fromRedacted, type Redacted } from "./redact/redacted";
import { reportMarkdown } from "./report/report-markdown";
import { encodeLink, linkLength } from "./share/encode";
import { minimise, type Piece } from "./share/minimise";
import type { Evidence } from "./text/evidence";
import type { Span } from "./text/span";

/** What a link would carry: shown before anything leaves. */
export type Shared = {
	/** What stands behind the `#`. */
	readonly fragment: string;
	readonly replaced: readonly ReplacedThing[];
	/** The whole redacted evidence, for the preview beside the original. */
	readonly redactedSources: Evidence;
	/** What of it the link carries. */
	readonly linkedSources: Evidence;
	/** Lines the verdict does not need and the link leaves out. */
	readonly omittedLines: number;
};

/** A link of 2,000 characters passes everywhere (mail, chat, tickets); the address of the page itself takes a share. */
const LINK_TARGET = 1_900;

/** Redacts, leaves out what the verdict does not need, and packs the rest into a link's fragment. */
export function share(evidence: Evidence): Shared {
	const { evidence: whole, replaced } = redact(evidence);
	const analysis = fromRedacted(whole, analyse);
	const ids = analysis.findings.map((finding) => finding.failure);
	const wanted = verdictKey(analysis);
	const pack = (part: Redacted<Evidence>, omittedLines: number) => encodeLink(part, { failures: ids, omittedLines });
	const { evidence: linked, omittedLines } = minimise(whole, {
		points: pointsOf(analysis),
		pieces: analysis.artifacts.map(({ source, from, to }) => ({ source, from, to })),
		keepsVerdict: (part) => verdictKey(analyse(part)) === wanted,
		isShortEnough: (part) => pack(part, 0).length <= LINK_TARGET,
	});
	return {
		fragment: pack(linked, omittedLines),
		replaced,
		redactedSources: whole,
		linkedSources: linked,
		omittedLines,
	};
}

/** Two analyses say the same when they name the same findings, as sure, for as many reasons. */
function verdictKey({ findings }: Analysis): string {
	return JSON.stringify(findings.map(({ failure, confidence, explanation }) => [failure, confidence, explanation]));
}

function pointsOf({ findings, artifacts }: Analysis): readonly Piece[] {
	const source = new Map(artifacts.map((artifact) => [artifact.id, artifact.source]));
	const places = findings.flatMap((finding) => [...finding.signs, ...finding.against].flatMap((sign) => sign.at));
	return places.flatMap((place: Span) => {
		const from = source.get(place.artifact);
		return from === undefined ? [] : [{ source: from, from: place.from, to: place.to }];
	});
}

/** The downloadable report: redacted, for a ticket or a colleague. */
export function markdownReport(evidence: Evidence): string {
	const { evidence: whole } = redact(evidence);
	return reportMarkdown(fromRedacted(whole, analyse), whole);
}

export { linkLength };
