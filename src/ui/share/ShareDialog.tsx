import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { Evidence } from "../../engine/text/evidence";
import { type Choices, hideWord, moveDates, showWord, unhideWords } from "../../state/redaction-choices";
import type { ReplacedPlace, Shared } from "../../state/workspace-store";
import { Button } from "../components/Button";
import { classes } from "../components/classes";
import { Dialog } from "../components/Dialog";
import { FILE_ADDRESS, Leave, type Sealing } from "./Leave";
import { Carried, Preview } from "./Preview";
import { Replaced } from "./Replaced";
import styles from "./share-dialog.module.css";
import { type PassState, type Seen, suspectsOf, Warnings } from "./Warnings";
import { Words } from "./Words";

const c = classes(styles);

type Props = {
	readonly evidence: Evidence;
	readonly choices: Choices;
	readonly onChoose: (choices: Choices) => void;
	readonly share: (evidence: Evidence, address: string, choices: Choices, whole: boolean) => Promise<Shared>;
	readonly report: (evidence: Evidence, choices: Choices) => Promise<string>;
	/** The independent pass over texts that are about to leave. */
	readonly secondPass: (texts: readonly string[]) => Promise<readonly (readonly Seen[])[]>;
	readonly sealing: Sealing | null;
	/** Opens the page that asks the person's own model; null where there is none. */
	readonly ask: ((whole: boolean) => void) | null;
	readonly onClose: () => void;
};

/** Milliseconds without another choice before the link is made again. */
const PAUSE = 250;

/** The page that opens the link: everything before the `#`. */
const address = (): string => (location.protocol === "file:" ? FILE_ADDRESS : `${location.origin}${location.pathname}`);

/** Shows exactly what would leave, and lets the person decide, before there is a link to copy or a file to save. */
export function ShareDialog({ evidence, choices, onChoose, share, report, secondPass, sealing, ask, onClose }: Props) {
	const [made, setMade] = useState<{
		readonly shared: Shared;
		readonly choices: Choices;
		readonly whole: boolean;
	} | null>(null);
	const [whole, setWhole] = useState(false);
	const [pass, setPass] = useState<PassState>({ kind: "running" });
	const [problem, setProblem] = useState<string | null>(null);
	const [asked, setAsked] = useState<ReplacedPlace | null>(null);
	const isFirst = useRef(true);
	const seenBefore = useRef<ReadonlyMap<string, readonly Seen[]>>(new Map());
	useEffect(() => {
		let isGone = false;
		const begin = () =>
			share(evidence, address(), choices, whole).then(
				(shared) => isGone || setMade({ shared, choices, whole }),
				() => isGone || setProblem("The link could not be made: the engine did not answer."),
			);
		// Words are picked one after the other: the link is made once behind the last of them.
		const timer = setTimeout(begin, isFirst.current ? 0 : PAUSE);
		isFirst.current = false;
		return () => {
			isGone = true;
			clearTimeout(timer);
		};
	}, [evidence, choices, whole, share]);
	const shared = made?.shared ?? null;
	useEffect(() => {
		if (!shared) return;
		let isGone = false;
		setPass({ kind: "running" });
		const texts = shared.redactedSources.map(({ text }) => text);
		// A source that a choice did not change was looked at already.
		const fresh = texts.filter((text) => !seenBefore.current.has(text));
		const look = fresh.length === 0 ? Promise.resolve([]) : secondPass(fresh);
		look.then(
			(seen) => {
				if (isGone) return;
				const known = new Map(fresh.map((text, index) => [text, seen[index] ?? []] as const));
				seenBefore.current = new Map(
					texts.map((text) => [text, known.get(text) ?? seenBefore.current.get(text) ?? []] as const),
				);
				setPass({ kind: "done", seen: texts.map((text) => seenBefore.current.get(text) ?? []) });
			},
			() => isGone || setPass({ kind: "failed" }),
		);
		return () => {
			isGone = true;
		};
	}, [shared, secondPass]);

	const original = ({ source, wholeFrom, wholeTo }: ReplacedPlace) =>
		evidence.find(({ id }) => id === source)?.text.slice(wholeFrom, wholeTo) ?? "";
	const onHide = useCallback((word: string) => onChoose(hideWord(choices, word)), [choices, onChoose]);
	const onShow = (place: ReplacedPlace) => {
		const without = unhideWords(choices, original(place));
		// A word that the person hid is just not hidden any more; a secret is asked for twice.
		if (without.alwaysHide.length < choices.alwaysHide.length) onChoose(without);
		else if (place.category === "secret") setAsked(place);
		else onChoose(showWord(choices, original(place), false));
	};
	const warnings = useMemo(() => {
		if (!shared) return [];
		const suspects = suspectsOf(shared, pass).length;
		return [
			...(choices.shownSecrets.length > 0 ? ["a secret leaves as it is"] : []),
			...(suspects > 0
				? [suspects === 1 ? "one word may be a secret still" : `${suspects} words may be secrets still`]
				: []),
			...(shared.sameVerdict ? [] : ["the reader will see another verdict"]),
		];
	}, [shared, pass, choices]);
	const isCurrent = made !== null && made.choices === choices && made.whole === whole;
	return (
		<Dialog title="Share this diagnosis" onClose={onClose}>
			<div className={c("share")}>
				<p className={c("lead")}>
					The link carries the redacted evidence after its <code>#</code>, the part that a browser never sends to a
					server. Whoever opens it computes the same answer from it. The table of what stands for what stays in this
					tab.
				</p>
				{problem === null ? null : <p role="alert">{problem}</p>}
				{shared === null ? (
					<p role="status">{problem === null ? "Redacting" : ""}</p>
				) : (
					<>
						<Replaced replaced={shared.replaced} />
						{asked === null ? null : (
							<SecretAsked
								kind={asked.kind}
								onKeep={() => setAsked(null)}
								onShow={() => {
									setAsked(null);
									onChoose(showWord(choices, original(asked), true));
								}}
							/>
						)}
						<Preview evidence={evidence} shared={shared} onHide={onHide} onShow={onShow} />
						<Words choices={choices} onChoose={onChoose} />
						<label className={c("check")}>
							<input
								type="checkbox"
								checked={(choices.shiftWeeks ?? 0) !== 0}
								onChange={(event) => onChoose(moveDates(choices, event.target.checked))}
							/>
							Move every date by the same number of weeks; times of day and distances stay
						</label>
						<label className={c("check")}>
							<input type="checkbox" checked={whole} onChange={(event) => setWhole(event.target.checked)} />
							Send every line, not only those that the verdict needs
						</label>
						<Carried shared={shared} />
						<Warnings shared={shared} pass={pass} onHide={onHide} />
						{shared.sameVerdict ? null : (
							<p role="alert" className={c("warning")}>
								<strong>The reader will see another verdict.</strong> What you hid or showed by hand changes it.
							</p>
						)}
						<p role="status" className={c("size")}>
							{isCurrent || problem !== null ? "" : "Redacting again"}
						</p>
						<Leave
							shared={shared}
							address={address()}
							sealing={sealing}
							ready={isCurrent && pass.kind !== "running"}
							warnings={warnings}
							report={() => report(evidence, choices)}
							ask={ask === null ? null : () => ask(whole)}
							onProblem={setProblem}
						/>
					</>
				)}
			</div>
		</Dialog>
	);
}

type SecretAskedProps = { readonly kind: string; readonly onKeep: () => void; readonly onShow: () => void };

/** Before a secret is shown: what that means, and the way back first. */
function SecretAsked({ kind, onKeep, onShow }: SecretAskedProps) {
	const keep = useRef<HTMLButtonElement>(null);
	// The stand-in that was pressed may be far below.
	useEffect(() => keep.current?.focus(), []);
	return (
		<div role="alertdialog" aria-label="Show a secret" className={c("warning")}>
			<p>
				<strong>This is a secret ({kind}).</strong> Shown, it leaves as it is: whoever gets the link can read and use
				it, for as long as the secret is valid.
			</p>
			<div className={c("actions")}>
				<Button look="main" ref={keep} onClick={onKeep}>
					Keep it hidden
				</Button>
				<Button onClick={onShow}>Show the secret anyway</Button>
			</div>
		</div>
	);
}
