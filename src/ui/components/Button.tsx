import type { ButtonHTMLAttributes, Ref } from "react";
import styles from "./button.module.css";
import { classes } from "./classes";

const c = classes(styles);

type Props = Omit<ButtonHTMLAttributes<HTMLButtonElement>, "className" | "type"> & {
	/** `main` once a region at most; `link` reads as text. */
	readonly look?: "plain" | "main" | "link" | "quiet";
	readonly ref?: Ref<HTMLButtonElement>;
};

/** A button. Everything that can be pressed on the page is one, so focus and size are right everywhere. */
export function Button({ look = "plain", ...rest }: Props) {
	return <button {...rest} type="button" className={c("button", look)} />;
}
