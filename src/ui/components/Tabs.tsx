import { type KeyboardEvent, type ReactNode, useId, useRef } from "react";
import { classes } from "./classes";
import styles from "./tabs.module.css";

const c = classes(styles);

/** One tab. `id` is ours and short; it becomes part of element ids. */
export type Tab<Id extends string> = { readonly id: Id; readonly label: string };

type Props<Id extends string> = {
	readonly label: string;
	readonly tabs: readonly Tab<Id>[];
	readonly chosen: Id;
	readonly onChoose: (id: Id) => void;
	/** Stands at the end of the row of tabs. */
	readonly actions?: ReactNode;
	readonly children: ReactNode;
};

/** Tabs with one tab stop: arrows, Home and End move among them, as the ARIA practices ask. */
export function Tabs<Id extends string>({ label, tabs, chosen, onChoose, actions, children }: Props<Id>) {
	const base = useId();
	const list = useRef<HTMLDivElement>(null);
	const move = (event: KeyboardEvent) => {
		const at = tabs.findIndex(({ id }) => id === chosen);
		const to =
			event.key === "ArrowRight"
				? (at + 1) % tabs.length
				: event.key === "ArrowLeft"
					? (at + tabs.length - 1) % tabs.length
					: event.key === "Home"
						? 0
						: event.key === "End"
							? tabs.length - 1
							: -1;
		const tab = tabs[to];
		if (!tab) return;
		event.preventDefault();
		onChoose(tab.id);
		list.current?.querySelectorAll<HTMLElement>('[role="tab"]')[to]?.focus();
	};
	return (
		<div>
			<div className={c("row")}>
				<div className={c("list")} role="tablist" aria-label={label} ref={list} onKeyDown={move}>
					{tabs.map((tab) => (
						<button
							key={tab.id}
							type="button"
							role="tab"
							id={`${base}-${tab.id}`}
							className={c("tab")}
							aria-selected={tab.id === chosen}
							aria-controls={`${base}-panel`}
							tabIndex={tab.id === chosen ? 0 : -1}
							onClick={() => onChoose(tab.id)}
						>
							{tab.label}
						</button>
					))}
				</div>
				{actions ? <div className={c("actions")}>{actions}</div> : null}
			</div>
			<div role="tabpanel" id={`${base}-panel`} aria-labelledby={`${base}-${chosen}`} className={c("panel")}>
				{children}
			</div>
		</div>
	);
}
