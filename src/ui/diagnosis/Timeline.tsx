import type { Analysis } from "../../engine/diagnose/analysis";
import { classes } from "../components/classes";
import { Sentence } from "../components/Sentence";
import { Places, type ShowPlace } from "./Signs";
import styles from "./timeline.module.css";

const c = classes(styles);

const SPOKEN = { plain: null, fault: "fault", whole: "healed" } as const;

/** What happened, in order of time, as logs and prompts tell it. */
export function Timeline({ analysis, onShow }: { readonly analysis: Analysis; readonly onShow: ShowPlace }) {
	if (analysis.timeline.length === 0) return null;
	return (
		<section aria-label="What happened">
			<h2 className={c("heading")}>What happened</h2>
			<ol className={c("list")}>
				{analysis.timeline.map(({ clock, says, tone, at }, index) => (
					// biome-ignore lint/suspicious/noArrayIndexKey: moments have no other identity, and their order is the list's
					<li key={index} className={c("moment", tone)}>
						<span className={c("clock")}>{clock ?? <abbr title="The line has no time">–</abbr>}</span>
						<span className={c("says")}>
							<Sentence text={says} />
							{SPOKEN[tone] ? <span className={c("tone")}> ({SPOKEN[tone]})</span> : null}
						</span>
						<Places analysis={analysis} at={[at]} onShow={onShow} />
					</li>
				))}
			</ol>
		</section>
	);
}
