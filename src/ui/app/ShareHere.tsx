import { useEffect, useMemo, useState } from "react";
import { useStore } from "zustand";
import { evidenceOf, type WorkspaceStore } from "../../state/workspace-store";
import type { EngineClient } from "../../worker/engine-client";
import { canSeal, makePassphrase, SHORTEST_PASSPHRASE, sealLink } from "../../worker/sealed-link";
import { createSecondPass, type SecondPass } from "../../worker/second-pass-client";
import { ShareDialog } from "../share/ShareDialog";
import { canOpenAssistant, openAssistant } from "./ask-model";

type Props = {
	readonly store: WorkspaceStore;
	readonly engine: EngineClient;
	readonly onClose: () => void;
	readonly startSecondPass?: () => SecondPass;
};

const SEALING = { seal: sealLink, make: makePassphrase, shortest: SHORTEST_PASSPHRASE };

/** The share dialog with what it works with. The second pass lives as long as the dialog. */
export function ShareHere({ store, engine, onClose, startSecondPass = createSecondPass }: Props) {
	const sources = useStore(store, (workspace) => workspace.sources);
	const choices = useStore(store, (workspace) => workspace.choices);
	const evidence = useMemo(() => evidenceOf(sources), [sources]);
	const [pass] = useState(startSecondPass);
	useEffect(() => () => pass.stop(), [pass]);
	return (
		<ShareDialog
			evidence={evidence}
			choices={choices}
			onChoose={store.actions.choose}
			share={engine.share}
			report={engine.report}
			secondPass={pass.look}
			sealing={canSeal() ? SEALING : null}
			ask={canOpenAssistant() ? (whole) => openAssistant(engine, store, { evidence, choices, whole }) : null}
			onClose={onClose}
		/>
	);
}
