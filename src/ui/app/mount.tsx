import "./close-exits";
import "./trusted-types";
import "./fonts.css";
import "./tokens.css";
import "./base.css";
import "./first-frame.css";
import "./print.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { createAgainStore } from "../../state/again-store";
import { type DraftLoss, keepDraft, restoreDraft } from "../../state/draft";
import { keepFirst, restoreFirst } from "../../state/first-draft";
import { createRequestsStore } from "../../state/requests-store";
import { openTabKey } from "../../state/tab-key";
import { createThemeStore } from "../../state/theme-store";
import { createUpdateStore, type UpdateStore } from "../../state/update-store";
import { createWorkspaceStore } from "../../state/workspace-store";
import { createEngineClient, startEngineWorker } from "../../worker/engine-client";
import { App } from "./App";
import { loadRest } from "./preload";
import { openForPrint } from "./print";

/** Storage that may be refused by the browser's settings: then nothing is kept, and the page works. */
const storageOr = (get: () => Storage): Pick<Storage, "getItem" | "setItem" | "removeItem"> => {
	try {
		return get();
	} catch {
		return { getItem: () => null, setItem: () => undefined, removeItem: () => undefined };
	}
};

const FACES = [
	"400 1em 'IBM Plex Sans'",
	"600 1em 'IBM Plex Sans'",
	"400 1em 'IBM Plex Mono'",
	"600 1em 'IBM Plex Mono'",
];

/** Puts the app into the document. Called once, by the entry. */
export function mount(root: HTMLElement): void {
	const session = storageOr(() => window.sessionStorage);
	const requests = createRequestsStore(
		window.location.origin,
		document.querySelector<HTMLLinkElement>("link[rel=icon]")?.href ?? "",
	);
	const engine = createEngineClient(startEngineWorker, { onRequests: requests.workerSays });
	const workspace = createWorkspaceStore({ engine });
	const again = createAgainStore(workspace, engine);
	const theme = createThemeStore(
		document.documentElement,
		storageOr(() => window.localStorage),
	);
	const update = createUpdateStore("serviceWorker" in navigator ? navigator.serviceWorker : null, () =>
		window.location.reload(),
	);
	const key = openTabKey(session).catch(() => null);
	const restored = key.then(async (opened) => {
		const draft = opened ? await restoreDraft(session, opened) : [];
		again.actions.restore(opened ? await restoreFirst(session, opened) : null);
		keepFirst(again, workspace, session, opened);
		if (draft.length === 0) return opened;
		// What was pasted in the meantime, a few milliseconds, keeps its place; the draft then stands beside it.
		if (workspace.getState().revision === 0) workspace.actions.load(draft);
		else workspace.actions.addFiles(draft);
		return opened;
	});

	const watchDraft = (onLoss: (loss: DraftLoss | null) => void) => {
		let isOver = false;
		let stop = () => {
			isOver = true;
		};
		void restored.then((opened) => {
			if (!isOver) stop = keepDraft(workspace, session, opened, onLoss);
		});
		return () => stop();
	};

	openForPrint(window);
	createRoot(root).render(
		<StrictMode>
			<App
				workspace={workspace}
				again={again}
				engine={engine}
				theme={theme}
				requests={requests}
				update={update}
				watchDraft={watchDraft}
			/>
		</StrictMode>,
	);

	// One can paste now. The rest is fetched at once, the engine's worker too.
	const faces = FACES.map((face) => document.fonts.load(face));
	void Promise.allSettled([loadRest(), engine.prepare(), ...faces, keepOffline(update)]).then(requests.begin);
}

/** Lets the service worker keep the page's files, so that it opens without a network. Works without where it is refused. */
async function keepOffline(update: UpdateStore): Promise<void> {
	if (!import.meta.env.PROD || import.meta.env.MODE === "single-file") return;
	if (!("serviceWorker" in navigator) || !window.isSecureContext) return;
	try {
		update.watch(await navigator.serviceWorker.register(new URL("sw.js", document.baseURI)));
		// Its own fetching of the page's files belongs to loading the page.
		await navigator.serviceWorker.ready;
	} catch {
		// A browser set to refuse it: the page then needs the network to open, and nothing else.
	}
}
