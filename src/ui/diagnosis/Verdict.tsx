import type { Finding } from "../../engine/diagnose/analysis";
import { classes } from "../components/classes";
import { Sentence } from "../components/Sentence";
import { toneOf } from "./tone";
import styles from "./verdict.module.css";

const c = classes(styles);

const CONFIDENCE = {
	certain: "of verdicts called certain, at least 98 in 100 were right over our collection of broken hosts",
	likely: "of verdicts called likely, at least 85 in 100 were right over our collection of broken hosts",
	possible: "less than likely: paste more before you act on it",
} as const;

/** The headline: what breaks for people, what is wrong, in plain words, and what the repair costs. */
export function Verdict({ finding, stale }: { readonly finding: Finding; readonly stale: boolean }) {
	const tone = toneOf(finding);
	return (
		<header className={c("verdict")} id={`finding-${finding.failure}`} tabIndex={-1} data-focus-target="">
			<p className={c("effect")}>
				<strong className={c(tone)}>{finding.effect}</strong>
				{tone === "fault" ? (
					<abbr className={c("confidence")} title={CONFIDENCE[finding.confidence]}>
						{finding.confidence}
						<span className="visually-hidden"> ({CONFIDENCE[finding.confidence]})</span>
					</abbr>
				) : null}
				{finding.impact === "none" ? null : <span>{finding.impact} impact</span>}
				{finding.minutes === null ? null : (
					<span>
						about {finding.minutes} {finding.minutes === 1 ? "minute" : "minutes"}
					</span>
				)}
				{finding.interrupts === null ? null : (
					<span>
						<Sentence text={finding.interrupts} />
					</span>
				)}
				{stale ? <span className={c("stale")}>of an earlier paste, reading again</span> : null}
			</p>
			<h1 id="verdict" tabIndex={-1} data-focus-target="">
				<Sentence text={finding.title} />
			</h1>
			<p className={c("explanation")}>
				<Sentence text={finding.explanation} />
			</p>
		</header>
	);
}
