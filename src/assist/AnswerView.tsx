import { useMemo } from "react";
import { classes } from "../ui/components/classes";
import { type Block, type Inline, parseAnswer } from "./answer-text";
import styles from "./assist.module.css";
import type { Plan } from "./messages";

const c = classes(styles);

/** A model's answer: text nodes and a few plain elements. No link, no image, nothing that can be pressed. */
export function AnswerView({ text, plans }: { readonly text: string; readonly plans: readonly Plan[] }) {
	const blocks = useMemo(() => parseAnswer(text), [text]);
	return (
		<div className={c("answer")}>
			{blocks.map((block, at) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: blocks of an answer are only ever added
				<BlockView key={at} block={block} plans={plans} />
			))}
		</div>
	);
}

function BlockView({ block, plans }: { readonly block: Block; readonly plans: readonly Plan[] }) {
	switch (block.kind) {
		case "heading":
			return (
				<h3>
					<Inlines of={block.inline} />
				</h3>
			);
		case "paragraph":
			return (
				<p>
					<Inlines of={block.inline} />
				</p>
			);
		case "list": {
			const items = block.items.map((item, at) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: items of an answer are only ever added
				<li key={at}>
					<Inlines of={item} />
				</li>
			));
			return block.ordered ? <ol>{items}</ol> : <ul>{items}</ul>;
		}
		case "fence":
			return (
				<figure className={c("unverified")}>
					<figcaption>Unverified: written by a model, not to be run unread</figcaption>
					{/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to take focus */}
					<pre tabIndex={0}>{block.text}</pre>
				</figure>
			);
		case "repairs":
			return <Repairs ids={block.ids} plans={plans} />;
		default:
			return block satisfies never;
	}
}

/** The repairs that the model named, as far as the report has them. Their scripts stand in the report's tab. */
function Repairs({ ids, plans }: { readonly ids: readonly string[]; readonly plans: readonly Plan[] }) {
	const known = plans.filter(({ id }) => ids.includes(id));
	const unknown = ids.filter((id) => !plans.some((plan) => plan.id === id)).length;
	return (
		<div className={c("repairs")}>
			{known.map(({ id, title, summary }) => (
				<div key={id}>
					<p>
						<strong>{title}</strong> <code>{id}</code>
					</p>
					<p className={c("small")}>
						{summary.replaceAll("`", "")} This repair is StackEngine's own: read, prove and download it in the tab of
						the report, under {id.endsWith("/prevent") ? "Prevent" : "Fix"}.
					</p>
				</div>
			))}
			{unknown === 0 ? null : (
				<p className={c("small")}>
					{unknown === 1 ? "One id was named" : `${unknown} ids were named`} that the report does not have; left out.
				</p>
			)}
		</div>
	);
}

function Inlines({ of }: { readonly of: readonly Inline[] }) {
	// biome-ignore-start lint/suspicious/noArrayIndexKey: the parts of one paragraph never move
	return of.map((part, at) =>
		part.kind === "code" ? (
			<code key={at}>{part.text}</code>
		) : part.kind === "strong" ? (
			<strong key={at}>{part.text}</strong>
		) : (
			<span key={at}>{part.text}</span>
		),
	);
	// biome-ignore-end lint/suspicious/noArrayIndexKey: the parts of one paragraph never move
}
