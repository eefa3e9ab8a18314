import { analyse } from "./analyse";
import { type RedactOptions, redact } from "./redact/redact";
import { fromRedacted, type Redacted } from "./redact/redacted";
import { restoreNames } from "./redact/restore-names";
import { redactedReport, type ShareOptions, share } from "./share-report";
import type { Evidence } from "./text/evidence";

/** One piece of what a language model may be told; each can be cut or left out by the person. */
export type AskPart = {
	readonly id: string;
	readonly title: string;
	readonly text: string;
};

/** A repair of ours that a model may point to. It names it by `id` and never sees its commands as its own. */
export type AskPlan = {
	/** Failure id, a slash, `fix` or `prevent`. */
	readonly id: string;
	readonly title: string;
	readonly summary: string;
};

/** All that a person's own model may be told of a host. */
export type AskReport = {
	readonly schema: "stackengine.ask/1";
	/** The diagnosis first, then the evidence that its verdict needs. */
	readonly parts: readonly AskPart[];
	readonly plans: readonly AskPlan[];
};

/** Stand-in and what it stands for. Names, addresses and ids only, never a secret. Stays in the tab of the evidence. */
export type RealNames = readonly (readonly [standIn: string, real: string])[];

export type Asked = { readonly report: Redacted<AskReport>; readonly names: RealNames };

/** What a model may be told of this evidence: what a link would carry, and the report as text. */
export function askReport(evidence: Evidence, options: ShareOptions = {}): Asked {
	const redaction = redact(evidence, options);
	const linked = share(evidence, options).linkedSources;
	const report = fromRedacted(redaction.evidence, (redacted): AskReport => {
		const { findings } = analyse(redacted);
		return {
			schema: "stackengine.ask/1",
			parts: [
				{ id: "report", title: "Diagnosis", text: redactedReport(redaction.evidence) },
				...linked.map(({ name, text }, at) => ({ id: `evidence-${at + 1}`, title: name, text })),
			],
			plans: findings.flatMap(({ failure, title, plan, prevent }) => [
				...(plan ? [{ id: `${failure}/fix`, title: `Repair: ${title}`, summary: plan.summary }] : []),
				...(prevent ? [{ id: `${failure}/prevent`, title: `Prevention: ${title}`, summary: prevent.summary }] : []),
			]),
		};
	});
	return { report, names: namesOf(redaction) };
}

/**
 * A question that the person typed, with the same stand-ins as its evidence: `why is shopsrv slow` asks for `host-1`.
 * `names` also has what only the question names.
 */
export function redactQuestion(
	evidence: Evidence,
	question: string,
	options: RedactOptions = {},
): { readonly question: Redacted<string>; readonly names: RealNames } {
	// Last, so that it changes none of the numbers that the evidence has.
	const redaction = redact([...evidence, { id: "question", name: "", text: question }], options);
	return {
		question: fromRedacted(redaction.evidence, (sources) => sources.at(-1)?.text ?? ""),
		names: namesOf(redaction),
	};
}

/** A text in stand-ins, with the real names put back. */
export function withRealNames(text: string, names: RealNames): string {
	return restoreNames(text, new Map(names));
}

function namesOf({ originals, replaced }: ReturnType<typeof redact>): RealNames {
	const secrets = new Set(replaced.filter(({ category }) => category === "secret").map(({ pseudonym }) => pseudonym));
	return [...originals].filter(([standIn]) => !secrets.has(standIn));
}
