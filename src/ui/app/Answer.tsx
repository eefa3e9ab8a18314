import { type ReactNode, useEffect, useRef, useState } from "react";
import type { Flow, Trace } from "../../engine/packet-path/trace";
import type { WhoReaches } from "../../engine/reach";
import type { PlaceInSource } from "../../state/marks";
import type { Diagnosed, EngineFailure, Offered, Printable, PrintFormat } from "../../worker/protocol";
import { classes } from "../components/classes";
import { RegionBoundary } from "../components/RegionBoundary";
import { ExpectedRules } from "../diagnosis/ExpectedRules";
import { Consequences, OtherFindings } from "../diagnosis/OtherFindings";
import {
	type Collect,
	isUndecided,
	PasteNext,
	RuledOutAndNext,
	UnexplainedFailures,
} from "../diagnosis/RuledOutAndNext";
import { Signs } from "../diagnosis/Signs";
import { Timeline } from "../diagnosis/Timeline";
import { Verdict } from "../diagnosis/Verdict";
import { PacketLine } from "../packet-path/PacketLine";
import { Reach } from "../reach/Reach";
import { Remedy } from "../remedy/Remedy";
import styles from "./answer.module.css";

const c = classes(styles);

type Props = {
	readonly diagnosed: Diagnosed;
	readonly stale: boolean;
	readonly onShow: (place: PlaceInSource) => void;
	/** Follows another packet through the same evidence. */
	readonly trace: (flow: Flow, signal: AbortSignal) => Promise<Trace>;
	/** Asks every published port and every network. */
	readonly reach: (signal: AbortSignal) => Promise<WhoReaches>;
	/** Prints the repair in one of its forms. */
	readonly print: (of: Printable, format: PrintFormat) => Promise<string>;
	/** The further forms that it has. */
	readonly offered: (of: Printable) => Promise<readonly Offered[]>;
	/** Stands beside the headline: sharing. */
	readonly actions: ReactNode;
	/** Stands below the repair: what to do once it was run. */
	readonly afterRepair: ReactNode;
	/** Opens the collector for what some commands would show; null where nothing can be pasted. */
	readonly onCollect: Collect | null;
};

/** The right half: the verdict first, then where the packet stops, why we say so, what to run, what it is not. */
export function Answer({
	diagnosed,
	stale,
	onShow,
	trace,
	reach,
	print,
	offered,
	actions,
	afterRepair,
	onCollect,
}: Props) {
	const { analysis } = diagnosed;
	const finding = analysis.findings[0];
	const [asked, setAsked] = useState<{ readonly of: Diagnosed; readonly flow: Flow } | null>(null);
	const way = useRef<HTMLDivElement>(null);
	if (!finding) return null;
	const region = (name: string, children: ReactNode) => (
		<RegionBoundary region={name} retryOn={diagnosed}>
			{children}
		</RegionBoundary>
	);
	const flow = asked?.of === diagnosed ? asked.flow : null;
	const ask = (wanted: Flow) => setAsked({ of: diagnosed, flow: wanted });
	const follow = (wanted: Flow) => {
		ask(wanted);
		way.current?.scrollIntoView({ block: "start" });
		way.current?.focus({ preventScroll: true });
	};
	return (
		<div className={c("answer", stale && "stale")}>
			<div className={c("top")}>
				<div>
					{region("the verdict", <Verdict finding={finding} stale={stale} />)}
					{region("the consequences", <Consequences finding={finding} />)}
				</div>
				<div className={c("actions")}>{actions}</div>
			</div>
			<div ref={way} tabIndex={-1}>
				{analysis.trace
					? region("the packet's way", <TracedPacket main={analysis.trace} asked={flow} onAsk={ask} trace={trace} />)
					: null}
			</div>
			{isUndecided(analysis)
				? region("what to paste next", <PasteNext analysis={analysis} onCollect={onCollect} />)
				: null}
			{region("the signs", <Signs analysis={analysis} finding={finding} onShow={onShow} numbered />)}
			{region("what happened", <Timeline analysis={analysis} onShow={onShow} />)}
			{region("Docker's rules", <ExpectedRules analysis={analysis} onShow={onShow} />)}
			{region("the unexplained failures", <UnexplainedFailures analysis={analysis} onShow={onShow} />)}
			{region(
				"the repair",
				<Remedy key={finding.failure} finding={finding} diagnosed={diagnosed} print={print} offered={offered} />,
			)}
			{finding.plan ? afterRepair : null}
			{analysis.trace ? region("who reaches what", <Reach reach={reach} of={diagnosed} onFollow={follow} />) : null}
			{region("the other findings", <OtherFindings analysis={analysis} onShow={onShow} />)}
			{region("what was ruled out", <RuledOutAndNext analysis={analysis} onShow={onShow} onCollect={onCollect} />)}
		</div>
	);
}

type TracedProps = {
	readonly main: Trace;
	readonly asked: Flow | null;
	readonly onAsk: (flow: Flow) => void;
} & Pick<Props, "trace">;

/** The packet of the analysis, or another that the person asked for. */
function TracedPacket({ main, asked, onAsk, trace }: TracedProps) {
	const [other, setOther] = useState<{ readonly to: Flow; readonly trace: Trace } | null>(null);
	const [failed, setFailed] = useState(false);
	const follow = useRef(trace);
	follow.current = trace;
	useEffect(() => {
		setFailed(false);
		if (asked === null) return;
		const controller = new AbortController();
		follow.current(asked, controller.signal).then(
			(answered) => setOther({ to: asked, trace: answered }),
			() => setFailed(!controller.signal.aborted),
		);
		return () => controller.abort();
	}, [asked]);
	const shown = asked !== null && other?.to === asked ? other.trace : main;
	const { protocol, port } = main.flow;
	return (
		<>
			<PacketLine trace={shown} onFrom={(origin) => onAsk({ ...origin, protocol, port })} />
			{failed ? <p role="alert">The engine could not follow that packet.</p> : null}
		</>
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
