import { spawnSync } from "node:child_process";
import {
	chmodSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { renderBash } from "../src/engine/remedy/bash";
import type { Check, Plan } from "../src/engine/remedy/plan";
import { UNKNOWN_PLATFORM } from "../src/engine/remedy/plan";
import { rebuildRules, restartDocker } from "../src/engine/remedy/steps";
import * as make from "../src/engine/remedy/validate";
import { EVERY_ACTION, good, plan, step } from "./support/every-plan";

/**
 * The script itself, run on a host that is made of stub commands: each records how it was called, and a few files say
 * what state "the host" is in. What only a kernel can tell is proved in e2e/lab.
 */

let host = "";
beforeEach(() => {
	host = mkdtempSync(join(tmpdir(), "stackengine-host-"));
	for (const folder of ["bin", "etc/docker", "proc/sys/net/ipv4", "run/systemd/system", "var/lib"])
		mkdirSync(join(host, folder), { recursive: true });
	stub("id", "echo 0");
	stub("sleep", ":");
	stub(
		"systemctl",
		'case "$*" in "restart docker.service") touch "$HOST/whole"; [ -e "$HOST/live" ] || rm -f "$HOST/web-runs" ;; esac',
	);
	stub("firewall-cmd", "exit 252");
	stub("kill", ":");
	stub(
		"docker",
		`case "$*" in
		*'{{.Server.Version}}'*) echo 26.1.5 ;;
		*'{{.LiveRestoreEnabled}} '*) if [ -e "$HOST/live" ]; then echo 'true inactive 26.1.5'; else echo 'false inactive 26.1.5'; fi ;;
		*'{{.LiveRestoreEnabled}}'*) grep -q '"live-restore": *true' "$HOST/etc/docker/daemon.json" && touch "$HOST/live"; if [ -e "$HOST/live" ]; then echo true; else echo false; fi ;;
		*'{{.OperatingSystem}}'*) echo 'Debian GNU/Linux 13' ;;
		*'{{.State.Running}}'*) if [ -e "$HOST/web-runs" ]; then echo true; else echo false; fi ;;
		'ps --no-trunc --format {{.ID}} {{.Names}}') [ ! -e "$HOST/web-runs" ] || echo 'c0ffee web' ;;
		'start c0ffee') touch "$HOST/web-runs" ;;
		'info --format {{with'*) exit 1 ;;
		esac`,
	);
	stub(
		"iptables",
		`case "$*" in
		-V) echo 'iptables v1.8.11 (nf_tables)' ;;
		*'-t nat -S') echo '-P PREROUTING ACCEPT'; if [ -e "$HOST/whole" ]; then printf '%s\\n' '-N DOCKER' '-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER' '-A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER'; fi ;;
		esac`,
	);
	stub("dockerd", 'case "$*" in --version) echo "Docker version 26.1.5+dfsg1, build a72d7cd" ;; *) exit 0 ;; esac');
	writeFileSync(join(host, "web-runs"), "");
});
afterEach(() => rmSync(host, { recursive: true, force: true }));

function stub(name: string, body: string): void {
	const path = join(host, "bin", name);
	writeFileSync(path, `#!/bin/sh\nHOST='${host}'\nprintf '%s\\n' "${name} $*" >>"$HOST/calls"\n${body}\n`);
	chmodSync(path, 0o755);
}

/** The script with the host's folders in the place of the real ones. */
function write(subject: Plan, name = "some-failure"): string {
	const text = renderBash(subject, UNKNOWN_PLATFORM, { failure: name, title: "A test" })
		.replaceAll("/var/lib/stackengine", `${host}/var/lib/stackengine`)
		.replaceAll("/etc/", `${host}/etc/`)
		.replaceAll("/proc/sys/", `${host}/proc/sys/`)
		.replaceAll("/.dockerenv", `${host}/.dockerenv`)
		.replaceAll("/run/", `${host}/run/`);
	const path = join(host, `${name}.sh`);
	writeFileSync(path, text);
	return path;
}

function run(
	script: string,
	...args: readonly string[]
): { readonly status: number | null; readonly text: string; readonly calls: readonly string[] } {
	writeFileSync(join(host, "calls"), "");
	const result = spawnSync("sh", [script, ...args], {
		encoding: "utf8",
		input: "",
		timeout: 60_000,
		env: { PATH: `${host}/bin:/usr/bin:/bin`, HOME: host },
	});
	return {
		status: result.status,
		text: `${result.stdout}${result.stderr}`,
		calls: readFileSync(join(host, "calls"), "utf8").split("\n"),
	};
}

const at = (path: string): string => join(host, path);
const read = (path: string): string => readFileSync(at(path), "utf8");
const runsOf = (name: string): readonly string[] =>
	existsSync(at("var/lib/stackengine"))
		? readdirSync(at("var/lib/stackengine")).filter((entry) => entry.startsWith(name))
		: [];

const WHOLE: readonly Check[] = [{ kind: "docker-chains-whole", table: "nat" }];
const FLUSHED = plan(rebuildRules("dockerd writes its chains when it starts."), WHOLE);
const FORWARD = plan(
	[step(EVERY_ACTION["set-sysctl"])],
	[{ kind: "sysctl-is", key: good(make.sysctlKey("net.ipv4.ip_forward")), value: good(make.sysctlValue("1")) }],
);
const JSON_EDIT = plan([
	step({
		kind: "edit-daemon-json",
		set: [{ key: good(make.daemonKey("bip")), value: "10.9.0.1/24" }],
		remove: [good(make.daemonKey("iptables"))],
	}),
	...restartDocker("It reads its file when it starts."),
]);

describe("usage", () => {
	it.each([
		[["--help"], 0, "Usage:"],
		[["--nonsense"], 64, "Usage:"],
		[["--apply", "--undo"], 64, "Usage:"],
		[["-y"], 64, "Usage:"],
		[[], 0, "Dry run: nothing is changed."],
		[["--dry-run", "--yes"], 0, "Dry run: nothing is changed."],
	] as const)("%j ends with %d", (args, status, text) => {
		const answer = run(write(FLUSHED), ...args);
		expect(answer.text).toContain(text);
		expect(answer.status).toBe(status);
	});

	it("refuses a person who is not root", () => {
		stub("id", "echo 1000");
		const answer = run(write(FLUSHED), "--apply", "--yes");
		expect(answer.status).toBe(2);
		expect(answer.text).toContain("Refused: Run this as root");
	});
});

describe("the dry run", () => {
	it("tells every step with its commands and changes nothing", () => {
		const answer = run(write(FLUSHED));
		expect(answer.text).toMatch(/3\. Restart dockerd\n {3}why: .*\n {3}risk: +medium\n {3}interrupts: every container/);
		expect(answer.text).toContain("$ systemctl restart docker");
		expect(answer.calls.filter((call) => /restart|reload|start c0ffee| -[ADIFXNP] /.test(call))).toEqual([]);
		expect(existsSync(at("var/lib/stackengine"))).toBe(false);
	});
});

describe("--apply", () => {
	it("refuses to interrupt when nobody can be asked, before anything is touched", () => {
		const answer = run(write(FLUSHED), "--apply");
		expect(answer.status).toBe(2);
		expect(answer.text).toContain("nobody can be asked");
		expect(runsOf("some-failure")).toEqual([]);
		expect(answer.calls.some((call) => call.includes("restart"))).toBe(false);
	});

	it("switches live-restore on before the restart, so that the container keeps running, and proves the end", () => {
		const answer = run(write(FLUSHED), "--apply", "--yes");
		expect(answer.status, answer.text).toBe(0);
		expect(answer.text).toContain("yes      Docker's chains and jumps in table nat are whole");
		const order = answer.calls.filter((call) => /^systemctl (reload|restart|reset-failed)|^docker start/.test(call));
		expect(order).toEqual([
			"systemctl reset-failed docker.service docker.socket",
			"systemctl reload docker.service",
			"systemctl reset-failed docker.service docker.socket",
			"systemctl restart docker.service",
		]);
		expect(JSON.parse(read("etc/docker/daemon.json"))).toEqual({ "live-restore": true });
	});

	it("starts again what a restart stopped", () => {
		stub("python3", "exit 1");
		writeFileSync(at("etc/docker/daemon.json"), '{ "debug": true }\n');
		const answer = run(write(FLUSHED), "--apply", "--yes");
		expect(answer.status, answer.text).toBe(0);
		expect(answer.calls).toContain("docker start c0ffee");
		expect(answer.text).toContain("started web");
	});

	it("has nothing to do the second time", () => {
		const script = write(FLUSHED);
		run(script, "--apply", "--yes");
		const answer = run(script, "--apply", "--yes");
		expect(answer.status).toBe(0);
		expect(answer.text).toContain("Nothing to do");
		expect(answer.calls.some((call) => call.includes("restart"))).toBe(false);
		expect(runsOf("some-failure")).toHaveLength(1);
	});

	it("does not let a second run stand before the first in the undo, where a plan has no proof", () => {
		writeFileSync(at("proc/sys/net/ipv4/ip_forward"), "0\n");
		const script = write(plan([step(EVERY_ACTION["set-sysctl"])]));
		run(script, "--apply");
		expect(run(script, "--apply").text).toContain("Nothing to do");
		run(script, "--undo");
		expect(read("proc/sys/net/ipv4/ip_forward")).toBe("0\n");
	});

	it("leaves out the restart where the gentle step was enough", () => {
		stub("firewall-cmd", 'case "$1" in --reload) touch "$HOST/whole" ;; esac');
		const answer = run(write(FLUSHED), "--apply", "--yes");
		expect(answer.status, answer.text).toBe(0);
		expect(answer.calls).toContain("firewall-cmd --reload");
		expect(answer.calls.some((call) => call.startsWith("systemctl restart"))).toBe(false);
		expect(answer.text).toContain("skipped: not needed any more");
	});

	it("ends with 1 when the proof fails", () => {
		stub("systemctl", ":");
		const answer = run(write(FLUSHED), "--apply", "--yes");
		expect(answer.status).toBe(1);
		expect(answer.text).toContain("NO       Docker's chains");
	});

	it("ends with 1 and says where, when a step fails", () => {
		stub("systemctl", 'case "$1" in restart) echo "Job failed" >&2; exit 1 ;; esac');
		const answer = run(write(FLUSHED), "--apply", "--yes");
		expect(answer.status).toBe(1);
		expect(answer.text).toContain("Stopped at step 3 of 4.");
	});

	it("a host that is well already needs nothing, whatever the repair expects to find broken", () => {
		const subject = plan(
			[],
			[{ kind: "daemon-running" }],
			[{ check: { kind: "daemon-running" }, holds: false, otherwise: "dockerd runs." }],
		);
		const answer = run(write(subject), "--apply", "--yes");
		expect(answer.text).toContain("Nothing to do");
		expect(answer.status).toBe(0);
		expect(run(write(subject)).text).not.toContain("It would refuse");
	});

	it("refuses with the plan's own sentence when the host is not as expected", () => {
		const subject = plan([step({ kind: "restart-docker" })], WHOLE, [
			{ check: { kind: "firewalld-running" }, holds: true, otherwise: "firewalld does not run here any more." },
		]);
		const answer = run(write(subject), "--apply", "--yes");
		expect(answer.status).toBe(2);
		expect(answer.text).toContain("Refused: firewalld does not run here any more.");
	});

	it("keeps its notes where only root reads them", () => {
		run(write(FLUSHED), "--apply", "--yes");
		expect(statSync(at("var/lib/stackengine")).mode & 0o777).toBe(0o700);
		const [name] = runsOf("some-failure");
		expect(name).toMatch(/^some-failure-\d{8}T\d{6}Z$/);
		expect(statSync(at(`var/lib/stackengine/${name}`)).mode & 0o777).toBe(0o700);
		expect(read(`var/lib/stackengine/${name}/before/running`)).toBe("c0ffee web\n");
	});
});

describe("a sysctl", () => {
	beforeEach(() => writeFileSync(at("proc/sys/net/ipv4/ip_forward"), "0\n"));

	it("is set now and for the next boot, and put back by --undo", () => {
		const script = write(FORWARD);
		expect(run(script, "--apply").status).toBe(0);
		expect(read("proc/sys/net/ipv4/ip_forward")).toBe("1\n");
		expect(read("etc/sysctl.d/99-stackengine-net-ipv4-ip-forward.conf")).toBe("net.ipv4.ip_forward = 1\n");
		expect(run(script, "--apply").text).toContain("Nothing to do");
		const undone = run(script, "--undo");
		expect(undone.status, undone.text).toBe(0);
		expect(read("proc/sys/net/ipv4/ip_forward")).toBe("0\n");
		expect(existsSync(at("etc/sysctl.d/99-stackengine-net-ipv4-ip-forward.conf"))).toBe(false);
		expect(run(script, "--undo").text).toContain("Nothing to undo");
	});

	it("is left alone by --undo where somebody changed the file since", () => {
		const script = write(FORWARD);
		run(script, "--apply");
		writeFileSync(at("etc/sysctl.d/99-stackengine-net-ipv4-ip-forward.conf"), "net.ipv4.ip_forward = 1 # ours now\n");
		const undone = run(script, "--undo");
		expect(undone.status).toBe(1);
		expect(undone.text).toContain("was changed since: left as it is");
		expect(read("etc/sysctl.d/99-stackengine-net-ipv4-ip-forward.conf")).toContain("ours now");
	});
});

describe("--undo over several runs", () => {
	it("takes back a run that broke off together with the one that went on with it", () => {
		writeFileSync(at("proc/sys/net/ipv4/ip_forward"), "0\n");
		// Two runs of a person are never in the same second.
		stub("date", 'n=$(($(cat "$HOST/n" 2>/dev/null || echo 10) + 1)); echo $n >"$HOST/n"; echo "20260101T0000$n"Z');
		const script = write(plan([step(EVERY_ACTION["set-sysctl"]), step({ kind: "restart-docker" })], FORWARD.after));
		stub("systemctl", 'case "$*" in "restart docker.service") exit 1 ;; esac');
		expect(run(script, "--apply", "--yes").status).toBe(1);
		stub("systemctl", ":");
		expect(run(script, "--apply", "--yes").status).toBe(0);
		const undone = run(script, "--undo", "--yes");
		expect(undone).toMatchObject({ status: 0 });
		expect(read("proc/sys/net/ipv4/ip_forward")).toBe("0\n");
		expect(run(script, "--undo", "--yes").text).toContain("Nothing to undo");
	});

	it("has nothing to take back where only something was said", () => {
		const script = write(plan([step({ kind: "by-hand", instructions: ["Look at it."] })]));
		expect(run(script, "--apply", "--yes").text).toContain("what is said above is for you to do");
		expect(run(script, "--undo", "--yes").text).toContain("Nothing to undo");
	});

	it("offers the old rules only where others than the script wrote new ones", () => {
		expect(run(write(FLUSHED), "--help").text).toContain("--undo-rules");
		const alone = write(FORWARD, "forward");
		expect(run(alone, "--help").text).not.toContain("--undo-rules");
		expect(run(alone, "--undo-rules").status).toBe(64);
	});

	it("does not start a dockerd that was down before", () => {
		writeFileSync(at("etc/docker/daemon.json"), '{ "nonsense": 1 }\n');
		stub(
			"docker",
			`if [ ! -e "$HOST/up" ]; then exit 1; fi; case "$*" in *'{{.Server.Version}}'*) echo 26.1.5 ;; esac`,
		);
		stub("systemctl", 'case "$*" in "start docker.service") touch "$HOST/up" ;; esac');
		const script = write(
			plan(
				[
					step({ kind: "edit-daemon-json", set: [], remove: [good(make.daemonKey("nonsense"))] }),
					step({ kind: "start-docker" }),
				],
				[{ kind: "daemon-running" }],
			),
		);
		expect(run(script, "--apply", "--yes").status).toBe(0);
		const undone = run(script, "--undo", "--yes");
		expect(undone.status).toBe(0);
		expect(read("etc/docker/daemon.json")).toContain("nonsense");
		expect(undone.calls).not.toContain("systemctl restart docker.service");
	});
});

describe("daemon.json", () => {
	const OLD = '{\n\t"iptables": false,\n\t"log-driver": "local"\n}\n';
	const tools = (["python3", "jq"] as const).filter(
		(tool) => spawnSync("sh", ["-c", 'command -v "$1"', "sh", tool]).status === 0,
	);

	it.each(tools)("is merged, never overwritten, with %s, and put back byte for byte", (tool) => {
		if (tool === "jq") {
			// No python3 on this host's PATH: only what the script needs.
			for (const name of [
				"sh",
				"jq",
				"cat",
				"cp",
				"mv",
				"rm",
				"mkdir",
				"chmod",
				"cmp",
				"grep",
				"sed",
				"tr",
				"awk",
				"date",
				"mktemp",
				"dirname",
				"readlink",
				"timeout",
				"touch",
				"true",
				"sort",
				"ls",
				"uname",
			]) {
				const real = spawnSync("sh", ["-c", 'command -v "$1"', "sh", name], { encoding: "utf8" }).stdout.trim();
				if (!existsSync(at(`bin/${name}`)) && real.startsWith("/")) stub(name, `exec ${real} "$@"`);
			}
		}
		writeFileSync(at("etc/docker/daemon.json"), OLD);
		const script = write(JSON_EDIT);
		const path = tool === "jq" ? `${host}/bin` : `${host}/bin:/usr/bin:/bin`;
		const call = (...args: readonly string[]) =>
			spawnSync("/bin/sh", [script, ...args], {
				encoding: "utf8",
				input: "",
				env: { PATH: tool === "jq" ? path : `${path}:${process.env["PATH"]}`, HOME: host },
			});
		const applied = call("--apply", "--yes");
		expect(applied.status, applied.stdout + applied.stderr).toBe(0);
		expect(JSON.parse(read("etc/docker/daemon.json"))).toEqual({ "log-driver": "local", bip: "10.9.0.1/24" });
		const undone = call("--undo", "--yes");
		expect(undone.status, undone.stdout + undone.stderr).toBe(0);
		expect(read("etc/docker/daemon.json")).toBe(OLD);
		expect(undone.stdout).toContain("put back");
	});

	it("is not touched when it is not JSON", () => {
		writeFileSync(at("etc/docker/daemon.json"), '{ "iptables": false, }\n');
		const answer = run(write(JSON_EDIT), "--apply", "--yes");
		expect(answer.status).toBe(2);
		expect(answer.text).toContain("repair it by hand first. Nothing was written.");
		expect(read("etc/docker/daemon.json")).toBe('{ "iptables": false, }\n');
	});

	it("is not touched when dockerd would refuse the result", () => {
		stub("dockerd", 'case "$*" in --version) echo "Docker version 26.1.5, build a" ;; *) exit 1 ;; esac');
		writeFileSync(at("etc/docker/daemon.json"), OLD);
		const answer = run(write(JSON_EDIT), "--apply", "--yes");
		expect(answer.status).toBe(2);
		expect(answer.text).toContain("dockerd would not accept");
		expect(read("etc/docker/daemon.json")).toBe(OLD);
	});

	it("is judged without --validate by Docker 20.10", () => {
		stub(
			"dockerd",
			'case "$*" in --version) echo "Docker version 20.10.24+dfsg1, build 297e128" ;; *) echo "unknown flag" >&2; exit 1 ;; esac',
		);
		writeFileSync(at("etc/docker/daemon.json"), OLD);
		const answer = run(write(JSON_EDIT), "--apply", "--yes");
		expect(answer.status, answer.text).toBe(0);
		expect(answer.calls.filter((call) => call.startsWith("dockerd") && call !== "dockerd --version")).toEqual([]);
	});
});

describe("a rule", () => {
	const subject = plan([step(EVERY_ACTION["delete-rule"])]);
	beforeEach(() => {
		writeFileSync(
			at("forward"),
			"-P FORWARD DROP\n-A FORWARD -j DOCKER-USER\n-A FORWARD ! -i docker0 -p tcp -m tcp --dport 8080 -j DROP\n-A FORWARD -i docker0 -j ACCEPT\n",
		);
		stub(
			"iptables",
			`case "$*" in
			-V) echo 'iptables v1.8.11 (nf_tables)' ;;
			*'-S FORWARD') cat "$HOST/forward" ;;
			*'-C FORWARD '*) grep -q 8080 "$HOST/forward" ;;
			*'-D FORWARD '*) sed -i /8080/d "$HOST/forward" ;;
			*'-I FORWARD 2 '*) sed -i '2a -A FORWARD ! -i docker0 -p tcp -m tcp --dport 8080 -j DROP' "$HOST/forward" ;;
			esac`,
		);
		rmSync(at("run/systemd"), { recursive: true });
		// The wait for a confirmation is cut to half a second.
		stub("sleep", 'case "$1" in 120) exec /bin/sleep 0.5 ;; esac');
	});

	it("goes, and comes back at its old place", () => {
		const before = read("forward");
		const script = write(subject);
		const applied = run(script, "--apply", "--yes");
		expect(applied.status, applied.text).toBe(0);
		expect(applied.text).toContain("If nobody confirms within 120 seconds, everything is undone by itself.");
		expect(applied.text).toContain("The automatic undo is called off.");
		expect(read("forward")).not.toContain("8080");
		expect(applied.calls).toContain(
			"iptables -w 5 -t filter -D FORWARD ! -i docker0 -p tcp -m tcp --dport 8080 -j DROP",
		);
		const undone = run(script, "--undo");
		expect(undone.status, undone.text).toBe(0);
		expect(read("forward")).toBe(before);
	});

	it("is put back by itself when nobody confirms", async () => {
		const before = read("forward");
		const answer = run(write(subject), "--apply");
		expect(answer.status).toBe(2);
		expect(answer.text).toContain("Not confirmed: the automatic undo follows");
		await expect.poll(() => read("forward"), { timeout: 10_000 }).toBe(before);
	}, 20_000);
});

describe("places that are not hosts", () => {
	it.each(["docker-desktop", "synology"] as const)("the script for %s only says what to do instead", (appliance) => {
		const path = join(host, "fix.sh");
		writeFileSync(path, renderBash(FLUSHED, { ...UNKNOWN_PLATFORM, appliance }, { failure: "x", title: "A test" }));
		expect(run(path, "--apply", "--yes").status).toBe(2);
	});

	it("a container is refused, unless it has a dockerd of its own", () => {
		writeFileSync(at(".dockerenv"), "");
		expect(run(write(FLUSHED), "--apply", "--yes").status).toBe(0);
		rmSync(at("bin/dockerd"));
		const answer = run(write(FLUSHED), "--apply", "--yes");
		expect(answer.status).toBe(2);
		expect(answer.text).toContain("inside of a container");
	});

	it("Docker Desktop is noticed when the script runs", () => {
		stub("docker", "echo 'Docker Desktop'");
		const answer = run(write(FLUSHED), "--apply", "--yes");
		expect(answer.status).toBe(2);
		expect(answer.text).toContain("Docker Desktop");
	});
});
