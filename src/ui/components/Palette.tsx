import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import { classes } from "./classes";
import { Dialog } from "./Dialog";
import styles from "./palette.module.css";

const c = classes(styles);

/** One thing that can be done or opened. `about` is found by as well. */
export type PaletteItem = {
	readonly id: string;
	readonly label: string;
	readonly about: string;
	readonly run: () => void;
};

type Props = { readonly title: string; readonly items: readonly PaletteItem[]; readonly onClose: () => void };

/** Every word has to occur; what begins with the words stands first. */
function found(items: readonly PaletteItem[], query: string): readonly PaletteItem[] {
	const words = query.toLowerCase().split(/\s+/).filter(Boolean);
	const text = ({ label, about }: PaletteItem) => `${label} ${about}`.toLowerCase();
	const matching = items.filter((item) => words.every((word) => text(item).includes(word)));
	const rank = ({ label }: PaletteItem) => (words[0] && label.toLowerCase().startsWith(words[0]) ? 0 : 1);
	return matching.toSorted((a, b) => rank(a) - rank(b));
}

/** A list to choose from by typing: the ARIA combobox with a listbox, the focus stays in the field. */
export function Palette({ title, items, onClose }: Props) {
	const base = useId();
	const [query, setQuery] = useState("");
	const [at, setAt] = useState(0);
	const list = useRef<HTMLDivElement>(null);
	const field = useRef<HTMLInputElement>(null);
	// The dialog, once open, gives the focus to its first button.
	useEffect(() => field.current?.focus(), []);
	const shown = useMemo(() => found(items, query), [items, query]);
	const chosen = shown[Math.min(at, shown.length - 1)];
	const choose = (item: PaletteItem | undefined) => {
		if (!item) return;
		onClose();
		item.run();
	};
	const move = (event: KeyboardEvent) => {
		if (event.key === "Enter") {
			event.preventDefault();
			choose(chosen);
			return;
		}
		const last = shown.length - 1;
		const steps: Readonly<Record<string, number>> = {
			ArrowDown: at >= last ? 0 : at + 1,
			ArrowUp: at <= 0 ? last : at - 1,
			PageDown: Math.min(last, at + 8),
			PageUp: Math.max(0, at - 8),
		};
		const to = steps[event.key];
		if (to === undefined) return;
		event.preventDefault();
		setAt(to);
		list.current?.children[to]?.scrollIntoView({ block: "nearest" });
	};
	return (
		<Dialog title={title} onClose={onClose}>
			<input
				ref={field}
				className={c("field")}
				type="text"
				role="combobox"
				aria-label={title}
				aria-expanded="true"
				aria-autocomplete="list"
				aria-controls={`${base}-list`}
				aria-activedescendant={chosen ? `${base}-${chosen.id}` : undefined}
				placeholder="Type an action or a failure mode"
				value={query}
				onChange={(event) => {
					setQuery(event.target.value);
					setAt(0);
				}}
				onKeyDown={move}
			/>
			<div ref={list} id={`${base}-list`} role="listbox" aria-label={title} className={c("list")}>
				{shown.map((item) => (
					// biome-ignore lint/a11y/useKeyWithClickEvents: Enter in the field chooses it
					<div
						key={item.id}
						id={`${base}-${item.id}`}
						role="option"
						tabIndex={-1}
						aria-selected={item === chosen}
						className={c("item", item === chosen && "chosen")}
						onClick={() => choose(item)}
					>
						<span>{item.label}</span>
						<span className={c("about")}>{item.about}</span>
					</div>
				))}
			</div>
			<p role="status" className={c("none")}>
				{shown.length === 0 ? "Nothing is called that." : <span className="visually-hidden">{shown.length} found</span>}
			</p>
		</Dialog>
	);
}
