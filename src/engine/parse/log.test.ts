import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ArtifactKind } from "../text/evidence";
import { artifactFromText } from "../text/span-of";
import { parseFailures, parseLog } from "./log";
import { isRoutine } from "./routine-line";

const parse = (text: string, kind: ArtifactKind = "dockerd-log") => parseLog(artifactFromText(kind, text));
const loud = (text: string, kind: ArtifactKind = "dockerd-log") =>
	parse(text, kind).failures.filter((failure) => failure.weight !== "noise");

const T = Date.UTC(2026, 10, 23, 7, 8, 21);
const FATAL =
	"failed to start daemon: Error initializing network controller: error obtaining controller instance: failed to create NAT chain DOCKER: iptables failed: iptables --wait -t nat -N DOCKER: iptables v1.8.9 (legacy): can't initialize iptables table `nat': Table does not exist (do you need to insmod?)";
const REST = ["Perhaps iptables or your kernel needs to be upgraded.", " (exit status 3)"];
const journal = (head: string) => [FATAL, ...REST].map((line) => head + line).join("\n");
const bytes = (text: string) => JSON.stringify([...text].map((letter) => letter.charCodeAt(0)));

describe("one error in every form a log is handed on in", () => {
	it.each<[string, string, number | null]>([
		["journald short", journal("Nov 23 07:08:21 docker01 dockerd[4022]: "), Date.UTC(2000, 10, 23, 7, 8, 21)],
		[
			"journald short, one digit day",
			journal("Nov  3 07:08:21 docker01 dockerd[4022]: "),
			Date.UTC(2000, 10, 3, 7, 8, 21),
		],
		[
			"journald short-precise",
			journal("Nov 23 07:08:21.869789 docker01 dockerd[4022]: "),
			Date.UTC(2000, 10, 23, 7, 8, 21, 869),
		],
		["journald short-full", journal("Mon 2026-11-23 07:08:21 UTC docker01 dockerd[4022]: "), T],
		["journald short-full, other zone", journal("Mon 2026-11-23 07:08:21 CET docker01 dockerd[4022]: "), T],
		["journald with-unit", journal("Mon 2026-11-23 07:08:21 UTC docker01 docker.service[4022]: "), T],
		["journald short-iso", journal("2026-11-23T08:08:21+0100 docker01 dockerd[4022]: "), T],
		["journald short-iso, newer systemd", journal("2026-11-23T07:08:21+00:00 docker01 dockerd[4022]: "), T],
		["journald short-iso-precise", journal("2026-11-23T07:08:21.869789+0000 docker01 dockerd[4022]: "), T + 869],
		["journald short-monotonic", journal("[12345.678901] docker01 dockerd[4022]: "), null],
		["journald short-unix", journal(`${T / 1000}.000000 docker01 dockerd[4022]: `), T],
		["journald cat", journal(""), null],
		[
			"a multi-line message indented by journalctl",
			`Nov 23 07:08:21 docker01 dockerd[4022]: ${FATAL}\n${REST.map((line) => `                                      ${line}`).join("\n")}`,
			Date.UTC(2000, 10, 23, 7, 8, 21),
		],
		[
			"journald json",
			JSON.stringify({
				MESSAGE: [FATAL, ...REST].join("\n"),
				PRIORITY: "6",
				__REALTIME_TIMESTAMP: `${T}000`,
				SYSLOG_IDENTIFIER: "dockerd",
				_PID: "4022",
			}),
			T,
		],
		[
			"journald json, a record a line",
			[FATAL, ...REST]
				.map((MESSAGE) =>
					JSON.stringify({ MESSAGE, __REALTIME_TIMESTAMP: `${T}000`, SYSLOG_IDENTIFIER: "dockerd", _PID: "4022" }),
				)
				.join("\n"),
			T,
		],
		[
			"journald json with bytes",
			`{"__REALTIME_TIMESTAMP":"${T}000","SYSLOG_IDENTIFIER":"dockerd","MESSAGE":${bytes([FATAL, ...REST].join("\n"))}}`,
			T,
		],
		[
			"journald json-sse",
			`data: ${JSON.stringify({ MESSAGE: [FATAL, ...REST].join("\n"), __REALTIME_TIMESTAMP: `${T}000`, SYSLOG_IDENTIFIER: "dockerd" })}`,
			T,
		],
		[
			"journald json-pretty",
			JSON.stringify(
				{ __REALTIME_TIMESTAMP: `${T}000`, SYSLOG_IDENTIFIER: "dockerd", MESSAGE: [FATAL, ...REST].join("\n") },
				null,
				"\t",
			).replaceAll('": ', '" : '),
			T,
		],
		[
			"journald verbose",
			`Mon 2026-11-23 07:08:21.000000 UTC [s=6a3f;i=1f;b=0c;m=1;t=2;x=3]\n    _TRANSPORT=stdout\n    PRIORITY=6\n    SYSLOG_IDENTIFIER=dockerd\n    MESSAGE=${FATAL}\n            ${REST.join("\n            ")}\n    _PID=4022`,
			T,
		],
		[
			"journald export",
			`__CURSOR=s=6a3f\n__REALTIME_TIMESTAMP=${T}000\nPRIORITY=6\nSYSLOG_IDENTIFIER=dockerd\nMESSAGE=${[FATAL, ...REST].join(" ")}\n_PID=4022\n`,
			T,
		],
		[
			"journald export, binary field",
			`__REALTIME_TIMESTAMP=${T}000\nMESSAGE\n\u0085\u0001\0\0\0\0\0\0${[FATAL, ...REST].join("\n")}\nSYSLOG_IDENTIFIER=dockerd\n`,
			T,
		],
		[
			"syslog RFC 3164 with priority",
			journal("<30>Nov 23 07:08:21 docker01 dockerd[4022]: "),
			Date.UTC(2000, 10, 23, 7, 8, 21),
		],
		["syslog RFC 5424", journal("<30>1 2026-11-23T07:08:21.000Z docker01 dockerd 4022 - - "), T],
		[
			"syslog RFC 5424 with structured data",
			journal('<30>1 2026-11-23T07:08:21Z docker01 dockerd 4022 ID47 [meta sequenceId="1"] '),
			T,
		],
		["rsyslog high precision", journal("2026-11-23T07:08:21.869789+00:00 docker01 dockerd[4022]: "), T + 869],
		[
			"rsyslog with escaped newlines",
			`2026-11-23T07:08:21+00:00 docker01 dockerd[4022]: ${[FATAL, ...REST].join("#012")}`,
			T,
		],
		[
			"busybox syslog",
			journal("Nov 23 07:08:21 docker01 daemon.info dockerd[402]: "),
			Date.UTC(2000, 10, 23, 7, 8, 21),
		],
		["snap", journal("Nov 23 07:08:21 docker01 docker.dockerd[4022]: "), Date.UTC(2000, 10, 23, 7, 8, 21)],
		["rootless", journal("Nov 23 07:08:21 docker01 dockerd-rootless.sh[4022]: "), Date.UTC(2000, 10, 23, 7, 8, 21)],
		["GitHub Actions", journal("2026-11-23T07:08:21.0000000Z "), T],
		[
			"GitHub Actions over journald",
			journal("2026-11-23T09:00:00.1234567Z Nov 23 07:08:21 docker01 dockerd[4022]: "),
			Date.UTC(2026, 10, 23, 9, 0, 0, 123),
		],
		["docker compose logs of a dind", journal("dind-1  | "), null],
		["Docker Desktop", journal("[2026-11-23T07:08:21.000000000Z][dockerd] "), T],
		["Docker Desktop, older", journal("2026-11-23 07:08:21.000 [dockerd][I] "), T],
		[
			"Docker's json-file",
			[FATAL, ...REST]
				.map((log) => JSON.stringify({ log: `${log}\n`, stream: "stderr", time: "2026-11-23T07:08:21Z" }))
				.join("\n"),
			T,
		],
		[
			"29.x on shutdown",
			`time="2026-11-23T07:08:21.000000000Z" level=error msg="Daemon shutdown complete" error="${[FATAL, ...REST].join("\\n")}"`,
			T,
		],
		["a terminal", `FATA[2026-11-23T07:08:21.000000000Z] ${FATAL}\n${REST.join("\n")}`, T],
		["a terminal, 17.05", `FATA[0003] ${FATAL}\n${REST.join("\n")}`, null],
		["wrapped at 100 columns", journal("").replace(/(.{1,100})(?:\s|$)/g, "$1\n"), null],
		["cut hard at 80 columns", journal("").replace(/(.{80})/g, "$1\n"), null],
		["Markdown indentation", journal("    "), null],
		[
			"CRLF",
			journal("Nov 23 07:08:21 docker01 dockerd[4022]: ").replaceAll("\n", "\r\n"),
			Date.UTC(2000, 10, 23, 7, 8, 21),
		],
	])("%s", (_, text, time) => {
		const parsed = parse(text);
		const failures = parsed.failures.filter((failure) => failure.weight !== "noise");
		expect(failures).toHaveLength(1);
		expect(failures[0]).toMatchObject({
			complaint: { kind: "table-missing", table: "nat", reason: "no-table" },
			command: { table: "nat", operation: "-N", chain: "DOCKER", wait: "forever" },
			exit: 3,
			weight: "fatal",
			fromDockerd: true,
			during: "daemon-start",
			backend: "legacy",
			time,
		});
		const { at } = failures[0] ?? { at: { from: 0, to: 0 } };
		// The whole of the message, from its first word to the exit status.
		expect(text.slice(at.from, at.to)).toMatch(/failed to start daemon|102,97,105/);
		expect(at.to).toBeGreaterThanOrEqual(text.trimEnd().length - (/verbose|export|pretty/.test(_) ? 60 : 0));
	});
});

describe("JSON logs", () => {
	it("reads dockerd's own", () => {
		const text =
			'{"error":"exec: \\"iptables\\": executable file not found in $PATH","level":"warning","msg":"failed to find iptables","time":"2026-11-23T07:08:21.869789766Z"}';
		expect(parse(text).failures).toMatchObject([
			{ complaint: { kind: "program-missing", program: "iptables" }, weight: "warning", time: T + 869 },
		]);
	});
	it("reads journald's with logfmt inside and no message at all", () => {
		const inner =
			'time="2026-11-23T07:08:21.000000000Z" level=warning msg="failed to find iptables" error="exec: \\"iptables\\": executable file not found in $PATH"';
		expect(
			parse(`${JSON.stringify({ MESSAGE: null, _PID: "1" })}\n${JSON.stringify({ MESSAGE: inner, _PID: "1" })}`)
				.failures,
		).toMatchObject([{ complaint: { kind: "program-missing" }, time: T }]);
	});
	it("reads an API answer", () => {
		const text =
			'{"message":"driver failed programming external connectivity on endpoint web (1a2b): Bind for 0.0.0.0:80 failed: port is already allocated"}';
		expect(parse(text, "docker-error").failures).toMatchObject([
			{ complaint: { kind: "port-allocated", port: 80 }, subject: "web", weight: "error" },
		]);
	});
	it("reads what Ansible and Terraform wrap", () => {
		const message =
			'Error starting container 1a2b: 500 Server Error for http+docker://localhost/v1.41/containers/1a2b/start: Internal Server Error (\\"driver failed programming external connectivity on endpoint web (1a2b):  (iptables failed: iptables --wait -t nat -A DOCKER -p tcp -d 0/0 --dport 80 -j DNAT --to-destination 172.17.0.2:80 ! -i docker0: iptables: No chain/target/match by that name.\\\\n (exit status 1))\\")';
		expect(
			parse(`fatal: [docker01]: FAILED! => {"changed": false, "msg": "${message}"}`, "docker-error").failures,
		).toMatchObject([{ complaint: { kind: "chain-missing", table: "nat", chain: "DOCKER" }, exit: 1, subject: "web" }]);
	});
	it("takes a cut object for text", () => {
		expect(
			parse(
				`{"level":"error","msg":"Handler for POST returned error: Bind for 0.0.0.0:80 failed: port is already allocated`,
				"docker-error",
			).failures,
		).toMatchObject([{ complaint: { kind: "port-allocated" } }]);
	});
});

describe("records", () => {
	it("puts an error with a blank line in it together and leaves the advice after it out", () => {
		const text =
			"failed to start daemon: Error creating default \"bridge\" network: Failed to program NAT chain: Failed to inject DOCKER in PREROUTING chain: iptables failed: iptables --wait -t nat -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER: iptables v1.8.9 (legacy): Couldn't load match `addrtype':No such file or directory\n\nTry `iptables -h' or 'iptables --help' for more information.\n (exit status 2)\n\nRun 'docker run --help' for more information";
		expect(parse(text).failures).toMatchObject([
			{
				complaint: { kind: "extension-missing", extension: "addrtype", missing: "library" },
				exit: 2,
				at: { line: 1, lastLine: 4 },
			},
		]);
	});
	it("tells whose flag is unknown by the help that the next line names", () => {
		const kinds = (program: string) =>
			parse(`unknown flag: --wait\nSee '${program} --help'.`, "docker-error").failures.map(
				({ complaint }) => complaint.kind,
			);
		expect(kinds("docker run")).toEqual(["elsewhere"]);
		expect(kinds("dockerd")).toEqual(["config-invalid"]);
	});
	it("keeps the errors of a terminal and of the daemon's log apart", () => {
		const text =
			"docker: Error response from daemon: Bind for 0.0.0.0:80 failed: port is already allocated.\ndocker: Error response from daemon: failed to create endpoint web on network bridge: adding interface veth1 to bridge docker0 failed: Device does not exist.";
		expect(
			parse(text, "docker-error").failures.map((failure) => [
				failure.complaint.kind,
				failure.at.line,
				failure.at.lastLine,
			]),
		).toEqual([
			["port-allocated", 1, 1],
			["bridge-missing", 2, 2],
		]);
	});
	it("does not join records of two programs", () => {
		const text =
			"Nov 23 08:00:38 h dockerd[499]: failed to start daemon: Error initializing network controller: iptables failed: iptables --wait -t nat -N DOCKER: iptables v1.8.9 (legacy): can't initialize iptables table `nat': Table does not exist (do you need to insmod?)\nNov 23 08:00:38 h systemd[1]: docker.service: Main process exited, code=exited, status=1/FAILURE";
		expect(parse(text).failures).toMatchObject([{ at: { line: 1, lastLine: 1 } }]);
	});
	it("reads a quoted value that goes on in the next line", () => {
		const text =
			'time="2026-11-23T07:08:21Z" level=error msg="Handler for POST returned error: iptables failed: iptables --wait -t nat -A DOCKER -j DNAT: iptables: No chain/target/match by that\nname.\\n (exit status 1)"';
		expect(parse(text).failures).toMatchObject([
			{ complaint: { kind: "chain-missing", chain: "DOCKER" }, at: { line: 1, lastLine: 2 } },
		]);
	});
	it("counts records, errors and warnings and tells who speaks", () => {
		const text =
			'time="2026-11-23T07:08:21Z" level=info msg="Loading containers: start."\ntime="2026-11-23T07:08:22Z" level=warning msg="x"\ntime="2026-11-23T07:08:23Z" level=error msg="y"';
		expect(parse(text)).toMatchObject({
			recordCount: 3,
			errorCount: 1,
			warningCount: 1,
			of: "dockerd",
			runs: 0,
			firstTime: T,
			lastTime: T + 2000,
		});
	});
	it.each<[string, string]>([
		["Nov 23 07:08:21 h kernel: [12.3456] nf_conntrack: table full, dropping packet", "kernel"],
		["[   12.345678] nf_conntrack: table full, dropping packet", "kernel"],
		["[Mon Nov 23 07:08:21 2026] docker0: port 1(veth1) entered disabled state", "kernel"],
		["kern  :warn  : [   12.345678] nf_conntrack: table full, dropping packet", "kernel"],
		["Nov 23 07:08:21 h firewalld[812]: ERROR: ZONE_CONFLICT: 'docker0' already bound to 'trusted'", "firewalld"],
		["Nov 23 07:08:21 h systemd[1]: Started docker.service.", "systemd"],
		["docker: Error response from daemon: x", "client"],
	])("%s", (text, of) => {
		expect(parse(text, "unrecognised").of).toBe(of);
	});
	it("reads the engine's version", () => {
		expect(
			parse(
				'time="2026-11-23T07:08:21Z" level=info msg="Docker daemon" commit=5d6db84 graphdriver(s)=overlay2 version=20.10.24+dfsg1',
			).dockerVersion?.value,
		).toBe("20.10.24+dfsg1");
	});
});

describe("daemon runs", () => {
	const up = (second: number) => `time="2026-11-23T07:08:${second}Z" level=info msg="Starting up"`;
	const bad = (second: number) =>
		`time="2026-11-23T07:08:${second}Z" level=warning msg="failed to find iptables" error="exec: \\"iptables\\": executable file not found in $PATH"`;
	it("numbers them by Starting up, and 0 stands before the first", () => {
		const parsed = parse([bad(10), up(20), bad(21), up(30), bad(31)].join("\n"));
		expect(parsed.runs).toBe(2);
		expect(parsed.failures.map((failure) => failure.run)).toEqual([0, 1, 2]);
	});
	it("takes systemd's announcement and dockerd's word for one start", () => {
		const systemd = (second: number) =>
			`Nov 23 07:08:${second} h systemd[1]: Starting docker.service - Docker Application Container Engine...`;
		const daemon = (second: number) => `Nov 23 07:08:${second} h dockerd[4]: ${up(second)}`;
		expect(parse([systemd(10), daemon(11), systemd(20), daemon(21)].join("\n")).runs).toBe(2);
	});
	it("counts a start that a bad daemon.json ended before Starting up", () => {
		const text =
			"Nov 23 07:08:10 h systemd[1]: Starting Docker Application Container Engine...\nNov 23 07:08:11 h dockerd[4]: unable to configure the Docker daemon with file /etc/docker/daemon.json: EOF\nNov 23 07:08:12 h systemd[1]: Starting Docker Application Container Engine...";
		const parsed = parse(text);
		expect(parsed.runs).toBe(2);
		expect(parsed.failures).toMatchObject([{ run: 1, complaint: { kind: "config-invalid" } }]);
	});
	it("gives client output no run", () => {
		expect(
			parse("docker: Error response from daemon: Pool overlaps with other one on this address space", "docker-error")
				.failures,
		).toMatchObject([{ run: null }]);
	});
});

describe("events", () => {
	const J = "Nov 23 07:08:21 h ";
	it.each<[string, string]>([
		['time="2026-11-23T07:08:21Z" level=info msg="Starting up"', "daemon-starting"],
		["INFO[2026-06-03T15:41:29.379100114+05:30] Starting up", "daemon-starting"],
		["INFO[0000] Starting up", "daemon-starting"],
		['{"level":"info","msg":"Daemon has completed initialization","time":"2026-11-23T07:08:21Z"}', "daemon-ready"],
		[`time="2026-11-23T07:08:21Z" level=info msg="Processing signal 'terminated'"`, "daemon-stopping"],
		[`${J}systemd[1]: Started Docker Application Container Engine.`, "daemon-ready"],
		[`${J}systemd[1]: Stopping docker.service - Docker Application Container Engine...`, "daemon-stopping"],
		[`${J}systemd[1]: docker.service: Main process exited, code=exited, status=1/FAILURE`, "daemon-stopping"],
		[`${J}systemd[1]: Reloading firewalld.service - firewalld - dynamic firewall daemon...`, "firewalld-reloaded"],
		[`${J}systemd[1]: Started firewalld - dynamic firewall daemon.`, "firewalld-started"],
		[`${J}systemd[1]: Stopped firewalld.service - firewalld - dynamic firewall daemon.`, "firewalld-stopped"],
		[
			`${J}sudo[811]:    admin : TTY=pts/0 ; PWD=/root ; USER=root ; COMMAND=/usr/bin/firewall-cmd --reload`,
			"firewalld-reloaded",
		],
		[`${J}sudo[811]:    admin : TTY=pts/0 ; PWD=/root ; USER=root ; COMMAND=/usr/sbin/ufw reload`, "ufw-reloaded"],
		[`${J}systemd[1]: Reloaded nftables.service - nftables.`, "nftables-service"],
		[`${J}systemd[1]: Stopped nftables.`, "nftables-service"],
		[
			`${J}systemd[1]: Finished netfilter-persistent.service - netfilter persistent configuration.`,
			"netfilter-persistent",
		],
		[`${J}systemd[1]: Started fail2ban.service - Fail2Ban Service.`, "fail2ban"],
		[`${J}systemd[1]: Starting IPv4 firewall with iptables...`, "firewall-service"],
		[`${J}sudo[811]: root : TTY=pts/0 ; PWD=/root ; USER=root ; COMMAND=/sbin/iptables -t nat -F`, "rules-flushed"],
		[`${J}sudo[811]: root : PWD=/ ; USER=root ; COMMAND=/usr/sbin/nft flush ruleset`, "rules-flushed"],
		[`${J}CRON[912]: (root) CMD (/sbin/iptables-restore < /etc/iptables.rules)`, "rules-flushed"],
		["2026-11-23 06:25:11 upgrade linux-image-amd64:amd64 6.1.99-1 6.1.112-1", "package-upgraded"],
		[`${J}dnf[123]: Upgraded: docker-ce-3:27.0.1-1.el9.x86_64`, "package-upgraded"],
		["[2026-11-23T06:25:11+0000] [ALPM] upgraded linux (6.10.1.arch1-1 -> 6.10.2.arch1-1)", "package-upgraded"],
		["-- Boot 2f3a4b5c6d7e8f90a1b2c3d4e5f60718 --", "booted"],
		["-- Reboot --", "booted"],
		[`2026-11-23T07:08:21.000000000Z container die ${"ab".repeat(32)} (exitCode=1, image=nginx)`, "container-died"],
	])("%s", (text, kind) => {
		expect(parse(text).events.map((event) => event.kind)).toEqual([kind]);
	});
	it.each([
		[`${J}systemd[1]: Started Session 4 of user admin.`],
		['time="2026-11-23T07:08:21Z" level=info msg="Loading containers: start."'],
		[`${J}sudo[811]: root : COMMAND=/sbin/iptables -t nat -nL`],
		["2026-11-23 06:25:11 upgrade vim:amd64 9.0 9.1"],
	])("%s is none", (text) => {
		expect(parse(text).events).toEqual([]);
	});
});

describe("a terminal", () => {
	it("ties an answer to the command typed above it", () => {
		const text =
			"docker01:~# iptables -t nat -L DOCKER -n\niptables: No chain/target/match by that name.\ndocker01:~# docker run -d -p 80:80 nginx\ndocker: Error response from daemon: Bind for 0.0.0.0:80 failed: port is already allocated.";
		expect(parse(text, "docker-error").failures).toMatchObject([
			{ complaint: { kind: "chain-missing", table: "nat", chain: "DOCKER" }, fromDockerd: false, during: "listing" },
			{ complaint: { kind: "port-allocated" }, fromDockerd: true, command: null },
		]);
	});
	it("takes a typed flush or restart for an event", () => {
		const text =
			"root@docker01:~# iptables -t nat -F\nroot@docker01:~# systemctl restart firewalld\nroot@docker01:~# docker ps";
		expect(parse(text, "docker-error").events.map((event) => [event.kind, event.detail])).toEqual([
			["rules-flushed", "iptables -t nat -F"],
			["firewalld-reloaded", "systemctl restart firewalld"],
		]);
	});
	it("knows an artifact's own command", () => {
		const artifact = artifactFromText(
			"iptables-list",
			"iptables v1.8.7 (nf_tables): chain `DOCKER' in table `nat' is incompatible, use 'nft' tool.",
			{ command: "iptables -t nat -L DOCKER" },
		);
		expect(parseFailures(artifact, artifact.lines)).toMatchObject([
			{
				complaint: { kind: "chain-missing", table: "nat", chain: "DOCKER" },
				fromDockerd: false,
				during: "listing",
				command: { operation: "-L" },
			},
		]);
	});
	it("reads only the lines it was given", () => {
		const artifact = artifactFromText(
			"iptables-list",
			"iptables: Bad rule\niptables v1.8.7 (nf_tables): table `nat' is incompatible, use 'nft' tool.",
		);
		expect(parseFailures(artifact, artifact.lines.slice(1)).map((failure) => failure.complaint.kind)).toEqual([
			"table-incompatible",
		]);
	});
	it.each<[string, number | null, string]>([
		[
			"26618cb7d3e3dffbc008c89fc667f18ebf5388ffeb5160ba2c5e17bdd8a50d1b\n(no answer for 12s, interrupted with Ctrl-C)",
			12,
			"docker-cli",
		],
		["docker01:~# iptables -t nat -L DOCKER -n\n(waits without a word, interrupted after 5s)", 5, "iptables"],
		["$ docker run -d -p 8080:80 nginx\n^C", null, "docker-cli"],
		["# iptables -nL\n^C", null, "iptables"],
	])("%s", (text, seconds, speaker) => {
		expect(parse(text, "docker-error").failures).toMatchObject([
			{ complaint: { kind: "no-answer", seconds }, fromDockerd: false, speaker },
		]);
	});
	it.each([
		["$ docker logs -f web\n^C"],
		["$ journalctl -fu docker\n^C"],
		["$ docker compose up\n^C"],
		["$ docker run --rm -it nginx\n^C"],
		["^C"],
	])("%s is no silence", (text) => {
		expect(parse(text, "docker-error").failures).toEqual([]);
	});
});

describe("pastes of people", () => {
	const one = (text: string) =>
		parse(text, "docker-error").failures.map(({ complaint, command, exit, subject, weight, at }) => ({
			complaint,
			table: command?.table ?? null,
			exit,
			subject,
			weight,
			lines: [at.line, at.lastLine],
		}));
	it("reads a mail that wrapped the error at 56 columns", () => {
		expect(
			one(
				"Error response from daemon: driver failed programming\nexternal connectivity on endpoint foo\n(4ee313e3bf3f):\n(iptables failed: iptables -t nat -A POSTROUTING -p tcp -s 172.16.128.7\n-d 172.16.128.7 --dport 8081 -j MASQUERADE: Another app is currently\nholding the xtables lock. Perhaps you want to use the -w option?",
			),
		).toEqual([
			{
				complaint: { kind: "lock-held", gaveUp: true, waitedSeconds: null },
				table: "nat",
				exit: null,
				subject: "foo",
				weight: "error",
				lines: [1, 6],
			},
		]);
	});
	it("reads an Ansible result indented and wrapped in an issue", () => {
		expect(
			one(
				'    fatal: [localhost]: FAILED! => {"changed": false, "msg": "Error starting \n    container 9678e6be283aa929: \n    500 Server Error: Internal Server Error (\\"driver failed programming external connectivity \n    on endpoint awx_web \n    (b48d02b5b6c0):  (iptables \n    failed: iptables --wait -t nat -A DOCKER -p tcp -d 0/0 --dport 80 -j DNAT --to-destination \n    172.17.0.5:8052 ! -i docker0: iptables: No chain/target/match by that name.\\\\n (exit \n    status 1))\\")"}',
			),
		).toEqual([
			{
				complaint: { kind: "chain-missing", table: "nat", chain: "DOCKER" },
				table: "nat",
				exit: 1,
				subject: "awx_web",
				weight: "error",
				lines: [1, 8],
			},
		]);
	});
	it("reads an error that its author broke after each colon", () => {
		expect(
			one(
				"failed to start daemon: Error initializing network controller: \nfailed to register \"bridge\" driver: failed to create NAT chain DOCKER: \niptables failed: iptables --wait -t nat -N DOCKER: \nmodprobe: FATAL: Module ip_tables not found in directory /lib/modules/7.0.12-x\niptables v1.8.4 (legacy): can't initialize iptables table `nat': Table does not exist (do you need to insmod?)\nPerhaps iptables or your kernel needs to be upgraded.",
			).map((failure) => [failure.complaint.kind, ...failure.lines]),
		).toEqual([
			["table-missing", 1, 6],
			["module-missing", 1, 6],
		]);
	});
	it("reads firewalld's log within the journal, and tells its probes from its failures", () => {
		const head =
			"Sep 01 12:16:10 PC4 firewalld[11649]: 2017-09-01 12:16:10 ERROR: COMMAND_FAILED: '/sbin/iptables -w2 -t nat ";
		expect(
			one(
				`${head}-A DOCKER -p tcp -d 0/0 --dport 2003 -j DNAT --to-destination 172.17.0.5:22 ! -i docker0' failed: iptables: No chain/target/match by that name.\n${head}-n -L DOCKER' failed: iptables: No chain/target/match by that name.`,
			).map((failure) => [failure.complaint.kind, failure.weight]),
		).toEqual([
			["chain-missing", "error"],
			["chain-missing", "noise"],
		]);
	});
	it("takes the waiting of a Docker that gave up on it for a failure", () => {
		expect(
			one(
				"ERROR: for udp-1  Cannot start service udp-1: b'driver failed programming external connectivity on endpoint udp-1 (1e56cd69bb3f): Error iptables FORWARD: Another app is currently holding the xtables lock; waiting (1s) for it to exit...\\nAnother app is currently holding the xtables lock; waiting (3s) for it to exit...'",
			),
		).toMatchObject([{ complaint: { kind: "lock-held", gaveUp: false }, weight: "error", subject: "udp-1" }]);
	});
	it("does not swallow what docker prints after an error", () => {
		expect(
			one(
				"docker: Error response from daemon: Ports are not available: exposing port TCP 0.0.0.0:80 -> 127.0.0.1:0: listen tcp 0.0.0.0:80: bind: address already in use\nUnable to find image 'nginx:latest' locally\nlatest: Pulling from library/nginx",
			),
		).toMatchObject([{ complaint: { kind: "address-in-use", port: 80 }, lines: [1, 1] }]);
	});
	it("reads rootlesskit", () => {
		expect(
			one("[rootlesskit:parent] error: failed to start the child: fork/exec /proc/self/exe: operation not permitted"),
		).toMatchObject([{ complaint: { kind: "elsewhere", area: "permission" } }]);
	});
	it("does not know the chain when only the last sentence was pasted", () => {
		expect(
			one(
				"2023-05-06 16:16:57,150 7FB8FA9B20 ERROR 7fba20b4c0 -- stderr: 'iptables: No chain/target/match by that name.'",
			),
		).toMatchObject([{ complaint: { kind: "chain-missing", table: "unknown", chain: null } }]);
	});
});

describe("repetition", () => {
	it("keeps the first and the last of a flood, and what stands between", () => {
		const block = (second: number) =>
			`[${second}.000000] [UFW BLOCK] IN=eth0 OUT=docker0 SRC=203.0.113.9 DST=172.17.0.2 PROTO=TCP SPT=51001 DPT=80`;
		const lines = Array.from({ length: 2000 }, (_, at) => block(at));
		lines.splice(1000, 0, "[1000.5] nf_conntrack: nf_conntrack: table full, dropping packet");
		const { failures, remarks } = parse(lines.join("\n"), "kernel-log");
		expect(failures[0]?.at.line).toBe(1);
		expect(failures.at(-1)?.at.line).toBe(2001);
		expect(failures.filter((failure) => failure.complaint.kind === "conntrack-full")).toHaveLength(1);
		expect(failures).toHaveLength(501);
		expect(remarks).toHaveLength(1);
	});
	it("lets go a line that compose cut short when the whole follows", () => {
		const whole =
			"Error response from daemon: Failed to Setup IP tables: Unable to enable SKIP DNAT rule:  (iptables failed: iptables --wait -t nat -I DOCKER -i br-48f3ca3df681 -j RETURN: iptables: No chain/target/match by that name.\n (exit status 1))";
		const text = `[+] up 1/1\n ✘ Network lost_default Error ${whole.slice(0, 98)}... 0.0s\nfailed to create network lost_default: ${whole}`;
		expect(parse(text, "docker-error").failures).toMatchObject([
			{ complaint: { kind: "chain-missing", table: "nat", chain: "DOCKER" }, subject: "lost_default" },
		]);
	});
	it("keeps the cut line when nothing else tells", () => {
		const text =
			" ✘ Network lost_default Error Error response from daemon: Failed to Setup IP tables: Unable to enable SKIP DNAT rule:  (iptables fai... 0.0s";
		expect(parse(text, "docker-error").failures).toMatchObject([
			{ complaint: { kind: "unrecognised" }, during: "network-create" },
		]);
	});
	it("keeps every start that failed the same way", () => {
		const start = (minute: number) =>
			`time="2026-11-23T07:0${minute}:00Z" level=info msg="Starting up"\nfailed to start daemon: Error initializing network controller: error obtaining controller instance: failed to create NAT chain DOCKER: Iptables not found`;
		expect(parse([1, 2, 3].map(start).join("\n")).failures.map((failure) => failure.run)).toEqual([1, 2, 3]);
	});
});

describe("a healthy host", () => {
	it("shows no failure above noise", () => {
		const text = [
			'time="2026-11-23T07:51:00.969Z" level=warning msg="Configuration migrated from version 2, use `containerd config migrate` to avoid migration" t="4.6µs"',
			'time="2026-11-23T07:51:00.970Z" level=info msg="skip loading plugin" error="could not find mkfs.erofs: exec: \\"mkfs.erofs\\": executable file not found in $PATH: skip plugin" id=io.containerd.differ.v1.erofs type=io.containerd.differ.v1',
			'time="2026-11-23T07:51:00.971Z" level=info msg="skip loading plugin" error="aufs is not supported (modprobe aufs failed: exit status 1 \\"modprobe: FATAL: Module aufs not found in directory /lib/modules/6.1.0\\\\n\\"): skip plugin" type=io.containerd.snapshotter.v1',
			'time="2026-11-23T07:51:00.972Z" level=error msg="exec: \\"fuse-overlayfs\\": executable file not found in $PATH" storage-driver=fuse-overlayfs',
			'time="2026-11-23T07:51:00.973Z" level=error msg="failed to mount overlay: no such device" storage-driver=overlay2',
			'time="2026-11-23T07:51:00.974Z" level=info msg="Deleting nftables IPv4 rules" error="running nft: /dev/stdin:1:17-30: Error: Could not process rule: No such file or directory\\ndelete table ip docker-bridges\\n exit status 1"',
			'time="2026-11-23T07:51:01.000Z" level=info msg="Daemon has completed initialization"',
			'time="2026-11-23T07:51:02.000Z" level=warning msg="cleaning up after shim disconnected" id=60d98744 namespace=moby',
			'time="2026-11-23T07:51:02.000Z" level=error msg="60d98744 cleanup: failed to delete container from containerd: no such container"',
			'time="2026-11-23T07:51:02.000Z" level=error msg="error reading the kernel parameter net.ipv4.vs.conn_reuse_mode" error="open /proc/sys/net/ipv4/vs/conn_reuse_mode: no such file or directory"',
		].join("\n");
		expect(loud(text)).toEqual([]);
	});
});

describe("totality", () => {
	it("never throws, and every span lies within the text", () => {
		const words = fc.constantFrom(
			"iptables failed: ",
			'time="',
			"level=error ",
			'msg="',
			'\\"',
			"\\n",
			"Nov 23 07:08:21 h dockerd[1]: ",
			'{"MESSAGE":',
			"COMMAND_FAILED: '",
			"' failed: ",
			"\n",
			"\r\n",
			" (exit status 4)",
			"MESSAGE\n",
			"MESSAGE=",
			"docker: Error response from daemon: ",
			"&#39;",
			"^C",
			"# iptables -L\n",
			"\u001b[31m",
			"é",
			"😀",
			"[UFW BLOCK] IN= OUT=docker0 ",
		);
		fc.assert(
			fc.property(fc.array(fc.oneof(words, fc.string({ maxLength: 12 })), { maxLength: 40 }), (parts) => {
				const text = parts.join("");
				for (const kind of ["dockerd-log", "docker-error", "kernel-log"] as const) {
					const parsed = parse(text, kind);
					for (const { at } of [...parsed.failures, ...parsed.events]) {
						expect(at.from).toBeGreaterThanOrEqual(0);
						expect(at.to).toBeGreaterThanOrEqual(at.from);
						expect(at.to).toBeLessThanOrEqual(text.length);
						expect(at.line).toBeGreaterThanOrEqual(1);
						expect(at.lastLine).toBeGreaterThanOrEqual(at.line);
					}
				}
			}),
			{ numRuns: 300 },
		);
	});

	it("passes routine lines over without taking them apart", () => {
		expect(
			isRoutine(
				'time="2026-11-23T07:11:04.738Z" level=info msg="[core] Channel Connectivity change to READY" module=grpc',
			),
		).toBe(true);
		expect(
			isRoutine(
				'Nov 23 07:11:04 h dockerd[4]: time="2026-11-23T07:11:04.738Z" level=debug msg="/usr/sbin/iptables, [--wait -t nat -C DOCKER]"',
			),
		).toBe(true);
		expect(isRoutine('time="2026-11-23T07:11:04.738Z" level=info msg="Starting up"')).toBe(false);
		expect(isRoutine('time="2026-11-23T07:11:04.738Z" level=error msg="x"')).toBe(false);
		expect(isRoutine("docker: Error response from daemon: level=info")).toBe(false);
	});
});
