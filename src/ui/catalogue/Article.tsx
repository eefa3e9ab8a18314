import { Fragment, useEffect, useState } from "react";
import type { Evidence } from "../../engine/text/evidence";
import type { Diagnosed, Piece } from "../../state/workspace-store";
import { Button } from "../components/Button";
import { CopyButton } from "../components/CopyButton";
import { classes } from "../components/classes";
import { Diff } from "../components/Diff";
import styles from "./article.module.css";
import { loadArticle, loadCase } from "./articles";
import { type Block, type Inline, parseMarkdown } from "./markdown";

const c = classes(styles);

type OnTry = (pieces: readonly Piece[]) => void;

function Inlines({ of }: { readonly of: readonly Inline[] }) {
	return of.map((part, at) => {
		// biome-ignore-start lint/suspicious/noArrayIndexKey: the parts of one paragraph never move
		if (part.kind === "code") return <code key={at}>{part.text}</code>;
		if (part.kind === "strong") return <strong key={at}>{part.text}</strong>;
		if (part.kind === "emphasis") return <em key={at}>{part.text}</em>;
		if (part.kind === "link") {
			return (
				<a key={at} href={part.to} {...(part.to.startsWith("#") ? {} : { target: "_blank", rel: "noreferrer" })}>
					{part.text}
				</a>
			);
		}
		return <Fragment key={at}>{part.text}</Fragment>;
		// biome-ignore-end lint/suspicious/noArrayIndexKey: the parts of one paragraph never move
	});
}

function Example({ id, slug, onTry }: { readonly id: string; readonly slug: string; readonly onTry: OnTry }) {
	const [text, setText] = useState<string | null>(null);
	useEffect(() => {
		loadCase(id, slug).then(setText, () => setText(null));
	}, [id, slug]);
	if (text === null) return null;
	return (
		<figure className={c("example")}>
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to take focus */}
			<pre tabIndex={0}>{text}</pre>
			<figcaption>
				<span>Example: {slug.replaceAll("-", " ")}</span>
				<Button onClick={() => onTry([{ place: "anything", name: `${slug}.txt`, text }])}>Diagnose this example</Button>
			</figcaption>
		</figure>
	);
}

function BlockView({ block, id, onTry }: { readonly block: Block; readonly id: string; readonly onTry: OnTry }) {
	switch (block.kind) {
		case "heading":
			// The page's own h1 is the title of the failure mode.
			return block.level === 3 ? (
				<h3>
					<Inlines of={block.inline} />
				</h3>
			) : (
				<h2>
					<Inlines of={block.inline} />
				</h2>
			);
		case "paragraph":
			return (
				<p>
					<Inlines of={block.inline} />
				</p>
			);
		case "quote":
			return (
				<blockquote>
					<Inlines of={block.inline} />
				</blockquote>
			);
		case "list": {
			const items = block.items.map((item, at) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: items of one article never move
				<li key={at}>
					<Inlines of={item} />
				</li>
			));
			return block.ordered ? <ol>{items}</ol> : <ul>{items}</ul>;
		}
		case "table": {
			const [head, ...rows] = block.rows;
			return (
				<table>
					<thead>
						<tr>
							{head?.map((cell, at) => (
								// biome-ignore lint/suspicious/noArrayIndexKey: cells of one article never move
								<th key={at} scope="col">
									<Inlines of={cell} />
								</th>
							))}
						</tr>
					</thead>
					<tbody>
						{rows.map((row, at) => (
							// biome-ignore lint/suspicious/noArrayIndexKey: rows of one article never move
							<tr key={at}>
								{row.map((cell, column) => (
									// biome-ignore lint/suspicious/noArrayIndexKey: cells of one article never move
									<td key={column}>
										<Inlines of={cell} />
									</td>
								))}
							</tr>
						))}
					</tbody>
				</table>
			);
		}
		case "fence":
			return (
				<div className={c("fence")}>
					{/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to take focus */}
					<pre tabIndex={0}>{block.text}</pre>
					<CopyButton text={block.text} what="this block" look="quiet" />
				</div>
			);
		case "case":
			return <Example id={id} slug={block.slug} onTry={onTry} />;
	}
}

/** Diagnoses an example: the article shows the very plan that the tool makes of it. */
export type Diagnose = (evidence: Evidence) => Promise<Diagnosed>;

/** The repair of an article's example, from the same plan and in the same form as on the workbench. */
function ExampleFix({
	id,
	slug,
	diagnose,
}: {
	readonly id: string;
	readonly slug: string;
	readonly diagnose: Diagnose;
}) {
	const [made, setMade] = useState<Diagnosed | null>(null);
	useEffect(() => {
		let isGone = false;
		loadCase(id, slug)
			.then((text) => (text === null ? null : diagnose([{ id: "example", name: `${slug}.txt`, text }])))
			.then(
				(diagnosed) => {
					if (!isGone) setMade(diagnosed);
				},
				// The prose stands without it.
				() => undefined,
			);
		return () => {
			isGone = true;
		};
	}, [id, slug, diagnose]);
	const finding = made?.analysis.findings[0];
	if (!made?.fix || finding?.failure !== id) return null;
	return (
		<figure className={c("example")}>
			<Diff lines={made.fix} />
			<figcaption>
				<span>
					For the example {slug.replaceAll("-", " ")}
					{finding.interrupts === null ? "" : `: ${finding.interrupts}`}
				</span>
			</figcaption>
		</figure>
	);
}

/** Cases that an article shows, in order; the first that is diagnosed as this mode gives its repair. */
const shownCase = (blocks: readonly Block[]) => blocks.find((block) => block.kind === "case")?.slug ?? null;

const isFixHeading = (block: Block) =>
	block.kind === "heading" && block.inline.map((part) => part.text).join("") === "Fix it now";

type Opened = { readonly id: string; readonly blocks: readonly Block[] | "none" | "not loaded" };

/** The article of one failure mode. Its title stands above it already, so a first-level heading is left out. */
export function Article({
	id,
	onTry,
	diagnose,
}: {
	readonly id: string;
	readonly onTry: OnTry;
	readonly diagnose: Diagnose;
}) {
	const [article, setArticle] = useState<Opened | null>(null);
	useEffect(() => {
		let isGone = false;
		loadArticle(id).then(
			(text) => {
				if (!isGone) setArticle({ id, blocks: text === null ? "none" : parseMarkdown(text) });
			},
			() => {
				if (!isGone) setArticle({ id, blocks: "not loaded" });
			},
		);
		return () => {
			isGone = true;
		};
	}, [id]);
	if (article?.id !== id) return <p role="status">Loading the article</p>;
	if (article.blocks === "none") return <p>This failure mode has no article.</p>;
	if (article.blocks === "not loaded") return <p>The article could not be loaded. Is there a network?</p>;
	const example = shownCase(article.blocks);
	return (
		<div className={c("article")}>
			{article.blocks
				.filter((block) => block.kind !== "heading" || block.level > 1)
				.map((block, at) => (
					// biome-ignore lint/suspicious/noArrayIndexKey: blocks of one article never move
					<Fragment key={at}>
						<BlockView block={block} id={id} onTry={onTry} />
						{example !== null && isFixHeading(block) ? <ExampleFix id={id} slug={example} diagnose={diagnose} /> : null}
					</Fragment>
				))}
		</div>
	);
}
