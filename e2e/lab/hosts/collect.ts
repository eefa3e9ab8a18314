import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { analyse } from "../../../src/engine/analyse";
import { collectorScript } from "../../../src/engine/remedy/collector";
import type { Source } from "../../../src/engine/text/evidence";
import { askFromOutside, type Host } from "./host";
import { run } from "./run";

/** One run of the collector. */
export type Collected = {
	readonly by: Shell | "nobody";
	readonly text: string;
	readonly seconds: number;
};
type Shell = "dash" | "bash" | "busybox";

const SHELLS: Readonly<Record<Shell, string>> = { dash: "dash", bash: "bash", busybox: "busybox sh" };

/** Runs the collector in one shell as root, or with dash as a user who may do nothing. */
export async function collect(host: Host, by: Collected["by"] = "dash"): Promise<Collected> {
	const file = join(host.root, "lab/collect.sh");
	if (!existsSync(file)) writeFileSync(file, collectorScript(), { mode: 0o644 });
	const command =
		by === "nobody"
			? "setpriv --reuid=65534 --regid=65534 --clear-groups dash /lab/collect.sh"
			: `${SHELLS[by]} /lab/collect.sh`;
	const started = performance.now();
	const { stdout } = await host.sh(`cd /; ${command} 2>&1`, { seconds: 300 });
	// busybox brings its own dmesg, and the kernel's log is that of the whole machine, other hosts' packets among it.
	const text = stdout.replace(/^===== dmesg =====\n[\s\S]*?(?=^===== )/m, "");
	return { by, text, seconds: (performance.now() - started) / 1000 };
}

/** What a person brings: the collector's output and what curl says outside, of each port. */
export async function evidenceOf(host: Host, ports: readonly number[]): Promise<readonly Source[]> {
	const { text } = await collect(host);
	return [hostSource(text), await outsideSource(host, ports)];
}

export const hostSource = (text: string): Source => ({ id: "collector", name: "host.txt", text });

export async function outsideSource(host: Host, ports: readonly number[]): Promise<Source> {
	const probes: string[] = [];
	for (const port of ports) probes.push((await askFromOutside(host, port)).paste);
	return { id: "client", name: "client.txt", text: probes.join("\n") };
}

/** What the collector did to a broken host and what can be told by its output alone. */
export type CollectorReport = {
	readonly seconds: number;
	/** The first finding of the output alone, in each shell the same or said of each. */
	readonly alone: string;
	readonly withoutRoot: string;
	/** What differed on the host afterwards. */
	readonly changed: readonly string[];
	readonly problems: readonly string[];
};

const MOST_SECONDS = 10;

/**
 * Runs the collector in three shells and without root between two looks at the host: rule sets with their counters,
 * every file that the host has written, what runs. `expected`: the modes that its output alone may give.
 */
export async function judgeCollector(host: Host, expected: readonly string[]): Promise<CollectorReport> {
	const problems: string[] = [];
	const runs: Collected[] = [];
	// Its own file is there before the first look.
	await collect(host, "nobody");
	const before = await footprint(host);
	for (const by of ["dash", "bash", "busybox", "nobody"] as const) runs.push(await collect(host, by));
	// The watcher that busybox's timeout leaves behind looks once a second whether it is still needed.
	await new Promise((resolve) => setTimeout(resolve, 1500));
	const after = await footprint(host);
	const moved = changed(before, after);
	for (const line of moved) problems.push(`the collector changed the host: ${line}`);
	for (const { by, seconds } of runs)
		if (seconds > MOST_SECONDS) problems.push(`the collector (${by}) took ${seconds.toFixed(1)} s`);
	const found = runs.map(({ text }) => firstOf(text));
	const [dash = "", bash = "", busybox = "", nobody = ""] = found;
	if (dash !== bash || dash !== busybox)
		problems.push(`the collector's output gives ${dash} with dash, ${bash} with bash, ${busybox} with busybox`);
	if (expected.length > 0 && !expected.includes(dash.split(" ")[0] ?? ""))
		problems.push(`the collector's output alone gives ${dash}, expected ${expected.join(" or ")}`);
	if (nobody.endsWith("(certain)") && expected.length > 0 && !expected.includes(nobody.split(" ")[0] ?? ""))
		problems.push(`without root the collector's output is said to be ${nobody}`);
	const seconds = Math.max(...runs.map((one) => one.seconds));
	return { seconds, alone: dash, withoutRoot: nobody, changed: moved, problems };
}

function firstOf(text: string): string {
	const [first] = analyse([hostSource(text)]).findings;
	return first ? `${first.failure} (${first.confidence})` : "nothing";
}

/** Everything that a reader might move, a line each. */
async function footprint(host: Host): Promise<readonly string[]> {
	// Counters of Docker's objects; others count the kernel's own packets as well (IPv6 neighbours). `ufw status` takes
	// ufw's lock, which touches its file. Processes in brackets have ended.
	const inside = await host.sh(
		"for p in iptables ip6tables; do $p-legacy-save -c 2>/dev/null; $p-nft-save -c 2>/dev/null; done | grep -v '^#' | sed '/DOCKER\\|docker0\\|br-/!s/^\\[[0-9:]*\\]//; s/^\\(:.*\\) \\[[0-9:]*\\]$/\\1/'; nft -s list ruleset 2>/dev/null; find /run ! -path '*/runtime-runc/*' ! -name ufw.lock -printf 'run %p %s %T@ %m\\n'; ps -eo pid=,args= | grep -v -e ' ps -eo' -e ' grep -v' -e '/bin/bash -c' -e ' sort -n' -e '\\[.*\\]$' | sort -n",
		{ seconds: 60 },
	);
	const files = await run("find", [...host.written, "-printf", "file %p %s %T@ %m\n"]);
	return [...inside.stdout.split("\n"), ...files.stdout.split("\n").sort()];
}

function changed(before: readonly string[], after: readonly string[]): readonly string[] {
	const [had, has] = [new Set(before), new Set(after)];
	return [
		...before.filter((line) => !has.has(line)).map((line) => `- ${line}`),
		...after.filter((line) => !had.has(line)).map((line) => `+ ${line}`),
	].slice(0, 8);
}
