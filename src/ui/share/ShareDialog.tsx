import { useEffect, useMemo, useState } from "react";
import type { Evidence } from "../../engine/text/evidence";
import type { Replacement, Shared } from "../../state/workspace-store";
import { Button } from "../components/Button";
import { CopyButton } from "../components/CopyButton";
import { classes } from "../components/classes";
import { Dialog } from "../components/Dialog";
import { download } from "../components/download";
import { groupBy } from "../components/group-by";
import { changedLines, countLines, splitAtPseudonyms } from "./changed-lines";
import styles from "./share-dialog.module.css";

const c = classes(styles);

type Props = {
	readonly evidence: Evidence;
	readonly share: (evidence: Evidence, address: string) => Promise<Shared>;
	readonly report: (evidence: Evidence) => Promise<string>;
	readonly onClose: () => void;
};

const LINES_SHOWN = 60;

const FITS: Readonly<Record<Shared["length"]["fits"], string>> = {
	short: "short enough for mail, chat and tickets",
	long: "long: some mail and chat programs cut a link at 2,000 or 4,000; check that it arrives whole, or send the report",
	file: "too long for a link: send the report",
};

/** The page that opens the link: everything before the `#`. */
const address = (): string => `${location.origin}${location.pathname}`;

function Replaced({ replaced }: { readonly replaced: readonly Replacement[] }) {
	if (replaced.length === 0)
		return <p>No secret and no identity was found. Look through the text before you send it.</p>;
	const byKind = [...groupBy(replaced, ({ kind }) => kind)];
	return (
		<table className={c("replaced")}>
			<caption className="visually-hidden">What was replaced</caption>
			<thead>
				<tr>
					<th scope="col">Kind</th>
					<th scope="col">Stands for it</th>
					<th scope="col">Places</th>
				</tr>
			</thead>
			<tbody>
				{byKind.map(([kind, of]) => (
					<tr key={kind}>
						<th scope="row">{kind}</th>
						<td>
							{of.slice(0, 8).map(({ pseudonym }) => (
								<span key={pseudonym} className={c("pseudonym")} title={pseudonym}>
									{pseudonym}
								</span>
							))}
							{of.length > 8 ? <span>and {of.length - 8} more</span> : null}
						</td>
						<td>{of.reduce((sum, { count }) => sum + count, 0)}</td>
					</tr>
				))}
			</tbody>
		</table>
	);
}

function Preview({ evidence, shared }: { readonly evidence: Evidence; readonly shared: Shared }) {
	const [all, setAll] = useState(false);
	const changes = useMemo(() => changedLines(evidence, shared.redactedSources), [evidence, shared]);
	const pseudonyms = useMemo(() => shared.replaced.map(({ pseudonym }) => pseudonym), [shared]);
	const shown = all ? changes : changes.slice(0, LINES_SHOWN);
	if (changes.length === 0) return null;
	return (
		<div>
			<h3>Every changed line, as it is here and as it leaves</h3>
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to take focus */}
			<section className={c("preview")} tabIndex={0} aria-label="Changed lines, scrolling">
				<table>
					<thead>
						<tr>
							<th scope="col">Line</th>
							<th scope="col">Stays here</th>
							<th scope="col">Leaves</th>
						</tr>
					</thead>
					<tbody>
						{shown.map(({ source, line, before, after }) => (
							<tr key={`${source}:${line}`}>
								<th scope="row">
									{source}:{line}
								</th>
								<td data-is="stays">{before}</td>
								<td data-is="leaves">
									<Redacted text={after} pseudonyms={pseudonyms} />
								</td>
							</tr>
						))}
					</tbody>
				</table>
			</section>
			{changes.length > shown.length ? (
				<Button look="link" onClick={() => setAll(true)}>
					Show {changes.length - shown.length} more
				</Button>
			) : null}
		</div>
	);
}

/** One redacted text, the stand-ins marked. */
function Redacted({ text, pseudonyms }: { readonly text: string; readonly pseudonyms: readonly string[] }) {
	return splitAtPseudonyms(text, pseudonyms).map((part) => (
		<span key={part.at} className={c(part.isPseudonym && "pseudonym")}>
			{part.text}
		</span>
	));
}

/** The text of the link, whole. */
function Carried({ shared }: { readonly shared: Shared }) {
	const pseudonyms = useMemo(() => shared.replaced.map(({ pseudonym }) => pseudonym), [shared]);
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
					<pre tabIndex={0}>
						<Redacted text={source.text} pseudonyms={pseudonyms} />
					</pre>
				</figure>
			))}
		</details>
	);
}

/** Shows exactly what a link would carry before there is a link to copy. */
export function ShareDialog({ evidence, share, report, onClose }: Props) {
	const [shared, setShared] = useState<Shared | null>(null);
	const [problem, setProblem] = useState<string | null>(null);
	useEffect(() => {
		share(evidence, address()).then(setShared, () =>
			setProblem("The link could not be made: the engine did not answer."),
		);
	}, [evidence, share]);
	const save = async () => {
		try {
			download("stackengine-report.md", await report(evidence));
		} catch {
			setProblem("The report could not be made: the engine did not answer.");
		}
	};
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
						<div className={c("actions")}>
							{shared.length.fits === "file" ? null : (
								<CopyButton look="main" text={`${address()}#${shared.fragment}`} label="Copy link" />
							)}
							<Button look={shared.length.fits === "file" ? "main" : "plain"} onClick={save}>
								Download report (Markdown)
							</Button>
							<span className={c("size")}>
								<strong>{shared.length.characters.toLocaleString("en")} characters</strong>, {FITS[shared.length.fits]}
							</span>
						</div>
						<Replaced replaced={shared.replaced} />
						<Preview evidence={evidence} shared={shared} />
						<Carried shared={shared} />
					</>
				)}
			</div>
		</Dialog>
	);
}
