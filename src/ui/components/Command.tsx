import { CopyButton } from "./CopyButton";
import { classes } from "./classes";
import styles from "./command.module.css";

const c = classes(styles);

/** One command to run on the host, with a button that copies it, and why. */
export function Command({ command, why }: { readonly command: string; readonly why?: string }) {
	return (
		<div className={c("command")}>
			<code className={c("text")}>{command}</code>
			<CopyButton text={command} what={command} look="quiet" />
			{why ? <span className={c("why")}>{why}</span> : null}
		</div>
	);
}
