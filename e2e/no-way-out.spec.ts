import { copyFileSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { pathToFileURL } from "node:url";
import { type BrowserContext, chromium, expect, type Page, test, type Worker } from "@playwright/test";
import { headersOf } from "../src/headers";
import { findBrowser } from "./browser";
import { type Listener, listen } from "./listener";
import { WAYS_OUT, type WayOut } from "./ways-out";
import { FLUSHED, open } from "./workbench";

/**
 * The seal, tried: every way out from the page's own context, from its worker, from its service worker and from the
 * single file, and a listener that counts what arrives. The same tries from a page without a policy show that each of
 * them would be seen.
 */

/**
 * Milliseconds that a way is given. What comes later still counts: each run ends with a longer wait. The control run
 * waits until something comes, so that a busy machine does not look like a closed way.
 */
const PATIENCE = 300;
const AT_LAST = 2500;
// A browser of its own a test, and a page of its own for each way that leaves: a busy machine takes its time.
test.describe.configure({ timeout: 240_000 });

const NAME = "nobody-has-this-name.way-out.test";

let listener: Listener;
let context: BrowserContext;
let netLog: string;
let blank: readonly Page[];

test.beforeEach(async ({ baseURL }, testInfo) => {
	listener = await listen();
	netLog = testInfo.outputPath("net-log.json");
	// A browser of its own with a profile on the disk: in a private window, and with Playwright's usual arguments,
	// Chromium does not connect ahead, which is one of the ways to be tried.
	context = await chromium.launchPersistentContext(testInfo.outputPath("profile"), {
		executablePath: findBrowser(),
		ignoreDefaultArgs: ["--disable-background-networking"],
		args: [
			"--no-sandbox",
			"--disable-gpu",
			"--no-first-run",
			"--disable-component-update",
			"--disable-sync",
			`--log-net-log=${netLog}`,
		],
		...(baseURL === undefined ? {} : { baseURL }),
	});
	// While a page stays, closing the others does not end the browser.
	await context.newPage();
	blank = context.pages();
});
test.afterEach(async () => {
	waitsForEach = false;
	await context.close();
	await listener.close();
});

/** Whether the browser has looked the name up. It writes its log when it ends. */
async function lookedUp(): Promise<boolean> {
	await context.close();
	const log: unknown = JSON.parse(readFileSync(netLog, "utf8"));
	const events = log instanceof Object ? Reflect.get(log, "events") : null;
	if (!Array.isArray(events) || events.length < 20) throw new Error("The browser wrote no log of its network");
	const types = log instanceof Object ? Reflect.get(Reflect.get(log, "constants"), "logEventTypes") : null;
	const jobs = ["HOST_RESOLVER_MANAGER_JOB", "HOST_RESOLVER_MANAGER_REQUEST"].map((type) => Reflect.get(types, type));
	return events.some((event) => jobs.includes(Reflect.get(event, "type")) && JSON.stringify(event).includes(NAME));
}

let waitsForEach = false;

/** Waits for an end, good or bad, but not for ever. */
const atMost = (work: Promise<unknown>): Promise<unknown> =>
	Promise.race([work.catch(() => undefined), new Promise((done) => setTimeout(done, 10 * PATIENCE))]);

async function tryIn(run: (script: string) => Promise<unknown>, { script, looksUp }: WayOut): Promise<string> {
	// A page that is being left may never answer; what counts is what arrives.
	await atMost(run(script(listener.address, NAME)));
	return arrived(waitsForEach && !looksUp ? 10 * PATIENCE : PATIENCE, waitsForEach);
}

/** What has come in this time, or the first that comes. */
async function arrived(within: number, first: boolean): Promise<string> {
	const until = Date.now() + within;
	let tcp = 0;
	let udp = 0;
	do {
		await new Promise((done) => setTimeout(done, 50));
		const taken = listener.taken();
		tcp += taken.tcp;
		udp += taken.udp;
	} while (Date.now() < until && !(first && tcp + udp > 0));
	return tcp + udp === 0 ? "nothing" : `${tcp} TCP, ${udp} UDP`;
}

/** As a script of the page itself, with a user's press behind it. */
async function asThePage(page: Page): Promise<(script: string) => Promise<unknown>> {
	const session = await page.context().newCDPSession(page);
	return (script) =>
		session.send("Runtime.evaluate", {
			expression: `(() => { ${script} })()`,
			userGesture: true,
			allowUnsafeEvalBlockedByCSP: true,
		});
}

/** Every way out of a page; ways that take it away each get a page of their own. */
async function tryAll(load: (page: Page) => Promise<void>): Promise<Record<string, string>> {
	const outcome: Record<string, string> = {};
	const shared = await context.newPage();
	await load(shared);
	const inShared = await asThePage(shared);
	for (const way of WAYS_OUT.filter(({ leaves }) => !leaves)) outcome[way.way] = await tryIn(inShared, way);
	await shared.close();
	for (const way of WAYS_OUT.filter(({ leaves }) => leaves)) {
		const page = await context.newPage();
		await load(page);
		outcome[way.way] = await tryIn(await asThePage(page), way);
		for (const opened of context.pages()) if (!blank.includes(opened)) await atMost(opened.close());
	}
	outcome["afterwards"] = await arrived(AT_LAST, false);
	return outcome;
}

const OF_WORKERS = WAYS_OUT.filter(({ from }) => from === "page and worker");

async function tryAllInWorker(worker: Worker): Promise<Record<string, string>> {
	const outcome: Record<string, string> = {};
	for (const way of OF_WORKERS)
		outcome[way.way] = await tryIn((script) => worker.evaluate(`(() => { ${script} })()`), way);
	outcome["afterwards"] = await arrived(AT_LAST, false);
	return outcome;
}

const nothing = (ways: readonly WayOut[]) =>
	Object.fromEntries([...ways.map(({ way }) => way), "afterwards"].map((way) => [way, "nothing"]));

/** An empty page of its own server, with these headers. */
async function emptyPage(headers: Readonly<Record<string, string>>): Promise<{ address: string; close: () => void }> {
	const server = createServer((_, response) => {
		for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
		response.setHeader("Content-Type", "text/html").end("<title>empty</title><body>");
	});
	await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
	const bound = server.address();
	if (bound === null || typeof bound === "string") throw new Error("No port to serve from");
	return { address: `http://127.0.0.1:${bound.port}/`, close: () => server.close() };
}

const silent = (ways: readonly WayOut[], outcome: Readonly<Record<string, string>>) =>
	ways.filter(({ way, looksUp }) => !looksUp && outcome[way] === "nothing").map(({ way }) => way);

test("control: without a policy every way lets something out, so that these tests can fail", async () => {
	const { address, close } = await emptyPage({});
	waitsForEach = true;
	const outcome = await tryAll(async (page) => void (await page.goto(address)));
	const page = await context.newPage();
	await page.goto(address);
	const started = page.waitForEvent("worker");
	await page.evaluate(() => void new Worker(URL.createObjectURL(new Blob([""]))));
	const fromWorker = await tryAllInWorker(await started);
	close();
	expect({ page: silent(WAYS_OUT, outcome), worker: silent(OF_WORKERS, fromWorker) }).toEqual({ page: [], worker: [] });
	expect(await lookedUp(), "DNS prefetch").toBe(true);
});

test("the headers alone close every way, whatever the page's own code does", async () => {
	const { address, close } = await emptyPage(headersOf("/"));
	const outcome = await tryAll(async (page) => void (await page.goto(address)));
	close();
	expect(outcome).toEqual(nothing(WAYS_OUT));
	expect(await lookedUp(), "DNS prefetch").toBe(false);
});

test("from the page nothing gets out: 0 packets by TCP and UDP, no name looked up", async () => {
	const outcome = await tryAll(open);
	expect(outcome).toEqual(nothing(WAYS_OUT));
	expect(await lookedUp(), "DNS prefetch").toBe(false);
});

test("from the workers nothing gets out", async () => {
	const page = await context.newPage();
	await open(page);
	await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
	const workers = [...page.workers(), ...context.serviceWorkers()];
	expect(workers.map((worker) => worker.url().replace(/^.*\/|-[\w-]{8}\.js$/g, "")).sort()).toEqual([
		"engine.worker",
		"sw.js",
	]);
	for (const worker of workers) expect(await tryAllInWorker(worker), worker.url()).toEqual(nothing(OF_WORKERS));
});

test("from the single file nothing gets out", async ({ baseURL: _ }, testInfo) => {
	const file = testInfo.outputPath("stackengine.html");
	copyFileSync("dist/stackengine.html", file);
	const outcome = await tryAll(async (page) => {
		await page.goto(pathToFileURL(file).href);
		await expect(page.locator(".cm-content")).toHaveCount(4);
	});
	expect(outcome).toEqual(nothing(WAYS_OUT));
	expect(await lookedUp(), "DNS prefetch").toBe(false);
});

test("from the single file's worker nothing gets out", async ({ baseURL: _ }, testInfo) => {
	const file = testInfo.outputPath("stackengine.html");
	copyFileSync("dist/stackengine.html", file);
	const page = await context.newPage();
	await page.goto(pathToFileURL(file).href);
	await expect(page.locator(".cm-content")).toHaveCount(4);
	await page.locator(".cm-content").last().fill(FLUSHED.log);
	await expect.poll(() => page.workers().length).toBe(1);
	for (const worker of page.workers()) expect(await tryAllInWorker(worker)).toEqual(nothing(OF_WORKERS));
});

test("from the assistant's page nothing gets out: only its frame talks", async () => {
	const outcome = await tryAll(async (page) => {
		await page.goto(`assist.html#${"0".repeat(32)}`);
		await expect(page.getByRole("radio", { name: "Anthropic" })).toBeVisible();
	});
	expect(outcome).toEqual(nothing(WAYS_OUT));
	expect(await lookedUp(), "DNS prefetch").toBe(false);
});

for (const [frame, chosen] of [
	["talk-anthropic.html", "https://api.anthropic.com"],
	["talk-own.html", "http://127.0.0.1:9"],
] as const)
	test(`from ${frame}, told of ${chosen}, nothing gets out to anybody else`, async () => {
		const outcome: Record<string, string> = {};
		for (const way of WAYS_OUT) {
			const page = await context.newPage();
			await page.goto(`assist.html#${"0".repeat(32)}`);
			await page.evaluate(
				([file, origin]) =>
					new Promise((done) => {
						const one = document.createElement("iframe");
						one.setAttribute("sandbox", "allow-scripts");
						one.src = `${file}#${encodeURIComponent(origin)}`;
						one.onload = done;
						document.body.append(one);
					}),
				[frame, chosen] as const,
			);
			const inside = page.frames().find((one) => one.url().includes(frame));
			if (!inside) throw new Error(`${frame} is not there`);
			outcome[way.way] = await tryIn((script) => inside.evaluate(`(() => { ${script} })()`), way);
			for (const opened of context.pages()) if (!blank.includes(opened)) await atMost(opened.close());
		}
		outcome["afterwards"] = await arrived(AT_LAST, false);
		// Where any address may be the chosen one, no list of connections can close what no policy governs: a connection
		// opened ahead, with nothing in it.
		for (const way of frame === "talk-own.html" ? ["preconnect", "frame"] : []) {
			expect(outcome[way]).toMatch(/^(?:nothing|1 TCP, 0 UDP)$/);
			outcome[way] = "nothing";
		}
		expect(outcome).toEqual(nothing(WAYS_OUT));
		if (frame !== "talk-own.html") expect(await lookedUp(), "DNS prefetch").toBe(false);
	});
