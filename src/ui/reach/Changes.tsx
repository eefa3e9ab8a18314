import type { Change, Difference } from "../../engine/reach";
import { classes } from "../components/classes";
import { Sentence } from "../components/Sentence";
import styles from "./reach.module.css";

const c = classes(styles);

const WANTED: Readonly<Record<Change["wanted"], string>> = {
	"gets-through": "lets the packet through",
	"got-through": "the packet got through before",
	"still-stopped": "alone does not let the packet through",
	unknown: "whether it lets the packet through is not known",
	"not-computed": "not computed",
};

/** More paths than these are counted, not listed. */
const MAX_LISTED = 8;

/** What each vetted change would open besides the packet in question, computed on the rules that were pasted. */
export function Changes({ changes }: { readonly changes: readonly Change[] }) {
	return (
		<section className={c("matrix")} aria-label="What each repair would open">
			<h3>What each repair would open</h3>
			<p className={c("soft")}>
				Each is applied to the rules that were pasted, and every port and network above is asked again. First what lets
				the packet through and opens least.
			</p>
			<ol className={c("changes")}>
				{changes.map((change) => (
					<li key={change.does.join()}>
						{change.does.map((one) => (
							<p key={one}>
								<Sentence text={one} />
							</p>
						))}
						<p className={c(change.wanted === "gets-through" ? "through" : "label")}>
							{WANTED[change.wanted]}
							{change.isChoice ? " · a choice of yours, no script does it" : null}
						</p>
						{change.wanted === "not-computed" ? (
							<p className={c("soft")}>
								dockerd, firewalld or a program writes its own rules then; what they open can’t be told beforehand.
							</p>
						) : (
							<>
								<Paths title="Opens besides" none="Opens nothing else that was asked." paths={change.opens} />
								{change.closes.length > 0 ? <Paths title="Closes" none="" paths={change.closes} /> : null}
							</>
						)}
					</li>
				))}
			</ol>
		</section>
	);
}

type PathsProps = { readonly title: string; readonly none: string; readonly paths: readonly Difference[] };

function Paths({ title, none, paths }: PathsProps) {
	if (paths.length === 0) return <p className={c("soft")}>{none}</p>;
	return (
		<div className={c("paths")}>
			<p>
				{title} {paths.length === 1 ? "one path" : `${paths.length} paths`}:
			</p>
			<ul>
				{paths.slice(0, MAX_LISTED).map(({ from, to, before }) => (
					<li key={`${from} ${to}`}>
						{from} → {to} <span className={c("label")}>({before === "delivered" ? "open now" : `${before} now`})</span>
					</li>
				))}
				{paths.length > MAX_LISTED ? <li>and {paths.length - MAX_LISTED} more</li> : null}
			</ul>
		</div>
	);
}
