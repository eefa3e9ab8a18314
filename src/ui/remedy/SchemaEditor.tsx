import { useEffect, useRef, useState } from "react";
import { type Open, readSaid, type SchemaName } from "../../yaml-editor/messages";
import { classes } from "../components/classes";
import styles from "./remedy.module.css";

const c = classes(styles);

/** Milliseconds for some megabytes of our own files to load and start. */
const PATIENCE = 30_000;

type Props = {
	readonly text: string;
	readonly schema: SchemaName;
	/** The text after each edit. */
	readonly onEdit: (text: string) => void;
};

/**
 * A YAML text in Monaco, held against its schema as one types. It runs in a frame with a policy of its own (YAML_EDITOR
 * in src/headers.ts), which gets this text and gives the edited one back.
 */
export default function SchemaEditor({ text, schema, onEdit }: Props) {
	const frame = useRef<HTMLIFrameElement>(null);
	const [state, setState] = useState<"loading" | "ready" | "failed">("loading");
	const [problems, setProblems] = useState<{ readonly count: number; readonly first: string | null } | null>(null);
	const tell = useRef(onEdit);
	tell.current = onEdit;
	// The frame keeps what is typed; a later text of ours would take it away, so it is handed over once.
	const first = useRef<Open>({ text, schema, theme: themeOf() });
	useEffect(() => {
		const place = frame.current;
		if (!place) return;
		const { port1: here, port2: there } = new MessageChannel();
		const timer = setTimeout(() => setState("failed"), PATIENCE);
		here.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
			const said = readSaid(data);
			if (said?.kind === "ready") {
				clearTimeout(timer);
				setState("ready");
				here.postMessage(first.current);
			} else if (said?.kind === "text") tell.current(said.text);
			else if (said) setProblems({ count: said.count, first: said.first });
		});
		here.start();
		const hand = () => place.contentWindow?.postMessage("port", window.location.origin, [there]);
		place.addEventListener("load", hand, { once: true });
		place.src = "./yaml-editor.html";
		return () => {
			clearTimeout(timer);
			place.removeEventListener("load", hand);
			here.close();
		};
	}, []);
	return (
		<div>
			<iframe ref={frame} title="YAML editor with schema" className={c("frame")} />
			<p className={c("problems")} role="status">
				{state === "failed"
					? "The editor did not start. The text can be copied and downloaded as it was made."
					: state === "loading"
						? "Loading the editor and its schemas"
						: problems === null
							? "What does not fit the schema is marked as you type"
							: problems.count === 0
								? "Fits its schema"
								: `${problems.count} ${problems.count === 1 ? "problem" : "problems"}; ${problems.first ?? ""}`}
			</p>
		</div>
	);
}

function themeOf(): "light" | "dark" {
	const chosen = document.documentElement.dataset["theme"];
	if (chosen === "light" || chosen === "dark") return chosen;
	return window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}
