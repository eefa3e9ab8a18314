import styles from "./chip.module.css";
import { classes } from "./classes";

const c = classes(styles);

/** A few words with a tone. The words alone carry the meaning; the tone only helps the eye. */
export function Chip({ text, tone }: { readonly text: string; readonly tone: "plain" | "fault" | "whole" }) {
	return <span className={c("chip", tone)}>{text}</span>;
}
