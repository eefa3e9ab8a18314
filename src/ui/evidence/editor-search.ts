import { openSearchPanel, search, searchKeymap } from "@codemirror/search";
import type { Extension } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";

export { openSearchPanel };

/**
 * Search inside an editor. The browser's own search sees only the lines that CodeMirror has drawn. Loaded with the
 * first Ctrl+F.
 */
export const editorSearch: Extension = [
	search({ top: true }),
	keymap.of(searchKeymap),
	EditorView.theme({
		".cm-panels": { backgroundColor: "var(--sunk)", color: "var(--ink)", borderColor: "var(--line)" },
		".cm-panels.cm-panels-top": { borderBottom: "1px solid var(--line)" },
		".cm-panel.cm-search": { padding: "6px 30px 6px 10px", font: "var(--small)" },
		".cm-panel.cm-search label": { fontSize: "0.8125rem" },
		".cm-textfield": {
			border: "1px solid var(--line-strong)",
			borderRadius: "4px",
			backgroundColor: "var(--sheet)",
			color: "var(--ink)",
		},
		".cm-button": {
			border: "1px solid var(--line-strong)",
			borderRadius: "4px",
			background: "var(--sheet)",
			color: "var(--ink)",
		},
		".cm-searchMatch": { backgroundColor: "var(--redacted-tint)" },
		".cm-searchMatch-selected": { backgroundColor: "var(--selection)" },
	}),
];
