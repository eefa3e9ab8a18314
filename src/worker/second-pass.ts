import { lintSource } from "@secretlint/core";
import { creator } from "@secretlint/secretlint-rule-preset-recommend";

/** A place in redacted text that another scanner than ours takes for a secret. Offsets are the text's. */
export type SecretSeen = {
	readonly from: number;
	readonly to: number /** The rule's own name, `aws`, `privatekey`. */;
	readonly rule: string;
};

/**
 * The second, independent pass: @secretlint's recommended rules over text that is about to leave. Nothing of it is ours,
 * so it sees what our tables forgot. A connection string whose password is our stand-in still reads as one; such a find
 * is looked at again without the stand-in and counts only if it stands then, too.
 */
export async function secondPass(text: string): Promise<readonly SecretSeen[]> {
	const seen: SecretSeen[] = [];
	for (const place of await lint(text)) {
		const words = text.slice(place.from, place.to);
		const without = words.replace(/redacted-\d{1,6}/g, "");
		if (without !== words && (await lint(without)).length === 0) continue;
		seen.push(place);
	}
	return seen;
}

async function lint(content: string): Promise<readonly SecretSeen[]> {
	const { messages } = await lintSource({
		source: { filePath: "evidence.txt", content, contentType: "text" },
		options: { config: { rules: [{ id: "preset", rule: creator }] }, noPhysicFilePath: true },
	});
	return messages.map(({ ruleId, range: [from, to] }) => ({
		from,
		to,
		rule: ruleId.replace(/^@secretlint\/secretlint-rule-/, ""),
	}));
}
