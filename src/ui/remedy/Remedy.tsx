import { lazy, Suspense, useMemo, useState } from "react";
import type { Finding } from "../../engine/diagnose/analysis";
import type { Diagnosed, Offered, Printable, PrintFormat } from "../../state/workspace-store";
import { SCHEMAS } from "../../yaml-editor/messages";
import { Button } from "../components/Button";
import { CopyButton } from "../components/CopyButton";
import { classes } from "../components/classes";
import { Diff } from "../components/Diff";
import { download } from "../components/download";
import { Sentence } from "../components/Sentence";
import { type Tab, Tabs } from "../components/Tabs";
import { MoreFormats } from "./MoreFormats";
import { type Print, useOffered, usePrinted } from "./printed";
import styles from "./remedy.module.css";
import { Script } from "./Script";

const c = classes(styles);

const SchemaEditor = lazy(() => import("./SchemaEditor"));
// The page as one file has no frame beside it.
const HAS_EDITOR = import.meta.env.MODE !== "single-file";

/** YAML that can be edited against its schema. */
const schemaOf = (format: PrintFormat) => SCHEMAS.find((one) => one === format) ?? null;

type View = "fix" | "bash" | "ansible" | "cloud-init" | "runbook" | "more" | "prevent";

const TABS: readonly Tab<View>[] = [
	{ id: "fix", label: "Fix" },
	{ id: "bash", label: "bash" },
	{ id: "ansible", label: "Ansible" },
	{ id: "cloud-init", label: "cloud-init" },
	{ id: "runbook", label: "Runbook" },
	{ id: "prevent", label: "Prevent" },
	{ id: "more", label: "More formats" },
];

/** The file that a tab's button copies and downloads. The diff is for reading: what it stands for is the script. */
const FILES: Readonly<Record<Exclude<View, "more">, { readonly name: string; readonly format: PrintFormat }>> = {
	fix: { name: "fix.sh", format: "bash" },
	bash: { name: "fix.sh", format: "bash" },
	ansible: { name: "fix.yml", format: "ansible" },
	"cloud-init": { name: "cloud-init.yaml", format: "cloud-init" },
	runbook: { name: "runbook.md", format: "markdown" },
	prevent: { name: "prevent.sh", format: "bash" },
};

type Props = {
	readonly finding: Finding;
	readonly diagnosed: Diagnosed;
	readonly print: Print;
	readonly offered: (of: Printable) => Promise<readonly Offered[]>;
};

/** The repair of the first finding in every form, and what keeps it from coming back. */
export function Remedy({ finding, diagnosed, print, offered }: Props) {
	const { fix, prevent, analysis } = diagnosed;
	const { plan: repair, prevent: prevention, failure, title } = finding;
	const tabs = TABS.filter(({ id }) => (id === "prevent" ? prevent !== null : fix !== null));
	const [picked, pick] = useState<View>("fix");
	const [more, chooseMore] = useState<Offered["id"] | null>(null);
	const view = tabs.some(({ id }) => id === picked) ? picked : (tabs[0]?.id ?? "fix");
	const diff = view === "prevent" ? prevent : fix;
	const plan = view === "prevent" ? prevention : repair;
	const { platform } = analysis;
	const of = useMemo<Printable | null>(
		() =>
			plan && {
				plan,
				platform,
				about: { failure, title },
				prevent: plan === repair ? prevention : null,
			},
		[plan, platform, failure, title, repair, prevention],
	);
	const formats = useOffered(of, view === "more", offered);
	const further = formats?.find(({ id }) => id === more) ?? formats?.[0] ?? null;
	const file: { readonly name: string; readonly format: PrintFormat } | null =
		view === "more" ? further && { name: further.file, format: further.id } : FILES[view];
	const { text: made, failed } = usePrinted(of, file?.format ?? null, print);
	// What is typed belongs to the text that it began from: another paste or format shows its own again.
	const [edit, setEdit] = useState<{ readonly of: string; readonly text: string } | null>(null);
	const isEdited = edit !== null && edit.of === made;
	const text = isEdited ? edit.text : made;
	const schema = HAS_EDITOR && file ? schemaOf(file.format) : null;
	if (!diff || !plan) return null;
	return (
		<section aria-label="Repair">
			<Tabs
				label="Forms of the repair"
				tabs={tabs}
				chosen={view}
				onChoose={pick}
				actions={
					file === null ? null : (
						<>
							{schema && made !== null ? (
								<Button onClick={() => setEdit(isEdited ? null : { of: made, text: made })}>
									{isEdited ? "Back to what was made" : "Edit with schema"}
								</Button>
							) : null}
							<CopyButton text={text} what={file.name} />
							<Button look="main" disabled={text === null} onClick={() => text !== null && download(file.name, text)}>
								Download {file.name}
							</Button>
						</>
					)
				}
			>
				<p className={c("summary")}>
					<Sentence text={plan.summary} />
				</p>
				{view === "more" && formats && further ? (
					<MoreFormats formats={formats} chosen={further} onChoose={chooseMore} />
				) : null}
				{view === "fix" || view === "prevent" ? (
					<Diff lines={diff} />
				) : formats?.length === 0 && view === "more" ? (
					<p className={c("summary")}>No further format says anything of this repair.</p>
				) : text === null || file === null ? (
					<p className={c("summary")} role="status">
						{failed ? "The engine could not print it." : "Printing"}
					</p>
				) : schema && isEdited ? (
					<Suspense fallback={<p className={c("summary")}>Loading the editor</p>}>
						<SchemaEditor
							key={edit.of}
							text={edit.of}
							schema={schema}
							onEdit={(typed) => setEdit({ of: edit.of, text: typed })}
						/>
					</Suspense>
				) : (
					<Script text={text} name={file.name} />
				)}
			</Tabs>
			<p className={c("after")}>
				{file?.format === "bash" ? (
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
