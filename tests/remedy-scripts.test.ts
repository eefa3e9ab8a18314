import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { COMMANDS } from "../src/engine/facts/commands";
import { renderAnsible } from "../src/engine/remedy/ansible";
import { renderBash } from "../src/engine/remedy/bash";
import { renderCloudInit } from "../src/engine/remedy/cloud-init";
import { collectorPaste, collectorScript, isCollected } from "../src/engine/remedy/collector";
import { collectorPlay } from "../src/engine/remedy/collector-play";
import { UNKNOWN_PLATFORM } from "../src/engine/remedy/plan";
import { shqWords } from "../src/engine/remedy/shell-quote";
import { ABOUT, EVERY_ACTION, EVERY_CHECK, PLATFORMS, plan, step, WHOLE_PLAN } from "./support/every-plan";

/** Every script and file that the remedy layer prints, read by the programs that will read it on a host. */

const SHELLS: readonly (readonly [string, readonly string[]])[] = [
	["dash", []],
	["bash", []],
	["busybox", ["sh"]],
];
const has = (program: string): boolean => spawnSync("sh", ["-c", 'command -v "$1"', "sh", program]).status === 0;
const shells = SHELLS.filter(([program]) => has(program));

let folder = "";
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "stackengine-remedy-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
	const path = join(folder, name);
	writeFileSync(path, text);
	return path;
}

function run(program: string, args: readonly string[]): { readonly status: number | null; readonly text: string } {
	const result = spawnSync(program, args, { encoding: "utf8", timeout: 600_000 });
	return { status: result.status, text: `${result.stdout}${result.stderr}` };
}

const WHOLE = PLATFORMS.map(
	(platform, index) => [`platform-${index}.sh`, renderBash(WHOLE_PLAN, platform, ABOUT)] as const,
);
const ONE_ACTION = Object.entries(EVERY_ACTION).map(
	([kind, action]) =>
		[`${kind}.sh`, renderBash(plan([step(action, { interrupts: "docker-api" })]), UNKNOWN_PLATFORM, ABOUT)] as const,
);
const ONE_CHECK = Object.entries(EVERY_CHECK).map(
	([kind, check]) =>
		[
			`check-${kind}.sh`,
			renderBash(
				plan([step({ kind: "by-hand", instructions: [] })], [check], [{ check, holds: false, otherwise: "No." }]),
				UNKNOWN_PLATFORM,
				ABOUT,
			),
		] as const,
);
const SCRIPTS = [
	...WHOLE,
	...ONE_ACTION,
	...ONE_CHECK,
	["collect.sh", collectorScript()] as const,
	["collect-part.sh", collectorScript(["rule-set"])] as const,
];

describe("every script", () => {
	it.each(shells.map(([program, args]) => [[program, ...args].join(" "), program, args] as const))(
		"is read without complaint by %s -n",
		(_, program, args) => {
			for (const [name, text] of SCRIPTS) {
				expect(run(program, [...args, "-n", file(name, text)]), name).toEqual({ status: 0, text: "" });
			}
		},
		120_000,
	);

	it.skipIf(!has("shellcheck"))(
		"is clean under shellcheck with every optional check on",
		() => {
			// Each takes about a second; the whole plan holds every function, the small ones show what a plan lacks.
			const names = new Set([
				"platform-0.sh",
				"platform-4.sh",
				"platform-8.sh",
				"set-sysctl.sh",
				"delete-rule.sh",
				"restart-docker.sh",
				"check-lock-free.sh",
				"collect.sh",
				"collect-part.sh",
			]);
			const chosen =
				process.env["STACKENGINE_ALL_SCRIPTS"] === undefined ? SCRIPTS.filter(([name]) => names.has(name)) : SCRIPTS;
			const paths = chosen.map(([name, text]) => file(name, text));
			expect(run("shellcheck", ["-o", "all", "-s", "sh", "-f", "gcc", ...paths])).toEqual({ status: 0, text: "" });
		},
		600_000,
	);

	it("asks iptables for nothing without a bounded wait", () => {
		for (const [name, text] of SCRIPTS) {
			for (const line of text.split("\n")) {
				// Calls of the program itself; sentences, notes and comments only name it.
				if (!/^\s*ask \d+ "\$\{program\}"/.test(line)) continue;
				expect(line, name).toMatch(/ -w|-V|-save/);
			}
		}
	});

	it("is at most as long as a person can read: the collector stays under 200 lines", () => {
		expect(collectorScript().split("\n").length).toBeLessThan(200);
	});
});

describe("a quoted value", () => {
	it.each(shells.map(([program, args]) => [program, args] as const))(
		"comes back whole from %s, whatever it holds",
		(program, args) => {
			const hostile = [
				"",
				" ",
				"-n",
				"\\",
				"\\n",
				"'",
				"''",
				'"',
				"`id`",
				"$(id)",
				"$",
				// biome-ignore lint/suspicious/noTemplateCurlyInString: shell, not JavaScript
				"${IFS}",
				"a'b\"c`d$e\\f!g",
				"line\nline\n\nx",
				"\t\r\u001b[0m",
				"*?[a]~{a,b}",
				"\u202e\u200b\uffff",
				"#x;y|z&(w)<v>",
				"!!",
			];
			// The final mark keeps line ends that a command substitution would drop.
			const echo = (words: readonly string[]): string =>
				spawnSync(program, [...args, "-c", `printf '%s\\001' ${shqWords(words)}`], { encoding: "utf8" }).stdout;
			expect(echo(hostile)).toBe(`${hostile.join("\u0001")}\u0001`);
			const characters = Array.from("aZ9 '\"`$\\!*?[]{}()<>|&;#~\n\t-=%é\u202e");
			fc.assert(
				fc.property(
					fc.array(fc.string({ unit: fc.constantFrom(...characters), maxLength: 12 }), { minLength: 1, maxLength: 20 }),
					(words) => {
						expect(echo(words)).toBe(`${words.join("\u0001")}\u0001`);
					},
				),
				{ numRuns: 40 },
			);
		},
		60_000,
	);
});

describe("prose from a paste", () => {
	it.each(shells.map(([program, args]) => [program, args] as const))(
		"is printed by %s and never run",
		(program, args) => {
			const canary = join(folder, `canary-${program}`);
			const evil = `x'; touch ${canary}; ' "$(touch ${canary})" \`touch ${canary}\` \n touch ${canary}\nTEXT\n*) ;; esac; touch ${canary}`;
			const hostile = {
				...plan(
					[step({ kind: "by-hand", instructions: [evil] }, { why: evil })],
					[{ kind: "interface-exists", interface: "no-such-if" as never }],
					[{ check: { kind: "interface-exists", interface: "lo" as never }, holds: false, otherwise: evil }],
				),
				summary: evil,
				proveFromOutside: evil,
			};
			const script = file(
				"evil.sh",
				renderBash(hostile, UNKNOWN_PLATFORM, { failure: `x/../../$(touch ${canary})`, title: evil }),
			);
			const answer = run(program, [...args, script, "--dry-run"]);
			expect(answer.status).toBe(0);
			expect(answer.text).toContain(`touch ${canary}`);
			expect(run("ls", [canary]).status).not.toBe(0);
		},
		60_000,
	);
});

describe("YAML as its own programs read it", () => {
	it.skipIf(!has("cloud-init"))(
		"is valid user-data",
		() => {
			for (const [index, platform] of PLATFORMS.slice(0, 4).entries()) {
				const path = file(`user-data-${index}.yaml`, renderCloudInit(WHOLE_PLAN, platform, ABOUT));
				expect(run("cloud-init", ["schema", "-c", path]).text).toContain("Valid");
			}
		},
		120_000,
	);

	it.skipIf(!has("ansible-lint"))(
		"passes ansible-lint's production profile",
		() => {
			const paths = PLATFORMS.slice(0, 5).map((platform, index) =>
				file(`fix-${index}.yml`, renderAnsible(WHOLE_PLAN, platform, ABOUT)),
			);
			const answer = run("ansible-lint", ["--profile", "production", "--offline", "--nocolor", "-p", ...paths]);
			expect(answer.text).toContain("Passed with production profile");
		},
		240_000,
	);
});

/** A folder with links to every program of this machine but sudo. */
function pathWithoutSudo(): string {
	const bin = mkdtempSync(join(tmpdir(), "stackengine-bin-"));
	for (const folder of ["/usr/sbin", "/usr/bin"]) {
		for (const name of readdirSync(folder)) {
			if (name !== "sudo" && !existsSync(join(bin, name))) symlinkSync(join(folder, name), join(bin, name));
		}
	}
	return bin;
}

describe("the collector", () => {
	it.each(shells.map(([program, args]) => [program, args] as const))(
		"runs to its end under %s and heads every section",
		(program, args) => {
			const answer = run(program, [...args, file("collect.sh", collectorScript())]);
			expect(answer.status).toBe(0);
			const heads = answer.text.split("\n").filter((line) => /^===== .* =====$/.test(line));
			expect(heads.length).toBeGreaterThan(25);
			expect(heads.at(-1)).toBe("===== end =====");
			expect(heads).toContain("===== docker version =====");
			// A tool that is not there is recorded, and nothing else is said of it.
			for (const [, tool] of answer.text.matchAll(/^\(not found: (.*)\)$/gm)) expect(has(tool ?? "")).toBe(false);
			expect(answer.text.length).toBeLessThan(8_000_000);
		},
		120_000,
	);

	it("asks the other backend too where the one in use lists nothing", () => {
		const bin = mkdtempSync(join(tmpdir(), "stackengine-bin-"));
		const stub = (name: string, body: string) =>
			writeFileSync(join(bin, name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
		for (const name of ["iptables", "iptables-save", "ip6tables", "ip6tables-save", "iptables-nft"]) stub(name, ":");
		stub("iptables-nft-save", "echo '*filter'; echo COMMIT");
		const answer = run("env", [`PATH=${bin}:/usr/bin:/bin`, "sh", file("collect.sh", collectorScript())]);
		rmSync(bin, { recursive: true });
		expect(answer.text).toContain("===== iptables-nft-save =====\n*filter\nCOMMIT");
	}, 120_000);

	it("collects for every command that it can, and for one alone no more than that", () => {
		// What only a person can give: the words of an error, and a try from another machine.
		const never = ["error-text", "probe-outside", "container-sockets", "path-of-iptables"];
		const ids = Object.keys(COMMANDS).filter((id) => !never.includes(id));
		expect(ids.filter((id) => !isCollected(id))).toEqual([]);
		const part = run("sh", [file("collect-part.sh", collectorScript(["lsmod"]))]).text;
		const heads = [...part.matchAll(/^===== (\S+)/gm)].map(([, program]) => program);
		expect(heads).toEqual(["date", "uname", "sysctl", "lsmod", "uname", "ls", "modprobe", "end"]);
	});

	it.each(shells.map(([program, args]) => [program, args] as const))(
		"says the same when it is pasted into %s, and leaves nothing there to be completed or recalled",
		(program, args) => {
			const paste = collectorPaste(["lsmod"]);
			expect(paste).not.toMatch(/\t|![^ =]/);
			expect(Math.max(...paste.split("\n").map((line) => line.length))).toBeLessThan(4000);
			// `command -v sudo` finds nothing on this PATH, as on a host of root's own.
			const answer = run("env", [`PATH=${pathWithoutSudo()}`, program, ...args, file("paste.sh", paste)]);
			expect(answer.text).toMatch(/===== lsmod =====\n[\s\S]*===== end =====\n$/);
		},
		120_000,
	);

	it("comes to a fleet as a play that ansible reads", () => {
		const play = collectorPlay();
		// Neither templated nor given a terminal.
		expect(play).toContain("stdin:");
		expect(play).not.toContain("ansible.builtin.script");
	});

	it.skipIf(!has("ansible-lint"))(
		"comes to a fleet as a play that ansible-lint has nothing to say of",
		() => {
			const path = file("collect.yml", collectorPlay());
			expect(run("ansible-lint", ["--offline", "-q", path])).toEqual({ status: 0, text: "" });
		},
		120_000,
	);

	it("takes passwords out of URLs and asks for no environment or label", () => {
		const text = collectorScript();
		expect(text).toContain("://removed@");
		expect(text).not.toMatch(/Config\.Env|Labels|\.Config\}\}/);
		expect(text).not.toMatch(/\b(?:curl|wget|nc|scp)\b/);
	});
});
