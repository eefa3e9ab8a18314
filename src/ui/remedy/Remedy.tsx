import { useEffect, useRef, useState } from "react";
import type { Analysis, Finding } from "../../engine/diagnose/analysis";
import type { Plan } from "../../engine/remedy/plan";
import type { Diagnosed, Printable, PrintFormat } from "../../state/workspace-store";
import { Button } from "../components/Button";
import { CopyButton } from "../components/CopyButton";
import { classes } from "../components/classes";
import { Diff } from "../components/Diff";
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
const FILES: Readonly<Record<View, { readonly name: string; readonly format: PrintFormat }>> = {
	fix: { name: "fix.sh", format: "bash" },
	bash: { name: "fix.sh", format: "bash" },
	ansible: { name: "fix.yml", format: "ansible" },
	"cloud-init": { name: "cloud-init.yaml", format: "cloud-init" },
	runbook: { name: "runbook.md", format: "markdown" },
	prevent: { name: "prevent.sh", format: "bash" },
};

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

type Print = (of: Printable, format: PrintFormat) => Promise<string>;

/** The text of a plan in one form, or null until the engine has printed it. What was printed once is kept. */
function usePrinted(plan: Plan | null, { platform }: Analysis, finding: Finding, format: PrintFormat, print: Print) {
	const [printed, setPrinted] = useState<ReadonlyMap<Plan, ReadonlyMap<PrintFormat, string>>>(new Map());
	const [failed, setFailed] = useState(false);
	const ask = useRef(print);
	ask.current = print;
	const text = plan ? printed.get(plan)?.get(format) : undefined;
	const { failure, title } = finding;
	useEffect(() => {
		if (!plan || text !== undefined) return;
		let isGone = false;
		setFailed(false);
		ask.current({ plan, platform, about: { failure, title } }, format).then(
			(made) => {
				if (isGone) return;
				// Only the plans shown now are kept: an earlier paste's are never asked for again.
				setPrinted((before) => new Map([[plan, new Map([...(before.get(plan) ?? []), [format, made]])]]));
			},
			() => {
				if (!isGone) setFailed(true);
			},
		);
		return () => {
			isGone = true;
		};
	}, [plan, platform, failure, title, format, text]);
	return { text: text ?? null, failed };
}

type Props = { readonly finding: Finding; readonly diagnosed: Diagnosed; readonly print: Print };

/** The repair of the first finding in every form, and what keeps it from coming back. */
export function Remedy({ finding, diagnosed, print }: Props) {
	const { fix, prevent, analysis } = diagnosed;
	const tabs = TABS.filter(({ id }) => (id === "prevent" ? prevent !== null : fix !== null));
	const [picked, pick] = useState<View>("fix");
	const view = tabs.some(({ id }) => id === picked) ? picked : (tabs[0]?.id ?? "fix");
	const diff = view === "prevent" ? prevent : fix;
	const plan = view === "prevent" ? finding.prevent : finding.plan;
	const file = FILES[view];
	const { text, failed } = usePrinted(plan, analysis, finding, file.format, print);
	if (!diff || !plan) return null;
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
						<Button look="main" disabled={text === null} onClick={() => text !== null && download(file.name, text)}>
							Download {file.name}
						</Button>
					</>
				}
			>
				<p className={c("summary")}>
					<Sentence text={plan.summary} />
				</p>
				{view === "fix" || view === "prevent" ? (
					<Diff lines={diff} />
				) : text === null ? (
					<p className={c("summary")} role="status">
						{failed ? "The engine could not print it." : "Printing"}
					</p>
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
