import { type Ref, useEffect, useImperativeHandle, useRef, useState } from "react";
import { flushSync } from "react-dom";
import type { Mark } from "../../state/marks";
import { classes } from "../components/classes";
import type { CodeEditor } from "./code-editor";
import styles from "./evidence-editor.module.css";

const c = classes(styles);

/** What a card or the page asks of an editor. */
export type EditorHandle = {
	show(from: number, to: number): void;
	setFolded(folded: boolean): void;
	focus(): void;
};

type Props = {
	readonly id: string;
	readonly label: string;
	readonly hint: string;
	readonly text: string;
	/** What each line is called where the text is an excerpt of a file. */
	readonly numbers?: readonly number[] | undefined;
	readonly marks: readonly Mark[];
	readonly readOnly: boolean;
	readonly onEdit: (text: string) => void;
	readonly onSign: (sign: number) => void;
	readonly onFold: (folded: boolean) => void;
	readonly ref?: Ref<EditorHandle>;
};

/**
 * One editor. A textarea stands there from the first paint, so that one can paste at once; CodeMirror takes over
 * when it has been loaded, with text, selection and focus as they are.
 */
export function EvidenceEditor(props: Props) {
	const { text, marks, ref } = props;
	const [editor, setEditor] = useState<CodeEditor | null>(null);
	const host = useRef<HTMLDivElement>(null);
	const area = useRef<HTMLTextAreaElement>(null);
	const latest = useRef(props);
	latest.current = props;
	// The text that the editor and the store last agreed on, and whether it arrived as a whole (a paste, a sample).
	const agreed = useRef(text);
	const arrivedWhole = useRef(text !== "");

	useEffect(() => {
		let made: CodeEditor | null = null;
		let isGone = false;
		import("./code-editor")
			.then(({ createCodeEditor }) => {
				if (isGone || !host.current) return;
				const now = latest.current;
				const field = area.current;
				const hadFocus = field !== null && document.activeElement === field;
				const from = field?.selectionStart ?? 0;
				const to = field?.selectionEnd ?? 0;
				made = createCodeEditor({
					parent: host.current,
					text: now.text,
					label: now.label,
					hint: now.hint,
					readOnly: now.readOnly,
					numberOf: (line) => latest.current.numbers?.[line - 1] ?? line,
					onEdit: (edited) => {
						arrivedWhole.current = Math.abs(edited.length - agreed.current.length) > 200;
						agreed.current = edited;
						latest.current.onEdit(edited);
					},
					onSign: (sign) => latest.current.onSign(sign),
					onFold: (folded) => latest.current.onFold(folded),
				});
				agreed.current = now.text;
				made.select(from, to);
				const ready = made;
				// In this very frame: the textarea may not stand above the editor even for a moment.
				flushSync(() => setEditor(ready));
				if (hadFocus) made.focus();
			})
			// Without CodeMirror the textarea does everything but marks and folds.
			.catch(() => undefined);
		return () => {
			isGone = true;
			made?.destroy();
		};
	}, []);

	useEffect(() => {
		if (!editor || text === agreed.current) return;
		agreed.current = text;
		arrivedWhole.current = true;
		editor.setText(text);
	}, [editor, text]);

	useEffect(() => {
		if (!editor) return;
		editor.setMarks(marks);
		// What arrived at once is shown by its marks; what is being typed stays open.
		if (arrivedWhole.current && text !== "") {
			arrivedWhole.current = false;
			editor.setFolded(true);
		}
	}, [editor, marks, text]);

	useImperativeHandle(
		ref,
		() => ({
			show: (from, to) => {
				if (editor) return editor.show(from, to);
				area.current?.focus();
				area.current?.setSelectionRange(from, to);
			},
			setFolded: (folded) => editor?.setFolded(folded),
			focus: () => (editor ? editor.focus() : area.current?.focus()),
		}),
		[editor],
	);

	return (
		<div className={c("editor")}>
			<div ref={host} />
			{editor ? null : (
				<textarea
					ref={area}
					id={`${props.id}-text`}
					className={c("area")}
					aria-label={props.label}
					placeholder={props.hint}
					readOnly={props.readOnly}
					spellCheck={false}
					autoCapitalize="off"
					autoCorrect="off"
					rows={text === "" ? 2 : 6}
					value={text}
					onChange={(event) => {
						agreed.current = event.target.value;
						arrivedWhole.current = true;
						props.onEdit(event.target.value);
					}}
				/>
			)}
		</div>
	);
}
