import { type Ref, useImperativeHandle, useRef, useState } from "react";
import type { ArtifactSummary } from "../../engine/diagnose/analysis";
import type { Mark } from "../../state/marks";
import type { Pasted } from "../../state/workspace-store";
import { Button } from "../components/Button";
import { Chip } from "../components/Chip";
import { classes } from "../components/classes";
import { type EditorHandle, EvidenceEditor } from "./EvidenceEditor";
import styles from "./evidence-card.module.css";

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

/** One source: its name, what was recognised in it, and its editor. */
export function EvidenceCard(props: Props) {
	const { source, artifacts, marks, stale, readOnly } = props;
	const editor = useRef<EditorHandle>(null);
	const [folded, setFolded] = useState(false);
	const [all, setAll] = useState(false);
	useImperativeHandle(props.ref, () => ({
		show: (from, to) => editor.current?.show(from, to),
		focus: () => editor.current?.focus(),
	}));
	const lines = countLines(source.text);
	const isEmpty = source.text === "";
	const only = artifacts.length === 1 ? artifacts[0] : undefined;
	const heading = `${source.id}-name`;
	const listed = all ? artifacts : artifacts.slice(0, SHOWN_ARTIFACTS);
	const remarks = artifacts.reduce((sum, artifact) => sum + artifact.remarks.length, 0);
	return (
		<section className={c("card", isEmpty && "empty")} aria-labelledby={heading}>
			<header className={c("head")}>
				<div className={c("name")}>
					<h3 id={heading}>{source.name}</h3>
					{only ? (
						<span className={c(stale && "stale")}>
							<Chip text={only.summary} tone={only.tone} />
						</span>
					) : null}
				</div>
				<span className={c("tools")}>
					{marks.length > 0 ? (
						<Button look="quiet" onClick={() => marks[0] && editor.current?.show(marks[0].from, marks[0].to)}>
							{marks.length === 1 ? "1 sign" : `${marks.length} signs`}
						</Button>
					) : null}
					{lines > 12 ? (
						<Button look="quiet" aria-expanded={!folded} onClick={() => editor.current?.setFolded(!folded)}>
							{folded ? `${lines} lines` : "Fold"}
						</Button>
					) : isEmpty ? null : (
						<span className={c("lines")}>{lines === 1 ? "1 line" : `${lines} lines`}</span>
					)}
					{isEmpty || readOnly ? null : (
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
			{artifacts.length > 1 ? (
				<ul className={c("artifacts", stale && "stale")}>
					{listed.map((artifact) => (
						<li key={artifact.id}>
							<Button look="link" onClick={() => editor.current?.show(artifact.from, artifact.from)}>
								<code>{artifact.name}</code>
							</Button>
							<Chip text={artifact.summary} tone={artifact.tone} />
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
			<EvidenceEditor
				ref={editor}
				id={source.id}
				label={source.name}
				hint={props.hint}
				text={source.text}
				marks={isEmpty ? NO_MARKS : marks}
				readOnly={readOnly}
				onEdit={(text) => props.onEdit(source.id, text)}
				onSign={props.onSign}
				onFold={setFolded}
			/>
			{remarks > 0 ? (
				<details className={c("remarks")}>
					<summary>{remarks === 1 ? "1 line was not understood" : `${remarks} lines were not understood`}</summary>
					<ul>
						{artifacts
							.flatMap((artifact) => artifact.remarks)
							.slice(0, 20)
							.map((remark) => (
								<li key={`${remark.at.artifact}:${remark.at.from}:${remark.says}`}>
									<Button look="link" onClick={() => editor.current?.show(remark.at.from, remark.at.to)}>
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
