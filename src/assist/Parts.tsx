import { Button } from "../ui/components/Button";
import { classes } from "../ui/components/classes";
import styles from "./assist.module.css";
import { CutText } from "./CutText";
import type { KeptPart } from "./conversation";
import { tokensOf } from "./estimate";

const c = classes(styles);

type Props = {
	readonly parts: readonly KeptPart[];
	readonly onSend: (id: string, isSent: boolean) => void;
	readonly onCut: (id: string, left: string) => void;
	readonly onRestore: (id: string) => void;
};

/** The report, part by part: each can be left out, or cut down to what the question needs. */
export function Parts({ parts, onSend, onCut, onRestore }: Props) {
	if (parts.length === 0) return null;
	return (
		<section aria-labelledby="parts" className={c("parts")}>
			<h2 id="parts">What goes with a question</h2>
			<p className={c("small")}>
				The redacted report, as the preview showed it. Untick a part to leave it out; open it to read it, and to take
				words or lines out.
			</p>
			<ul>
				{parts.map(({ part, kept, isSent }) => (
					<li key={part.id}>
						<label className={c("part")}>
							<input type="checkbox" checked={isSent} onChange={(event) => onSend(part.id, event.target.checked)} />
							<span>{part.title}</span>
							<span className={c("soft")}>about {tokensOf(kept.length).toLocaleString("en")} tokens</span>
						</label>
						<details>
							<summary>Read and cut</summary>
							<CutText label={`Text of ${part.title}`} text={kept} rows={12} onCut={(left) => onCut(part.id, left)} />
							{kept === part.text ? null : (
								<Button look="link" onClick={() => onRestore(part.id)}>
									Put back what was taken out
								</Button>
							)}
						</details>
					</li>
				))}
			</ul>
		</section>
	);
}
