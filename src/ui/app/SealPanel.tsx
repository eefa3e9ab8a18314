import { useEffect, useState } from "react";
import { useStore } from "zustand";
import { type RequestsStore, requestCount } from "../../state/requests-store";
import { forgetSettings, whatIsStored } from "../../state/stored";
import { Button } from "../components/Button";
import { classes } from "../components/classes";
import styles from "./seal-panel.module.css";

const c = classes(styles);

const BUILD = document.querySelector<HTMLMetaElement>("meta[name=build]")?.content ?? "";
const IS_FILE = import.meta.env.MODE === "single-file";

type Props = {
	readonly requests: RequestsStore;
	/** True while the panel is shown: what is stored is read anew. */
	readonly shown: boolean;
	readonly onForget: () => void;
};

/** The seal, opened: what was asked for, what is stored where, and how to check both without believing this page. */
export function SealPanel({ requests, shown, onForget }: Props) {
	const now = useStore(requests);
	const [stored, setStored] = useState<readonly string[]>([]);
	const [forgotten, setForgotten] = useState(false);
	useEffect(() => {
		if (shown) void whatIsStored().then(setStored);
		else setForgotten(false);
	}, [shown]);
	const count = requestCount(now);
	const foreign = now.seen.filter(({ own }) => !own);
	const forget = () => {
		onForget();
		forgetSettings();
		setForgotten(true);
		void whatIsStored().then(setStored);
	};
	return (
		<div className={c("panel")}>
			<h2>What this page asked for</h2>
			<p>
				The browser's own record counts <strong>{count === 1 ? "1 request" : `${count} requests`}</strong> since the
				page had loaded
				{count === 0
					? "."
					: foreign.length === 0
						? ", all for files of this page itself. None carried what you pasted."
						: ". Some went elsewhere: do not paste secrets, and report this."}
			</p>
			{now.seen.length > 0 ? (
				<ul>
					{now.seen.slice(-12).map(({ url }, at) => (
						// biome-ignore lint/suspicious/noArrayIndexKey: a log of requests, one may come twice
						<li key={at}>
							<code>{url.split("/").at(-1)}</code>
						</li>
					))}
				</ul>
			) : null}
			<h2>What is stored in this browser</h2>
			<ul>
				{stored.map((line) => (
					<li key={line}>{line}</li>
				))}
			</ul>
			<p className={c("forget")}>
				<Button onClick={forget}>Forget everything</Button>
				<span role="status">{forgotten ? "Evidence, its key and the theme are gone." : ""}</span>
			</p>
			<h2>Check it yourself</h2>
			<p>
				Open the developer tools (F12), the tab Network, clear it, and paste. Or pull the plug: a loaded page works
				without a network. <a href="#/local">How it stays local</a> says what holds it, and what can't be held.
			</p>
			<p>
				Build <code>{BUILD}</code>.{" "}
				{IS_FILE ? (
					"This is the page as one file."
				) : (
					<>
						The whole page as one file, for a disk or a stick:{" "}
						<a href="./stackengine.html" download="stackengine.html">
							stackengine.html
						</a>
						, 3 MB.
					</>
				)}
			</p>
		</div>
	);
}
