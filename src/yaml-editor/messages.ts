/** What passes between the page and the frame of the YAML editor, over one port. Plain text and numbers only. */

/** Which schema a text is held against. */
export const SCHEMAS = ["ansible", "cloud-init", "github-actions", "gitlab-ci", "butane", "alerts", "checkov"] as const;
export type SchemaName = (typeof SCHEMAS)[number];

/** To the frame, once. */
export type Open = { readonly text: string; readonly schema: SchemaName; readonly theme: "light" | "dark" };

/** From the frame: it is there; the text after an edit; what is wrong with it. */
export type Said =
	| { readonly kind: "ready" }
	| { readonly kind: "text"; readonly text: string }
	| { readonly kind: "problems"; readonly count: number; readonly first: string | null };

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
	typeof value === "object" && value !== null;

/** The first message of the page, or null. */
export function readOpen(data: unknown): Open | null {
	if (!isRecord(data)) return null;
	const { text, schema, theme } = data;
	const name = SCHEMAS.find((one) => one === schema);
	return typeof text === "string" && name && (theme === "light" || theme === "dark")
		? { text, schema: name, theme }
		: null;
}

/** A message of the frame, or null. */
export function readSaid(data: unknown): Said | null {
	if (!isRecord(data)) return null;
	const { kind, text, count, first } = data;
	if (kind === "ready") return { kind };
	if (kind === "text" && typeof text === "string") return { kind, text };
	if (kind === "problems" && typeof count === "number" && (first === null || typeof first === "string"))
		return { kind, count, first };
	return null;
}
