import type { Shared } from "../../state/workspace-store";
import { Button } from "../components/Button";
import { classes } from "../components/classes";
import { lineAt } from "./preview-lines";
import styles from "./share-dialog.module.css";

const c = classes(styles);

/** What another scanner takes for a secret in one text; offsets are the text's. */
export type Seen = { readonly from: number; readonly to: number; readonly rule: string };

/** How far the independent pass is: an answer a source, or why there is none. */
export type PassState =
	| { readonly kind: "running" }
	| { readonly kind: "failed" }
	| { readonly kind: "done"; readonly seen: readonly (readonly Seen[])[] };

type Suspect = { readonly key: string; readonly place: string; readonly word: string; readonly why: string };

/** The words that may be secrets still, of the engine's second look and of the other scanner, in order of place. */
export function suspectsOf(shared: Shared, pass: PassState): readonly Suspect[] {
	const found = new Map<string, Suspect>();
	shared.redactedSources.forEach((source, index) => {
		const add = (from: number, to: number, why: string) => {
			const key = `${index}:${from}`;
			const place = `${source.name}, line ${lineAt(source.text, from)}`;
			if (!found.has(key)) found.set(key, { key, place, word: source.text.slice(from, to), why });
		};
		if (pass.kind === "done")
			for (const { from, to, rule } of pass.seen[index] ?? []) add(from, to, `@secretlint’s rule ${rule}`);
		for (const { from, to } of shared.suspects.filter((one) => one.source === source.id))
			add(from, to, "reads as drawn at random");
	});
	return [...found.values()];
}

const SHOWN = 12;

type Props = { readonly shared: Shared; readonly pass: PassState; readonly onHide: (word: string) => void };

/** The second pass, by other methods than the first: it replaces nothing and warns. */
export function Warnings({ shared, pass, onHide }: Props) {
	const suspects = suspectsOf(shared, pass);
	return (
		<section aria-label="Second pass" className={c("second")}>
			<p role="status">
				{pass.kind === "running" ? "A second, independent pass looks for secrets that are left." : null}
				{pass.kind === "failed"
					? "The second pass with another scanner’s rules could not run; only the engine’s own second look did. Read the preview with more care."
					: null}
				{pass.kind === "done" && suspects.length === 0
					? "A second pass with another scanner’s rules (@secretlint) found no secret that is left."
					: null}
			</p>
			{suspects.length === 0 ? null : (
				<div className={c("warning")}>
					<p role="alert">
						<strong>
							{suspects.length === 1
								? "One word may be a secret still"
								: `${suspects.length} words may be secrets still`}
						</strong>{" "}
						and would leave as it stands. A digest looks the same: decide.
					</p>
					<ul>
						{suspects.slice(0, SHOWN).map(({ key, place, word, why }) => (
							<li key={key}>
								<span className={c("size")}>
									{place} ({why}):
								</span>{" "}
								<code>{word.length > 80 ? `${word.slice(0, 79)}…` : word}</code>{" "}
								<Button look="link" onClick={() => onHide(word)}>
									Hide it
								</Button>
							</li>
						))}
					</ul>
					{suspects.length > SHOWN ? <p>and {suspects.length - SHOWN} more</p> : null}
				</div>
			)}
		</section>
	);
}
