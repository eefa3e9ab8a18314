import { useCallback, useEffect, useReducer, useRef, useState } from "react";
import { Button } from "../ui/components/Button";
import { classes } from "../ui/components/classes";
import { Mark } from "../ui/components/Mark";
import styles from "./assist.module.css";
import { type Chosen, Connection, FIRST, problemOf } from "./Connection";
import { advance, EMPTY, messagesOf } from "./conversation";
import { Parts } from "./Parts";
import { SYSTEM } from "./prompt";
import { addressOf } from "./providers";
import { Review } from "./Review";
import { requestOf, sign, type Unsigned } from "./request";
import type { Seat, SeatEvents } from "./seat";
import { modelName, type Sendable } from "./sendable";
import { TurnView } from "./TurnView";
import type { Outgoing, Step } from "./talk/exchange";

const c = classes(styles);

type Props = {
	readonly connect: (events: SeatEvents) => Seat;
	readonly send: (origin: string, request: Outgoing, tell: (step: Step) => void) => () => void;
	/** False: somebody opened the page by hand, and there is no report to ask about. */
	readonly isOpenedByReport: boolean;
};

type Desk = "waiting" | "here" | "too-long" | "gone" | "silent";

/** The page: whom to ask, what goes, the exact bytes, the answer. */
export function Assistant({ connect, send, isOpenedByReport }: Props) {
	const [conversation, tell] = useReducer(advance, EMPTY);
	const [desk, setDesk] = useState<Desk>("waiting");
	const [seat, setSeat] = useState<Seat | null>(null);
	const [chosen, setChosen] = useState<Chosen>(FIRST);
	const [problem, setProblem] = useState<string | null>(null);
	// The key is read from its field when it is needed. It is in no state, no attribute, no storage, no log.
	const key = useRef<HTMLInputElement>(null);
	const [hasKey, setHasKey] = useState(false);
	const question = useRef<HTMLTextAreaElement>(null);
	const stop = useRef<(() => void) | null>(null);
	// What was typed, until it is answered: a question that failed is not to be typed again.
	const typed = useRef("");

	useEffect(() => {
		if (!isOpenedByReport) return;
		const slow = setTimeout(() => setDesk((now) => (now === "waiting" ? "silent" : now)), 15_000);
		setSeat(
			connect({
				onReport: (report) => {
					setDesk("here");
					tell({ kind: "report", report });
				},
				onTooLong: () => setDesk("too-long"),
				onGone: () => setDesk("gone"),
			}),
		);
		return () => clearTimeout(slow);
	}, [connect, isOpenedByReport]);
	useEffect(() => () => stop.current?.(), []);

	const { stage } = conversation;
	const request = stage.kind === "reviewing" ? requestFor(chosen, stage.question) : null;

	function requestFor(of: Chosen, asked: Sendable): Unsigned | null {
		const model = modelName(of.model);
		const address = addressOf(of.address, of.protocol);
		if (model === null || address.kind === "wrong") return null;
		return requestOf({
			protocol: of.protocol,
			isOpenAi: of.provider === "openai",
			address,
			model,
			most: of.most,
			system: SYSTEM,
			messages: messagesOf(conversation, asked),
		});
	}

	const review = async () => {
		typed.current = question.current?.value.trim() ?? "";
		const wrong =
			problemOf(chosen, key.current?.value ?? "") ?? (typed.current === "" ? "Write a question first." : null);
		setProblem(wrong);
		if (wrong !== null || seat === null) return;
		tell({ kind: "redact" });
		const asked = await seat.redact(typed.current);
		if (asked === null) {
			tell({ kind: "back" });
			setProblem(
				"The tab with the report does not answer, so names in your question could not be replaced, and nothing was sent. Open this page from the report again.",
			);
		} else tell({ kind: "review", question: asked });
	};
	const sendIt = () => {
		// Provider and key may have been changed under the review.
		const wrong = problemOf(chosen, key.current?.value ?? "");
		setProblem(wrong);
		if (wrong !== null || request === null) return;
		tell({ kind: "sent", origin: request.origin });
		stop.current = send(request.origin, sign(request, key.current?.value ?? ""), (step) =>
			tell({ kind: "step", step }),
		);
	};
	const name = useCallback((text: string) => (seat ? seat.name(text) : Promise.resolve(null)), [seat]);

	return (
		<>
			<header className={c("header")}>
				<Mark />
				<strong>StackEngine</strong>
				<span className={c("soft")}>Ask your own model</span>
			</header>
			<main id="main" className={c("page")}>
				<div className={c("side")}>
					<h1>Ask your own model about this report</h1>
					<p className={c("lead")}>
						Here data leaves your machine: to the provider you choose, when you press Send, and only what you see below.
						This page itself can connect to nobody. A frame without access to it sends your request, under a policy that
						names one origin.
					</p>
					<DeskNote desk={isOpenedByReport ? desk : "silent"} />
					<Connection
						chosen={chosen}
						onChoose={setChosen}
						keyField={key}
						onKey={setHasKey}
						isBusy={stage.kind === "answering"}
					/>
					<Parts
						parts={conversation.parts}
						onSend={(id, isSent) => tell({ kind: "send-part", id, isSent })}
						onCut={(id, left) => tell({ kind: "cut-part", id, left })}
						onRestore={(id) => tell({ kind: "restore-part", id })}
					/>
				</div>
				<section className={c("talk")} aria-label="Questions and answers">
					{conversation.turns.map((turn, at) => (
						<TurnView
							// biome-ignore lint/suspicious/noArrayIndexKey: turns are only ever added
							key={at}
							turn={turn}
							plans={conversation.plans}
							name={name}
							onStop={
								stage.kind === "answering" && at === conversation.turns.length - 1 ? () => stop.current?.() : null
							}
						/>
					))}
					{stage.kind === "answering" ? null : (
						<div className={c("ask")}>
							<label htmlFor="question">
								{conversation.turns.length === 0 ? "Your question" : "Your next question"}
							</label>
							<textarea
								id="question"
								ref={question}
								rows={4}
								defaultValue={conversation.turns.at(-1)?.failure ? typed.current : ""}
								maxLength={20_000}
								autoComplete="off"
								spellCheck={false}
								readOnly={stage.kind !== "writing"}
								placeholder="Why do only the ports published after 08:12 fail?"
							/>
							<p className={c("small")}>
								Names, addresses and secrets in it are replaced like those of the report, before you see what will be
								sent.
							</p>
							{problem === null ? null : (
								<p role="alert" className={c("problem")}>
									{problem}
								</p>
							)}
							{stage.kind === "reviewing" ? null : (
								<Button look="main" onClick={review} disabled={stage.kind === "redacting" || desk !== "here"}>
									Show what will be sent
								</Button>
							)}
						</div>
					)}
					{stage.kind === "reviewing" ? (
						<Review
							request={request}
							question={stage.question}
							hasKey={hasKey}
							chosen={chosen}
							onCut={(left) => tell({ kind: "cut-question", left })}
							onBack={() => {
								tell({ kind: "back" });
								question.current?.focus();
							}}
							onSend={sendIt}
						/>
					) : null}
				</section>
			</main>
		</>
	);
}

const NOTES: Readonly<Record<Exclude<Desk, "here">, string>> = {
	waiting: "Waiting for the tab with the report.",
	silent:
		"No report is here. Paste evidence on the workbench, press Share, look at what would leave, and press Ask your own model.",
	"too-long": "The report is more than a model reads. Share without “every line”, and open this page again.",
	gone: "The tab with the report was closed, reloaded or has forgotten its evidence. Nothing more can be asked from here; open this page from the report again.",
};

function DeskNote({ desk }: { readonly desk: Desk }) {
	if (desk === "here") return null;
	return (
		<p role="status" className={c("note")}>
			{NOTES[desk]}
		</p>
	);
}
