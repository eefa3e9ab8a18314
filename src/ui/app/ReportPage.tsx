import { useCallback, useEffect, useState } from "react";
import type { Evidence } from "../../engine/text/evidence";
import { createWorkspaceStore, type WorkspaceStore } from "../../state/workspace-store";
import type { EngineClient } from "../../worker/engine-client";
import { isSealed, openSealed } from "../../worker/sealed-link";
import { PassphraseForm } from "../report/PassphraseForm";
import { DamagedLink, ReportFrame } from "../report/ReportFrame";
import { Workbench } from "./Workbench";

type Opened =
	| {
			readonly kind: "report";
			readonly store: WorkspaceStore;
			readonly reader: EngineClient;
			readonly omittedLines: number;
	  }
	| { readonly kind: "sealed" }
	| { readonly kind: "damaged"; readonly says: string };

const NOTHING: readonly string[] = [];
const ignore = () => undefined;

/** The engine for evidence out of a link: what it prints passes no stand-in off as a real name. */
const readerOf = (engine: EngineClient, report: Evidence): EngineClient => ({
	...engine,
	analyse: engine.analyseReport,
	print: (of, format) => engine.print({ ...of, report }, format),
	offered: (of) => engine.offered({ ...of, report }),
});

type Props = { readonly fragment: string; readonly from: "link" | "file"; readonly engine: EngineClient };

/** A shared report. It has a workspace of its own, so the reader's paste is never touched. */
export function ReportPage({ fragment, from, engine }: Props) {
	const [opened, setOpened] = useState<Opened | null>(null);
	const open = useCallback(
		async (plain: string): Promise<Opened> => {
			try {
				const link = await engine.open(plain, from);
				if (link.kind === "damaged") return link;
				const reader = readerOf(engine, link.evidence);
				const store = createWorkspaceStore({ engine: reader });
				store.actions.load(link.evidence.map(({ name, text }) => ({ place: "file", name, text })));
				return { kind: "report", store, reader, omittedLines: link.omittedLines };
			} catch {
				return { kind: "damaged", says: "The engine could not read it." };
			}
		},
		[engine, from],
	);
	useEffect(() => {
		let isGone = false;
		setOpened(null);
		if (isSealed(fragment)) setOpened({ kind: "sealed" });
		else if (fragment === "" && from === "file")
			setOpened({ kind: "damaged", says: "The file is not here any more: drop it again." });
		else void open(fragment).then((answer) => isGone || setOpened(answer));
		return () => {
			isGone = true;
		};
	}, [fragment, from, open]);

	const unseal = async (passphrase: string): Promise<boolean> => {
		const unsealed = await openSealed(fragment, passphrase);
		if (unsealed.kind === "wrong") return false;
		setOpened(unsealed.kind === "ok" ? await open(unsealed.fragment) : unsealed);
		return true;
	};

	if (opened === null) return <p role="status">Opening the report</p>;
	if (opened.kind === "sealed") return <PassphraseForm key={fragment} onTry={unseal} />;
	if (opened.kind === "damaged") return <DamagedLink says={opened.says} from={from} />;
	return (
		<ReportFrame omittedLines={opened.omittedLines} from={from}>
			<Workbench
				again={null}
				tell={null}
				finding={null}
				store={opened.store}
				engine={opened.reader}
				readOnly
				draftLoss={null}
				refusals={NOTHING}
				onRefusals={ignore}
				onFiles={ignore}
			/>
		</ReportFrame>
	);
}
