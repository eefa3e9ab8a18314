import {
	lazy,
	type ReactNode,
	type RefObject,
	Suspense,
	useEffect,
	useRef,
	useState,
	useSyncExternalStore,
} from "react";
import { useStore } from "zustand";
import { createStore, type StoreApi } from "zustand/vanilla";
import type { Again, AgainStore, First } from "../../state/again-store";
import type { DraftLoss } from "../../state/draft";
import type { PlaceInSource } from "../../state/marks";
import { evidenceOf, isStale, type Piece, type WorkspaceStore } from "../../state/workspace-store";
import type { EngineClient } from "../../worker/engine-client";
import { Button } from "../components/Button";
import { classes } from "../components/classes";
import { RegionBoundary } from "../components/RegionBoundary";
import { EmptyState } from "../evidence/EmptyState";
import { Evidence, type EvidenceHandle } from "../evidence/Evidence";
import type { Dropped } from "../evidence/read-files";
import type { WorkbenchActions } from "./WayAround";
import styles from "./workbench.module.css";

const c = classes(styles);

const loadAnswer = () => import("./Answer");
const Answer = lazy(() => loadAnswer().then(({ Answer: component }) => ({ default: component })));
const EngineFailureNote = lazy(() => loadAnswer().then(({ EngineFailureNote: component }) => ({ default: component })));
const loadFirst = () => import("../evidence/FirstPaste");
const FirstPaste = lazy(() => loadFirst().then(({ FirstPaste: component }) => ({ default: component })));
const OfferToCompare = lazy(() => loadFirst().then(({ OfferToCompare: component }) => ({ default: component })));
const Since = lazy(() => import("../diagnosis/Since").then((m) => ({ default: m.Since })));
const PasteAgain = lazy(() => import("../diagnosis/PasteAgain").then((m) => ({ default: m.PasteAgain })));
const ShareHere = lazy(() => import("./ShareHere").then((m) => ({ default: m.ShareHere })));
const CollectDialog = lazy(() => import("../evidence/CollectDialog").then((m) => ({ default: m.CollectDialog })));

type Props = {
	readonly store: WorkspaceStore;
	/** The first paste beside this one; null where nothing can be pasted. */
	readonly again: AgainStore | null;
	/** Where it says what it can be told to do. */
	readonly tell: RefObject<() => WorkbenchActions> | null;
	/** The finding that the address names. */
	readonly finding: string | null;
	readonly engine: EngineClient;
	/** A shared report: nothing can be edited, and there is nothing to share again. */
	readonly readOnly: boolean;
	readonly draftLoss: DraftLoss | null;
	readonly refusals: readonly string[];
	readonly onRefusals: (refusals: readonly string[]) => void;
	/** Chosen files: evidence, or a report to be opened. */
	readonly onFiles: (dropped: Dropped) => void;
};

/** Evidence on the left, answer on the right: the place where the regions meet. */
export function Workbench({
	store,
	again,
	tell,
	finding: wanted,
	engine,
	readOnly,
	draftLoss,
	refusals,
	onRefusals,
	onFiles,
}: Props) {
	const workspace = useStore(store);
	const { sources, last, failure, busy } = workspace;
	const { actions } = store;
	const evidence = useRef<EvidenceHandle>(null);
	const [dialog, setDialog] = useState<"share" | "collect" | null>(null);
	const [forgotten, setForgotten] = useState<{
		readonly sources: readonly Piece[];
		readonly first: First | null;
	} | null>(null);
	const [topics, setTopics] = useState<readonly string[] | null>(null);
	const collect = (only: readonly string[] | null) => {
		setTopics(only);
		setDialog("collect");
	};
	const right = useRef<HTMLDivElement>(null);
	const isAnswerSeen = useIsSeen(right);
	const stale = isStale(workspace);
	// On a phone a sample's button stands far below where its verdict will: the person is taken there.
	const wantsVerdict = useRef(false);
	useEffect(() => {
		if (!last || !wantsVerdict.current) return;
		wantsVerdict.current = false;
		right.current?.scrollIntoView({ block: "start" });
	}, [last]);
	const finding = last?.diagnosed.analysis.findings[0];

	const show = (place: PlaceInSource) => evidence.current?.show(place.source, place.from, place.to);
	const loadSample = (pieces: readonly Piece[]) => {
		wantsVerdict.current = true;
		actions.load(pieces);
	};
	const toSign = (sign: number) => {
		const row = document.getElementById(`sign-${sign}`);
		row?.scrollIntoView({ block: "center" });
		row?.focus({ preventScroll: true });
	};

	const compared = useAgain(again);
	const isNarrow = useIsNarrow();
	const pasteAgain = () => {
		again?.actions.begin();
		evidence.current?.focus();
		document.getElementById("evidence-heading")?.scrollIntoView({ block: "start" });
	};
	const since = compared?.last ?? null;
	const forget = () => {
		setForgotten({ sources, first: compared?.first ?? null });
		again?.actions.letFirstGo();
		actions.forget();
		onRefusals([]);
	};
	const undo = () => {
		if (!forgotten) return;
		setForgotten(null);
		again?.actions.restore(forgotten.first);
		actions.load(forgotten.sources);
	};
	const isEmpty = evidenceOf(sources).length === 0;
	if (tell)
		tell.current = () => ({
			share: last ? () => setDialog("share") : null,
			collect: () => collect(null),
			pasteAgain: last && !compared?.first ? pasteAgain : null,
			forget: isEmpty ? null : forget,
			findings: last?.diagnosed.analysis.findings.map(({ failure: id, title }) => ({ failure: id, title })) ?? [],
		});
	useShownFinding(wanted, last !== null);

	let answer: ReactNode = null;
	if (failure) answer = <EngineFailureNote failure={failure} />;
	else if (compared?.first && !last && !busy) answer = null;
	else if (!last && !readOnly && !busy) answer = <EmptyState onLoad={loadSample} />;
	else if (!last) answer = <p className={c("reading")}>Reading</p>;

	const evidenceSide = (
		<div key="left" className={c("left")}>
			<RegionBoundary region="the evidence">
				{forgotten && isEmpty ? <Forgotten onUndo={undo} onOver={() => setForgotten(null)} /> : null}
				<Suspense>
					{compared?.first ? (
						<FirstPaste
							title={compared.first.title}
							onBack={() => again?.actions.backToFirst()}
							onLetGo={() => again?.actions.letFirstGo()}
						/>
					) : null}
					{compared?.offer ? (
						<OfferToCompare
							says={compared.offer.comparison.says}
							onAccept={() => again?.actions.accept()}
							onRefuse={() => again?.actions.refuse()}
						/>
					) : null}
				</Suspense>
				<Evidence
					ref={evidence}
					sources={sources}
					analysis={last?.diagnosed.analysis ?? null}
					stale={stale}
					readOnly={readOnly}
					draftLoss={draftLoss}
					refusals={refusals}
					onEdit={actions.write}
					onRemove={actions.remove}
					onFiles={onFiles}
					onForget={forget}
					onCollect={() => collect(null)}
					onSign={toSign}
				/>
			</RegionBoundary>
		</div>
	);
	const answerSide = (
		<div key="right" ref={right} className={c("right")} id="answer">
			<RegionBoundary region="the answer" retryOn={last}>
				<Suspense fallback={<p className={c("reading")}>Reading</p>}>
					{compared?.first && since ? (
						<Since
							comparison={since.comparison}
							first={compared.first.title}
							analysis={last?.diagnosed.analysis ?? null}
							stale={since.revision !== workspace.revision}
							onShow={show}
						/>
					) : null}
					{answer}
					{last ? (
						<Answer
							diagnosed={last.diagnosed}
							stale={stale || failure !== null}
							onShow={show}
							trace={(flow, signal) => engine.trace(evidenceOf(sources), flow, signal)}
							reach={(signal) => engine.reach(evidenceOf(sources), signal)}
							print={engine.print}
							offered={engine.offered}
							onCollect={readOnly ? null : collect}
							afterRepair={again && !compared?.first ? <PasteAgain onBegin={pasteAgain} /> : null}
							actions={readOnly ? null : <Button onClick={() => setDialog("share")}>Share</Button>}
						/>
					) : null}
				</Suspense>
			</RegionBoundary>
		</div>
	);
	return (
		<div className={c("workbench", last !== null && "answered")}>
			{isNarrow ? [answerSide, evidenceSide] : [evidenceSide, answerSide]}
			<Announcement
				text={
					finding && !stale
						? `Verdict: ${finding.title.replaceAll("`", "")}. ${finding.effect}. ${finding.confidence}.`
						: ""
				}
			/>
			{finding && !isAnswerSeen ? (
				<button
					type="button"
					className={c("pill")}
					onClick={() => document.getElementById("verdict")?.scrollIntoView({ block: "center" })}
				>
					{finding.title.replaceAll("`", "")}
				</button>
			) : null}
			<Suspense>
				{dialog === "share" ? <ShareHere store={store} engine={engine} onClose={() => setDialog(null)} /> : null}
				{dialog === "collect" ? (
					<CollectDialog topics={topics} collector={engine.collector} onClose={() => setDialog(null)} />
				) : null}
			</Suspense>
		</div>
	);
}

const nothing = createStore<Again | null>(() => null);

/** The first paste and what is said of it; null where nothing can be pasted. */
function useAgain(again: AgainStore | null): Again | null {
	return useStore<StoreApi<Again | null>, Again | null>(again ?? nothing, (now) => now);
}

/** Milliseconds that 'Forget everything' can be taken back; then memory holds nothing of it either. */
const UNDO = 20_000;

function Forgotten({ onUndo, onOver }: { readonly onUndo: () => void; readonly onOver: () => void }) {
	const over = useRef(onOver);
	over.current = onOver;
	useEffect(() => {
		const timer = setTimeout(() => over.current(), UNDO);
		return () => clearTimeout(timer);
	}, []);
	return (
		<p role="status" className={c("forgotten")}>
			Forgotten; storage is empty. For 20 seconds this tab can bring it back. <Button onClick={onUndo}>Undo</Button>
		</p>
	);
}

/** Brings the finding that the address names into view, once there is an answer, and opens it where it is closed. */
function useShownFinding(wanted: string | null, isAnswered: boolean): void {
	useEffect(() => {
		if (wanted === null || !isAnswered) return;
		let tries = 0;
		const timer = setInterval(() => {
			const target = document.getElementById(`finding-${wanted}`);
			tries += 1;
			if (!target && tries < 40) return;
			clearInterval(timer);
			if (target instanceof HTMLDetailsElement) target.open = true;
			target?.scrollIntoView({ block: "start" });
			target?.focus({ preventScroll: true });
		}, 50);
		return () => clearInterval(timer);
	}, [wanted, isAnswered]);
}

const NARROW = "(width < 1000px)";

/**
 * True where the columns stand one above the other: there the verdict comes first in the document as well, because not
 * every browser lets the keyboard follow what CSS put first, and Chromium forgets it now and then (`reading-flow`).
 */
function useIsNarrow(): boolean {
	return useSyncExternalStore(
		(onChange) => {
			const media = window.matchMedia?.(NARROW);
			media?.addEventListener("change", onChange);
			return () => media?.removeEventListener("change", onChange);
		},
		() => window.matchMedia?.(NARROW).matches ?? false,
	);
}

/** True while any of an element is in view. On a phone the verdict scrolls away from the editors. */
function useIsSeen(element: RefObject<HTMLElement | null>): boolean {
	const [isSeen, setIsSeen] = useState(true);
	useEffect(() => {
		if (!element.current || typeof IntersectionObserver === "undefined") return;
		const observer = new IntersectionObserver(([entry]) => setIsSeen(entry?.isIntersecting ?? true));
		observer.observe(element.current);
		return () => observer.disconnect();
	}, [element]);
	return isSeen;
}

/** Speaks a new verdict politely, once, and only when the hand has rested: not each one that typing passes through. */
function Announcement({ text }: { readonly text: string }) {
	const [spoken, setSpoken] = useState("");
	useEffect(() => {
		if (text === "") return;
		const timer = setTimeout(() => setSpoken(text), 700);
		return () => clearTimeout(timer);
	}, [text]);
	return (
		<p role="status" aria-live="polite" className="visually-hidden">
			{spoken}
		</p>
	);
}
