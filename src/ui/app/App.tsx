import { lazy, Suspense, useCallback, useEffect, useRef, useState } from "react";
import type { AgainStore } from "../../state/again-store";
import type { DraftLoss } from "../../state/draft";
import type { RequestsStore } from "../../state/requests-store";
import type { ThemeStore } from "../../state/theme-store";
import type { UpdateStore } from "../../state/update-store";
import type { Piece, WorkspaceStore } from "../../state/workspace-store";
import type { EngineClient } from "../../worker/engine-client";
import { classes } from "../components/classes";
import { RegionBoundary } from "../components/RegionBoundary";
import { type Dropped, readTextFiles } from "../evidence/read-files";
import { fragmentInFile } from "../report/report-file";
import styles from "./app.module.css";
import { Header } from "./Header";
import { type Route, routeOf, useHash } from "./routes";
import type { WorkbenchActions } from "./WayAround";
import { Workbench } from "./Workbench";

const c = classes(styles);

const Catalogue = lazy(() => import("../catalogue/Catalogue").then((m) => ({ default: m.Catalogue })));
const WayAround = lazy(() => import("./WayAround").then((m) => ({ default: m.WayAround })));
const HelpPage = lazy(() => import("./HelpPage").then((m) => ({ default: m.HelpPage })));
const LocalPage = lazy(() => import("./LocalPage").then((m) => ({ default: m.LocalPage })));
const ReportPage = lazy(() => import("./ReportPage").then((m) => ({ default: m.ReportPage })));

const TITLES: Readonly<Record<Route["page"], string>> = {
	diagnose: "StackEngine: why a published Docker port is dead",
	catalogue: "Failure modes · StackEngine",
	local: "How it stays local · StackEngine",
	help: "Help · StackEngine",
	report: "Shared report · StackEngine",
};

const NOTHING: WorkbenchActions = { share: null, collect: null, pasteAgain: null, forget: null, findings: [] };

const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") ?? false;

/** True while files are dragged over the page; what is dropped is handed over as text. */
function useDroppedFiles(onFiles: (files: readonly File[]) => void): boolean {
	const [isOver, setIsOver] = useState(false);
	const latest = useRef(onFiles);
	latest.current = onFiles;
	useEffect(() => {
		const over = (event: DragEvent) => {
			if (!hasFiles(event)) return;
			event.preventDefault();
			setIsOver(true);
		};
		const leave = (event: DragEvent) => {
			if (event.relatedTarget === null) setIsOver(false);
		};
		const drop = (event: DragEvent) => {
			if (!hasFiles(event)) return;
			event.preventDefault();
			setIsOver(false);
			latest.current([...(event.dataTransfer?.files ?? [])]);
		};
		window.addEventListener("dragover", over);
		window.addEventListener("dragleave", leave);
		window.addEventListener("drop", drop);
		return () => {
			window.removeEventListener("dragover", over);
			window.removeEventListener("dragleave", leave);
			window.removeEventListener("drop", drop);
		};
	}, []);
	return isOver;
}

type Props = {
	readonly workspace: WorkspaceStore;
	/** The first paste beside the workspace. */
	readonly again: AgainStore;
	readonly engine: EngineClient;
	readonly theme: ThemeStore;
	readonly requests: RequestsStore;
	readonly update: UpdateStore;
	/** Whether the draft is kept; asked once, told on every change. */
	readonly watchDraft: (onLoss: (loss: DraftLoss | null) => void) => () => void;
};

/** The frame: header, pages, what is dropped anywhere. The workbench stays mounted beside an article, so that reading costs no undo history. */
export function App({ workspace, again, engine, theme, requests, update, watchDraft }: Props) {
	const route = routeOf(useHash());
	const main = useRef<HTMLElement>(null);
	const [draftLoss, setDraftLoss] = useState<DraftLoss | null>(null);
	const [refusals, setRefusals] = useState<readonly string[]>([]);
	useEffect(() => watchDraft(setDraftLoss), [watchDraft]);

	const page = route.page;
	const place = page === "catalogue" ? `${page}/${route.open}` : page;
	const seen = useRef(place);
	useEffect(() => {
		document.title = TITLES[page];
		if (seen.current === place) return;
		seen.current = place;
		window.scrollTo(0, 0);
		if (main.current) main.current.scrollTop = 0;
		main.current?.focus({ preventScroll: true });
	}, [page, place]);

	const [reportFile, setReportFile] = useState<string | null>(null);
	// A report file among dropped ones is opened by itself; the others are evidence.
	const openFiles = ({ files, large, refusals: refused }: Dropped) => {
		setRefusals(refused);
		const reports = files.flatMap(({ text }) => fragmentInFile(text) ?? []);
		const evidence = files.filter(({ text }) => fragmentInFile(text) === null);
		if (evidence.length > 0) workspace.actions.addFiles(evidence);
		if (large.length > 0)
			void workspace.actions.readFiles(large).then((said) => setRefusals((now) => [...now, ...said]));
		const report = reports.at(-1);
		if (report !== undefined) setReportFile(report);
		if (files.length + large.length > 0) window.location.hash = report === undefined ? "#/" : "#/report-file";
	};
	const dragging = useDroppedFiles(async (dropped) => {
		openFiles(await readTextFiles(dropped));
	});

	const tryExample = (pieces: readonly Piece[]) => {
		workspace.actions.load(pieces);
		window.location.hash = "#/";
	};

	const forget = () => {
		again.actions.letFirstGo();
		workspace.actions.forget();
		theme.choose("system");
		setRefusals([]);
	};
	const workbench = useRef<() => WorkbenchActions>(() => NOTHING);
	const workbenchActions = useCallback(() => workbench.current(), []);

	const skipTo = (id: string) => {
		const target = document.getElementById(id);
		target?.focus();
		target?.scrollIntoView({ block: "start" });
	};

	return (
		<>
			<div className={c("skip")}>
				{page === "diagnose" || page === "report" ? (
					<>
						<button type="button" onClick={() => skipTo("evidence-heading")}>
							Skip to the evidence
						</button>
						<button type="button" onClick={() => skipTo("verdict")}>
							Skip to the verdict
						</button>
					</>
				) : (
					<button type="button" onClick={() => main.current?.focus()}>
						Skip to the content
					</button>
				)}
			</div>
			<RegionBoundary region="the header">
				<Header route={route} theme={theme} requests={requests} update={update} onForget={forget} />
			</RegionBoundary>
			<main ref={main} id="main" tabIndex={-1} data-focus-target="">
				{/* Two workbenches at once would have every element id twice. */}
				{page === "report" ? null : (
					<div hidden={page !== "diagnose"} className={c("whole")}>
						<RegionBoundary region="the workbench">
							<Workbench
								store={workspace}
								tell={workbench}
								finding={route.page === "diagnose" ? (route.finding ?? null) : null}
								again={again}
								engine={engine}
								readOnly={false}
								draftLoss={draftLoss}
								refusals={refusals}
								onRefusals={setRefusals}
								onFiles={openFiles}
							/>
						</RegionBoundary>
					</div>
				)}
				<RegionBoundary region="this page" retryOn={place}>
					<Suspense fallback={<p role="status">Loading</p>}>
						{route.page === "catalogue" ? (
							<Catalogue open={route.open} catalogue={engine.catalogue} onTry={tryExample} diagnose={engine.analyse} />
						) : null}
						{route.page === "local" ? <LocalPage /> : null}
						{route.page === "help" ? <HelpPage /> : null}
						{route.page === "report" ? (
							<ReportPage
								fragment={route.fragment ?? reportFile ?? ""}
								from={route.fragment === null ? "file" : "link"}
								engine={engine}
							/>
						) : null}
					</Suspense>
				</RegionBoundary>
			</main>
			<Suspense>
				<WayAround actions={workbenchActions} catalogue={engine.catalogue} theme={theme} />
			</Suspense>
			{dragging ? <div className={c("drop")}>Drop to read</div> : null}
		</>
	);
}
