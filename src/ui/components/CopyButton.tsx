import { useEffect, useState } from "react";
import { Button } from "./Button";

type Props = {
	/** Null while there is nothing to copy yet. */
	readonly text: string | null;
	readonly label?: string;
	/** Said after the label by screen readers, where the label alone does not name what is copied. */
	readonly what?: string;
	readonly look?: "plain" | "main" | "link" | "quiet";
};

/** Copies a text and says so for two seconds, also to a screen reader. */
export function CopyButton({ text, label = "Copy", what, look = "plain" }: Props) {
	const [state, setState] = useState<"ready" | "copied" | "refused">("ready");
	useEffect(() => {
		if (state === "ready") return;
		const timer = setTimeout(() => setState("ready"), 2000);
		return () => clearTimeout(timer);
	}, [state]);
	const copy = async () => {
		if (text === null) return;
		try {
			await navigator.clipboard.writeText(text);
			setState("copied");
		} catch {
			setState("refused");
		}
	};
	const shown = state === "copied" ? "Copied" : state === "refused" ? "Not allowed" : label;
	return (
		<>
			<Button
				look={look}
				onClick={copy}
				disabled={text === null}
				aria-label={what === undefined ? shown : `${shown}: ${what}`}
			>
				{shown}
			</Button>
			<span className="visually-hidden" role="status">
				{state === "copied"
					? `Copied${what === undefined ? "" : ` ${what}`}`
					: state === "refused"
						? "The browser did not allow copying"
						: ""}
			</span>
		</>
	);
}
