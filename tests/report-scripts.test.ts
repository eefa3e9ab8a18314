import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { renderFix } from "../src/engine";
import { type Plan, UNKNOWN_PLATFORM } from "../src/engine/remedy/plan";
import * as make from "../src/engine/remedy/validate";
import { ABOUT, good, plan, step } from "./support/every-plan";
import { ensureProgram } from "./support/machine";

/**
 * Scripts that a colleague gets out of a link: the evidence is redacted, so the plan's names are stand-ins. On a host
 * made of stub commands the script asks for the real ones, takes nothing for granted and puts back what it did.
 */

let host = "";
beforeEach(() => {
	host = mkdtempSync(join(tmpdir(), "stackengine-report-"));
	for (const folder of ["bin", "var/lib", "run"]) mkdirSync(join(host, folder), { recursive: true });
	stub("id", "echo 0");
	stub("sleep", ":");
	stub(
		"docker",
		`case "$*" in
		*'{{.Server.Version}}'*) echo 26.1.5 ;;
		'ps -a --format {{.Names}}') printf 'db\\nshop-web\\n' ;;
		'container inspect --format {{.Name}} shop-web') echo /shop-web ;;
		'container inspect '*) echo "Error: No such container: $5" >&2; exit 1 ;;
		*'{{.State.Running}}'*' shop-web') if [ -e "$HOST/web-runs" ]; then echo true; else echo false; fi ;;
		'start shop-web') touch "$HOST/web-runs" ;;
		'stop shop-web') rm -f "$HOST/web-runs" ;;
		*'{{.OperatingSystem}}'*) echo 'Debian GNU/Linux 13' ;;
		*) exit 1 ;;
		esac`,
	);
	stub("iptables", "echo 'iptables v1.8.11 (nf_tables)'");
	stub("iptables-save", "printf -- '-A FORWARD -s 192.168.7.4/32 -j DROP\\n'");
});
afterEach(() => rmSync(host, { recursive: true, force: true }));

function stub(name: string, body: string): void {
	const path = join(host, "bin", name);
	writeFileSync(path, `#!/bin/sh\nHOST='${host}'\nprintf '%s\\n' "${name} $*" >>"$HOST/calls"\n${body}\n`);
	chmodSync(path, 0o755);
}

const REPORT = [{ id: "s1", name: "docker ps", text: "ed0001000000 image-1 container-1\n10.213.171.7\n" }];
const container = good(make.containerName("container-1"));
const START = plan(
	[step({ kind: "start-container", container }, { interrupts: "one-container" })],
	[{ kind: "container-running", container }],
);
const RULE: Plan = plan([
	step({
		kind: "delete-rule",
		backend: null,
		family: 4,
		table: good(make.tableName("filter")),
		chain: good(make.chainName("FORWARD")),
		spec: good(make.ruleWords(["-s", "10.213.171.7/32", "-i", "br-ed0001000000", "-j", "DROP"])),
	}),
]);

function write(of: Plan): string {
	const text = renderFix(of, UNKNOWN_PLATFORM, ABOUT, "bash", REPORT)
		.replaceAll("/var/lib/stackengine", `${host}/var/lib/stackengine`)
		.replaceAll("/.dockerenv", `${host}/.dockerenv`)
		.replaceAll("/run/", `${host}/run/`);
	const path = join(host, "fix.sh");
	writeFileSync(path, text);
	return path;
}

type Outcome = { readonly status: number | null; readonly text: string; readonly calls: string };

function run(script: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Outcome {
	return outcome(() =>
		spawnSync("sh", [script, ...args], { encoding: "utf8", input: "", timeout: 60_000, env: { ...ENV(), ...env } }),
	);
}

/** The same on a terminal, where a person types. */
function typed(script: string, args: string, keys: string): Outcome {
	return outcome(() =>
		spawnSync("script", ["-qec", `sh ${script} ${args}`, "/dev/null"], {
			encoding: "utf8",
			input: keys,
			timeout: 60_000,
			env: { ...ENV(), SHELL: "/bin/sh" },
		}),
	);
}

const ENV = () => ({ PATH: `${host}/bin:/usr/bin:/bin`, HOME: host });

function outcome(work: () => { status: number | null; stdout: string; stderr: string }): Outcome {
	writeFileSync(join(host, "calls"), "");
	const { status, stdout, stderr } = work();
	return { status, text: `${stdout}${stderr}`, calls: readFileSync(join(host, "calls"), "utf8") };
}

describe("a script out of a link", () => {
	it("changes nothing where nobody can be asked, and says what it must be told", () => {
		const { status, text, calls } = run(write(START), ["--apply", "--yes"]);
		expect(status).toBe(2);
		expect(text).toContain("Not known: what this host calls the report's container-1 (container).");
		expect(text).toContain("STACKENGINE_CONTAINER_1");
		expect(calls).not.toMatch(/docker (?:start|stop)/);
	});

	it("shows in the dry run what it would do, with the open names as such and the host not looked at", () => {
		const { status, text, calls } = run(write(START), []);
		expect(status).toBe(0);
		expect(text).toContain("Names of this host are not filled in yet");
		expect(text).toContain("Start the container '<container-1>'");
		expect(text).toContain('$ docker start "<container-1>"');
		expect(calls).not.toContain("State.Running");
	});

	it("takes a name that is given, repairs with it, and takes the same one back", () => {
		const script = write(START);
		const done = run(script, ["--apply", "--yes"], { STACKENGINE_CONTAINER_1: "shop-web" });
		expect(done.text).toContain("Start the container 'shop-web'");
		expect(done.calls).toContain("docker start shop-web");
		expect(done.status).toBe(0);
		expect(run(script, ["--undo", "--yes"]).calls).toContain("docker stop shop-web");
	});

	it.each([
		["that the host does not have", "db2", "This host has no container called db2."],
		["of the report", "container-1", "This host has no container called container-1."],
		["with a command in it", "web; touch /tmp/x", "is not the name of a thing of this kind"],
		["that is an option", "--rm", "is not the name of a thing of this kind"],
		["with a substitution", "$(id)", "is not the name of a thing of this kind"],
	])("refuses a name %s", (_, name, says) => {
		const { status, text, calls } = run(write(START), ["--apply", "--yes"], { STACKENGINE_CONTAINER_1: name });
		expect([status, text]).toEqual([2, expect.stringContaining(says)]);
		expect(calls).not.toMatch(/docker (?:start|stop)/);
	});

	it("refuses an address or interface that is only the report's word for it", () => {
		const given = { STACKENGINE_ADDRESS_1: "10.213.171.7", STACKENGINE_INTERFACE_1: "docker0" };
		const { status, text, calls } = run(write(RULE), ["--apply", "--yes"], given);
		expect([status, text]).toEqual([2, expect.stringContaining("10.213.171.7 is what the report calls it.")]);
		expect(calls).not.toContain(" -D ");
	});

	it("offers on a terminal what the host has, and takes the number of a line", () => {
		const { text, calls, status } = typed(write(START), "--apply --yes", "2\n");
		expect(text).toMatch(/1 {2}db\r?\n +2 {2}shop-web/);
		expect(calls).toContain("docker start shop-web");
		expect(status).toBe(0);
	});

	it("chooses nothing for a person who does not choose, though there is one thing only", () => {
		stub("docker", 'case "$*" in "ps -a"*) echo shop-web ;; *) exit 1 ;; esac');
		const { calls, status } = typed(write(START), "--apply --yes", "\n");
		expect(status).toBe(2);
		expect(calls).not.toContain("docker start");
	});

	it.each([
		["start", START],
		["rule", RULE],
	])(
		"is clean under shellcheck with every optional check on: %s",
		(_, of) => {
			if (!ensureProgram("shellcheck")) throw new Error("shellcheck is missing");
			const path = join(host, "clean.sh");
			writeFileSync(path, renderFix(of, UNKNOWN_PLATFORM, ABOUT, "bash", REPORT));
			const { status, stdout } = spawnSync("shellcheck", ["-o", "all", "-s", "sh", "-f", "gcc", path], {
				encoding: "utf8",
			});
			expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
			for (const shell of [["dash"], ["bash"], ["busybox", "sh"]] as const) {
				const [program, ...rest] = shell;
				expect(spawnSync(program, [...rest, "-n", path], { encoding: "utf8" }).stderr, program).toBe("");
			}
		},
		120_000,
	);

	it("is a play that ansible reads, and that stops without the names", () => {
		const path = join(host, "fix.yml");
		writeFileSync(path, renderFix(RULE, UNKNOWN_PLATFORM, ABOUT, "ansible", REPORT));
		if (spawnSync("ansible-playbook", ["--version"]).status !== 0) return;
		const { status, stderr } = spawnSync("ansible-playbook", ["--syntax-check", "-i", "localhost,", path], {
			encoding: "utf8",
			timeout: 110_000,
			input: "",
		});
		expect([status, stderr]).toEqual([0, expect.any(String)]);
	}, 120_000);
});
