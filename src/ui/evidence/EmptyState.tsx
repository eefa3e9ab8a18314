import { useState } from "react";
import type { Piece } from "../../state/workspace-store";
import { Command } from "../components/Command";
import { classes } from "../components/classes";
import styles from "./empty-state.module.css";
import { SAMPLES, type Sample } from "./samples";

const c = classes(styles);

const ASKS = [
	{ command: "docker info", why: "which Docker, kernel and distribution; live-restore; warnings" },
	{ command: "sudo iptables -t nat -L -n -v", why: "whether Docker's chain and the jump to it are there" },
	{ command: "sudo journalctl -u docker --no-pager -n 300", why: "what dockerd tried, and what refused it" },
	{ command: "sudo iptables-save", why: "every rule: with it the packet can be followed to its end" },
] as const;

/** What stands where the answer will be: what to paste, commands that only read, and real pastes to try. */
export function EmptyState({ onLoad }: { readonly onLoad: (pieces: readonly Piece[]) => void }) {
	const [failed, setFailed] = useState<string | null>(null);
	const load = async (sample: Sample) => {
		try {
			onLoad((await sample.load()).pieces);
		} catch {
			setFailed(sample.title);
		}
	};
	return (
		<div className={c("empty")}>
			<h1 id="verdict" tabIndex={-1} data-focus-target="">
				Paste what the host says. Read what broke.
			</h1>
			<p className={c("lead")}>
				A published port is dead, or <code>docker run -p</code> fails with an iptables error. Paste what you have, in
				any editor and in any order: the answer names the cause, the lines that show it, where the packet stops, and a
				repair that can be undone. It is computed in this tab.
			</p>
			<section aria-labelledby="what-to-paste">
				<h2 id="what-to-paste">What tells most</h2>
				<p className={c("note")}>All of these only read. The error message itself is as good a start as any.</p>
				<ol className={c("commands")}>
					{ASKS.map((ask) => (
						<li key={ask.command}>
							<Command {...ask} />
						</li>
					))}
				</ol>
			</section>
			<section aria-labelledby="samples">
				<h2 id="samples">Or look at a real one</h2>
				<ul className={c("samples")}>
					{SAMPLES.map((sample) => (
						<li key={sample.id}>
							<button type="button" className={c("sample")} onClick={() => load(sample)}>
								<strong>{sample.title}</strong>
								<span>{sample.says}</span>
							</button>
						</li>
					))}
				</ul>
				<p role="status">{failed === null ? "" : `The sample “${failed}” could not be loaded.`}</p>
			</section>
		</div>
	);
}
