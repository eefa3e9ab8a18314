import { classes } from "./classes";
import styles from "./diff.module.css";
import { Sentence } from "./Sentence";

const c = classes(styles);

/** `-` is what should not be run; `note` says why. */
type Line = { readonly sign: " " | "+" | "-"; readonly text: string; readonly note: string | null };

const SPOKEN = { "+": "run: ", "-": "do not run: ", " ": "" } as const;

/** A comment as the script has it, and as a person reads it: the title of a step, or why it is taken. */
const comment = (line: Line): { readonly look: "title" | "why"; readonly text: string } | null => {
	if (line.sign !== " ") return null;
	const title = /^# (\d{1,3}\. .*)$/.exec(line.text)?.[1];
	if (title !== undefined) return { look: "title", text: title };
	const why = /^# {1,8}(\S.*)$/.exec(line.text)?.[1];
	return why === undefined ? null : { look: "why", text: why };
};

/** A plan as a diff: what to run, and struck out what habit says, with the reason. */
export function Diff({ lines }: { readonly lines: readonly Line[] }) {
	return (
		<ol className={c("diff")}>
			{lines.map((line, at) => (
				<li
					// biome-ignore lint/suspicious/noArrayIndexKey: lines of one diff never move
					key={at}
					className={c("line", line.sign === "+" ? "plus" : line.sign === "-" ? "minus" : "same")}
				>
					<span className={c("sign")} aria-hidden="true">
						{line.sign === "-" ? "\u2212" : line.sign}
					</span>
					<span className={c("text")}>
						<span className="visually-hidden">{SPOKEN[line.sign]}</span>
						<DiffText line={line} />
						{line.note === null ? null : (
							<span className={c("note")}>
								<Sentence text={line.note} />
							</span>
						)}
					</span>
				</li>
			))}
		</ol>
	);
}

function DiffText({ line }: { readonly line: Line }) {
	if (line.sign === "-") return <del>{line.text}</del>;
	const said = comment(line);
	if (said === null) return line.text;
	return (
		<span className={c(said.look)}>
			<Sentence text={said.text} />
		</span>
	);
}
