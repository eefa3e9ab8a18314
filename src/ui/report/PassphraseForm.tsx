import { type FormEvent, useId, useState } from "react";
import { Button } from "../components/Button";
import { classes } from "../components/classes";
import styles from "./report-frame.module.css";

const c = classes(styles);

type Props = {
	/** False: that passphrase opens nothing. */
	readonly onTry: (passphrase: string) => Promise<boolean>;
};

/** Asks for the passphrase of a sealed report. A wrong one says so and nothing else. */
export function PassphraseForm({ onTry }: Props) {
	const id = useId();
	const [state, setState] = useState<"asking" | "trying" | "wrong">("asking");
	const attempt = async (event: FormEvent<HTMLFormElement>) => {
		event.preventDefault();
		const field = event.currentTarget.elements.namedItem("passphrase");
		if (!(field instanceof HTMLInputElement) || field.value === "") return;
		setState("trying");
		if (!(await onTry(field.value))) setState("wrong");
	};
	return (
		<form className={c("damaged")} onSubmit={attempt}>
			<p className={c("kind")}>A report with a passphrase</p>
			<h1>Whoever sent this link has the passphrase</h1>
			<p>The report is encrypted. It is opened in this tab; neither the passphrase nor the report is sent anywhere.</p>
			<p className={c("ask")}>
				<label htmlFor={id}>Passphrase</label>
				{/* No value from state: React would write what is typed into an attribute. */}
				<input id={id} name="passphrase" type="password" autoComplete="off" maxLength={1000} />
				<Button
					look="main"
					disabled={state === "trying"}
					onClick={(event) => event.currentTarget.form?.requestSubmit()}
				>
					Open
				</Button>
			</p>
			<p role="alert">{state === "wrong" ? "This passphrase does not open the link." : ""}</p>
			<p role="status">{state === "trying" ? "Opening" : ""}</p>
		</form>
	);
}
