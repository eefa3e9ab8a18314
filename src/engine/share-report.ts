import { analyse } from "./analyse";
import type { Analysis } from "./diagnose/analysis";
import type { Sign } from "./diagnose/failure-mode";
import { type RedactOptions, type ReplacedSpan, type ReplacedThing, redact } from "./redact/redact";
import { fromRedacted, type Redacted } from "./redact/redacted";
import { type Suspect, secondLook } from "./redact/second-look";
import { addressesOutside, findStandIns } from "./redact/stand-ins";
import { blankOut, labelled } from "./remedy/blanks";
import type { Plan } from "./remedy/plan";
import { reportMarkdown } from "./report/report-markdown";
import { encodeLink, linkLength } from "./share/encode";
import { minimise, type Piece } from "./share/minimise";
import { LIMITS } from "./share/payload";
import { decodeLink, type OpenedLink } from "./share/restore";
import type { Evidence } from "./text/evidence";
import type { Span } from "./text/span";

/** What the person decided about what leaves. */
export type ShareOptions = RedactOptions & {
	/** Every line goes along, not only what the verdict needs. */
	readonly whole?: boolean;
};

/** What a link would carry: shown before anything leaves. */
export type Shared = {
	/** What stands behind the `#`. */
	readonly fragment: string;
	readonly replaced: readonly ReplacedThing[];
	/** Every replaced word, where it stood and where its stand-in stands. */
	readonly spans: readonly ReplacedSpan[];
	/** The whole redacted evidence, for the preview beside the original. */
	readonly redactedSources: Redacted<Evidence>;
	/** What of it the link carries. */
	readonly linkedSources: Redacted<Evidence>;
	/** Lines the verdict does not need and the link leaves out. */
	readonly omittedLines: number;
	/** Words that read as drawn at random and were not replaced. */
	readonly suspects: readonly Suspect[];
	/** False: what was hidden or shown by hand changes the verdict, so the reader sees another one. */
	readonly sameVerdict: boolean;
	/** False: more than any link or file of ours can hold, so nobody could open it. */
	readonly opens: boolean;
};

/** A link of 2,000 characters passes everywhere (mail, chat, tickets); the address of the page itself takes a share. */
const LINK_TARGET = 1_900;

/** Redacts, leaves out what the verdict does not need, and packs the rest into a link's fragment. */
export function share(evidence: Evidence, options: ShareOptions = {}): Shared {
	const { evidence: redacted, replaced, spans } = redact(evidence, options);
	const analysis = fromRedacted(redacted, analyse);
	const ids = analysis.findings.map((finding) => finding.failure);
	const wanted = verdictKey(analysis);
	const pack = (part: Redacted<Evidence>, omittedLines: number) => encodeLink(part, { failures: ids, omittedLines });
	const { evidence: linked, omittedLines } = options.whole
		? { evidence: redacted, omittedLines: 0 }
		: minimise(redacted, {
				points: pointsOf(analysis),
				pieces: analysis.artifacts.map(({ source, from, to }) => ({ source, from, to })),
				keepsVerdict: (part) => verdictKey(analyse(part)) === wanted,
				isShortEnough: (part) => pack(part, 0).length <= LINK_TARGET,
			});
	const fragment = pack(linked, omittedLines);
	return {
		fragment,
		replaced,
		spans,
		redactedSources: redacted,
		linkedSources: linked,
		omittedLines,
		suspects: secondLook(redacted),
		sameVerdict: namesOf(analysis) === namesOf(analyse(evidence)),
		opens: openReportFile(fragment).kind === "ok",
	};
}

/** The same text as behind a link's `#`, out of a file: there it may be longer. */
export function openReportFile(fragment: string): OpenedLink {
	return decodeLink(fragment, LIMITS.file);
}

/** Two analyses say the same when they name the same findings, as sure, for as many reasons. */
function verdictKey({ findings }: Analysis): string {
	return JSON.stringify(findings.map(({ failure, confidence, explanation }) => [failure, confidence, explanation]));
}

function namesOf({ findings }: Analysis): string {
	return JSON.stringify(findings.map(({ failure, confidence }) => [failure, confidence]));
}

function pointsOf({ findings, artifacts }: Analysis): readonly Piece[] {
	const source = new Map(artifacts.map((artifact) => [artifact.id, artifact.source]));
	const places = findings.flatMap((finding) => [...finding.signs, ...finding.against].flatMap((sign) => sign.at));
	return places.flatMap((place: Span) => {
		const from = source.get(place.artifact);
		return from === undefined ? [] : [{ source: from, from: place.from, to: place.to }];
	});
}

/** The downloadable report: redacted, for a ticket or a colleague. Its runbook shows `<container-1>`, no stand-in as if it were real. */
export function markdownReport(evidence: Evidence, options: RedactOptions = {}): string {
	return redactedReport(redact(evidence, options).evidence);
}

/** The same of evidence that is redacted already. */
export function redactedReport(whole: Redacted<Evidence>): string {
	return reportMarkdown(
		fromRedacted(whole, (redacted) => withBlanks(analyse(redacted), redacted)),
		whole,
	);
}

/** The analysis with every stand-in between angle brackets, in sentences as in the runbook, so that none reads as a name. */
function withBlanks(analysis: Analysis, redacted: Evidence): Analysis {
	const isOurs = addressesOutside(redacted.map(({ text }) => text));
	const blanked = (plan: Plan | null): Plan | null => {
		if (plan === null) return null;
		const about = { failure: "", title: "" };
		const made = blankOut(plan, about, (text, isProse) => findStandIns(text, isProse ? isOurs : undefined));
		// As the quoted lines of the report call it, for these stand beside it.
		return labelled(
			made.plan,
			made.blanks.map((blank) => ({ ...blank, label: blank.standIn })),
		);
	};
	const told = (text: string): string => bracketed(text, isOurs);
	const sign = (one: Sign): Sign => ({ ...one, says: told(one.says) });
	return {
		...analysis,
		findings: analysis.findings.map((finding) => ({
			...finding,
			effect: told(finding.effect),
			explanation: told(finding.explanation),
			signs: finding.signs.map(sign),
			against: finding.against.map(sign),
			plan: blanked(finding.plan),
			prevent: blanked(finding.prevent),
		})),
		unexplained: analysis.unexplained.map((one) => ({ ...one, says: told(one.says) })),
		next: analysis.next.map((one) => ({ ...one, command: told(one.command), why: told(one.why) })),
		ruledOut: analysis.ruledOut.map((one) => ({ ...one, why: told(one.why) })),
		artifacts: analysis.artifacts.map((one) => ({ ...one, summary: told(one.summary) })),
	};
}

function bracketed(text: string, isOurs: (address: string) => boolean): string {
	const pieces: string[] = [];
	let at = 0;
	for (const { from, to, word } of findStandIns(text, isOurs)) {
		pieces.push(text.slice(at, from), text[from - 1] === "<" ? word : `<${word}>`);
		at = to;
	}
	return pieces.join("") + text.slice(at);
}

export { linkLength };
