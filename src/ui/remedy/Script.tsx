import { classes } from "../components/classes";
import styles from "./remedy.module.css";

const c = classes(styles);

/** A printed form to read; comments stand back. */
export function Script({ text, name }: { readonly text: string; readonly name: string }) {
	return (
		// A long script scrolls, so the keyboard has to be able to get into it.
		// biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to take focus
		<section className={c("script")} aria-label={name} tabIndex={0}>
			<pre>
				{text.split("\n").map((line, at) => (
					// biome-ignore lint/suspicious/noArrayIndexKey: lines of one script never move
					<span key={at} className={c(/^\s*#/.test(line) && "comment")}>
						{line}
						{"\n"}
					</span>
				))}
			</pre>
		</section>
	);
}
