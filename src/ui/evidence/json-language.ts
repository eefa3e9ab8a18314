import { json } from "@codemirror/lang-json";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { tags } from "@lezer/highlight";

/** JSON, coloured with the page's own few colours. Loaded when a text begins like JSON. */
export const jsonLanguage: Extension = [
	json(),
	syntaxHighlighting(
		HighlightStyle.define([
			{ tag: tags.propertyName, color: "var(--action)" },
			{ tag: tags.string, color: "var(--ink)" },
			{ tag: [tags.number, tags.bool, tags.null], color: "var(--redacted)" },
			{ tag: tags.punctuation, color: "var(--soft)" },
		]),
	),
];
