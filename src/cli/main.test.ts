import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { DOCKER_28 } from "../../tests/support/docker-hosts";
import { parseRequest } from "./arguments";
import { run } from "./main";

const NAT = `Chain PREROUTING (policy ACCEPT)
target     prot opt source               destination

Chain INPUT (policy ACCEPT)
target     prot opt source               destination

Chain OUTPUT (policy ACCEPT)
target     prot opt source               destination

Chain POSTROUTING (policy ACCEPT)
target     prot opt source               destination
`;
const ERROR = `docker: Error response from daemon: driver failed programming external connectivity on endpoint web2 (5a54209d8e7c):  (iptables failed: iptables --wait -t nat -A DOCKER -p tcp -d 0/0 --dport 8081 -j DNAT --to-destination 172.17.0.3:80 ! -i docker0: iptables: No chain/target/match by that name.
 (exit status 1)).
`;

let folder = "";
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "stackengine-"));
	for (const host of ["fleet/web1", "fleet/web2"]) mkdirSync(join(folder, host), { recursive: true });
	writeFileSync(join(folder, "fleet/web1/error.txt"), ERROR);
	writeFileSync(join(folder, "fleet/web1/iptables-nat-L.txt"), NAT);
	writeFileSync(join(folder, "fleet/web2/note.txt"), "nothing of use\n");
});

function call(...words: readonly string[]) {
	const out: string[] = [];
	const complaints: string[] = [];
	const status = run(
		words,
		(text) => out.push(text),
		(text) => complaints.push(text),
	);
	return { status, out: out.join(""), complaints: complaints.join("") };
}

describe("the command line", () => {
	it.each([
		[["diagnose", "--json", "a", "b"], { command: "diagnose", json: true, paths: ["a", "b"], before: null }],
		[["diagnose", "--before", "a", "b"], { command: "diagnose", json: false, paths: ["b"], before: "a" }],
		[
			["collect", "--paste", "--only", "sysctls, rule-set"],
			{ command: "collect", form: "paste", topics: ["sysctls", "rule-set"] },
		],
		[["redact", "a"], { command: "redact", path: "a", shiftTimes: false }],
		[["redact", "--shift-times"], { command: "redact", path: "-", shiftTimes: true }],
		[["fix", "--format", "bash"], { command: "fix", format: "bash", paths: [] }],
		[
			["trace", "--to", "53/udp", "--from", "host", "x"],
			{ command: "trace", port: 53, protocol: "udp", from: "host", json: false, paths: ["x"] },
		],
		[
			["trace", "--to", "8080"],
			{ command: "trace", port: 8080, protocol: "tcp", from: "outside", json: false, paths: [] },
		],
	] as const)("understands %j", (words, request) => {
		expect(parseRequest(words)).toEqual(request);
	});

	it.each([
		["an unknown command", ["mend"]],
		["an unknown option", ["diagnose", "--yaml"]],
		["a port that is none", ["trace", "--to", "70000"]],
		["a format that is none", ["fix", "--format", "perl"]],
		["a part of the collector that is none", ["collect", "--only", "weather"]],
		["a file that is not there", ["diagnose", "/nowhere/at/all"]],
	] as const)("says what is wrong with %s and ends with 64", (_, words) => {
		const { status, complaints, out } = call(...words);
		expect(status).toBe(64);
		expect(complaints).toMatch(/^stackengine: /);
		expect(out).toBe("");
	});

	it("prints one JSON object for one host, in the shape that others build on", () => {
		const { status, out } = call("diagnose", "--json", join(folder, "fleet/web1"));
		expect(status).toBe(1);
		const report: unknown = JSON.parse(out);
		expect(report).toMatchObject({
			schema: "stackengine.report/1",
			verdict: [
				{
					failure: "docker-chain-missing",
					because: expect.arrayContaining([expect.objectContaining({ artifact: "docker-error", line: 1 })]),
				},
			],
			artifacts: [
				{ kind: "docker-error", name: "error.txt" },
				{ kind: "iptables-list", name: "iptables-nat-L.txt" },
			],
		});
	});

	it("prints one line a host for a fleet, and the worst of them is its status", () => {
		const { status, out } = call("diagnose", join(folder, "fleet"));
		expect(status).toBe(1);
		expect(out.trimEnd().split("\n")).toHaveLength(2);
		expect(out).toMatch(/^web1 +docker-chain-missing /m);
		expect(out).toMatch(/^web2 +insufficient-evidence /m);
		expect(call("diagnose", join(folder, "fleet/web2")).status).toBe(2);
	});

	it("prints the script alone, so that it can be saved and run", () => {
		const { status, out } = call("fix", "--format", "bash", join(folder, "fleet/web1"));
		expect(status).toBe(0);
		expect(out.startsWith("#!/bin/")).toBe(true);
	});

	it("holds a second paste beside the first, and ends as the second one is", () => {
		const [broken, fixed] = ["broken", "fixed"].map((name) => join("src/engine/compare/cases", `${name}.txt`));
		const { status, out } = call("diagnose", "--before", broken ?? "", fixed ?? "");
		expect(status).toBe(0);
		expect(out).toMatch(/^Since the first paste: Fixed$/m);
		expect(out).toMatch(/^ {2}\[x\] Chain DOCKER in table nat$/m);
		expect(JSON.parse(call("diagnose", "--json", "--before", broken ?? "", broken ?? "").out)).toMatchObject({
			schema: "stackengine.report/1",
			since: { schema: "stackengine.comparison/1", outcome: "unchanged" },
		});
	});

	it("prints the collector whole, in part, as one paste and as a play", () => {
		expect(call("collect").out).toContain("show 'docker info'");
		const part = call("collect", "--only", "lock-holders").out;
		expect(part).toContain("xtables.lock");
		expect(part).not.toContain("docker info");
		expect(call("collect", "--paste").out).toMatch(/ sh -s <<'END_OF_COLLECT'\n[\s\S]*\nEND_OF_COLLECT\n$/);
		expect(call("collect", "--ansible").out).toContain("ansible.builtin.command");
	});

	it("never lets pasted control characters reach the terminal", () => {
		const { out } = call("diagnose", join(folder, "fleet/web1"));
		expect(out).not.toMatch(/[\u0000-\u0008\u000b-\u001f]/);
	});

	it("prints who reaches each published port and which network reaches which", () => {
		const file = join(folder, "rules.txt");
		writeFileSync(file, `$ iptables-save\n${DOCKER_28}\n`);
		const text = call("reach", file);
		expect(text.status).toBe(0);
		expect(text.out).toContain("0.0.0.0:8080/tcp\n  outside ");
		expect(text.out).toMatch(/container on docker0 /);
		expect(text.out).toMatch(/docker0 to outside +delivered\n/);
		const json: unknown = JSON.parse(call("reach", "--json", file).out);
		expect(json).toMatchObject({
			schema: "stackengine.reach/1",
			ports: [{ port: 8080, asker: "outside", outcome: "delivered", via: "dnat" }, {}, {}, {}],
		});
		expect(call("reach", join(folder, "fleet/web2")).status).toBe(2);
	});

	it("follows a packet to another address and from another network, and names the one rule that decides", () => {
		const file = join(folder, "rules.txt");
		writeFileSync(file, `$ iptables-save\n${DOCKER_28}\n`);
		const { out } = call("trace", "--to", "81", "--from", "outside", "--address", "172.17.0.2", file);
		expect(out).toContain("decided by: raw PREROUTING rule 1: -A PREROUTING -d 172.17.0.2/32 ! -i docker0 -j DROP");
		expect(call("trace", "--to", "80", "--address", "example.org", file).status).toBe(64);
		expect(call("trace", "--to", "80", "--bridge", "docker0", file).status).toBe(64);
	});

	it("asks for the host's own names in a fix that is made from redacted text, and says so", () => {
		const path = join(folder, "colleague.txt");
		writeFileSync(path, call("redact", join(folder, "fleet/web1/error.txt")).out + NAT);
		const { out, complaints, status } = call("fix", "--format", "bash", path);
		expect(status).toBe(0);
		expect(complaints).toContain("this text is redacted: container-1, host-1 and addresses in it are stand-ins");
		expect(out).not.toMatch(/docker (?:start|restart|inspect) '?container-1/);
		expect(call("fix", "--format", "bash", join(folder, "fleet/web1")).complaints).toBe("");
	});

	it("moves the dates of what it redacts, all by the same weeks, when it is asked to", () => {
		const path = join(folder, "dockerd.log");
		writeFileSync(path, "Nov 23 07:59:53 shopsrv dockerd[1]: a\n2026-11-24T08:00:00Z b\n");
		expect(call("redact", path).out).toBe("Nov 23 07:59:53 host-1 dockerd[1]: a\n2026-11-24T08:00:00Z b\n");
		const [first = "", second = ""] = call("redact", "--shift-times", path).out.split("\n");
		expect(first).toMatch(/^[A-Z][a-z]{2} \d\d 07:59:53 host-1 dockerd\[1\]: a$/);
		expect(second).toMatch(/^20\d\d-\d\d-\d\dT08:00:00Z b$/);
		expect(second).not.toContain("2026-11-24");
		const year = second.slice(0, 4);
		const apart = Date.parse(second.slice(0, 20)) - Date.parse(`${first.slice(0, 6)} ${year} 07:59:53Z`);
		expect(apart).toBe(Date.parse("2026-11-24T08:00:00Z") - Date.parse("2026-11-23T07:59:53Z"));
	});
});

describe("a log of any size", () => {
	const noise = "Nov 22 10:00:01 web1 app[77]: INFO handled path=/items/1\n".repeat(90_000);
	const failed = `Nov 22 11:05:01 web1 dockerd[812]: time="2026-11-22T11:05:01.1Z" level=error msg="Handler for POST /v1.47/containers/3f4e/start returned error: ${ERROR.trim().replaceAll("\n", "\\n")}"\n`;

	it.each([
		["plain", "big.log", (bytes: Buffer) => bytes],
		["packed", "big.log.gz", (bytes: Buffer) => gzipSync(bytes)],
	] as const)("is read %s, and its lines are called by their numbers in the file", (_, name, pack) => {
		const path = join(folder, name);
		writeFileSync(path, pack(Buffer.from(`${noise}${failed}${noise}`)));
		const { out, complaints } = call("diagnose", "--json", path);
		expect(JSON.parse(out)).toMatchObject({
			verdict: [{ failure: "docker-chain-missing", because: [{ artifact: "dockerd-log", line: 90_001 }] }],
			artifacts: [{ kind: "dockerd-log", lines: 180_001 }],
		});
		expect(complaints).toBe(
			`stackengine: ${path}: 180001 lines read, 47 kept as telling or as samples, 0 repeats folded\n`,
		);
	});
});
