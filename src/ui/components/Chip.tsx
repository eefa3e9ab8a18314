import styles from "./chip.module.css";
import { classes } from "./classes";

const c = classes(styles);

type Props = { readonly text: string; readonly tone: "plain" | "fault" | "whole" };

/** A few words with a tone. The words alone carry the meaning; the tone only helps the eye. */
export function Chip({ text, tone }: Props) {
	return (
		<span className={c("chip", tone)} title={text}>
			{text}
		</span>
	);
}
