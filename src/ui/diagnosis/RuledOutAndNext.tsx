import { useState } from "react";
import type { Analysis } from "../../engine/diagnose/analysis";
import { Button } from "../components/Button";
import { Command } from "../components/Command";
import { classes } from "../components/classes";
import { Sentence } from "../components/Sentence";
import styles from "./ruled-out-and-next.module.css";
import { Places, type ShowPlace } from "./Signs";

const c = classes(styles);

/** So many of what was ruled out are shown unasked: the likeliest rivals stand first. */
const SHOWN = 6;

/** Only a person can give these: the words of an error, a try from another machine, a look into a container. */
const BY_HAND: ReadonlySet<string> = new Set(["error-text", "probe-outside", "container-sockets"]);

/** Opens the collector for what some commands would show. Absent where nothing can be pasted. */
export type Collect = (topics: readonly string[]) => void;

type Props = { readonly analysis: Analysis; readonly onShow: ShowPlace; readonly onCollect: Collect | null };

/** Failures that nothing found explains. Shown before everything else that is left to look at. */
export function UnexplainedFailures({ analysis, onShow }: Omit<Props, "onCollect">) {
	if (analysis.unexplained.length === 0) return null;
	return (
		<section aria-label="Not explained by this">
			<h2 className={c("heading")}>Not explained by this</h2>
			<ul className={c("list")}>
				{analysis.unexplained.map(({ says, at }) => (
					<li key={`${at.artifact}:${at.from}`} className={c("row")}>
						<span>
							<Sentence text={says} />
						</span>
						<Places analysis={analysis} at={[at]} onShow={onShow} />
					</li>
				))}
			</ul>
		</section>
	);
}

/** True when the evidence decides nothing yet: then the next command is the answer. */
export function isUndecided({ findings }: Analysis): boolean {
	return findings[0]?.failure === "insufficient-evidence";
}

/** The commands whose output would tell most. */
export function PasteNext({ analysis, onCollect }: Omit<Props, "onShow">) {
	const { next, findings } = analysis;
	if (next.length === 0) return null;
	const topics = next.flatMap(({ id }) => (BY_HAND.has(id) ? [] : id));
	const certain = findings[0]?.confidence === "certain" && !isUndecided(analysis);
	return (
		<section aria-label="Paste next" className={c("next")}>
			<h2 className={c("heading")}>{certain ? "Paste next to see more" : "Paste next to be certain"}</h2>
			<ul className={c("list")}>
				{next.map(({ id, command, why }) => (
					<li key={id} className={c("command")}>
						{id === "error-text" ? (
							<p>
								<Sentence text={`${command}: ${why}`} />
							</p>
						) : (
							<Command command={command} why={why} />
						)}
					</li>
				))}
			</ul>
			{onCollect && topics.length > 0 ? (
				<Button look="link" onClick={() => onCollect(topics)}>
					{topics.length === 1 ? "Collect only this" : "Collect only these"}
				</Button>
			) : null}
		</section>
	);
}

/** What it is not, and why; and, where it was not shown above already, what to paste next. */
export function RuledOutAndNext({ analysis, onShow, onCollect }: Props) {
	const [all, setAll] = useState(false);
	const { ruledOut, next } = analysis;
	const withNext = next.length > 0 && !isUndecided(analysis);
	if (ruledOut.length === 0 && !withNext) return null;
	return (
		<div className={c("columns", !withNext && "alone")}>
			{withNext ? <PasteNext analysis={analysis} onCollect={onCollect} /> : null}
			{ruledOut.length > 0 ? (
				<section aria-label="Ruled out">
					<h2 className={c("heading")}>Ruled out</h2>
					<ul className={c("list")}>
						{(all ? ruledOut : ruledOut.slice(0, SHOWN)).map(({ failure, title, why, at }) => (
							<li key={failure} className={c("out")}>
								<a className={c("mode")} href={`#/failure-modes/${failure}`}>
									<Sentence text={title} />
								</a>
								<span className={c("why")}>
									<span>
										<Sentence text={why} />
									</span>
									<Places analysis={analysis} at={at.slice(0, 1)} onShow={onShow} />
								</span>
							</li>
						))}
					</ul>
					{ruledOut.length > SHOWN ? (
						<Button look="link" aria-expanded={all} onClick={() => setAll(!all)}>
							{all ? "Show fewer" : `Show all ${ruledOut.length}`}
						</Button>
					) : null}
				</section>
			) : null}
		</div>
	);
}
