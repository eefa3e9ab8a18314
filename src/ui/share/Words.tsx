import { type FormEvent, useId } from "react";
import { type Choices, coverWord, hideWord, unhideWords } from "../../state/redaction-choices";
import { Button } from "../components/Button";
import { classes } from "../components/classes";
import styles from "./share-dialog.module.css";

const c = classes(styles);

type Props = { readonly choices: Choices; readonly onChoose: (choices: Choices) => void };

/** The words that are always hidden and those that are shown by hand. They live in memory, as long as the evidence. */
export function Words({ choices, onChoose }: Props) {
	const id = useId();
	const { alwaysHide, show, shownSecrets } = choices;
	const add = (event: FormEvent<HTMLFormElement>) => {
		event.preventDefault();
		const form = event.currentTarget;
		const field = form.elements.namedItem("words");
		if (!(field instanceof HTMLInputElement)) return;
		onChoose(field.value.split(",").reduce(hideWord, choices));
		form.reset();
	};
	return (
		<div className={c("words")}>
			<form onSubmit={add}>
				<label htmlFor={id}>Always hide these words</label>
				{/* No value from state: React would write what is typed into an attribute. */}
				<input id={id} name="words" type="text" autoComplete="off" spellCheck={false} maxLength={500} />
				<Button onClick={(event) => event.currentTarget.form?.requestSubmit()}>Hide</Button>
				<span className={c("size")}>Parted by commas. Kept in this tab's memory only.</span>
			</form>
			{alwaysHide.length > 0 ? (
				<ul aria-label="Hidden words">
					{alwaysHide.map((word) => (
						<li key={word}>
							<span className={c("chosen")}>{word}</span>
							<Button look="link" onClick={() => onChoose(unhideWords(choices, word))}>
								Hide no more<span className="visually-hidden"> {word}</span>
							</Button>
						</li>
					))}
				</ul>
			) : null}
			{show.length > 0 ? (
				<ul aria-label="Words shown by hand">
					{show.map((word) => (
						<li key={word}>
							<span className={c("chosen", shownSecrets.includes(word) && "danger")}>{word}</span>
							{shownSecrets.includes(word) ? "a secret, shown " : "shown "}
							<Button look="link" onClick={() => onChoose(coverWord(choices, word))}>
								Hide again<span className="visually-hidden"> {word}</span>
							</Button>
						</li>
					))}
				</ul>
			) : null}
			{shownSecrets.length > 0 ? (
				<p role="alert" className={c("warning")}>
					<strong>
						{shownSecrets.length === 1 ? "A secret leaves" : `${shownSecrets.length} secrets leave`} as it is here.
					</strong>{" "}
					Whoever gets the link or the report can use it.
				</p>
			) : null}
		</div>
	);
}
