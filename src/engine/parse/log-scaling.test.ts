import { afterEach, expect, it, vi } from "vitest";
import { artifactFromText } from "../text/span-of";
import { COMPLAINT_ANCHORS, DIRECT_COMPLAINTS, LOOSE_COMPLAINTS } from "./complaint-tables";
import { parseLog } from "./log";

afterEach(() => {
	vi.restoreAllMocks();
});

/** Characters handed to patterns while `text` is parsed, and the longest single text. */
function work(text: string): { readonly characters: number; readonly longest: number } {
	const artifact = artifactFromText("dockerd-log", text);
	let characters = 0;
	let longest = 0;
	const exec = RegExp.prototype.exec;
	const spy = vi.spyOn(RegExp.prototype, "exec").mockImplementation(function (this: RegExp, seen: string) {
		characters += seen.length + 1;
		longest = Math.max(longest, seen.length);
		return exec.call(this, seen);
	});
	parseLog(artifact);
	spy.mockRestore();
	return { characters, longest };
}

const KINDS: readonly (readonly [string, string])[] = [
	["routine", 'time="2026-11-23T07:08:21Z" level=info msg="Loading containers: start."\n'],
	[
		"errors",
		'time="2026-11-23T07:08:21Z" level=error msg="iptables failed: iptables --wait -t nat -A DOCKER -j DNAT: iptables: No chain/target/match by that name.\\n (exit status 1)"\n',
	],
	["plain", "one request answered in 20 ms\n"],
	[
		"unfinished errors",
		"docker: Error response from daemon: iptables failed: iptables -t nat -A DOCKER -p tcp --dport 80 and on\n",
	],
	["blank", "\n"],
	["open quotes", 'time="2026-11-23T07:08:21Z" level=error msg="never closed\n'],
	["fields", "MESSAGE=failed to start daemon: \n"],
	["brackets", "[[[[{{{{((((\n"],
];

it.each(KINDS)("%s: twice the lines are twice the work", (_, line) => {
	const once = work(line.repeat(400));
	const twice = work(line.repeat(800));
	expect(once.characters).toBeGreaterThan(0);
	expect(twice.characters).toBeLessThan(once.characters * 2.2);
	expect(twice.longest).toBeLessThanOrEqual(8192 * 2);
});

it("shows no pattern of a complaint more than 8 KB of a line of a megabyte", () => {
	const seen: number[] = [];
	for (const rule of [...DIRECT_COMPLAINTS, ...LOOSE_COMPLAINTS]) {
		const exec = rule.pattern.exec.bind(rule.pattern);
		vi.spyOn(rule.pattern, "exec").mockImplementation((text: string) => {
			seen.push(text.length);
			return exec(text);
		});
	}
	const { failures } = parseLog(
		artifactFromText(
			"dockerd-log",
			`${"permission denied ".repeat(60_000)} docker: Error response from daemon: failed`,
		),
	);
	expect(failures.length).toBeGreaterThan(0);
	expect(Math.max(...seen)).toBeLessThanOrEqual(8192);
});

it.each([...DIRECT_COMPLAINTS, ...LOOSE_COMPLAINTS].map((rule) => [rule.anchors[0] ?? "", rule.pattern.source]))(
	"the pattern for %s bounds every repetition and asks for one of its anchors",
	(_, source) => {
		// Outside classes and escapes no * or +: a bounded pattern is linear in the text.
		const bare = source.replace(/\\./g, "").replace(/\[[^\]]*\]/g, "C");
		expect(bare).not.toMatch(/[*+]/);
		// No repetition of a repetition.
		expect(bare).not.toMatch(/\{\d+,\d*\}\)\{/);
	},
);

it("writes every anchor in lower case and without odd quotes", () => {
	for (const anchor of COMPLAINT_ANCHORS) expect(anchor).toMatch(/^[^A-Z`‘’“”]{2,}$/);
});
