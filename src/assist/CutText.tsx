import { type FormEvent, useState } from "react";
import { classes } from "../ui/components/classes";
import styles from "./assist.module.css";
import type { Sendable } from "./sendable";

const c = classes(styles);

type Props = {
	readonly label: string;
	readonly text: Sendable;
	readonly rows: number;
	/** `left`: what is left after something was taken out. */
	readonly onCut: (left: string) => void;
};

/** A text from which things can be taken out: select, then Delete or cut. Nothing can be put in. */
export function CutText({ label, text, rows, onCut }: Props) {
	const [isRefused, setIsRefused] = useState(false);
	// React tells of what would be put in, and not of what is taken out.
	const keepOut = (event: FormEvent<HTMLTextAreaElement>) => {
		event.preventDefault();
		setIsRefused(true);
	};
	return (
		<>
			<textarea
				className={c("cut")}
				aria-label={label}
				rows={rows}
				value={text}
				autoComplete="off"
				spellCheck={false}
				onBeforeInput={keepOut}
				onChange={(event) => {
					setIsRefused(false);
					onCut(event.target.value);
				}}
			/>
			<p role="status" className={c("small")}>
				{isRefused ? "Here you can only take out: select, then Delete." : ""}
			</p>
		</>
	);
}
