// @vitest-environment jsdom
import { act, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { fakeEngine } from "../../../tests/support/fake-engine";
import type { Trace } from "../../engine/packet-path/trace";
import { createAgainStore } from "../../state/again-store";
import { createRequestsStore } from "../../state/requests-store";
import { createThemeStore } from "../../state/theme-store";
import { createUpdateStore } from "../../state/update-store";
import { createWorkspaceStore } from "../../state/workspace-store";
import type { EngineClient } from "../../worker/engine-client";
import { App } from "./App";

// jsdom has no layout, which CodeMirror needs. The page has to work without it anyway: the textarea stays.
vi.mock("../evidence/code-editor", () => {
	throw new Error("not here");
});

const LOG = 'level=error msg="iptables: No chain/target/match by that name."';

function open(engine: EngineClient = fakeEngine()) {
	const workspace = createWorkspaceStore({ engine, quiet: 0 });
	const again = createAgainStore(workspace, engine);
	const theme = createThemeStore(document.documentElement, window.localStorage);
	render(
		<App
			workspace={workspace}
			again={again}
			engine={engine}
			theme={theme}
			requests={createRequestsStore("http://localhost", "")}
			update={createUpdateStore(null, () => undefined)}
			watchDraft={() => () => undefined}
		/>,
	);
	return { workspace };
}

const paste = (label: string, text: string) =>
	fireEvent.change(screen.getByLabelText(label, { selector: "textarea" }), { target: { value: text } });

describe("the page", () => {
	beforeEach(() => {
		window.location.hash = "";
		window.scrollTo = () => undefined;
		Element.prototype.scrollIntoView = () => undefined;
		// jsdom's dialogs neither open nor close.
		HTMLDialogElement.prototype.showModal = function show(this: HTMLDialogElement) {
			this.open = true;
		};
		HTMLDialogElement.prototype.close = function close(this: HTMLDialogElement) {
			this.open = false;
		};
	});
	afterEach(() => window.localStorage.clear());

	it("teaches what to paste while there is nothing", () => {
		open();
		expect(screen.getByRole("heading", { level: 1, name: /Paste what the host says/ })).toBeVisible();
		expect(screen.getByRole("button", { name: "Copy: sudo iptables-save" })).toBeVisible();
	});

	it("answers a paste without a button: verdict, signs, repair, what it is not", async () => {
		open();
		paste("dockerd log", LOG);
		expect(
			await screen.findByRole("heading", { level: 1, name: "Docker's chain is gone from the nat table" }),
		).toBeVisible();
		expect(screen.getByRole("region", { name: /Because: 2 signs, none against/ })).toBeVisible();
		expect(screen.getByRole("tab", { name: "Fix", selected: true })).toBeVisible();
		expect(screen.getByText("systemctl restart docker")).toBeVisible();
		expect(within(screen.getByRole("region", { name: "Ruled out" })).getByText(/no lock message/)).toBeVisible();
		await waitFor(() => expect(screen.getByRole("button", { name: "Download fix.sh" })).toBeEnabled());
	});

	it("takes a person from a sign to its line", async () => {
		open();
		paste("dockerd log", `first\n${LOG}`);
		fireEvent.click(await screen.findByRole("button", { name: "dockerd log, line 2" }));
		const area = screen.getByLabelText("dockerd log", { selector: "textarea" });
		expect(area).toHaveFocus();
		expect(area).toHaveProperty("selectionStart", "first\n".length);
	});

	it("keeps the paste and the rest of the page when the engine fails", async () => {
		open(fakeEngine({ analyse: () => Promise.reject(new Error("boom")) }));
		paste("docker info", "Server Version: 27");
		expect(await screen.findByRole("alert")).toHaveTextContent("The engine failed on this paste");
		expect(screen.getByLabelText("docker info", { selector: "textarea" })).toHaveValue("Server Version: 27");
	});

	it("keeps the rest of the answer when one part of it crashes", async () => {
		const silence = vi.spyOn(console, "error").mockImplementation(() => undefined);
		const real = fakeEngine();
		const broken = fakeEngine({
			analyse: async (evidence, signal) => {
				const diagnosed = await real.analyse(evidence, signal);
				const { trace } = diagnosed.analysis;
				const crashing: Trace | null = trace && {
					...trace,
					get steps(): Trace["steps"] {
						throw new Error("cannot be drawn");
					},
				};
				return { ...diagnosed, analysis: { ...diagnosed.analysis, trace: crashing } };
			},
		});
		open(broken);
		paste("dockerd log", LOG);
		expect(await screen.findByRole("alert")).toHaveTextContent("Drawing the packet's way failed");
		expect(screen.getByRole("heading", { level: 1, name: /chain is gone/ })).toBeVisible();
		expect(screen.getByText("systemctl restart docker")).toBeVisible();
		silence.mockRestore();
	});

	it("shows what a link carries and how long it is before there is one to copy", async () => {
		open();
		paste("dockerd log", `docker01 dockerd: ${LOG}`);
		fireEvent.click(await screen.findByRole("button", { name: "Share" }));
		expect(await screen.findByText(/short enough for mail, chat and tickets/)).toBeVisible();
		// jsdom has no workers, so the second pass says that it could not run.
		expect(await screen.findByText(/Read the preview with more care/)).toBeVisible();
		expect(screen.getByRole("button", { name: "Copy link" })).toBeEnabled();
		const carried = screen.getByText(/Everything that the link carries: 1 lines?/).closest("details");
		expect(carried).toHaveTextContent("host-1 dockerd:");
		expect(carried).not.toHaveTextContent("docker01");
	});

	it("offers no link that could not be opened", async () => {
		const real = fakeEngine();
		open(
			fakeEngine({
				share: async (...asked) => ({
					...(await real.share(...asked)),
					length: { characters: 2_000_000, fits: "file" },
				}),
			}),
		);
		paste("dockerd log", LOG);
		fireEvent.click(await screen.findByRole("button", { name: "Share" }));
		expect(await screen.findByText(/too long for a link/)).toBeVisible();
		expect(await screen.findByText(/Read the preview with more care/)).toBeVisible();
		expect(screen.queryByRole("button", { name: "Copy link" })).toBeNull();
		for (const name of ["Save as file", "Download report (Markdown)"])
			expect(screen.getByRole("button", { name })).toBeEnabled();
	});

	it("opens a shared report read-only and leaves the own paste alone", async () => {
		const { workspace } = open();
		paste("docker info", "mine");
		await act(async () => {
			window.location.hash = "#v1.fake";
		});
		expect(await screen.findByText("A shared report, read-only.")).toBeVisible();
		expect(await screen.findByRole("heading", { level: 1, name: /chain is gone/ })).toBeVisible();
		expect(screen.getByLabelText("dockerd log", { selector: "textarea" })).toHaveAttribute("readonly");
		expect(screen.queryByRole("button", { name: "Share" })).toBeNull();
		await act(async () => {
			window.location.hash = "#/";
		});
		expect(await screen.findByLabelText("docker info", { selector: "textarea" })).toHaveValue("mine");
		expect(workspace.getState().sources[0]?.text).toBe("mine");
	});

	it("says so when a link is damaged", async () => {
		window.location.hash = "#nonsense";
		open();
		expect(await screen.findByRole("heading", { level: 1, name: "The report in this link is damaged" })).toBeVisible();
		expect(screen.getByText("It is not one of ours.")).toBeVisible();
	});

	it("lists the failure modes and finds one by a word", async () => {
		window.location.hash = "#/failure-modes";
		open();
		expect(await screen.findByRole("link", { name: /Docker's chain is gone/ })).toBeVisible();
		fireEvent.change(screen.getByRole("searchbox"), { target: { value: "lock" } });
		expect(screen.queryByRole("link", { name: /Docker's chain is gone/ })).toBeNull();
		expect(screen.getByRole("link", { name: /holds the lock/ })).toHaveAttribute(
			"href",
			"#/failure-modes/xtables-lock-held",
		);
	});

	it("keeps the chosen theme", () => {
		open();
		fireEvent.change(screen.getByRole("combobox", { name: "Theme" }), { target: { value: "dark" } });
		expect(document.documentElement).toHaveAttribute("data-theme", "dark");
		expect(createThemeStore(document.documentElement, window.localStorage).getState().theme).toBe("dark");
	});
});
