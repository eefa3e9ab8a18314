import type { Analysis, Finding } from "../../engine/diagnose/analysis";
import { classes } from "../components/classes";
import { Sentence } from "../components/Sentence";
import styles from "./other-findings.module.css";
import { type ShowPlace, Signs } from "./Signs";

const c = classes(styles);

/** What goes away with the first finding and needs no repair of its own. */
export function Consequences({ finding }: { readonly finding: Finding }) {
	if (finding.consequences.length === 0) return null;
	return (
		<p className={c("consequences")}>
			<strong>Goes away with it:</strong>{" "}
			{finding.consequences.map(({ failure, title }, at) => (
				<span key={failure}>
					{at > 0 ? "; " : null}
					<a href={`#/failure-modes/${failure}`}>{title}</a>
				</span>
			))}
		</p>
	);
}

/** Findings beside the first: other faults of the same host, or other explanations of the same failure. */
export function OtherFindings({ analysis, onShow }: { readonly analysis: Analysis; readonly onShow: ShowPlace }) {
	const others = analysis.findings.slice(1);
	if (others.length === 0) return null;
	return (
		<section aria-label="Also found">
			<h2 className={c("heading")}>Also found</h2>
			{others.map((finding) => (
				<details key={finding.failure} id={`finding-${finding.failure}`} tabIndex={-1} className={c("other")}>
					<summary>
						<span className={c("title")}>
							<Sentence text={finding.title} />
						</span>
						<span className={c("confidence")}>{finding.confidence}</span>
					</summary>
					<p className={c("explanation")}>
						<Sentence text={finding.explanation} />
					</p>
					<Signs analysis={analysis} finding={finding} onShow={onShow} numbered={false} />
					<p>
						<a href={`#/failure-modes/${finding.failure}`}>Read about it and its repair</a>
					</p>
				</details>
			))}
		</section>
	);
}
