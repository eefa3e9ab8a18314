import type { ReactNode } from "react";
import { classes } from "../components/classes";
import styles from "./report-frame.module.css";

const c = classes(styles);

type FrameProps = {
	/** Lines that the sender's page left out of the link because the verdict does not need them. */
	readonly omittedLines: number;
	readonly from: "link" | "file";
	readonly children: ReactNode;
};

/** Says that what follows came out of a link or a file, and offers the way to an own paste. */
export function ReportFrame({ omittedLines, from, children }: FrameProps) {
	return (
		<div className={c("frame")}>
			<p className={c("banner")}>
				<span>
					<strong>A shared report, read-only.</strong> It came in the {from} itself. Its answer was computed here, from
					the redacted evidence, by this page's own engine. Names, addresses and ids in it are stand-ins: the scripts
					ask for the real ones.
					{omittedLines === 0 ? null : ` ${omittedLines} lines that the verdict does not need were left out.`}
				</span>
				<a href="#/">Start your own</a>
			</p>
			{children}
		</div>
	);
}

/** A link or file that can't be opened. Nothing of the reader's own was touched. */
export function DamagedLink({ says, from = "link" }: { readonly says: string; readonly from?: "link" | "file" }) {
	return (
		<div className={c("damaged")}>
			<p className={c("kind")}>This {from} can't be opened</p>
			<h1>The report in this {from} is damaged</h1>
			<p>{says}</p>
			<p>
				Links are often cut by mail and chat programs: ask for it again, or for the downloaded report. What you had
				pasted yourself is untouched.
			</p>
			<p>
				<a href="#/">Go to your own evidence</a>
			</p>
		</div>
	);
}
