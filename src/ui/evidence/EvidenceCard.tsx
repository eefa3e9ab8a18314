import { type Ref, useImperativeHandle, useRef, useState } from "react";
import { flushSync } from "react-dom";
import type { ArtifactSummary } from "../../engine/diagnose/analysis";
import type { Mark } from "../../state/marks";
import type { Pasted } from "../../state/workspace-store";
import { Button } from "../components/Button";
import { Chip } from "../components/Chip";
import { classes } from "../components/classes";
import { briefly } from "./briefly";
import { type EditorHandle, EvidenceEditor } from "./EvidenceEditor";
import styles from "./evidence-card.module.css";
import { ExcerptNote, Reading } from "./LargeFile";

const c = classes(styles);

export type CardHandle = Pick<EditorHandle, "show" | "focus">;

type Props = {
	readonly source: Pasted;
	readonly hint: string;
	/** What was recognised in this source. Empty before the first answer. */
	readonly artifacts: readonly ArtifactSummary[];
	readonly marks: readonly Mark[];
	readonly stale: boolean;
	readonly readOnly: boolean;
	/** One of many files, and no sign points into it: its name and summary are enough until it is asked for. */
	readonly quiet: boolean;
	readonly onEdit: (id: string, text: string) => void;
	readonly onRemove: (id: string) => void;
	readonly onSign: (sign: number) => void;
	readonly ref?: Ref<CardHandle>;
};

const NO_MARKS: readonly Mark[] = [];
const SHOWN_ARTIFACTS = 6;

/** Lines of a text, a last empty one not counted. */
export function countLines(text: string): number {
	if (text === "") return 0;
	let lines = 1;
	for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lines += 1;
	return text.endsWith("\n") ? lines - 1 : lines;
}

const countOf = (lines: number): string => (lines === 1 ? "1 line" : `${lines} lines`);

/** How many lines there are, and the way to see all of them or only those that matter. */
function Lines(props: { readonly lines: number; readonly isOpen: boolean; readonly onToggle: () => void }) {
	return (
		<Button
			look="quiet"
			aria-expanded={props.isOpen}
			title={props.isOpen ? "Show less" : "Show all"}
			onClick={props.onToggle}
		>
			{countOf(props.lines)}
			<svg className={c("turn")} width="10" height="10" viewBox="0 0 10 10" aria-hidden="true">
				<path d="M2 3.5l3 3 3-3" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" />
			</svg>
		</Button>
	);
}

/** One source: its name, what was recognised in it, and its editor. */
export function EvidenceCard(props: Props) {
	const { source, artifacts, marks, stale, readOnly } = props;
	const editor = useRef<EditorHandle>(null);
	const [folded, setFolded] = useState(false);
	const [all, setAll] = useState(false);
	const [opened, setOpened] = useState(false);
	const isClosed = props.quiet && !opened;
	const show = (from: number, to: number) => {
		// A closed editor has no height to scroll in.
		if (isClosed) flushSync(() => setOpened(true));
		editor.current?.show(from, to);
	};
	useImperativeHandle(props.ref, () => ({ show, focus: () => editor.current?.focus() }));
	const lines = countLines(source.text);
	const isEmpty = source.text === "";
	const only = artifacts.length === 1 ? artifacts[0] : undefined;
	const heading = `${source.id}-name`;
	const listed = all ? artifacts : artifacts.slice(0, SHOWN_ARTIFACTS);
	const remarks = artifacts.reduce((sum, artifact) => sum + artifact.remarks.length, 0);
	return (
		<section className={c("card", (isEmpty || isClosed) && "empty")} aria-labelledby={heading}>
			<header className={c("head")}>
				<div className={c("name")}>
					<h3 id={heading}>{source.name}</h3>
					{only ? (
						<span className={c("chip", stale && "stale")}>
							<Chip text={briefly(only.summary, source.name)} tone={only.tone} />
						</span>
					) : isClosed ? (
						<span className={c("chip")}>
							<Chip text={isEmpty ? "empty" : `${artifacts.length} pieces`} tone="plain" />
						</span>
					) : null}
				</div>
				<span className={c("tools")}>
					{marks.length > 0 ? (
						<Button look="quiet" onClick={() => marks[0] && show(marks[0].from, marks[0].to)}>
							{marks.length === 1 ? "1 sign" : `${marks.length} signs`}
						</Button>
					) : null}
					{props.quiet && !isEmpty ? (
						<Lines lines={lines} isOpen={opened} onToggle={() => setOpened(!opened)} />
					) : lines > 12 ? (
						<Lines lines={lines} isOpen={!folded} onToggle={() => editor.current?.setFolded(!folded)} />
					) : isEmpty ? null : (
						<span className={c("lines")}>{countOf(lines)}</span>
					)}
					{readOnly || (isEmpty && source.place !== "file") ? null : (
						<Button
							look="quiet"
							aria-label={source.place === "file" ? `Remove ${source.name}` : `Empty ${source.name}`}
							title={source.place === "file" ? "Remove" : "Empty"}
							onClick={() => props.onRemove(source.id)}
						>
							<svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
								<path
									d="M2 2l8 8M10 2l-8 8"
									fill="none"
									stroke="currentColor"
									strokeWidth="1.6"
									strokeLinecap="round"
								/>
							</svg>
						</Button>
					)}
				</span>
			</header>
			{artifacts.length > 1 && !isClosed ? (
				<ul className={c("artifacts", stale && "stale")}>
					{listed.map((artifact) => (
						<li key={artifact.id}>
							<Button look="link" onClick={() => show(artifact.from, artifact.from)}>
								<code>{artifact.name}</code>
							</Button>
							<Chip text={briefly(artifact.summary, artifact.name)} tone={artifact.tone} />
							<span className={c("lines")}>
								{artifact.lines === 1
									? `line ${artifact.firstLine}`
									: `lines ${artifact.firstLine}–${artifact.firstLine + artifact.lines - 1}`}
							</span>
						</li>
					))}
					{artifacts.length > listed.length ? (
						<li>
							<Button look="link" onClick={() => setAll(true)}>
								and {artifacts.length - listed.length} more
							</Button>
						</li>
					) : null}
				</ul>
			) : null}
			{source.reading ? <Reading name={source.name} {...source.reading} /> : null}
			{source.excerpt ? <ExcerptNote {...source.excerpt} /> : null}
			<div hidden={isClosed}>
				<EvidenceEditor
					ref={editor}
					id={source.id}
					label={source.name}
					hint={props.hint}
					text={source.text}
					numbers={source.excerpt?.numbers}
					marks={isEmpty ? NO_MARKS : marks}
					readOnly={readOnly}
					onEdit={(text) => props.onEdit(source.id, text)}
					onSign={props.onSign}
					onFold={setFolded}
				/>
			</div>
			{remarks > 0 && !isClosed ? (
				<details className={c("remarks")}>
					<summary>{remarks === 1 ? "1 line was not understood" : `${remarks} lines were not understood`}</summary>
					<ul>
						{artifacts
							.flatMap((artifact) => artifact.remarks)
							.slice(0, 20)
							.map((remark) => (
								<li key={`${remark.at.artifact}:${remark.at.from}:${remark.says}`}>
									<Button look="link" onClick={() => show(remark.at.from, remark.at.to)}>
										{remark.says}
									</Button>
								</li>
							))}
					</ul>
				</details>
			) : null}
		</section>
	);
}
