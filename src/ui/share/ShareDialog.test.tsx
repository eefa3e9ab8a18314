// @vitest-environment jsdom
import { fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { useState } from "react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { linkLength, markdownReport, share } from "../../engine";
import type { Evidence } from "../../engine/text/evidence";
import { type Choices, NO_CHOICES } from "../../state/redaction-choices";
import type { Sealing } from "./Leave";
import { ShareDialog } from "./ShareDialog";
import type { Seen } from "./Warnings";

const SECRET = "Xk9mQ2vLp77!";
const EVIDENCE: Evidence = [
	{
		id: "s1",
		name: "paste",
		text: `[bob@alpha7 ~]$ docker login -u bob -p ${SECRET}\nthe falcon project\nplain line 8080\ndated 2026-11-23T10:00:00Z\n`,
	},
];
const SEALING: Sealing = {
	seal: async (fragment, phrase) => `v1e.${phrase.length}${fragment.length}`,
	make: () => "made-made-made",
	shortest: 10,
};

type Looks = (texts: readonly string[]) => Promise<readonly (readonly Seen[])[]>;
const seesNothing: Looks = async (texts) => texts.map(() => []);

function Harness({ look, sealing }: { readonly look: Looks; readonly sealing: Sealing | null }) {
	const [choices, choose] = useState<Choices>(NO_CHOICES);
	return (
		<ShareDialog
			evidence={EVIDENCE}
			choices={choices}
			onChoose={choose}
			share={engineShare}
			report={async (evidence, of) => markdownReport(evidence, of)}
			secondPass={look}
			sealing={sealing}
			ask={null}
			onClose={() => undefined}
		/>
	);
}

const engineShare = async (evidence: Evidence, address: string, choices: Choices, whole: boolean) => {
	const shared = share(evidence, { ...choices, whole });
	return { ...shared, length: linkLength(shared.fragment, address) };
};

async function open(look: Looks = seesNothing, sealing: Sealing | null = SEALING) {
	render(<Harness look={look} sealing={sealing} />);
	await waitFor(() => expect(screen.getByRole("button", { name: /Copy link/ })).toBeEnabled());
}

const leaving = () =>
	screen
		.getAllByRole("row")
		.map((row) => row.querySelector('[data-is="leaves"]')?.textContent ?? "")
		.join("\n")
		.replaceAll(/ \([^()]*replaced; show it\)/g, "");

/** What typed and pasted words must never become: anything that a style, a title or another program can read. */
const attributes = () =>
	[...document.querySelectorAll("*")]
		.flatMap((element) => [...element.attributes].map(({ value }) => value))
		.join("\n");

describe("the share dialog", () => {
	beforeEach(() => {
		HTMLDialogElement.prototype.showModal ??= function show(this: HTMLDialogElement) {
			this.open = true;
		};
		HTMLDialogElement.prototype.close ??= () => undefined;
	});

	it("says what was replaced by kind and count, side by side, before anything can leave", async () => {
		let answer: (seen: readonly (readonly Seen[])[]) => void = () => undefined;
		const look = vi.fn<Looks>(() => new Promise((resolve) => (answer = resolve)));
		render(<Harness look={look} sealing={SEALING} />);
		expect(
			await screen.findByText(/Replaced: 3 things in 4 places \(1× password, 1× user name, 1× host name\)/),
		).toBeVisible();
		for (const name of [/Copy link/, "Save as file", /Download report/])
			expect(screen.getByRole("button", { name })).toBeDisabled();
		expect(leaving()).toContain("[user-1@host-1 ~]$ docker login -u user-1 -p redacted-1");
		await waitFor(() => expect(look).toHaveBeenCalled());
		answer([[]]);
		await waitFor(() => expect(screen.getByRole("button", { name: /Copy link/ })).toBeEnabled());
		expect(screen.getByText(/found no secret that is left/)).toBeVisible();
		expect(screen.getByText(/never expires/)).toBeVisible();
	});

	it("hides a word that is picked, everywhere, and takes that back", async () => {
		await open();
		fireEvent.click(screen.getByRole("checkbox", { name: "Unchanged lines too" }));
		fireEvent.click(screen.getByText("falcon"));
		await waitFor(() => expect(leaving()).toContain("the word-1 project"));
		expect(screen.getByRole("list", { name: "Hidden words" })).toHaveTextContent("falcon");
		fireEvent.click(screen.getByRole("button", { name: /word-1/ }));
		await waitFor(() => expect(leaving()).toContain("the falcon project"));
	});

	it("hides words that are typed, and keeps them out of every attribute", async () => {
		await open();
		const field = screen.getByLabelText("Always hide these words");
		fireEvent.input(field, { target: { value: "falcon, project" } });
		expect(attributes()).not.toContain("falcon");
		fireEvent.click(screen.getByRole("button", { name: "Hide" }));
		await waitFor(() => expect(leaving()).toContain("the word-1 word-2"));
		expect(field).toHaveValue("");
	});

	it("shows an identity again at once, and a secret only after a warning", async () => {
		await open();
		fireEvent.click(screen.getAllByRole("button", { name: /^user-1/ })[0] ?? document.body);
		await waitFor(() => expect(leaving()).toContain("[bob@host-1 ~]$ docker login -u bob"));
		fireEvent.click(screen.getByRole("button", { name: /^redacted-1/ }));
		const warning = await screen.findByRole("alertdialog");
		expect(warning).toHaveTextContent("whoever gets the link can read and use it");
		expect(leaving()).not.toContain(SECRET);
		fireEvent.click(within(warning).getByRole("button", { name: "Keep it hidden" }));
		expect(leaving()).not.toContain(SECRET);
		fireEvent.click(screen.getByRole("button", { name: /^redacted-1/ }));
		fireEvent.click(screen.getByRole("button", { name: "Show the secret anyway" }));
		await waitFor(() => expect(leaving()).toContain(SECRET));
		expect(screen.getByText("A secret leaves as it is here.")).toBeVisible();
		fireEvent.click(screen.getByRole("button", { name: /^Hide again.*Xk9mQ2vLp77!/ }));
		await waitFor(() => expect(leaving()).not.toContain(SECRET));
	});

	it("moves the dates of a log, shows it line by line, and takes it back", async () => {
		await open();
		const box = screen.getByRole("checkbox", { name: /Move every date/ });
		expect(leaving()).not.toContain("dated");
		fireEvent.click(box);
		fireEvent.click(screen.getByRole("checkbox", { name: "Unchanged lines too" }));
		await waitFor(() => expect(leaving()).toMatch(/dated \d{4}-\d\d-\d\dT10:00:00Z/));
		await waitFor(() => expect(leaving()).not.toContain("2026-11-23T10:00:00Z"));
		expect(screen.getByText(/^Replaced:/)).toHaveTextContent("1× date");
		fireEvent.click(box);
		await waitFor(() => expect(leaving()).toContain("dated 2026-11-23T10:00:00Z"));
	});

	it("warns of what another scanner sees, with the place, and hides it on request", async () => {
		await open(async (texts) =>
			texts.map((text) => {
				const from = text.indexOf("8080");
				return from < 0 ? [] : [{ from, to: from + 4, rule: "basicauth" }];
			}),
		);
		const pass = screen.getByRole("region", { name: "Second pass" });
		expect(pass).toHaveTextContent("One word may be a secret still");
		expect(screen.getByText("Before you send: one word may be a secret still.", { exact: false })).toBeVisible();
		expect(pass).toHaveTextContent("paste, line 3 (@secretlint’s rule basicauth): 8080");
		fireEvent.click(within(pass).getByRole("button", { name: "Hide it" }));
		await waitFor(() => expect(leaving()).toContain("plain line word-1"));
		await waitFor(() => expect(pass).toHaveTextContent("found no secret that is left"));
	});

	it("says so when the other scanner can't run", async () => {
		await open(() => Promise.reject(new Error("no worker")));
		expect(screen.getByText(/only the engine’s own second look did/)).toBeVisible();
	});

	it("asks for a passphrase that is long enough, and lets nothing leave before the link is locked", async () => {
		const copied = vi.fn(async () => undefined);
		Object.defineProperty(navigator, "clipboard", { value: { writeText: copied }, configurable: true });
		await open();
		fireEvent.click(screen.getByRole("checkbox", { name: "Only with a passphrase" }));
		const field = screen.getByLabelText("Passphrase");
		fireEvent.input(field, { target: { value: "falcon" } });
		expect(screen.getByRole("button", { name: /Copy link/ })).toBeDisabled();
		expect(screen.getByText(/At least 10 characters/)).toBeVisible();
		fireEvent.input(field, { target: { value: "falcon flies by night" } });
		await waitFor(() => expect(screen.getByRole("button", { name: /Copy link/ })).toBeEnabled());
		expect(attributes()).not.toContain("falcon");
		fireEvent.click(screen.getByRole("button", { name: /Copy link/ }));
		await waitFor(() => expect(copied).toHaveBeenCalledWith(expect.stringMatching(/#v1e\.21\d+$/)));
		fireEvent.click(screen.getByRole("button", { name: "Make one" }));
		expect(field).toHaveValue("made-made-made");
	});

	it("says when the browser can encrypt nothing", async () => {
		await open(seesNothing, null);
		expect(screen.getByText(/no link can have a passphrase/)).toBeVisible();
	});

	it("puts nothing raw into an attribute or a title", async () => {
		await open();
		for (const secret of [SECRET, "alpha7", "bob", "falcon"]) expect(attributes()).not.toContain(secret);
		expect(document.title).not.toContain("alpha7");
	});
});
