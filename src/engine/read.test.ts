import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { analyse, remembering } from "./analyse";
import { read, readPaste } from "./read";

const NAT = `$ sudo iptables -t nat -L -n
Chain PREROUTING (policy ACCEPT)
target     prot opt source               destination
DOCKER     all  --  0.0.0.0/0            0.0.0.0/0            ADDRTYPE match dst-type LOCAL

Chain DOCKER (1 references)
target     prot opt source               destination
DNAT       tcp  --  0.0.0.0/0            0.0.0.0/0            tcp dpt:8080 to:172.17.0.2:80
`;
const INFO = `$ docker info
Client:
 Version:    28.5.2
Server:
 Containers: 1
  Running: 1
 Server Version: 28.5.2
 Firewall Backend: iptables
`;
const PORTS = `$ docker ps
CONTAINER ID   IMAGE     COMMAND    CREATED         STATUS         PORTS                    NAMES
3f4e5d6c7b8a   nginx     "nginx"    2 minutes ago   Up 2 minutes   0.0.0.0:8080->80/tcp     web
`;
const LOG = `$ journalctl -u docker
Nov 23 10:00:01 web1 dockerd[812]: time="2026-11-23T10:00:01.1Z" level=info msg="API listen on /run/docker.sock"
Nov 23 10:05:01 web1 dockerd[812]: time="2026-11-23T10:05:01.1Z" level=error msg="Handler for POST /v1.47/containers/3f4e/start returned error: iptables failed: iptables --wait -t nat -A DOCKER: iptables: No chain/target/match by that name. (exit status 1)"
`;

const source = (id: string, text: string) => ({ id, name: "pasted text", text });

describe("reading a paste again", () => {
	it("parses only the artifacts that changed", () => {
		const before = readPaste([source("a", INFO + PORTS), source("b", NAT)]);
		const after = readPaste([source("a", `${INFO}${PORTS}${LOG}`), source("b", NAT)], before);
		const same = after.readings.filter((reading) => before.readings.includes(reading));
		expect(same.map(({ artifact }) => artifact.kind)).toEqual(["docker-info", "docker-ps", "iptables-list"]);
		expect(after.readings.map(({ artifact }) => artifact.kind)).toContain("dockerd-log");
	});

	it("parses again what has moved: a span would point beside it", () => {
		const before = readPaste([source("a", INFO)]);
		const after = readPaste([source("a", `\n${INFO}`)], before);
		expect(before.readings).not.toContain(after.readings[0]);
		expect(after.readings).toEqual(read([source("a", `\n${INFO}`)]));
	});

	it("reads the same as without an earlier paste, whatever came before", () => {
		const piece = fc.constantFrom(NAT, INFO, PORTS, LOG, NAT.replace("8080", "9090"), "Chain", "\r\n", "> quoted\n");
		const text = fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.join(""));
		const paste = fc
			.array(text, { maxLength: 3 })
			.map((texts) => texts.map((words, index) => source(`s${index}`, words)));
		fc.assert(
			fc.property(fc.array(paste, { minLength: 2, maxLength: 4 }), (pastes) => {
				const engine = remembering();
				for (const evidence of pastes) expect(engine.analyse(evidence)).toEqual(analyse(evidence));
			}),
			{ numRuns: 60 },
		);
	});
});
