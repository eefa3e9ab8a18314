import { type MouseEvent, useMemo, useState } from "react";
import type { Evidence } from "../../engine/text/evidence";
import type { ReplacedPlace, Shared } from "../../state/workspace-store";
import { Button } from "../components/Button";
import { classes } from "../components/classes";
import { countLines, type PreviewLine, pickableWords, previewLines, type Stretch } from "./preview-lines";
import styles from "./share-dialog.module.css";

const c = classes(styles);

const LINES_SHOWN = 60;
const MORE = 400;

type Props = {
	readonly evidence: Evidence;
	readonly shared: Shared;
	/** A plain word was picked: it shall not leave. */
	readonly onHide: (word: string) => void;
	/** A stand-in was picked: what it stands for is asked to be shown. */
	readonly onShow: (place: ReplacedPlace) => void;
};

/** Line by line what stays here and what leaves. Every word of the right side can be picked. */
export function Preview({ evidence, shared, onHide, onShow }: Props) {
	const [every, setEvery] = useState(false);
	const [most, setMost] = useState(LINES_SHOWN);
	const lines = useMemo(
		() => previewLines(evidence, shared.redactedSources, shared.spans),
		[evidence, shared.redactedSources, shared.spans],
	);
	const wanted = every ? lines : lines.filter(({ isChanged }) => isChanged);
	const shown = wanted.slice(0, most);
	// Buttons for each word would drown a screen reader; the field below does the same from the keyboard.
	const pick = ({ target }: MouseEvent) => {
		if (target instanceof HTMLElement && target.classList.contains(c("word"))) onHide(target.textContent ?? "");
	};
	return (
		<div>
			<div className={c("actions")}>
				<h3>What stays here, and what leaves</h3>
				<label className={c("check")}>
					<input type="checkbox" checked={every} onChange={(event) => setEvery(event.target.checked)} />
					Unchanged lines too
				</label>
			</div>
			<p className={c("lead")}>
				On the right, press a word to hide it everywhere, or a stand-in to show again what it stands for.
			</p>
			{wanted.length === 0 ? (
				<p>No line is changed.</p>
			) : (
				// biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to take focus
				<section className={c("preview")} tabIndex={0} aria-label="Lines before and after, scrolling">
					<table>
						<thead>
							<tr>
								<th scope="col">Line</th>
								<th scope="col">Stays here</th>
								<th scope="col">Leaves</th>
							</tr>
						</thead>
						{/* biome-ignore lint/a11y/useKeyWithClickEvents: the field for words is the keyboard's way */}
						<tbody onClick={pick}>
							{shown.map((line) => (
								<Row key={`${line.source}:${line.line}`} line={line} onShow={onShow} />
							))}
						</tbody>
					</table>
				</section>
			)}
			{wanted.length > shown.length ? (
				<Button look="link" onClick={() => setMost(most + MORE)}>
					Show {Math.min(MORE, wanted.length - shown.length)} more of {wanted.length - shown.length}
				</Button>
			) : null}
		</div>
	);
}

function Row({ line, onShow }: { readonly line: PreviewLine; readonly onShow: (place: ReplacedPlace) => void }) {
	return (
		<tr>
			<th scope="row">
				{line.source}:{line.line}
			</th>
			<td data-is="stays">
				{line.before.map(({ at, text, place }) =>
					place === null ? (
						text
					) : (
						<mark key={at} className={c("replacedWord")}>
							{text}
						</mark>
					),
				)}
			</td>
			<td data-is="leaves">
				{line.after.map((stretch) =>
					stretch.place === null ? (
						<Words key={stretch.at} stretch={stretch} />
					) : (
						<StandIn key={stretch.at} text={stretch.text} place={stretch.place} onShow={onShow} />
					),
				)}
			</td>
		</tr>
	);
}

function Words({ stretch }: { readonly stretch: Stretch }) {
	return pickableWords(stretch.text).map(({ at, text, isWord }) =>
		isWord ? (
			<span key={at} className={c("word")}>
				{text}
			</span>
		) : (
			text
		),
	);
}

function StandIn({
	text,
	place,
	onShow,
}: {
	readonly text: string;
	readonly place: ReplacedPlace;
	readonly onShow: (place: ReplacedPlace) => void;
}) {
	return (
		<button type="button" className={c("pseudonym")} onClick={() => onShow(place)}>
			{text}
			<span className="visually-hidden"> ({place.kind}, replaced; show it)</span>
		</button>
	);
}

/** The text of the link, whole. */
export function Carried({ shared }: { readonly shared: Shared }) {
	const { linkedSources, omittedLines } = shared;
	const lines = linkedSources.reduce((sum, { text }) => sum + countLines(text), 0);
	return (
		<details className={c("carried")}>
			<summary>
				Everything that the link carries: {lines} lines
				{omittedLines === 0 ? "" : `; ${omittedLines} that the verdict does not need are left out`}
			</summary>
			{linkedSources.map((source) => (
				<figure key={source.id}>
					<figcaption>{source.name}</figcaption>
					{/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to take focus */}
					<pre tabIndex={0}>{source.text}</pre>
				</figure>
			))}
		</details>
	);
}
