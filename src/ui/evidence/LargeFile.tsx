import type { Pasted } from "../../state/workspace-store";
import { classes } from "../components/classes";
import styles from "./large-file.module.css";
import { bytes, count, seconds } from "./quantities";

const c = classes(styles);

/** How far a large file has been read. The card's own button takes it away and ends the reading. */
export function Reading(props: { readonly name: string } & NonNullable<Pasted["reading"]>) {
	const { name, read, size, elapsed } = props;
	const rate = elapsed > 0 ? read / elapsed : 0;
	const left = rate > 0 ? (size - read) / rate : null;
	const said = [
		`${bytes(read)} of ${bytes(size)}`,
		...(rate > 0 ? [`${bytes(rate * 1_000)} a second`] : []),
		...(left === null ? [] : [`${seconds(left)} left`]),
	].join(" · ");
	return (
		<div className={c("reading")}>
			<progress aria-label={`Reading ${name}`} aria-valuetext={said} value={read} max={Math.max(1, size)} />
			<p>{said}</p>
		</div>
	);
}

/** What stands in the editor of a log that is too large to stand there. */
export function ExcerptNote({ lines, kept, repeats }: NonNullable<Pasted["excerpt"]>) {
	return (
		<p className={c("note")}>
			{`An excerpt: ${count(lines)} lines read, ${count(kept)} kept`}
			{repeats > 0 ? `, ${count(repeats)} repeats folded. ` : ". "}
			Lines are numbered as in the file.
		</p>
	);
}
