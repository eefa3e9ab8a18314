import { Button } from "../components/Button";
import { classes } from "../components/classes";
import styles from "./paste-again.module.css";

const c = classes(styles);

/** Below the repair: once it was run, the same paste again tells whether it worked. */
export function PasteAgain({ onBegin }: { readonly onBegin: () => void }) {
	return (
		<section className={c("again")} aria-label="After the repair">
			<p>
				<strong>Ran it?</strong> Paste or collect once more. This paste is kept beside it, and every expected change is
				ticked off.
			</p>
			<Button onClick={onBegin}>Paste again</Button>
		</section>
	);
}
