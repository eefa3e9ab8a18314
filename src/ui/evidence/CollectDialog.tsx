import { useEffect, useState } from "react";
import { Button } from "../components/Button";
import { CopyButton } from "../components/CopyButton";
import { classes } from "../components/classes";
import { Dialog } from "../components/Dialog";
import { download } from "../components/download";
import styles from "./collect-dialog.module.css";

const c = classes(styles);

type Props = { readonly collector: () => Promise<string>; readonly onClose: () => void };

/** The script that gathers everything the engine can read on one host, shown before anybody runs it. */
export function CollectDialog({ collector, onClose }: Props) {
	const [script, setScript] = useState<string | null>(null);
	const [failed, setFailed] = useState(false);
	useEffect(() => {
		collector().then(setScript, () => setFailed(true));
	}, [collector]);
	return (
		<Dialog title="Collect from a host" onClose={onClose}>
			<p className={c("lead")}>
				Runs the commands that the engine can read and prints their output. It changes nothing and sends nothing. Read
				it, run it as root on the host, and drop what it wrote onto this page.
			</p>
			{failed ? <p role="alert">The script could not be made: the engine did not answer.</p> : null}
			{script === null ? null : (
				<>
					<div className={c("actions")}>
						<CopyButton text={script} what="collect.sh" />
						<Button look="main" onClick={() => download("collect.sh", script)}>
							Download collect.sh
						</Button>
					</div>
					{/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to take focus */}
					<pre className={c("script")} tabIndex={0}>
						{script}
					</pre>
				</>
			)}
		</Dialog>
	);
}
