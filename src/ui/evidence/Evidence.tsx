import { type Ref, useCallback, useImperativeHandle, useMemo, useRef } from "react";
import type { Analysis } from "../../engine/diagnose/analysis";
import type { DraftLoss } from "../../state/draft";
import { marksOf } from "../../state/marks";
import type { Pasted, Place } from "../../state/workspace-store";
import { Button } from "../components/Button";
import { classes } from "../components/classes";
import { groupBy } from "../components/group-by";
import { RegionBoundary } from "../components/RegionBoundary";
import { type CardHandle, EvidenceCard } from "./EvidenceCard";
import styles from "./evidence.module.css";
import { type Dropped, readTextFiles } from "./read-files";

const c = classes(styles);

const HINTS: Readonly<Record<Place, string>> = {
	"docker-info": "Paste the output of: docker info",
	iptables: "Paste the output of: sudo iptables -t nat -L -n -v",
	"dockerd-log": "Paste the output of: sudo journalctl -u docker --no-pager -n 300",
	anything: "Paste or drop anything else: an error, a whole issue, a log file",
	file: "",
};

const LOSSES: Readonly<Record<DraftLoss, string>> = {
	"too-large": "This is too large for the browser to bring back after a reload.",
	"no-room": "The browser's storage for this tab is full: a reload would lose what stands here.",
	"no-key": "This browser keeps no encrypted copy for this tab: a reload would lose what stands here.",
};

/** Of more files than these only those are shown open that a sign points into. */
const FILES_SHOWN = 4;

/** Lets the page bring a line into view. */
export type EvidenceHandle = { show(source: string, from: number, to: number): void; focus(): void };

type Props = {
	readonly sources: readonly Pasted[];
	readonly analysis: Analysis | null;
	readonly stale: boolean;
	readonly readOnly: boolean;
	/** Why a reload would not bring this back. */
	readonly draftLoss: DraftLoss | null;
	/** Files that could not be taken, and why. */
	readonly refusals: readonly string[];
	readonly onEdit: (id: string, text: string) => void;
	readonly onRemove: (id: string) => void;
	readonly onFiles: (dropped: Dropped) => void;
	readonly onForget: () => void;
	readonly onCollect: () => void;
	readonly onSign: (sign: number) => void;
	readonly ref?: Ref<EvidenceHandle>;
};

/** The left half: what was pasted, where, and what was recognised in it. Nothing pasted is ever left out. */
export function Evidence(props: Props) {
	const { sources, analysis, readOnly } = props;
	const cards = useRef(new Map<string, CardHandle>());
	const chooser = useRef<HTMLInputElement>(null);
	useImperativeHandle(props.ref, () => ({
		show: (source, from, to) => {
			document.getElementById(`${source}-name`)?.scrollIntoView({ block: "center" });
			cards.current.get(source)?.show(from, to);
		},
		focus: () => cards.current.get(sources[0]?.id ?? "")?.focus(),
	}));
	const marks = useMemo(() => (analysis ? marksOf(analysis) : null), [analysis]);
	const artifacts = useMemo(() => groupBy(analysis?.artifacts ?? [], ({ source }) => source), [analysis]);
	const keep = useCallback((id: string, handle: CardHandle | null) => {
		if (handle) cards.current.set(id, handle);
		else cards.current.delete(id);
	}, []);

	const manyFiles = sources.filter(({ place }) => place === "file").length > FILES_SHOWN;
	const card = (source: Pasted) => (
		<RegionBoundary key={source.id} region={`the card ${source.name}`} retryOn={source.text}>
			<EvidenceCard
				ref={(handle) => keep(source.id, handle)}
				source={source}
				hint={HINTS[source.place]}
				artifacts={source.text === "" ? NONE : (artifacts.get(source.id) ?? NONE)}
				marks={marks?.get(source.id) ?? NONE}
				stale={props.stale}
				readOnly={readOnly}
				quiet={manyFiles && source.place === "file" && !marks?.has(source.id)}
				onEdit={props.onEdit}
				onRemove={props.onRemove}
				onSign={props.onSign}
			/>
		</RegionBoundary>
	);

	const shown = readOnly ? sources.filter((source) => source.text !== "") : sources;
	const isEmpty = sources.every((source) => source.text === "");
	const anything = shown.find(({ place }) => place === "anything");
	return (
		<section className={c("evidence")} aria-labelledby="evidence-heading">
			<header className={c("head")}>
				<h2 id="evidence-heading" tabIndex={-1} data-focus-target="">
					Evidence
				</h2>
				<p>{readOnly ? "redacted by the sender" : "stays in this tab"}</p>
				{isEmpty || readOnly ? null : (
					<Button look="quiet" onClick={props.onForget}>
						Forget everything
					</Button>
				)}
			</header>
			{shown.filter(({ place }) => place !== "anything" && place !== "file").map(card)}
			{shown.filter(({ place }) => place === "file").map(card)}
			{anything ? card(anything) : null}
			{readOnly ? null : (
				<div className={c("more")}>
					<p>Drop files anywhere on the page.</p>
					<input
						ref={chooser}
						className="visually-hidden"
						type="file"
						multiple
						tabIndex={-1}
						aria-label="Files to read"
						onChange={async (event) => {
							const input = event.currentTarget;
							const dropped = await readTextFiles([...(input.files ?? [])]);
							input.value = "";
							props.onFiles(dropped);
						}}
					/>
					<Button onClick={() => chooser.current?.click()}>Choose files</Button>
					<Button onClick={props.onCollect}>Collect from a host</Button>
				</div>
			)}
			<div role="status" className={c("notes")}>
				{props.refusals.map((refusal) => (
					<p key={refusal}>{refusal}</p>
				))}
				{props.draftLoss ? <p>{LOSSES[props.draftLoss]}</p> : null}
			</div>
		</section>
	);
}

const NONE: readonly never[] = [];
