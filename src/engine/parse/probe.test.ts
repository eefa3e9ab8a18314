import { describe, expect, it } from "vitest";
import { artifactFromText } from "../text/span-of";
import { parseProbes } from "./probe";
import { probeTarget } from "./probe-command";

const probes = (text: string, command?: string) =>
	parseProbes(artifactFromText("probe", text, command === undefined ? {} : { command }));
const short = (text: string, command?: string) =>
	probes(text, command).probes.map(({ address, port, host, outcome, seconds }) => [
		address,
		port,
		host,
		outcome,
		seconds,
	]);

describe("transcripts", () => {
	it("reads try after try, each with its machine", () => {
		const text = `docker01:~# curl -sS -m 3 http://127.0.0.1:8080/
hello from the container
root@docker01:~# curl -sS -m 3 http://192.168.56.10:8080/
curl: (7) Failed to connect to 192.168.56.10 port 8080 after 0 ms: Couldn't connect to server
client:~$ curl -sS -m 3 http://192.168.56.10:8080/
curl: (28) Connection timed out after 3001 milliseconds
[root@el9 ~]# wget -qO- http://[::1]:8080/
wget: can't connect to remote host: Connection refused
`;
		expect(short(text)).toEqual([
			["127.0.0.1", 8080, "docker01", "answered", null],
			["192.168.56.10", 8080, "root@docker01", "refused", 0],
			["192.168.56.10", 8080, "client", "timed-out", 3.001],
			["::1", 8080, "root@el9", "refused", null],
		]);
		expect(probes(text).remarks).toEqual([]);
		const [, second] = probes(text).probes;
		expect(text.slice(second?.at.from, second?.at.to)).toMatch(/^curl: \(7\).*server$/);
	});

	it("takes the target from the artifact's command", () => {
		expect(short("curl: (52) Empty reply from server", "curl -v http://localhost:8080")).toEqual([
			["localhost", 8080, null, "empty", null],
		]);
	});

	it("leaves a silent try open", () => {
		expect(probes("", "curl -s http://localhost:8080")).toMatchObject({ probes: [], remarks: [] });
		expect(probes("$ curl -s http://localhost:8080\n$ curl -s http://localhost:81\nok")).toMatchObject({
			probes: [{ port: 81 }],
			remarks: [{}],
		});
	});

	it("knows an interrupted try that had a connection from one that had none", () => {
		expect(short("*   Trying 192.0.2.10:8080...\n^C", "curl -v http://192.0.2.10:8080")).toEqual([
			["192.0.2.10", 8080, null, "timed-out", null],
		]);
		expect(
			short(
				"* Connected to 192.0.2.10 (192.0.2.10) port 8080 (#0)\n> GET / HTTP/1.1\n^C",
				"curl -v http://192.0.2.10:8080",
			),
		).toEqual([["192.0.2.10", 8080, null, "empty", null]]);
	});

	it("takes the last word of a verbose try over the first address that failed", () => {
		const text =
			"*   Trying [::1]:8080...\n* connect to ::1 port 8080 failed: Connection refused\n*   Trying 127.0.0.1:8080...\n* Connected to localhost (127.0.0.1) port 8080\n> GET / HTTP/1.1\n< HTTP/1.1 200 OK\nhello";
		expect(short(text, "curl -v http://localhost:8080/")[0]?.[3]).toBe("answered");
	});
});

describe("outcomes", () => {
	it.each([
		["curl: (7) Failed to connect to 10.0.0.5 port 8080: Connection refused", "refused"],
		["curl: (7) Failed to connect to 10.0.0.5:8080 after 0 ms: Could not connect to server", "refused"],
		["curl: (7) Failed to connect to 10.0.0.5 port 8080 after 3081 ms: Couldn't connect to server", "unreachable"],
		["curl: (7) Failed to connect to 10.0.0.5 port 8080 after 130422 ms: Couldn't connect to server", "timed-out"],
		["curl: (7) Failed to connect to 10.0.0.5 port 8080: No route to host", "unreachable"],
		["curl: (7) couldn't connect to host", "refused"],
		["curl: (28) Connection timed out after 3001 milliseconds", "timed-out"],
		["curl: (28) Failed to connect to 10.0.0.5 port 8080 after 129998 ms: Connection timed out", "timed-out"],
		["curl: (28) Operation timed out after 3000 milliseconds with 0 bytes received", "empty"],
		["curl: (28) Operation timed out after 3000 milliseconds with 0 out of 0 bytes received", "empty"],
		["curl: (28) Operation timed out after 3000 milliseconds with 512 bytes received", "answered"],
		["curl: (28) Resolving timed out after 5000 milliseconds", "failed"],
		["curl: (52) Empty reply from server", "empty"],
		["curl: (56) Recv failure: Connection reset by peer", "empty"],
		["curl: (35) OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection to 10.0.0.5:443", "empty"],
		["curl: (35) error:0A00010B:SSL routines::wrong version number", "answered"],
		["curl: (22) The requested URL returned error: 502", "answered"],
		["curl: (6) Could not resolve host: web", "failed"],
		["Connecting to 10.0.0.5:8080... failed: Connection refused.", "refused"],
		["Verbindungsaufbau zu 10.0.0.5:8080 … fehlgeschlagen: Verbindungsaufbau abgelehnt.", "refused"],
		["HTTP request sent, awaiting response... 200 OK", "answered"],
		["Read error (Connection reset by peer) in headers.", "empty"],
		["wget: can't connect to remote host (10.0.0.5): Connection refused", "refused"],
		["wget: download timed out", "timed-out"],
		["wget: server returned error: HTTP/1.1 404 Not Found", "answered"],
		["nc: connect to 10.0.0.5 port 8080 (tcp) failed: Connection refused", "refused"],
		["nc: connect to 10.0.0.5 port 8080 (tcp) timed out: Operation now in progress", "timed-out"],
		["nc: timed out", "timed-out"],
		["Connection to 10.0.0.5 8080 port [tcp/http-alt] succeeded!", "answered"],
		["(UNKNOWN) [10.0.0.5] 8080 (http-alt) : No route to host", "unreachable"],
		["Ncat: Connection timed out.", "timed-out"],
		["telnet: Unable to connect to remote host: Connection refused", "refused"],
		["bash: connect: Connection refused", "refused"],
		["8080/tcp filtered http-proxy", "timed-out"],
		["TcpTestSucceeded : False", "failed"],
		["This site can't be reached ERR_CONNECTION_REFUSED", "refused"],
		["HTTP/1.1 200 OK", "answered"],
	])("reads %j as %s", (line, outcome) => {
		expect(probes(line).probes.map((probe) => probe.outcome)).toEqual([outcome]);
	});

	it("reads address and port out of a bare message", () => {
		expect(
			short("curl: (7) Failed to connect to 192.168.56.10 port 8080 after 2 ms: Couldn't connect to server"),
		).toEqual([["192.168.56.10", 8080, null, "refused", 0.002]]);
		expect(
			short("curl: (7) Failed to connect to 192.168.56.10:8081 after 0 ms: Could not connect to server")[0]?.slice(
				0,
				2,
			),
		).toEqual(["192.168.56.10", 8081]);
		expect(short("nc: connect to ::1 port 8080 (tcp) failed: Connection refused")[0]?.slice(0, 2)).toEqual([
			"::1",
			8080,
		]);
	});

	it.each([
		"hello from the container",
		"the request timed out in my app",
		"Error response from daemon: pull access denied",
	])("takes %j for no answer to a try", (text) => {
		expect(probes(text).probes).toEqual([]);
	});

	it("takes a connection by telnet or nc for an answer", () => {
		expect(
			short("Trying 10.0.0.5...\nConnected to 10.0.0.5.\nEscape character is '^]'.", "telnet 10.0.0.5 8080"),
		).toEqual([["10.0.0.5", 8080, null, "answered", null]]);
	});
});

it.each([
	["curl -sS -m 3 http://192.168.56.10:8080/x", "192.168.56.10", 8080],
	["curl localhost", "localhost", 80],
	["curl -o /dev/null -w '%{http_code}' https://user:pw@example.org/", "example.org", 443],
	["sudo timeout 5 curl http://[2001:db8::1]:81/", "2001:db8::1", 81],
	["docker exec web wget -qO- http://172.17.0.2", "172.17.0.2", 80],
	["nc -zv -w 3 10.0.0.5 8080", "10.0.0.5", 8080],
	[`docker exec app sh -c 'printf "GET / HTTP/1.0\\r\\n" | nc -w 3 10.0.0.5 8080; echo $?'`, "10.0.0.5", 8080],
	[`docker exec app sh -c "wget -T 3 -O - http://10.0.0.5:8080/"`, "10.0.0.5", 8080],
	["telnet 10.0.0.5 8080", "10.0.0.5", 8080],
	["nmap -p 8080 10.0.0.5", "10.0.0.5", 8080],
	["Test-NetConnection -ComputerName 10.0.0.5 -Port 8080", "10.0.0.5", 8080],
	["curl -H 'Host: x.org' 127.0.0.1:8080", "127.0.0.1", 8080],
])("finds the target of %j", (command, address, port) => {
	expect(probeTarget(command)).toMatchObject({ address, port });
});

it.each([
	["docker exec web curl http://192.168.56.10:8080/", true],
	["sudo docker exec -it web wget -qO- http://172.17.0.1:8080", true],
	["docker compose -f app.yml exec api curl http://172.18.0.1:8080", true],
	["docker run --rm busybox wget -T 3 http://172.17.0.1:8080", true],
	["docker exec app sh -c 'echo | nc -w 3 10.0.0.5 8080'", true],
	["sh -c 'echo | nc -w 3 10.0.0.5 8080'", false],
	["sudo curl http://192.168.56.10:8080/", false],
	["curl http://docker/exec:8080", false],
])("knows whether a container asks in %j", (command, inside) => {
	expect(probeTarget(command)?.fromContainer ?? false).toBe(inside);
});

it.each(["docker ps", "iptables -L -n", "cat curl.txt", "echo curl", ""])("finds no target in %j", (command) => {
	expect(probeTarget(command)).toBeNull();
});
