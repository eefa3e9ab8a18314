import { AxeBuilder } from "@axe-core/playwright";
import { type BrowserContext, expect, type Locator, type Page, test } from "@playwright/test";
import { HOSTILE, type ModelServer, startModelServer } from "../tests/support/model-server";
import { open, paste, pasteFlushed } from "./workbench";

/** Planted in the paste. Secrets are nowhere on the other side; names come back to the eye and never to the provider. */
const SECRETS = ["hunter2-S3cret", "ghp_16C7e42F292c6912E7710c838347Ae178B4a"];
const HOST = "payroll-db7.corp.initech.com";
const NAMES = [HOST, "proxyadmin", "8.34.217.99", "jane.roe@initech.com"];
const KEY = "sk-test-4rF9xW2pLq8ZtYv3";

/** A model that knows the report: it names the host of the question, a repair, and a command of its own. */
function goodAnswer(sent: string): string {
	const host = /What of ([\w.-]+)\?/.exec(sent)?.[1] ?? "no-host-was-named";
	return `On **${host}** something flushed the nat table.\n\n1. Do this:\n\n\`\`\`sh\niptables -F\n\`\`\`\n\n\`\`\`repairs\ndocker-chain-missing/fix\nnot-of-ours/fix\n\`\`\`\n`;
}

let server: ModelServer;
let other: ModelServer;
test.beforeAll(async () => {
	server = await startModelServer(goodAnswer);
	other = await startModelServer();
});
test.afterAll(async () => {
	await server.close();
	await other.close();
});

/** From an empty page to the assistant's, with the report in it. */
async function openAssistant(page: Page, context: BrowserContext): Promise<Page> {
	await open(page);
	await pasteFlushed(page);
	await paste(page, "docker info", ` HTTP Proxy: http://proxyadmin:${SECRETS[0]}@${HOST}:3128\n Name: ${HOST}\n`);
	await paste(
		page,
		"pasted text",
		`jane@${HOST}:~$ curl -H "Authorization: Bearer ${SECRETS[1]}" https://8.34.217.99/\n# mail jane.roe@initech.com\n`,
	);
	await page.getByRole("button", { name: "Share" }).click();
	const button = page.getByRole("dialog").getByRole("button", { name: "Ask your own model" });
	await expect(button).toBeEnabled();
	const opened = context.waitForEvent("page");
	await button.click();
	const assistant = await opened;
	await expect(assistant.getByRole("heading", { name: "What goes with a question" })).toBeVisible();
	return assistant;
}

async function choose(assistant: Page, model: string, protocol = "openai", origin = server.origin): Promise<void> {
	await assistant.getByRole("radio", { name: "Another address" }).check();
	await assistant.getByLabel("Address", { exact: true }).fill(origin);
	await assistant.getByLabel("Speaks like").selectOption(protocol);
	await assistant.getByLabel("Model", { exact: true }).fill(model);
	await assistant.getByLabel(/^Key/).fill(KEY);
}

async function ask(assistant: Page, question: string): Promise<void> {
	await assistant.getByLabel(/Your (?:next )?question/).fill(question);
	await assistant.getByRole("button", { name: "Show what will be sent" }).click();
	await assistant.getByRole("button", { name: "Send", exact: true }).click();
}

/** Everything of a page that another program, a style or a later visitor could read. */
const traces = (page: Page): Promise<string> =>
	page.evaluate(() =>
		[
			location.href,
			document.title,
			document.documentElement.outerHTML,
			JSON.stringify({ ...localStorage }),
			JSON.stringify({ ...sessionStorage }),
			document.cookie,
			...performance.getEntries().map(({ name }) => name),
		].join("\n"),
	);

for (const protocol of ["openai", "anthropic"]) {
	test(`a question goes out as it was shown, and the answer comes back in real names (${protocol})`, async ({
		page,
		context,
	}) => {
		const logged: string[] = [];
		context.on("console", (message) => logged.push(message.text()));
		const assistant = await openAssistant(page, context);
		await choose(assistant, "good", protocol);
		const before = server.received.length;
		await assistant.getByLabel("Your question").fill(`What of ${HOST}?`);
		await assistant.getByRole("button", { name: "Show what will be sent" }).click();

		const shown = await assistant.locator('[data-is="body"]').textContent();
		const head = await assistant.locator('[data-is="head"]').innerText();
		expect(head).toContain(`POST ${server.origin}`);
		expect(head).toMatch(/(?:authorization: Bearer |x-api-key: )\u2022+/);
		expect(head).not.toContain(KEY);
		await expect(assistant.getByText(/^About [\d,]+ tokens/)).toBeVisible();
		expect(server.received.length, "nothing leaves before Send").toBe(before);

		await assistant.getByRole("button", { name: "Send", exact: true }).click();
		await expect(assistant.getByText("The answer is complete.")).toBeVisible();
		const request = server.received.at(-1);
		expect(request?.body, "letter by letter").toBe(shown);
		expect(request?.headers[protocol === "openai" ? "authorization" : "x-api-key"]).toContain(KEY);
		expect(request?.headers).toMatchObject({ origin: "null" });
		for (const none of ["cookie", "referer"]) expect(request?.headers[none]).toBeUndefined();
		for (const name of Object.keys(request?.headers ?? {})) expect(name).not.toContain("stainless");
		for (const word of [...SECRETS, ...NAMES]) expect(JSON.stringify(request), word).not.toContain(word);

		const answer = assistant.getByRole("article");
		await expect(answer).toContainText(`On ${HOST} something flushed`);
		await expect(answer).toContainText("Unverified");
		await expect(answer).toContainText("docker-chain-missing/fix");
		await expect(answer).toContainText("One id was named that the report does not have");
		await expect(answer).not.toContainText("not-of-ours");
		await expect(answer).toContainText("321 tokens in and 45 out");
		await expect(answer.getByRole("figure")).toContainText("not to be run unread");
		await expect(answer.getByRole("button"), "nothing to copy or run").toHaveCount(0);
		await answer.getByRole("checkbox", { name: "Real names" }).uncheck();
		await expect(answer).not.toContainText(HOST);

		// The second question carries the first answer, in stand-ins.
		await answer.getByRole("checkbox", { name: "Real names" }).check();
		await expect(answer).toContainText(HOST);
		await ask(assistant, "And then?");
		await expect(assistant.getByText("The answer is complete.")).toHaveCount(2);
		const second = server.received.at(-1)?.body ?? "";
		expect(second).toContain("something flushed the nat table");
		for (const word of [...SECRETS, ...NAMES]) expect(second, word).not.toContain(word);

		for (const one of [page, assistant]) expect(await traces(one)).not.toContain(KEY);
		for (const secret of SECRETS) expect(await traces(assistant)).not.toContain(secret);
		expect(logged.join("\n")).not.toContain(KEY);
		expect(assistant.frames(), "the frame that sent it is gone, and the key with it").toHaveLength(1);
	});
}

const lastTurn = (assistant: Page): Locator => assistant.getByRole("article").last();

test("whatever goes wrong is said in a sentence, and what had come stays", async ({ page, context }) => {
	const assistant = await openAssistant(page, context);
	const cases: readonly (readonly [model: string, says: RegExp, kept: string])[] = [
		["cut", /ended in the middle/, "Half of an ans"],
		["malformed", /no answer in this protocol/, "Good so far."],
		["page", /text\/html instead of a stream/, ""],
		["at-once", /application\/json instead of a stream/, ""],
		["overloaded", /ended the answer with an error[\s\S]*Overloaded/, "I "],
		["status-401", /The key was refused \(401\)[\s\S]*Said by the server: 401/, ""],
		["status-404", /Not found \(404\)[\s\S]*name of the model/, ""],
		["status-429", /Too many requests or tokens \(429\)/, ""],
		["status-500", /The server failed \(500\)/, ""],
		["moved", /got no answer from/, ""],
		["no-cors", /got no answer from[\s\S]*CORS[\s\S]*OLLAMA_ORIGINS/, ""],
		["too-short", /Cut off at your limit/, "As far as it goes"],
		["refuses", /refused to answer/, ""],
	];
	for (const [model, says, kept] of cases) {
		await choose(assistant, model);
		await ask(assistant, `Try ${model}`);
		await expect(lastTurn(assistant), model).toContainText(says);
		if (kept !== "") await expect(lastTurn(assistant), model).toContainText(kept);
		const isFailed = !["too-short", "refuses"].includes(model);
		await expect(assistant.getByLabel("Your next question")).toHaveValue(isFailed ? `Try ${model}` : "");
	}
	await assistant.context().setOffline(true);
	await choose(assistant, "good");
	await assistant.getByLabel("Your next question").fill("Still there?");
	await assistant.getByRole("button", { name: "Show what will be sent" }).click();
	await assistant.getByRole("button", { name: "Send", exact: true }).click();
	await expect(lastTurn(assistant)).toContainText("This machine is offline.");
});

test("a hostile answer is text, and an endless one is ended", async ({ page, context }) => {
	const assistant = await openAssistant(page, context);
	const requests: string[] = [];
	assistant.on("request", (request) => requests.push(request.url()));
	await choose(assistant, "hostile");
	await ask(assistant, "Take over this page");
	const turn = lastTurn(assistant);
	await expect(turn).toContainText("The answer is complete.");
	await expect(turn).toContainText('<img src=x onerror="document.title=');
	await expect(turn).toContainText("](javascript:document.title=");
	expect(HOSTILE).toContain("\u202e");
	expect(await turn.textContent()).not.toMatch(/[\u202a-\u202e]/);
	await expect(turn.locator("a, img, script, iframe, object, form, button, [onerror], [style]")).toHaveCount(0);
	await expect(turn).toContainText("Repair: ");
	await expect(turn).toContainText("2 ids were named that the report does not have");
	await expect(turn).not.toContainText("rm-everything");
	await expect(assistant).toHaveTitle(/^Ask your own model/);
	expect(requests.filter((url) => !url.includes("/talk") && !url.startsWith(server.origin))).toEqual([]);

	await choose(assistant, "huge");
	await ask(assistant, "Talk for ever");
	await expect(lastTurn(assistant)).toContainText("The answer did not end", { timeout: 40_000 });
	await expect.poll(() => server.wasLeft()).toBe(true);

	await choose(assistant, "silent");
	await ask(assistant, "Begin, and say no more");
	await expect(lastTurn(assistant)).toContainText("And then");
	await lastTurn(assistant).getByRole("button", { name: "Stop" }).click();
	await expect(lastTurn(assistant)).toContainText("Stopped by you.");
	await expect(lastTurn(assistant)).toContainText("And then");
	expect(assistant.frames()).toHaveLength(1);
});

test("the frame reaches the chosen origin and nothing else: no other, not the page, not the workbench", async ({
	page,
	context,
}) => {
	const assistant = await openAssistant(page, context);
	await choose(assistant, "silent");
	await ask(assistant, "Stay");
	await expect(lastTurn(assistant)).toContainText("And then");
	const frame = assistant.frames().find((one) => one.url().includes("talk-local.html"));
	if (!frame) throw new Error("no frame is talking");
	const before = other.received.length;
	const found = await frame.evaluate(
		async ([chosen, foreign]) => {
			const tries = async (work: () => unknown): Promise<string> => {
				try {
					await work();
					return "went";
				} catch (error) {
					return error instanceof Error ? error.name : "refused";
				}
			};
			const image = (src: string) =>
				new Promise((done, fail) => {
					const one = new Image();
					one.onload = done;
					one.onerror = fail;
					one.src = src;
				});
			// A second policy can only take away.
			const meta = document.createElement("meta");
			meta.httpEquiv = "Content-Security-Policy";
			meta.content = `connect-src ${foreign}`;
			const other = await tries(() => fetch(`${foreign}/v1/messages`, { method: "POST", mode: "no-cors", body: "x" }));
			const own = await tries(() => fetch(`${chosen}/v1/messages`, { method: "POST", body: "{}" }));
			document.head.append(meta);
			return {
				origin: self.origin,
				own,
				other,
				otherAfterAnotherPolicy: await tries(() => fetch(`${foreign}/v1/messages`, { mode: "no-cors" })),
				home: await tries(() => fetch(location.href)),
				image: await tries(() => image(`${foreign}/x.png`)),
				socket: await tries(
					() =>
						new Promise((done, fail) => {
							const one = new WebSocket(foreign.replace("http", "ws"));
							one.onopen = done;
							one.onerror = fail;
						}),
				),
				parent: await tries(() => parent.document.title),
				top: await tries(() => top?.document.title),
				storage: await tries(() => localStorage.length),
				popup: window.open(`${foreign}/popup`) === null ? "refused" : "went",
			};
		},
		[server.origin, other.origin] as const,
	);
	expect(found).toMatchObject({
		origin: "null",
		own: "went",
		other: "TypeError",
		otherAfterAnotherPolicy: "TypeError",
		home: "TypeError",
		image: "refused",
		socket: "refused",
		parent: "SecurityError",
		top: "SecurityError",
		storage: "SecurityError",
		popup: "refused",
	});
	expect(other.received.length, "packets at the other origin").toBe(before);

	// The page around it connects to nobody, not even to the chosen one, and has no way back to the workbench.
	const around = await assistant.evaluate(async (chosen) => {
		const fetched = await fetch(chosen).then(
			() => "went",
			() => "refused",
		);
		return { fetched, opener: window.opener, stored: Object.keys(sessionStorage) };
	}, server.origin);
	expect(around).toEqual({ fetched: "refused", opener: null, stored: [] });
});

test("known providers have a frame that names them and only them", async ({ page, context }) => {
	const assistant = await openAssistant(page, context);
	const asked: string[] = [];
	const stream = 'data: {"type":"message_start","message":{"usage":{"input_tokens":9}}}\n\n';
	await context.route("https://api.anthropic.com/**", async (route) => {
		asked.push(`${route.request().method()} ${route.request().url()} ${route.request().headers()["x-api-key"] ?? ""}`);
		await route.fulfill({
			status: 200,
			headers: {
				"content-type": "text/event-stream",
				"access-control-allow-origin": "*",
				"access-control-allow-headers": "*",
			},
			body: `${stream}data: {"type":"content_block_delta","delta":{"type":"text_delta","text":"From Anthropic."}}\n\ndata: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":3}}\n\ndata: {"type":"message_stop"}\n\n`,
		});
	});
	await assistant.getByLabel(/^Key/).fill(KEY);
	await expect(assistant.getByText("Goes to https://api.anthropic.com and nowhere else.")).toBeVisible();
	await ask(assistant, "Who are you?");
	await expect(lastTurn(assistant)).toContainText("From Anthropic.");
	expect(asked.at(-1)).toBe(`POST https://api.anthropic.com/v1/messages ${KEY}`);

	// The same frame, told of another origin: its own file names Anthropic, so neither is reached.
	const foreign = await assistant.evaluate(async (origin) => {
		const frame = document.createElement("iframe");
		frame.setAttribute("sandbox", "allow-scripts");
		frame.src = `talk-anthropic.html#${encodeURIComponent(origin)}`;
		await new Promise((done) => {
			frame.onload = done;
			document.body.append(frame);
		});
		const { port1, port2 } = new MessageChannel();
		const said = new Promise<unknown>((done) => {
			port1.onmessage = ({ data }) => data === "ready" || done(data);
		});
		frame.contentWindow?.postMessage("port", "*", [port2]);
		port1.postMessage({ send: { protocol: "openai", url: `${origin}/v1/chat/completions`, headers: [], body: "{}" } });
		return said;
	}, other.origin);
	expect(foreign).toEqual({ kind: "failed", failure: { kind: "unreachable" } });
	expect(other.received).toEqual([]);
});

test("raw evidence reaches the page by no message, not even by one that somebody makes up", async ({
	page,
	context,
}) => {
	await context.addInitScript(() => {
		const Channel = BroadcastChannel;
		const heard: unknown[] = [];
		Object.assign(window, { heard });
		window.BroadcastChannel = class extends Channel {
			constructor(name: string) {
				super(name);
				super.addEventListener("message", ({ data }) => heard.push(data));
			}
		};
	});
	const assistant = await openAssistant(page, context);
	const heard = await assistant.evaluate(() => JSON.stringify(Reflect.get(window, "heard")));
	expect(heard).toContain("stackengine.ask/1");
	for (const word of [...SECRETS, ...NAMES]) expect(heard, word).not.toContain(word);

	const key = new URL(assistant.url()).hash.slice(1);
	const parts = await assistant.getByRole("listitem").count();
	await page.evaluate(
		([channel, raw]) => {
			const forged = new BroadcastChannel(channel);
			const report = { schema: "stackengine.ask/1", parts: [], plans: [] };
			const evidence = [{ id: "s1", name: raw, text: raw }];
			for (const message of [
				evidence,
				{ kind: "report", report: evidence },
				{ kind: "report", report, evidence },
				{ kind: "report", report: { ...report, sources: evidence } },
				{ kind: "report", report: { ...report, parts: evidence.map((source) => ({ ...source, title: raw })) } },
				{ kind: "report", report, originals: new Map([["host-1", raw]]) },
				{ kind: "analyse", evidence },
			])
				forged.postMessage(message);
		},
		[`stackengine-ask-${key}`, "RAW-EVIDENCE-OF-payroll"] as const,
	);
	await expect
		.poll(() => assistant.evaluate(() => JSON.stringify(Reflect.get(window, "heard"))))
		.toContain("RAW-EVIDENCE");
	expect(await assistant.getByRole("listitem").count()).toBe(parts);
	await choose(assistant, "good");
	await assistant.getByLabel("Your question").fill("What do you know?");
	await assistant.getByRole("button", { name: "Show what will be sent" }).click();
	await expect(assistant.locator('[data-is="body"]')).not.toContainText("RAW-EVIDENCE");
	expect(await assistant.evaluate(() => document.documentElement.outerHTML)).not.toContain("RAW-EVIDENCE");
});

test("by keyboard alone: parts are left out, words cut, nothing put in; and forgetting ends it", async ({
	page,
	context,
}) => {
	const assistant = await openAssistant(page, context);
	await choose(assistant, "good");
	await expect.poll(async () => (await new AxeBuilder({ page: assistant }).analyze()).violations).toEqual([]);
	const parts = assistant.getByRole("region", { name: "What goes with a question" });
	await parts.getByRole("checkbox", { name: /dockerd log/ }).focus();
	await assistant.keyboard.press("Space");
	await parts.getByText("Read and cut").nth(1).focus();
	await assistant.keyboard.press("Enter");
	const text = parts.getByRole("textbox", { name: "Text of docker info" });
	const whole = await text.inputValue();
	await text.focus();
	await assistant.keyboard.press("ControlOrMeta+Home");
	await assistant.keyboard.type("curl evil");
	await expect(text).toHaveValue(whole);
	await expect(parts.getByText("Here you can only take out")).toBeVisible();
	await assistant.keyboard.press("Shift+End");
	await assistant.keyboard.press("Delete");
	const firstLine = whole.split("\n")[0] ?? "";
	await expect(text).toHaveValue(whole.slice(firstLine.length));

	await assistant.getByLabel("Your question").focus();
	await assistant.keyboard.type(`Is ${HOST} well?`);
	await assistant.keyboard.press("Tab");
	await assistant.keyboard.press("Enter");
	await expect(assistant.getByRole("heading", { name: "What will be sent" })).toBeFocused();
	const body = assistant.locator('[data-is="body"]');
	await expect(body).not.toContainText("## dockerd log");
	await expect(body).toContainText("## docker info");
	const question = assistant.getByRole("textbox", { name: "The question as it will be sent" });
	expect(await question.inputValue()).not.toContain(HOST);
	await question.focus();
	await assistant.keyboard.press("ControlOrMeta+Home");
	for (const _ of "Is ") await assistant.keyboard.press("Delete");
	await expect(body).toContainText(/\\n[\w.-]+ well\?"/);
	expect((await new AxeBuilder({ page: assistant }).analyze()).violations).toEqual([]);
	await assistant.getByRole("button", { name: "Send", exact: true }).focus();
	await assistant.keyboard.press("Enter");
	await expect(lastTurn(assistant)).toContainText("The answer is complete.");
	expect((await new AxeBuilder({ page: assistant }).analyze()).violations).toEqual([]);

	await page.bringToFront();
	await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
	await page.getByRole("button", { name: "Forget everything" }).click();
	await expect(assistant.getByText(/has forgotten its evidence/)).toBeVisible();
	await expect(assistant.getByRole("button", { name: "Show what will be sent" })).toBeDisabled();
});
