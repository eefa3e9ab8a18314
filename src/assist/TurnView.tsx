import { useEffect, useMemo, useRef, useState } from "react";
import { Button } from "../ui/components/Button";
import { classes } from "../ui/components/classes";
import { AnswerView } from "./AnswerView";
import styles from "./assist.module.css";
import type { Turn } from "./conversation";
import type { Plan } from "./messages";
import type { Named } from "./seat";
import { wordsOf } from "./wording";

const c = classes(styles);

type Props = {
	readonly turn: Turn;
	readonly plans: readonly Plan[];
	/** Puts real names in, for the eye alone. */
	readonly name: (text: string) => Promise<Named | null>;
	/** Null when nothing is coming. */
	readonly onStop: (() => void) | null;
};

/** Milliseconds between two looks of the report's tab at an answer that is coming. */
const OFTEN = 120;

/** One question and its answer. What is shown may hold real names; what is kept never does. */
export function TurnView({ turn, plans, name, onStop }: Props) {
	const [wantsNames, setWantsNames] = useState(true);
	const named = useNamed(turn.answer, name, wantsNames);
	const namedQuestion = useNamed(turn.question, name, wantsNames);
	// The button that was pressed is gone; the eye and the keyboard go to where the answer will be.
	const heading = useRef<HTMLHeadingElement>(null);
	useEffect(() => heading.current?.focus(), []);
	const failure = turn.failure ? wordsOf(turn.failure, turn.origin) : null;
	return (
		<article className={c("turn")}>
			<h2 ref={heading} tabIndex={-1} className={c("asked")}>
				{namedQuestion?.shown ?? turn.question}
			</h2>
			<div className={c("answerHead")}>
				<span>
					<strong>Unverified.</strong> A model wrote this; StackEngine has checked nothing in it.
				</span>
				{onStop === null ? null : <Button onClick={onStop}>Stop</Button>}
				<label>
					<input type="checkbox" checked={wantsNames} onChange={(event) => setWantsNames(event.target.checked)} />
					Real names
				</label>
			</div>
			<AnswerView text={named?.shown ?? turn.answer} plans={plans} />
			{wantsNames && named === null && turn.answer !== "" && onStop === null ? (
				<p className={c("small")}>The tab with the report does not answer: names are stand-ins.</p>
			) : null}
			{failure === null ? null : (
				<div role="alert" className={c("problem")}>
					<p>
						<strong>{failure.what}</strong> {failure.do}
					</p>
					{failure.says === null ? null : <p className={c("says")}>{failure.says}</p>}
				</div>
			)}
			<p role="status" className={c("small")}>
				{onStop === null ? endOf(turn) : turn.answer === "" ? "Waiting for the first word" : "Writing"}
			</p>
		</article>
	);
}

const ENDS = {
	complete: "The answer is complete.",
	length: "Cut off at your limit of tokens.",
	refused: "The model or a filter of the provider refused to answer.",
	stopped: "Stopped by you.",
} as const;

function endOf({ ending, input, output }: Turn): string {
	const end = ending === null ? "" : ENDS[ending];
	const count = (tokens: number | null) => (tokens === null ? "?" : tokens.toLocaleString("en"));
	return input === null && output === null
		? end
		: `${end} The provider counted ${count(input)} tokens in and ${count(output)} out.`.trim();
}

/** A text with real names, a moment behind the text itself. Null: none wanted, or nobody who knows them answers. */
function useNamed(text: string, name: Props["name"], isWanted: boolean): Named | null {
	const [named, setNamed] = useState<{ readonly of: string; readonly named: Named | null } | null>(null);
	useEffect(() => {
		if (!isWanted || text === "") return;
		let isGone = false;
		const timer = setTimeout(() => {
			void name(text).then((answer) => isGone || setNamed({ of: text, named: answer }));
		}, OFTEN);
		return () => {
			isGone = true;
			clearTimeout(timer);
		};
	}, [text, name, isWanted]);
	return useMemo(() => {
		if (!isWanted || named?.named == null) return null;
		// While more comes, what is named already stands, and the newest words follow as they are.
		return text.startsWith(named.of) ? { shown: named.named.shown + text.slice(named.of.length) } : null;
	}, [named, text, isWanted]);
}
