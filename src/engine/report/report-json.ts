import type { Analysis } from "../diagnose/analysis";
import type { Confidence, Sign } from "../diagnose/failure-mode";
import type { Redacted } from "../redact/redacted";
import type { ArtifactKind, Evidence } from "../text/evidence";
import { quoter } from "./quote";

/** One line that speaks for a verdict. Without a place (`healthy` for want of any fault) the three are null. */
export type Because = {
	readonly artifact: string | null;
	/** From 1, within the artifact. */
	readonly line: number | null;
	readonly quote: string | null;
	readonly says: string;
};

/** `stackengine diagnose --json`, schema `stackengine.report/1`. Fields are only ever added. */
export type ReportJson = {
	readonly schema: "stackengine.report/1";
	readonly verdict: readonly {
		readonly failure: string;
		readonly confidence: Confidence;
		readonly because: readonly Because[];
	}[];
	readonly ruledOut: readonly { readonly failure: string; readonly why: string }[];
	readonly next: readonly { readonly command: string; readonly why: string }[];
	readonly artifacts: readonly {
		readonly id: string;
		readonly kind: ArtifactKind;
		readonly name: string;
		readonly lines: number;
	}[];
};

/**
 * The report for the person whose host it is: on their own terminal, of their own files, quotes are what they pasted.
 * What is to leave the machine goes through `shareableReportJson`, whose types take redacted things only.
 */
export function reportJson(analysis: Analysis, evidence: Evidence): ReportJson {
	const quoteAt = quoter(analysis, evidence);
	const because = (sign: Sign): readonly Because[] =>
		sign.at.length === 0
			? [{ artifact: null, line: null, quote: null, says: sign.says }]
			: sign.at.map((span) => ({ artifact: span.artifact, line: span.line, quote: quoteAt(span), says: sign.says }));
	return {
		schema: "stackengine.report/1",
		verdict: analysis.findings.map(({ failure, confidence, signs }) => ({
			failure,
			confidence,
			because: signs.flatMap(because),
		})),
		ruledOut: analysis.ruledOut.map(({ failure, why }) => ({ failure, why })),
		next: analysis.next.map(({ command, why }) => ({ command, why })),
		artifacts: analysis.artifacts.map(({ id, kind, name, lines }) => ({ id, kind, name, lines })),
	};
}

/** The same report for somebody else. The analysis must itself come from redacted evidence (`fromRedacted`): its sentences name the host's things. */
export function shareableReportJson(analysis: Redacted<Analysis>, evidence: Redacted<Evidence>): ReportJson {
	return reportJson(analysis, evidence);
}
