import { lazy, Suspense, useEffect, useMemo, useState } from "react";
import type { ThemeStore } from "../../state/theme-store";
import type { CatalogueEntry } from "../../state/workspace-store";
import { Dialog } from "../components/Dialog";
import type { PaletteItem } from "../components/Palette";

const Palette = lazy(() => import("../components/Palette").then((m) => ({ default: m.Palette })));

/** What the workbench can be told to do from elsewhere; null where it can't be done now. */
export type WorkbenchActions = {
	readonly share: (() => void) | null;
	readonly collect: (() => void) | null;
	readonly pasteAgain: (() => void) | null;
	readonly forget: (() => void) | null;
	/** Headlines of the present verdict, first one first. */
	readonly findings: readonly { readonly failure: string; readonly title: string }[];
};

const isMac = () => /Mac|iP(?:hone|ad)/.test(navigator.platform);
const paletteKey = () => (isMac() ? "Cmd K" : "Ctrl K");

/** True where a key is a letter of some text, or chooses in a list. */
function isTyping(target: EventTarget | null): boolean {
	return (
		target instanceof HTMLElement &&
		(target.isContentEditable ||
			/^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName) ||
			target.closest("dialog") !== null)
	);
}

const go = (hash: string) => {
	window.location.hash = hash;
};

type Props = {
	readonly actions: () => WorkbenchActions;
	readonly catalogue: () => Promise<readonly CatalogueEntry[]>;
	readonly theme: ThemeStore;
};

/** The command palette (Ctrl K, on a Mac Cmd K) for every action and failure mode, and the keys under `?`. */
export function WayAround({ actions, catalogue, theme }: Props) {
	const [open, setOpen] = useState<"palette" | "keys" | null>(null);
	const [withQuestionMark, setWithQuestionMark] = useState(true);
	useEffect(() => {
		const onKey = (event: KeyboardEvent) => {
			const isPalette = event.key.toLowerCase() === "k" && (isMac() ? event.metaKey : event.ctrlKey) && !event.altKey;
			const isHelp = event.key === "?" && !event.ctrlKey && !event.metaKey && !event.altKey;
			if (!isPalette && !(isHelp && withQuestionMark && !isTyping(event.target))) return;
			// A dialog that is open keeps the page.
			if (document.querySelector("dialog[open]")) return;
			event.preventDefault();
			event.stopPropagation();
			setOpen(isPalette ? "palette" : "keys");
		};
		window.addEventListener("keydown", onKey, { capture: true });
		return () => window.removeEventListener("keydown", onKey, { capture: true });
	}, [withQuestionMark]);
	if (open === null) return null;
	if (open === "keys")
		return (
			<Keys withQuestionMark={withQuestionMark} onQuestionMark={setWithQuestionMark} onClose={() => setOpen(null)} />
		);
	return (
		<Suspense>
			<Commands
				actions={actions}
				catalogue={catalogue}
				theme={theme}
				onKeys={() => setOpen("keys")}
				onClose={() => setOpen(null)}
			/>
		</Suspense>
	);
}

type CommandsProps = Props & { readonly onKeys: () => void; readonly onClose: () => void };

function Commands({ actions, catalogue, theme, onKeys, onClose }: CommandsProps) {
	const [modes, setModes] = useState<readonly CatalogueEntry[]>([]);
	useEffect(() => {
		catalogue().then(setModes, () => undefined);
	}, [catalogue]);
	const own = useMemo(() => ownItems(actions(), theme, onKeys), [actions, theme, onKeys]);
	const items = [
		...own,
		...modes.map(({ id, title, effect }) => ({
			id: `mode-${id}`,
			label: title.replaceAll("`", ""),
			about: `${id}: ${effect}`,
			run: () => go(`#/failure-modes/${id}`),
		})),
	];
	return <Palette title="What to do" items={items} onClose={onClose} />;
}

function ownItems(now: WorkbenchActions, theme: ThemeStore, onKeys: () => void): readonly PaletteItem[] {
	const item = (id: string, label: string, about: string, run: (() => void) | null): readonly PaletteItem[] =>
		run ? [{ id, label, about, run }] : [];
	const focus = (id: string) => () => {
		go("#/");
		// The workbench is shown first, where another page is open.
		requestAnimationFrame(() => {
			const target = document.getElementById(id);
			target?.scrollIntoView({ block: "start" });
			target?.focus({ preventScroll: true });
		});
	};
	return [
		...item("paste-again", "Paste again", "keep this paste and compare the next with it", now.pasteAgain),
		...item("collect", "Collect from a host", "the script, one paste, an Ansible play", now.collect),
		...item("share", "Share", "a redacted link or report", now.share),
		...item(
			"print",
			"Print",
			"the report on paper or as PDF",
			now.findings.length > 0 ? () => setTimeout(() => window.print(), 100) : null,
		),
		...item("forget", "Forget everything", "empty the page; can be undone for 20 seconds", now.forget),
		...now.findings.map(({ failure, title }) => ({
			id: `finding-${failure}`,
			label: title.replaceAll("`", ""),
			about: "finding of this paste",
			run: () => go(`#/finding/${failure}`),
		})),
		...item("to-evidence", "Go to the evidence", "the editors", focus("evidence-heading")),
		...item("to-verdict", "Go to the verdict", "the answer", focus("verdict")),
		...item("modes", "Failure modes", "the catalogue", () => go("#/failure-modes")),
		...item("help", "Help", "the three ways in, and what comes out", () => go("#/help")),
		...item("local", "How it stays local", "what keeps a paste in the tab", () => go("#/local")),
		...item("light", "Light theme", "colours", () => theme.choose("light")),
		...item("dark", "Dark theme", "colours", () => theme.choose("dark")),
		...item("system", "Theme of the system", "colours", () => theme.choose("system")),
		...item("keys", "Keyboard shortcuts", "?", onKeys),
	];
}

type KeysProps = {
	readonly withQuestionMark: boolean;
	readonly onQuestionMark: (on: boolean) => void;
	readonly onClose: () => void;
};

function Keys({ withQuestionMark, onQuestionMark, onClose }: KeysProps) {
	const rows = [
		[paletteKey(), "every action and failure mode"],
		["?", "this list, where no text is typed"],
		["Tab, Shift Tab", "forth and back; in an editor Escape, then Tab leaves it"],
		[isMac() ? "Cmd F" : "Ctrl F", "search in an editor"],
		["Escape", "closes a dialog"],
	] as const;
	return (
		<Dialog title="Keyboard shortcuts" onClose={onClose}>
			<dl>
				{rows.map(([key, says]) => (
					<div key={key}>
						<dt>
							<kbd>{key}</kbd>
						</dt>
						<dd>{says}</dd>
					</div>
				))}
			</dl>
			<label>
				<input type="checkbox" checked={withQuestionMark} onChange={(event) => onQuestionMark(event.target.checked)} />{" "}
				The key ? opens this list
			</label>
		</Dialog>
	);
}
