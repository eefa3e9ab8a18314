import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { artifactFromText } from "../text/span-of";
import { parseDockerPs, stateOf } from "./docker-ps";
import { LONGEST_RANGE, publishedPorts } from "./published-port";

const ps = (text: string, command?: string) =>
	parseDockerPs(artifactFromText("docker-ps", text, command === undefined ? {} : { command }));

const v4 = (hostPort: number, containerPort: number, hostAddress = "0.0.0.0") => ({
	hostAddress,
	hostPort,
	containerPort,
	protocol: "tcp",
});

// docker 26.1.5
const TABLE = `CONTAINER ID   IMAGE     COMMAND                  CREATED         STATUS                     PORTS                                   NAMES
54490ba7c172   lab/web   "/bin/serve 80"          2 seconds ago   Created                                                            web2
67c98d58bdf7   lab/web   "/docker-entrypoint.…"   3 seconds ago   Exited (137) 2 seconds ago                                         web
7fd58001bc66   lab/web   "/bin/serve 80"          2 weeks ago     Up 9 days (healthy)        0.0.0.0:8081->80/tcp, :::8081->80/tcp   web3
`;

describe("docker ps", () => {
	it("reads a table, with a stopped container's missing ports", () => {
		const read = ps(TABLE);
		expect(read.containers).toMatchObject([
			{ id: "54490ba7c172", name: "web2", image: "lab/web", state: "created", exitCode: null, ports: [] },
			{ id: "67c98d58bdf7", name: "web", state: "exited", exitCode: 137, ports: [] },
			{ id: "7fd58001bc66", name: "web3", state: "running", exitCode: null, ports: [v4(8081, 80), v4(8081, 80, "::")] },
		]);
		expect(read).toMatchObject({ all: true, daemonAnswered: { value: true }, remarks: [], failures: [] });
		expect(TABLE.slice(read.containers[2]?.at.from, read.containers[2]?.at.to)).toMatch(/^7fd58001bc66 .* web3$/);
	});

	it.each([
		["padding folded to single blanks", (text: string) => text.replace(/ {2,}/g, " ")],
		["padding folded to two blanks", (text: string) => text.replace(/ {3,}/g, "  ")],
		["columns shifted by a tab", (text: string) => text.replace(/^54490ba7c172 {3}/m, "54490ba7c172        ")],
		[
			"wrapped at 80 columns",
			(text: string) =>
				text.replace(/^(.{80})(.{1,80})(.*)$/gm, (_, a, b, c) => (c === "" ? `${a}\n${b}` : `${a}\n${b}\n${c}`)),
		],
	])("reads the same rows with %s", (_, damage) => {
		const whole = ps(TABLE).containers.map(({ at, image, ...rest }) => rest);
		expect(ps(damage(TABLE)).containers.map(({ at, image, ...rest }) => rest)).toEqual(whole);
	});

	it("tells a column that is not shown from one that is empty", () => {
		const read = ps("NAMES     STATUS\nweb       Up 2 hours\nold       Exited (0) 3 days ago\n");
		expect(read.containers).toMatchObject([
			{ id: null, name: "web", state: "running", ports: null },
			{ name: "old", state: "exited", exitCode: 0, ports: null },
		]);
		expect(ps("CONTAINER ID   NAMES     PORTS\n7fd58001bc66   web       80/tcp").containers).toMatchObject([
			{ state: null, ports: [] },
		]);
	});

	it("reads rows of `--format` without a heading", () => {
		expect(ps("web\t0.0.0.0:8080->80/tcp, [::]:8080->80/tcp\ndb\t5432/tcp\n").containers).toMatchObject([
			{ name: "web", ports: [v4(8080, 80), v4(8080, 80, "::")] },
		]);
	});

	it("reads full ids and names with links", () => {
		const id = "7fd58001bc66f2d291b17adfcab3133f17eb6afd3a012057ec91f4830e93dd30";
		const read = ps(
			`CONTAINER ID                                                       IMAGE     STATUS      NAMES\n${id}   web       Up 1 hour   app/db,db`,
		);
		expect(read.containers).toMatchObject([{ id, name: "db" }]);
	});

	it("reads JSON lines and compose's array", () => {
		expect(
			ps(
				'{"ID":"7fd58001bc66","Image":"nginx","Names":"web","Ports":"0.0.0.0:8080-\\u003e80/tcp","State":"running","Status":"Up 2 hours"}\n{"ID":"8fd58001bc66","Names":"old","Ports":"","State":"exited","Status":"Exited (1) 3 hours ago"}',
			).containers,
		).toMatchObject([
			{ id: "7fd58001bc66", name: "web", state: "running", ports: [v4(8080, 80)] },
			{ name: "old", state: "exited", exitCode: 1, ports: [] },
		]);
		expect(
			ps(
				'[{"ID":"7fd58001bc66","Name":"app-web-1","State":"exited","ExitCode":2,"Publishers":[{"URL":"0.0.0.0","TargetPort":80,"PublishedPort":8080,"Protocol":"tcp"},{"URL":"","TargetPort":443,"PublishedPort":0,"Protocol":"tcp"}]}]',
			).containers,
		).toMatchObject([{ name: "app-web-1", exitCode: 2, ports: [v4(8080, 80)] }]);
	});

	it("reads compose 1", () => {
		const read = ps(
			"   Name            Command         State          Ports\n------------------------------------------------------------\napp_web_1   nginx -g daemon   Up      0.0.0.0:8080->80/tcp\napp_db_1    postgres          Exit 1\n",
		);
		expect(read.containers).toMatchObject([
			{ name: "app_web_1", state: "running", ports: [v4(8080, 80)] },
			{ name: "app_db_1", state: "exited", exitCode: 1, ports: [] },
		]);
	});

	it("does not read an error as an empty listing", () => {
		const read = ps(
			"Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?",
		);
		expect(read).toMatchObject({ containers: [], daemonAnswered: { value: false }, remarks: [] });
		expect(read.failures).toHaveLength(1);
	});

	it("tells `-a` from the command", () => {
		const heading = "CONTAINER ID   IMAGE     COMMAND   CREATED   STATUS    PORTS     NAMES";
		expect(
			[undefined, "docker ps", "docker ps -a", "docker ps -qa", "docker ps --all --no-trunc"].map(
				(command) => ps(heading, command).all,
			),
		).toEqual([false, false, true, true, true]);
	});

	it("remarks on a line that is no row", () => {
		expect(ps(`${TABLE}what is this\n\nreally`).remarks).toHaveLength(2);
	});
});

describe("ports", () => {
	it.each([
		["0.0.0.0:8080->80/tcp, [::]:8080->80/tcp", [v4(8080, 80), v4(8080, 80, "::")]],
		["0.0.0.0:8080->80/tcp, :::8080->80/tcp", [v4(8080, 80), v4(8080, 80, "::")]],
		["127.0.0.1:8080->80/tcp", [v4(8080, 80, "127.0.0.1")]],
		["[2001:db8::1]:8080->80/tcp", [v4(8080, 80, "2001:db8::1")]],
		["0.0.0.0:8000-8002->9000-9002/tcp", [v4(8000, 9000), v4(8001, 9001), v4(8002, 9002)]],
		["0.0.0.0:53->53/udp", [{ ...v4(53, 53), protocol: "udp" }]],
		["80/tcp, 8000-8010/tcp", []],
		["", []],
		["*:8080->80/tcp", [v4(8080, 80)]],
	])("reads %j", (cell, ports) => {
		expect(publishedPorts(cell)).toEqual(ports);
	});

	it("cuts a range that would be millions of objects", () => {
		expect(publishedPorts("0.0.0.0:1-65535->1-65535/tcp")).toHaveLength(LONGEST_RANGE);
	});

	it("gives back what it was given", () => {
		const port = fc.integer({ min: 1, max: 65535 });
		fc.assert(
			fc.property(
				fc.ipV4(),
				port,
				port,
				fc.constantFrom("tcp", "udp", "sctp"),
				(hostAddress, hostPort, containerPort, protocol) => {
					expect(publishedPorts(`${hostAddress}:${hostPort}->${containerPort}/${protocol}`)).toEqual([
						{ hostAddress, hostPort, containerPort, protocol },
					]);
				},
			),
		);
	});
});

it.each([
	["Up 3 minutes", "running"],
	["Up 3 minutes (Paused)", "paused"],
	["Up 3 minutes (unhealthy)", "running"],
	["Exited (0) 2 days ago", "exited"],
	["Restarting (1) 5 seconds ago", "restarting"],
	["Created", "created"],
	["Dead", "dead"],
	["Removal In Progress", "removing"],
	["exited (1)", "exited"],
	["something", null],
])("reads the status %j as %s", (status, state) => {
	expect(stateOf(status)).toBe(state);
});

it("reads `docker port`, of a container that only the command names", () => {
	const text = "80/tcp -> 127.0.0.1:8080\n443/tcp -> [::]:8443\n";
	const read = parseDockerPs(artifactFromText("docker-ps", text, { command: "docker port web" }));
	expect(read.containers).toMatchObject([
		{
			name: "web",
			state: "running",
			ports: [
				{ hostAddress: "127.0.0.1", hostPort: 8080, containerPort: 80 },
				{ hostAddress: "::", hostPort: 8443, containerPort: 443 },
			],
		},
	]);
	expect(read.remarks).toEqual([]);
});
