import type { Analysis, Comparison, Trace } from "../engine";

/** A sentence of the engine without the marks of code. */
export const plain = (text: string) => text.replaceAll("`", "");

/** The verdict for a terminal: headline, why, what to run next. Pasted control characters never reach the terminal. */
export function printAnalysis(analysis: Analysis): string {
	const lines: string[] = [];
	for (const finding of analysis.findings) {
		lines.push(`${finding.title}  [${finding.failure}${finding.impact === "none" ? "" : `, ${finding.confidence}`}]`);
		lines.push(`  ${plain(finding.explanation)}`);
		for (const sign of finding.signs) lines.push(`  + ${plain(sign.says)}${placeOf(sign.at)}`);
		for (const sign of finding.against) lines.push(`  - against: ${plain(sign.says)}${placeOf(sign.at)}`);
		for (const consequence of finding.consequences) lines.push(`  goes away with it: ${consequence.title}`);
		if (finding.plan)
			lines.push(`  fix: ${plain(finding.plan.summary)} (${finding.minutes} minutes; ${finding.interrupts})`);
		lines.push("");
	}
	for (const one of analysis.unexplained) lines.push(`not explained: ${plain(one.says)}${placeOf([one.at])}`, "");
	if (analysis.next.length > 0) {
		lines.push("Paste next:");
		for (const { command, why } of analysis.next) lines.push(`  ${command}`, `      ${why}`);
	}
	return safe(`${lines.join("\n").trimEnd()}\n`);
}

const TICKS = { done: "[x]", "not-done": "[ ]", "cannot-tell": "[?]", "by-hand": " - " } as const;

/** What has changed since the first paste. */
export function printComparison({ headline, says, identity, expected, changes, notShown }: Comparison): string {
	const answer = { same: "the same host", another: "another host", "cannot-tell": "perhaps the same host" }[
		identity.answer
	];
	const later = identity.minutesLater === null ? "" : `, ${identity.minutesLater} minutes later`;
	const lines = [
		`Since the first paste: ${headline}`,
		`  ${plain(says)}`,
		`  ${answer}${later}: ${identity.signs.map((sign) => plain(sign.says)).join("; ") || "nothing tells"}`,
		...expected.map((one) => `  ${TICKS[one.state]} ${plain(one.what)}`),
		...changes.flatMap((group) => [
			`  ${group.title}:`,
			...group.changes.map((change) => `    ${plain(change.says)}`),
			...(group.more > 0 ? [`    and ${group.more} more`] : []),
		]),
		...(notShown.length > 0 ? ["  Not shown again:", ...notShown.map(({ command }) => `    ${command}`)] : []),
	];
	return safe(`${lines.join("\n")}\n`);
}

function placeOf(at: readonly { readonly artifact: string; readonly line: number }[]): string {
	const first = at[0];
	return first ? `  (${first.artifact}:${first.line})` : "";
}

/** The stations of a packet, one a line. */
export function printTrace(trace: Trace): string {
	const marks = { passed: "|", stopped: "X", unknown: "?", "not-reached": "." };
	const lines = [
		`${trace.flow.protocol} from ${fromOf(trace)} to ${toOf(trace)}: ${trace.outcome}${trace.translatedTo ? `, translated to ${trace.translatedTo}` : ""}${trace.viaProxy ? ", carried by docker-proxy" : ""}`,
	];
	const { decidedBy } = trace;
	if (decidedBy) {
		const { family, table, chain, rule, text } = decidedBy;
		const where = `${family === "ip" ? "" : `${family} `}${table} ${chain}`;
		lines.push(`  decided by: ${where} ${rule === "policy" ? "policy" : `rule ${rule}`}: ${text}`);
	}
	for (const step of trace.steps) {
		lines.push(`  ${marks[step.state]} ${step.station}`, `      ${plain(step.says)}`);
		if (step.rule) lines.push(`      rule ${step.rule.number}: ${step.rule.text}`);
	}
	if (trace.needs.length > 0) lines.push(`  needs: ${trace.needs.join("; ")}`);
	return safe(`${lines.join("\n")}\n`);
}

function fromOf({ flow: { from, bridge, ownAddress } }: Trace): string {
	if (bridge !== undefined) return `${from} on ${bridge}`;
	return ownAddress ? `${from} by its own address` : from;
}

function toOf({ flow: { to, port, family } }: Trace): string {
	if (to !== undefined) return to.includes(":") ? `[${to}]:${port}` : `${to}:${port}`;
	return `:${port}${family === 6 ? " (IPv6)" : ""}`;
}

/** Escapes what a terminal would obey. */
export function safe(text: string): string {
	return text.replace(
		/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g,
		(sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
	);
}
