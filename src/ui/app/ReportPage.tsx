import { useEffect, useState } from "react";
import { createWorkspaceStore, type WorkspaceStore } from "../../state/workspace-store";
import type { EngineClient } from "../../worker/engine-client";
import { DamagedLink, ReportFrame } from "../report/ReportFrame";
import { Workbench } from "./Workbench";

type Opened =
	| { readonly kind: "report"; readonly store: WorkspaceStore; readonly omittedLines: number }
	| { readonly kind: "damaged"; readonly says: string };

const NOTHING: readonly string[] = [];
const ignore = () => undefined;

/** A shared report. It has a workspace of its own, so the reader's paste is never touched. */
export function ReportPage({ fragment, engine }: { readonly fragment: string; readonly engine: EngineClient }) {
	const [opened, setOpened] = useState<Opened | null>(null);
	useEffect(() => {
		let isGone = false;
		setOpened(null);
		engine.open(fragment).then(
			(link) => {
				if (isGone) return;
				if (link.kind === "damaged") return setOpened(link);
				const store = createWorkspaceStore({ engine });
				store.actions.load(link.evidence.map(({ name, text }) => ({ place: "file", name, text })));
				setOpened({ kind: "report", store, omittedLines: link.omittedLines });
			},
			() => {
				if (!isGone) setOpened({ kind: "damaged", says: "The engine could not read it." });
			},
		);
		return () => {
			isGone = true;
		};
	}, [fragment, engine]);
	if (opened === null) return <p role="status">Opening the report</p>;
	if (opened.kind === "damaged") return <DamagedLink says={opened.says} />;
	return (
		<ReportFrame omittedLines={opened.omittedLines}>
			<Workbench
				store={opened.store}
				engine={engine}
				readOnly
				draftTooLarge={false}
				refusals={NOTHING}
				onRefusals={ignore}
			/>
		</ReportFrame>
	);
}
