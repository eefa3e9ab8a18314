import type { ChangeGroup, Comparison, ExpectedChange } from "../../engine/compare/comparison";
import type { Analysis } from "../../engine/diagnose/analysis";
import { Command } from "../components/Command";
import { classes } from "../components/classes";
import { Sentence } from "../components/Sentence";
import { Places, type ShowPlace } from "./Signs";
import styles from "./since.module.css";

const c = classes(styles);

const TONES = {
	waiting: "plain",
	fixed: "whole",
	better: "whole",
	unchanged: "fault",
	worse: "fault",
	different: "fault",
	unclear: "plain",
	"another-host": "fault",
} as const satisfies Record<Comparison["outcome"], string>;

const TICKS = {
	done: { mark: "\u2713", word: "done", tone: "whole" },
	"not-done": { mark: "\u2717", word: "not yet", tone: "fault" },
	"cannot-tell": { mark: "?", word: "not shown", tone: "plain" },
	"by-hand": { mark: "\u2013", word: "by hand", tone: "plain" },
} as const satisfies Record<ExpectedChange["state"], unknown>;

const MARKS = { plain: "\u00b7", fault: "!", whole: "\u2713" } as const;

/** `14 minutes later`, `2 days earlier`; empty where no time is shown. */
function later(minutes: number | null): string {
	if (minutes === null) return "";
	const size = Math.abs(minutes);
	if (size < 1) return ", within the same minute";
	const [count, unit] =
		size < 120 ? [size, "minute"] : size < 2880 ? [Math.round(size / 60), "hour"] : [Math.round(size / 1440), "day"];
	return `, ${count} ${unit}${count === 1 ? "" : "s"} ${minutes > 0 ? "later" : "earlier"}`;
}

const ANSWERS = { same: "The same host", another: "Another host", "cannot-tell": "Perhaps the same host" } as const;

function Identity({ identity }: Pick<Comparison, "identity">) {
	const { answer, signs, minutesLater } = identity;
	return (
		<p className={c("identity")}>
			{ANSWERS[answer]}
			{later(minutesLater)}: {signs.length === 0 ? "nothing in the two pastes tells" : null}
			{signs.map(({ says, speaksFor }, at) => (
				<span key={says}>
					{at > 0 ? "; " : ""}
					{speaksFor === "another" && answer !== "another" ? "but " : ""}
					<Sentence text={says} />
				</span>
			))}
			.
		</p>
	);
}

type Props = {
	readonly comparison: Comparison;
	/** What the first paste was said to be. */
	readonly first: string;
	/** Of the second paste; null while there is none. */
	readonly analysis: Analysis | null;
	readonly stale: boolean;
	readonly onShow: ShowPlace;
};

/** A second paste beside the first: what became of the fault, what the repair promised, what else has changed. */
export function Since({ comparison, first, analysis, stale, onShow }: Props) {
	const { outcome, headline, says, identity, expected, changes, notShown } = comparison;
	const ticked = expected.filter(({ state }) => state === "done").length;
	const counted = expected.filter(({ state }) => state !== "by-hand").length;
	return (
		<section aria-label="Since the first paste" className={c("since", stale && "stale")}>
			<p className={c("before")}>
				Since the first paste{first === "" ? "" : ": "}
				<Sentence text={first} />
			</p>
			<h2 className={c("headline", TONES[outcome])} id="since" tabIndex={-1} data-focus-target="">
				{headline}
			</h2>
			<p className={c("says")}>
				<Sentence text={says} />
			</p>
			{outcome === "waiting" ? null : <Identity identity={identity} />}
			{expected.length > 0 ? (
				<>
					<h3 className={c("heading")}>
						What the repair should change{" "}
						<span className={c("count")}>
							{outcome === "waiting" || counted === 0 ? "" : `${ticked} of ${counted} done`}
						</span>
					</h3>
					<ul className={c("list")}>
						{expected.map((one) => (
							<Tick key={one.what} one={one} waits={outcome === "waiting"} analysis={analysis} onShow={onShow} />
						))}
					</ul>
				</>
			) : null}
			{changes.length > 0 ? <Changes groups={changes} analysis={analysis} onShow={onShow} /> : null}
			{notShown.length > 0 ? (
				<details className={c("more")} open={outcome === "waiting" || outcome === "unclear"}>
					<summary>
						{outcome === "waiting" ? "What to show again" : "Shown in the first paste and not in this one"}
					</summary>
					<ul className={c("list")}>
						{notShown.map(({ id, command, why }) => (
							<li key={id}>
								<Command command={command} why={why} />
							</li>
						))}
					</ul>
				</details>
			) : null}
		</section>
	);
}

type RowProps = { readonly analysis: Analysis | null; readonly onShow: ShowPlace };

type TickProps = RowProps & { readonly one: ExpectedChange; readonly waits: boolean };

function Tick({ one: { what, state, at }, waits, analysis, onShow }: TickProps) {
	const { mark, word, tone } =
		waits && state === "cannot-tell" ? ({ mark: "\u25cb", word: "expected", tone: "plain" } as const) : TICKS[state];
	return (
		<li className={c("tick")}>
			<span className={c("mark", tone)} aria-hidden="true">
				{mark}
			</span>
			<span>
				<span className="visually-hidden">{word}: </span>
				<Sentence text={what} />
			</span>
			{analysis ? <Places analysis={analysis} at={at.slice(0, 1)} onShow={onShow} /> : null}
		</li>
	);
}

function Changes({ groups, analysis, onShow }: RowProps & { readonly groups: readonly ChangeGroup[] }) {
	const count = groups.reduce((sum, { changes, more }) => sum + changes.length + more, 0);
	return (
		<details className={c("more")}>
			<summary>
				What else has changed <span className={c("count")}>{count}</span>
			</summary>
			{groups.map(({ title, changes, more }) => (
				<section key={title} aria-label={title} className={c("group")}>
					<h3>{title}</h3>
					<ul className={c("list")}>
						{changes.map(({ says, tone, at }) => (
							<li key={says} className={c("change")}>
								<span className={c("mark", tone)} aria-hidden="true">
									{MARKS[tone]}
								</span>
								<span>
									<Sentence text={says} />
								</span>
								{analysis ? <Places analysis={analysis} at={at.slice(0, 1)} onShow={onShow} /> : null}
							</li>
						))}
						{more > 0 ? (
							<li className={c("change")}>
								<span />
								<span>and {more} more</span>
							</li>
						) : null}
					</ul>
				</section>
			))}
		</details>
	);
}
