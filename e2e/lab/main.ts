import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { measureInterruptions } from "./hosts/interruptions";
import { DOCKER_OF, type Suite, withoutFiles } from "./hosts/root-files";
import { runPlays, runScenarios } from "./hosts/run-scenarios";
import { pulseAgent, type RunSettings } from "./hosts/scenario-run";
import { judgeHosts } from "./judge/hosts/judge-hosts";
import { judgeRandom } from "./judge/judge";
import { missing } from "./requirements";

/**
 * The lab. `npm run lab -- judge [--seed N] [--pairs N]` compares the packet walk with the kernel; `npm run lab -- hosts
 * [SCENARIO]…` breaks and heals real Docker hosts with the script, `plays` with Ansible, `interruptions` measures what steps
 * interrupt; without arguments judge, plays and hosts. Exit 0: all well or skipped, 1: something differs.
 */
const [what = "all", ...rest] = process.argv.slice(2);
const option = (name: string, fallback: number): number => {
	const at = rest.indexOf(`--${name}`);
	return at < 0 ? fallback : Number(rest[at + 1]);
};
/** Options whose next word is theirs. */
const TAKES_A_VALUE = new Set(
	["seed", "pairs", "rigs", "failures", "suites", "backends", "at-once"].map((name) => `--${name}`),
);
const HOST_PROGRAMS = ["ip", "nft", "iptables", "debootstrap", "curl", "busybox", "nsenter"];
const here = dirname(fileURLToPath(import.meta.url));
const print = (line: string) => process.stdout.write(`${line}\n`);
let failed = false;

// Whoever stops the lab wants its namespaces gone as well; with them go the processes that hold the other end of a pipe.
for (const signal of ["SIGINT", "SIGTERM"] as const) {
	process.once(signal, () => {
		const { stdout } = spawnSync("ip", ["netns", "list"], { encoding: "utf8" });
		for (const [name = ""] of (stdout ?? "").split("\n").map((line) => line.split(" "))) {
			if (name.startsWith(`lab${process.pid}`)) spawnSync("ip", ["netns", "del", name]);
		}
		process.exit(130);
	});
}

function listed<T extends string>(name: string, fallback: readonly T[], is: (word: string) => word is T): readonly T[] {
	const at = rest.indexOf(`--${name}`);
	const words = at < 0 ? [] : (rest[at + 1] ?? "").split(",");
	return words.length > 0 ? words.filter(is) : fallback;
}

function isSuite(word: string): word is Suite {
	return Object.hasOwn(DOCKER_OF, word);
}

function isBackend(word: string): word is "nft" | "legacy" {
	return word === "nft" || word === "legacy";
}

if (what === "judge" || what === "all") {
	const why = missing(["ip", "nft", "iptables-legacy-restore", "iptables-nft-restore", "ipset", "ss"]);
	if (why) print(`kernel as judge: ${why}`);
	else {
		const hosts = rest.includes("--random") ? null : await judgeHosts(join(here, "agent.mjs"), print);
		if (hosts)
			print(
				`${hosts.pairs} pairs on ${hosts.hosts} hand-made hosts, ${hosts.failures.length} failures, ${hosts.unknown} unknown; with a table not shown ${hosts.partial} more, ${hosts.partialUnknown} unknown; ${hosts.seconds.toFixed(0)} s`,
			);
		failed ||= hosts !== null && hosts.failures.length > 0;
		const result = await judgeRandom({
			agentFile: join(here, "agent.mjs"),
			seed: option("seed", 1),
			pairs: option("pairs", 2400),
			rigs: option("rigs", 2),
			maxFailures: option("failures", 5),
			print,
		});
		const unknown = (100 * result.unknown) / Math.max(1, result.pairs - result.open);
		print(
			`${result.pairs} pairs in ${result.ruleSets} rule sets, ${result.failures.length} failures, unknown ${unknown.toFixed(2)} % (and ${result.openUnknown} of ${result.open} where rates, chance, lengths or owners decide), ${result.refused} not loaded, ${result.seconds.toFixed(0)} s; ${[...result.outcomes].map(([outcome, count]) => `${outcome} ${count}`).join(", ")}`,
		);
		failed ||= result.failures.length > 0;
	}
}
const suites = listed("suites", ["bookworm"], isSuite);
const kinds = suites.flatMap((suite) =>
	listed("backends", ["nft", "legacy"], isBackend).map((backend) => ({ suite, backend })),
);
const names = rest.filter((word, at) => !word.startsWith("--") && !TAKES_A_VALUE.has(rest[at - 1] ?? ""));
const settings: RunSettings = {
	quick: rest.includes("--quick"),
	atOnce: option("at-once", 2),
	agentFile: pulseAgent(here),
	print,
};
if (what === "interruptions") {
	const why = missing(HOST_PROGRAMS) ?? (await withoutFiles(suites, print));
	if (why) print(`interruptions: ${why}`);
	else await measureInterruptions(kinds, pulseAgent(here), print);
}
if (what === "plays" || what === "all") {
	const why = missing([...HOST_PROGRAMS, "ansible-playbook"]) ?? (await withoutFiles(suites, print));
	if (why) print(`plays: ${why}`);
	else failed = (await runPlays(names, kinds, settings)).some((row) => row.problems.length > 0) || failed;
}
if (what === "hosts" || what === "all") {
	const why = missing(HOST_PROGRAMS) ?? (await withoutFiles(suites, print));
	if (why) print(`real hosts: ${why}`);
	else {
		const rows = await runScenarios(names, kinds, settings);
		failed ||= rows.some((row) => row.problems.length > 0);
	}
}
process.exitCode = failed ? 1 : 0;
