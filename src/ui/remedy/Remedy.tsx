import { useState } from "react";
import type { Finding } from "../../engine/diagnose/analysis";
import type { Diagnosed, DiffLine, Renderings } from "../../state/workspace-store";
import { Button } from "../components/Button";
import { CopyButton } from "../components/CopyButton";
import { classes } from "../components/classes";
import { download } from "../components/download";
import { Sentence } from "../components/Sentence";
import { type Tab, Tabs } from "../components/Tabs";
import styles from "./remedy.module.css";

const c = classes(styles);

type View = "fix" | "bash" | "ansible" | "cloud-init" | "runbook" | "prevent";

const TABS: readonly Tab<View>[] = [
	{ id: "fix", label: "Fix" },
	{ id: "bash", label: "bash" },
	{ id: "ansible", label: "Ansible" },
	{ id: "cloud-init", label: "cloud-init" },
	{ id: "runbook", label: "Runbook" },
	{ id: "prevent", label: "Prevent" },
];

/** The file that a tab's button copies and downloads. The diff is for reading: what it stands for is the script. */
const FILES: Readonly<Record<View, { readonly name: string; readonly print: (of: Renderings) => string }>> = {
	fix: { name: "fix.sh", print: (of) => of.bash },
	bash: { name: "fix.sh", print: (of) => of.bash },
	ansible: { name: "fix.yml", print: (of) => of.ansible },
	"cloud-init": { name: "cloud-init.yaml", print: (of) => of.cloudInit },
	runbook: { name: "runbook.md", print: (of) => of.markdown },
	prevent: { name: "prevent.sh", print: (of) => of.bash },
};

const SPOKEN = { "+": "run: ", "-": "do not run: ", " ": "" } as const;

function Diff({ lines }: { readonly lines: readonly DiffLine[] }) {
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
						{line.sign === "-" ? <del>{line.text}</del> : line.text}
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

function Script({ text, name }: { readonly text: string; readonly name: string }) {
	return (
		// A long script scrolls, so the keyboard has to be able to get into it.
		// biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to take focus
		<section className={c("script")} aria-label={name} tabIndex={0}>
			<pre>
				{text.split("\n").map((line, at) => (
					// biome-ignore lint/suspicious/noArrayIndexKey: lines of one script never move
					<span key={at} className={c(/^\s*#/.test(line) && "comment")}>
						{line}
						{"\n"}
					</span>
				))}
			</pre>
		</section>
	);
}

/** The repair of the first finding in every form, and what keeps it from coming back. */
export function Remedy({ finding, diagnosed }: { readonly finding: Finding; readonly diagnosed: Diagnosed }) {
	const { fix, prevent } = diagnosed;
	const tabs = TABS.filter(({ id }) => (id === "prevent" ? prevent !== null : fix !== null));
	const [picked, pick] = useState<View>("fix");
	const view = tabs.some(({ id }) => id === picked) ? picked : tabs[0]?.id;
	if (view === undefined) return null;
	const renderings = view === "prevent" ? prevent : fix;
	const plan = view === "prevent" ? finding.prevent : finding.plan;
	if (!renderings || !plan) return null;
	const file = FILES[view];
	const text = file.print(renderings);
	return (
		<section aria-label="Repair">
			<Tabs
				label="Forms of the repair"
				tabs={tabs}
				chosen={view}
				onChoose={pick}
				actions={
					<>
						<CopyButton text={text} what={file.name} />
						<Button look="main" onClick={() => download(file.name, text)}>
							Download {file.name}
						</Button>
					</>
				}
			>
				<p className={c("summary")}>
					<Sentence text={plan.summary} />
				</p>
				{view === "fix" || view === "prevent" ? (
					<Diff lines={renderings.diff} />
				) : (
					<Script text={text} name={file.name} />
				)}
			</Tabs>
			<p className={c("after")}>
				{view === "fix" || view === "bash" || view === "prevent" ? (
					<>
						<code>{file.name}</code> changes nothing until it is run with <code>--apply</code>; <code>--undo</code>{" "}
						takes it back.{" "}
					</>
				) : null}
				{plan.proveFromOutside === null ? null : (
					<>
						Prove it from another machine: <Sentence text={plan.proveFromOutside} />
					</>
				)}
			</p>
		</section>
	);
}
