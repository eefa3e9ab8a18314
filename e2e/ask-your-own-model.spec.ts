import { type BrowserContext, expect, type Page, test } from "@playwright/test";
import { type ModelServer, startModelServer } from "../tests/support/model-server";
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
