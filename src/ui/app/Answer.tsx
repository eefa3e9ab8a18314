import type { ReactNode } from "react";
import type { PlaceInSource } from "../../state/marks";
import type { Diagnosed, EngineFailure } from "../../worker/protocol";
import { classes } from "../components/classes";
import { RegionBoundary } from "../components/RegionBoundary";
import { Consequences, OtherFindings } from "../diagnosis/OtherFindings";
import { RuledOutAndNext, UnexplainedFailures } from "../diagnosis/RuledOutAndNext";
import { Signs } from "../diagnosis/Signs";
import { toneOf, Verdict } from "../diagnosis/Verdict";
import { PacketLine } from "../packet-path/PacketLine";
import { Remedy } from "../remedy/Remedy";
import styles from "./answer.module.css";

const c = classes(styles);

type Props = {
	readonly diagnosed: Diagnosed;
	readonly stale: boolean;
	readonly onShow: (place: PlaceInSource) => void;
	/** Stands beside the headline: sharing. */
	readonly actions: ReactNode;
};

/** The right half: the verdict first, then where the packet stops, why we say so, what to run, what it is not. */
export function Answer({ diagnosed, stale, onShow, actions }: Props) {
	const { analysis } = diagnosed;
	const finding = analysis.findings[0];
	if (!finding) return null;
	const region = (name: string, children: ReactNode) => (
		<RegionBoundary region={name} retryOn={diagnosed}>
			{children}
		</RegionBoundary>
	);
	return (
		<div className={c("answer", toneOf(finding), stale && "stale")}>
			<div className={c("top")}>
				<div>
					{region("the verdict", <Verdict finding={finding} stale={stale} />)}
					{region("the consequences", <Consequences finding={finding} />)}
				</div>
				<div className={c("actions")}>{actions}</div>
			</div>
			{analysis.trace ? region("the packet's way", <PacketLine key={finding.failure} trace={analysis.trace} />) : null}
			{region("the signs", <Signs analysis={analysis} finding={finding} onShow={onShow} numbered />)}
			{region("the unexplained failures", <UnexplainedFailures analysis={analysis} onShow={onShow} />)}
			{region("the repair", <Remedy key={finding.failure} finding={finding} diagnosed={diagnosed} />)}
			{region("the other findings", <OtherFindings analysis={analysis} onShow={onShow} />)}
			{region("what was ruled out", <RuledOutAndNext analysis={analysis} onShow={onShow} />)}
		</div>
	);
}

/** The engine met a bug of ours. What was pasted is untouched, and the editors go on working. */
export function EngineFailureNote({ failure }: { readonly failure: EngineFailure }) {
	return (
		<div className={c("failure")} role="alert">
			<p>
				<strong>The engine failed on this paste.</strong> That is a bug of ours, and your text is untouched. Leaving out
				one of the pieces may help meanwhile.
			</p>
			<p className={c("failureSays")}>
				{failure.says} (StackEngine {failure.version})
			</p>
		</div>
	);
}
