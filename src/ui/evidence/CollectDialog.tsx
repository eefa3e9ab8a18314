import { useEffect, useState } from "react";
import type { Collector } from "../../state/workspace-store";
import { Button } from "../components/Button";
import { CopyButton } from "../components/CopyButton";
import { classes } from "../components/classes";
import { Dialog } from "../components/Dialog";
import { download } from "../components/download";
import { type Tab, Tabs } from "../components/Tabs";
import styles from "./collect-dialog.module.css";

const c = classes(styles);

type Form = "script" | "paste" | "play";

const FORMS: readonly Tab<Form>[] = [
	{ id: "script", label: "collect.sh" },
	{ id: "paste", label: "One paste" },
	{ id: "play", label: "Ansible" },
];

const SAYS: Readonly<Record<Form, { readonly file: string; readonly how: string }>> = {
	script: {
		file: "collect.sh",
		how: "Copy it to the host and run it as root. On a terminal it writes a file, names it and offers the terminal's clipboard. From here: ssh root@host sh < collect.sh > host.txt 2>&1",
	},
	paste: {
		file: "collect-paste.txt",
		how: "For a host to which no file can be copied: paste all of it into a shell there. The output goes into a file and, if you say so, into the clipboard of your terminal.",
	},
	play: {
		file: "collect.yml",
		how: "For many hosts: put collect.sh beside it. It writes hosts/NAME/host.txt here, a folder that stackengine diagnose reads; each file can be dropped on this page.",
	},
};

type Props = {
	/** Only what these commands would show; null for everything. */
	readonly topics: readonly string[] | null;
	readonly collector: (topics: readonly string[] | null) => Promise<Collector>;
	readonly onClose: () => void;
};

/** The script that gathers what the engine can read on one host, shown before anybody runs it. */
export function CollectDialog({ topics, collector, onClose }: Props) {
	const [made, setMade] = useState<Collector | null>(null);
	const [failed, setFailed] = useState(false);
	const [form, setForm] = useState<Form>("script");
	useEffect(() => {
		collector(topics).then(setMade, () => setFailed(true));
	}, [collector, topics]);
	const { file, how } = SAYS[form];
	const text = made?.[form] ?? null;
	// The play runs the script that lies beside it, whichever it is.
	const forms = topics === null ? FORMS : FORMS.filter(({ id }) => id !== "play");
	return (
		<Dialog title={topics === null ? "Collect from a host" : "Collect only what is missing"} onClose={onClose}>
			<p className={c("lead")}>
				Runs commands that only read, each under a time limit, and prints what they say: each section is headed by its
				command. It changes nothing and sends nothing.
			</p>
			{failed ? <p role="alert">The script could not be made: the engine did not answer.</p> : null}
			<Tabs
				label="Forms of the collector"
				tabs={forms}
				chosen={form}
				onChoose={setForm}
				actions={
					<>
						<CopyButton text={text} what={file} />
						<Button look="main" disabled={text === null} onClick={() => text !== null && download(file, text)}>
							Download {file}
						</Button>
					</>
				}
			>
				<p className={c("lead")}>{how}</p>
				{/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to take focus */}
				<pre className={c("script")} tabIndex={0}>
					{text}
				</pre>
			</Tabs>
		</Dialog>
	);
}
