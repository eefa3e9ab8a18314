import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
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
		[["diagnose", "--json", "a", "b"], { command: "diagnose", json: true, paths: ["a", "b"] }],
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

	it("never lets pasted control characters reach the terminal", () => {
		const { out } = call("diagnose", join(folder, "fleet/web1"));
		expect(out).not.toMatch(/[\u0000-\u0008\u000b-\u001f]/);
	});
});
