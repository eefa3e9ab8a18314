import { type ReactNode, useEffect, useId, useRef } from "react";
import { Button } from "./Button";
import { classes } from "./classes";
import styles from "./dialog.module.css";

const c = classes(styles);

type Props = {
	readonly title: string;
	readonly onClose: () => void;
	readonly children: ReactNode;
};

/** A modal dialog: the browser's own, which keeps focus inside, closes on Escape and gives focus back. */
export function Dialog({ title, onClose, children }: Props) {
	const dialog = useRef<HTMLDialogElement>(null);
	const heading = useId();
	useEffect(() => {
		const element = dialog.current;
		element?.showModal();
		return () => element?.close();
	}, []);
	return (
		<dialog
			ref={dialog}
			className={c("dialog")}
			aria-labelledby={heading}
			onClose={onClose}
			// A press on the backdrop arrives at the dialog itself, not at anything in it.
			onMouseDown={(event) => event.target === event.currentTarget && onClose()}
		>
			<div className={c("frame")}>
				<header className={c("head")}>
					<h2 id={heading}>{title}</h2>
					<Button look="quiet" onClick={onClose}>
						Close
					</Button>
				</header>
				{children}
			</div>
		</dialog>
	);
}
