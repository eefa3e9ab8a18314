import { Fragment, type KeyboardEvent, useId, useRef, useState } from "react";
import type { Decision, Flow, Outcome } from "../../engine/packet-path/trace";
import { Button } from "../components/Button";
import { classes } from "../components/classes";
import { Sentence } from "../components/Sentence";
import styles from "./reach.module.css";

const c = classes(styles);

/** One answer: who asks (or where it leads), what happens, and what decides. */
export type Cell = {
	readonly label: string;
	readonly outcome: Outcome | "no-address";
	/** Stands behind the outcome: who carries it, or what is different. */
	readonly note: string | null;
	readonly says: string;
	readonly decidedBy: Decision | null;
	readonly needs: readonly string[];
	/** The packet to follow; null where there is none. */
	readonly flow: Flow | null;
};

/** The answers of one port, or of one network. */
export type Group = { readonly title: string; readonly leadsTo: string | null; readonly cells: readonly Cell[] };

const WORDS: Readonly<Record<Cell["outcome"], string>> = {
	delivered: "gets through",
	dropped: "dropped",
	rejected: "rejected",
	refused: "refused",
	unknown: "unknown",
	"no-address": "no IPv6",
};

const LOOKS: Readonly<Record<Cell["outcome"], "open" | "closed" | "unknown">> = {
	delivered: "open",
	dropped: "closed",
	rejected: "closed",
	refused: "closed",
	unknown: "unknown",
	"no-address": "closed",
};

type Props = {
	readonly title: string;
	readonly note?: string;
	readonly groups: readonly Group[];
	readonly onFollow: (flow: Flow) => void;
};

/** Answers in groups. One tab stop: arrows move among the answers, Enter shows what decides one below its group. */
export function Matrix({ title, note, groups, onFollow }: Props) {
	const [focused, setFocused] = useState<readonly [number, number]>([0, 0]);
	const [picked, setPicked] = useState<readonly [number, number] | null>(null);
	const section = useRef<HTMLElement>(null);
	const id = useId();
	const at = inside(groups, focused);

	const move = (event: KeyboardEvent) => {
		const to = target(groups, at, event.key);
		if (!to) return;
		event.preventDefault();
		setFocused(to);
		section.current?.querySelector<HTMLElement>(`[data-at="${to.join()}"]`)?.focus();
	};

	return (
		<section className={c("matrix")} ref={section} aria-labelledby={id}>
			<h3 id={id}>{title}</h3>
			{note ? <p className={c("soft")}>{note}</p> : null}
			{groups.map(({ title: name, leadsTo, cells }, row) => {
				const shown = picked?.[0] === row ? cells[picked[1]] : undefined;
				return (
					<div key={name} className={c("group")}>
						<h4>
							<span className={c("name")}>{name}</span>
							{leadsTo ? <span className={c("leads")}>leads to {leadsTo}</span> : null}
						</h4>
						<ul onKeyDown={move} aria-label={name}>
							{cells.map((cell, column) => (
								<li key={cell.label}>
									<button
										type="button"
										className={c("cell", LOOKS[cell.outcome])}
										data-at={`${row},${column}`}
										tabIndex={at[0] === row && at[1] === column ? 0 : -1}
										aria-expanded={shown === cell}
										onFocus={() => setFocused([row, column])}
										onClick={() => setPicked(shown === cell ? null : [row, column])}
									>
										<span className={c("label")}>{cell.label}</span>
										<span className="visually-hidden">: </span>
										<span>
											<span className={c("outcome")}>{WORDS[cell.outcome]}</span>
											{cell.note ? <span className={c("via")}> {cell.note}</span> : null}
										</span>
									</button>
								</li>
							))}
						</ul>
						{shown ? <Detail cell={shown} onFollow={onFollow} /> : null}
					</div>
				);
			})}
		</section>
	);
}

function Detail({ cell, onFollow }: { readonly cell: Cell; readonly onFollow: Props["onFollow"] }) {
	const { says, decidedBy, needs, flow, label } = cell;
	return (
		<div className={c("detail")} role="status">
			<p>
				<strong>{label}:</strong> <Sentence text={says} />
			</p>
			{decidedBy && !says.includes(decidedBy.text) ? <Decides decision={decidedBy} /> : null}
			{needs.length > 0 ? (
				<p>
					To tell, paste{" "}
					{needs.map((command, index) => (
						<Fragment key={command}>
							{index > 0 ? " or " : null}
							<code>{command}</code>
						</Fragment>
					))}
				</p>
			) : null}
			{flow ? (
				<Button look="link" onClick={() => onFollow(flow)}>
					Follow this packet
				</Button>
			) : null}
		</div>
	);
}

/** The one rule or policy that decides. */
function Decides({ decision }: { readonly decision: Decision }) {
	const { family, table, chain, rule, text } = decision;
	return (
		<p>
			Decided by {rule === "policy" ? "the policy" : `rule ${rule}`} of <code>{chain}</code>, table{" "}
			{family === "inet" ? `inet ${table}` : table}
			{family === "ip6" ? " (IPv6)" : null}
			{rule === "policy" ? null : (
				<>
					: <code>{text}</code>
				</>
			)}
		</p>
	);
}

/** The place that has the tab stop, brought back into a matrix that has shrunk meanwhile. */
function inside(groups: readonly Group[], [row, column]: readonly [number, number]): readonly [number, number] {
	return groups[row]?.cells[column] ? [row, column] : [0, 0];
}

/** Where a key leads; null: nowhere. */
function target(
	groups: readonly Group[],
	[row, column]: readonly [number, number],
	key: string,
): readonly [number, number] | null {
	const last = (of: number): number => (groups[of]?.cells.length ?? 1) - 1;
	switch (key) {
		case "ArrowRight":
			return column < last(row) ? [row, column + 1] : row + 1 < groups.length ? [row + 1, 0] : null;
		case "ArrowLeft":
			return column > 0 ? [row, column - 1] : row > 0 ? [row - 1, last(row - 1)] : null;
		case "ArrowDown":
			return row + 1 < groups.length ? [row + 1, Math.min(column, last(row + 1))] : null;
		case "ArrowUp":
			return row > 0 ? [row - 1, Math.min(column, last(row - 1))] : null;
		case "Home":
			return [0, 0];
		case "End":
			return [groups.length - 1, last(groups.length - 1)];
		default:
			return null;
	}
}
