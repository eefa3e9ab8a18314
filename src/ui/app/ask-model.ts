import { openDesk } from "../../assist/desk";
import type { Evidence } from "../../engine/text/evidence";
import type { Choices } from "../../state/redaction-choices";
import { evidenceOf, type WorkspaceStore } from "../../state/workspace-store";
import type { EngineClient } from "../../worker/engine-client";
import type { RealNames } from "../../worker/protocol";

type Engine = Pick<EngineClient, "askReport" | "redactQuestion" | "withRealNames">;

/**
 * Opens the assistant's page and stays its other end: the evidence and the table of names remain in this tab, which
 * hands over what is redacted and puts names into answers. `open` is the browser's; the page gets no way back to this
 * window. Forgetting the evidence, or leaving this page, ends it.
 */
export function openAssistant(
	engine: Engine,
	store: Pick<WorkspaceStore, "subscribe">,
	{ evidence, choices, whole }: { readonly evidence: Evidence; readonly choices: Choices; readonly whole: boolean },
	open: (address: string) => void = (address) => void window.open(address, "_blank", "noopener"),
): void {
	let names: RealNames = [];
	const desk = openDesk(
		{
			report: async () => {
				const asked = await engine.askReport(evidence, choices, whole);
				names = asked.names;
				return asked.report;
			},
			redact: async (question) => {
				const redacted = await engine.redactQuestion(evidence, choices, question);
				// A name that only an earlier question had stays known.
				names = [...new Map([...names, ...redacted.names])];
				return redacted.question;
			},
			name: (answer) => engine.withRealNames(answer, names),
		},
		{ origin: window.location.origin },
	);
	const end = () => {
		unsubscribe();
		window.removeEventListener("pagehide", end);
		desk.close();
	};
	const unsubscribe = store.subscribe(({ sources }) => {
		if (evidenceOf(sources).length === 0) end();
	});
	window.addEventListener("pagehide", end);
	open(new URL(`assist.html#${desk.key}`, document.baseURI).href);
}

/** A page opened from a disk has no other page of its origin beside it. */
export const canOpenAssistant = (): boolean =>
	window.location.protocol !== "file:" && typeof BroadcastChannel !== "undefined";
