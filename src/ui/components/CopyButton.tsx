import { useEffect, useState } from "react";
import { Button } from "./Button";

type Props = {
	readonly text: string;
	readonly label?: string;
	/** Said instead of the label by screen readers: which text is copied. */
	readonly what: string;
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
			<Button look={look} onClick={copy} aria-label={`${shown}: ${what}`}>
				{shown}
			</Button>
			<span className="visually-hidden" role="status">
				{state === "copied" ? `Copied ${what}` : state === "refused" ? "The browser did not allow copying" : ""}
			</span>
		</>
	);
}
