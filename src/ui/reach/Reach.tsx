import { lazy, Suspense, useEffect, useRef, useState } from "react";
import type { Flow } from "../../engine/packet-path/trace";
import type { WhoReaches } from "../../engine/reach";
import { classes } from "../components/classes";
import styles from "./reach.module.css";

const c = classes(styles);

const ReachTables = lazy(() => import("./ReachTables").then((m) => ({ default: m.ReachTables })));

type Props = {
	/** Asks the engine; nothing is computed before the region is opened. */
	readonly reach: (signal: AbortSignal) => Promise<WhoReaches>;
	/** Changes with every new answer: what was asked before is not true any more. */
	readonly of: unknown;
	/** The person wants to see the way of one of the packets. */
	readonly onFollow: (flow: Flow) => void;
};

/** Who gets an answer at which published port, and which network reaches which. Closed until asked for. */
export function Reach({ reach, of, onFollow }: Props) {
	const [isOpen, setIsOpen] = useState(false);
	const [answer, setAnswer] = useState<{ readonly of: unknown; readonly reach: WhoReaches } | null>(null);
	const [failed, setFailed] = useState(false);
	const ask = useRef(reach);
	ask.current = reach;
	useEffect(() => {
		setFailed(false);
		if (!isOpen) return;
		const controller = new AbortController();
		ask.current(controller.signal).then(
			(answered) => setAnswer({ of, reach: answered }),
			() => setFailed(!controller.signal.aborted),
		);
		return () => controller.abort();
	}, [isOpen, of]);
	return (
		<details className={c("reach")} onToggle={(event) => setIsOpen(event.currentTarget.open)}>
			<summary>
				<span className={c("title")}>Who can reach what</span>
				<span className={c("count")}>published ports and networks</span>
			</summary>
			{failed ? <p role="alert">The engine could not follow the packets.</p> : null}
			{!isOpen || failed ? null : answer !== null && answer.of === of ? (
				<Suspense fallback={<p className={c("soft")}>Following packets</p>}>
					<ReachTables reach={answer.reach} onFollow={onFollow} />
				</Suspense>
			) : (
				<p className={c("soft")} role="status">
					Following packets
				</p>
			)}
		</details>
	);
}
