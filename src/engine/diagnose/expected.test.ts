import { describe, expect, it } from "vitest";
import { analyse } from "../analyse";

const rows = (text: string) => analyse([{ id: "s1", name: "paste", text }]).expected;
const missing = (text: string) =>
	rows(text)
		.filter(({ state }) => state === "missing")
		.map(({ table, what }) => `${table}: ${what}`);

const info = (version: string, more = "") => `$ docker info
Client:
 Version:    ${version}
Server:
 Containers: 1
  Running: 1
 Server Version: ${version}
 Storage Driver: overlay2
${more} Kernel Version: 6.1.0-50-amd64
 Operating System: Debian GNU/Linux 12 (bookworm)
$ docker network inspect bridge
[
    {
        "Name": "bridge",
        "Id": "2c9f2bbd4a58e0c3a1bd9b6f4ad14b2f4d9c7d5f0d5b3a5f3b9a30f6f5a5d8f1",
        "Driver": "bridge",
        "IPAM": { "Driver": "default", "Config": [ { "Subnet": "172.17.0.0/16", "Gateway": "172.17.0.1" } ] },
        "Internal": false,
        "Options": { "com.docker.network.bridge.name": "docker0" }
    }
]
`;
const NAT = `*nat
:PREROUTING ACCEPT [0:0]
:INPUT ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
:DOCKER - [0:0]
-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
-A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER
-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
COMMIT
`;
const filter = (...lines: readonly string[]) => `*filter
:INPUT ACCEPT [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
${lines.join("\n")}
COMMIT
`;
const chain = (name: string) => `:${name} - [0:0]`;
/** `iptables-save` of dockerd 20.10.24, 28.5.2 and 29.7.2 with no container. */
const STAGES = [
	...["DOCKER", "DOCKER-ISOLATION-STAGE-1", "DOCKER-ISOLATION-STAGE-2", "DOCKER-USER"].map(chain),
	"-A FORWARD -j DOCKER-USER",
	"-A FORWARD -j DOCKER-ISOLATION-STAGE-1",
	"-A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
	"-A FORWARD -o docker0 -j DOCKER",
	"-A FORWARD -i docker0 ! -o docker0 -j ACCEPT",
	"-A FORWARD -i docker0 -o docker0 -j ACCEPT",
	"-A DOCKER-ISOLATION-STAGE-1 -i docker0 ! -o docker0 -j DOCKER-ISOLATION-STAGE-2",
	"-A DOCKER-ISOLATION-STAGE-1 -j RETURN",
	"-A DOCKER-ISOLATION-STAGE-2 -o docker0 -j DROP",
	"-A DOCKER-ISOLATION-STAGE-2 -j RETURN",
	"-A DOCKER-USER -j RETURN",
];
const FORWARD_AND_STAGES = [
	...["DOCKER", "DOCKER-BRIDGE", "DOCKER-CT", "DOCKER-FORWARD"].map(chain),
	...["DOCKER-ISOLATION-STAGE-1", "DOCKER-ISOLATION-STAGE-2", "DOCKER-USER"].map(chain),
	"-A FORWARD -j DOCKER-USER",
	"-A FORWARD -j DOCKER-FORWARD",
	"-A DOCKER ! -i docker0 -o docker0 -j DROP",
	"-A DOCKER-BRIDGE -o docker0 -j DOCKER",
	"-A DOCKER-CT -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
	"-A DOCKER-FORWARD -j DOCKER-CT",
	"-A DOCKER-FORWARD -j DOCKER-ISOLATION-STAGE-1",
	"-A DOCKER-FORWARD -j DOCKER-BRIDGE",
	"-A DOCKER-FORWARD -i docker0 -j ACCEPT",
	"-A DOCKER-ISOLATION-STAGE-1 -i docker0 ! -o docker0 -j DOCKER-ISOLATION-STAGE-2",
	"-A DOCKER-ISOLATION-STAGE-2 -o docker0 -j DROP",
];
const INTERNAL = FORWARD_AND_STAGES.filter((line) => !line.includes("ISOLATION")).concat(
	chain("DOCKER-INTERNAL"),
	"-A DOCKER-FORWARD -j DOCKER-INTERNAL",
);
const host = (version: string, lines: readonly string[], nat = NAT) =>
	`${info(version)}$ iptables-save\n${nat}${filter(...lines)}`;

describe("what is expected of Docker's tables", () => {
	it.each([
		["20.10.24", STAGES],
		["26.1.5", STAGES],
		["28.5.2", FORWARD_AND_STAGES],
		["29.7.2", INTERNAL],
	])("finds everything on a whole host with Docker %s", (version, lines) => {
		expect(missing(host(version, lines))).toEqual([]);
		expect(rows(host(version, lines)).length).toBeGreaterThan(10);
	});

	it.each([
		[
			"20.10.24",
			STAGES,
			"-A FORWARD -j DOCKER-ISOLATION-STAGE-1",
			"the jump from `FORWARD` to `DOCKER-ISOLATION-STAGE-1`",
		],
		[
			"20.10.24",
			STAGES,
			"-A FORWARD -i docker0 ! -o docker0 -j ACCEPT",
			"the rule that lets containers on `docker0` out",
		],
		["28.5.2", FORWARD_AND_STAGES, "-A DOCKER-FORWARD -j DOCKER-CT", "the jump from `DOCKER-FORWARD` to `DOCKER-CT`"],
		["28.5.2", FORWARD_AND_STAGES, "-A DOCKER-BRIDGE -o docker0 -j DOCKER", "the jump to `DOCKER` for `docker0`"],
		["29.7.2", INTERNAL, "-A DOCKER-FORWARD -j DOCKER-INTERNAL", "the jump from `DOCKER-FORWARD` to `DOCKER-INTERNAL`"],
		["29.7.2", INTERNAL, ":DOCKER-INTERNAL - [0:0]", "chain `DOCKER-INTERNAL`"],
	])("Docker %s without one line lacks just that", (version, lines, without, what) => {
		const text = host(
			version,
			lines.filter((line) => line !== without),
		);
		expect(missing(text)).toEqual([`filter: ${what}`]);
	});

	it("knows the generation by its chains where no version was pasted", () => {
		const bare = `$ iptables-save\n${NAT}${filter(...FORWARD_AND_STAGES.filter((line) => line !== "-A DOCKER-FORWARD -j DOCKER-CT"))}`;
		expect(missing(bare)).toEqual(["filter: the jump from `DOCKER-FORWARD` to `DOCKER-CT`"]);
	});

	it("says what is gone after a flush, chain by chain, in the order in which a packet meets them", () => {
		const flushed = rows(
			host("28.5.2", [], "*nat\n:PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:POSTROUTING ACCEPT [0:0]\nCOMMIT\n"),
		);
		expect(flushed.every(({ state }) => state === "missing")).toBe(true);
		expect([...new Set(flushed.map(({ table, chain: name }) => `${table} ${name}`))]).toEqual([
			"nat PREROUTING",
			"nat OUTPUT",
			"nat DOCKER",
			"nat POSTROUTING",
			"filter FORWARD",
			"filter DOCKER-USER",
			"filter DOCKER-FORWARD",
			"filter DOCKER-CT",
			"filter DOCKER-ISOLATION-STAGE-1",
			"filter DOCKER-ISOLATION-STAGE-2",
			"filter DOCKER-BRIDGE",
			"filter DOCKER",
		]);
	});

	it("expects swarm's chain in both tables as soon as one has it", () => {
		const nat = NAT.replace(
			"COMMIT",
			":DOCKER-INGRESS - [0:0]\n-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER-INGRESS\nCOMMIT",
		);
		const text = `${info("28.5.2", " Swarm: active\n")}$ iptables-save\n${nat}${filter(...FORWARD_AND_STAGES)}`;
		expect(missing(text)).toEqual([
			"nat: the jump from `OUTPUT` to `DOCKER-INGRESS`",
			"filter: the jump from `DOCKER-FORWARD` to `DOCKER-INGRESS`",
			"filter: chain `DOCKER-INGRESS`",
		]);
	});

	it.each([
		[
			"only one chain was listed",
			`${info("28.5.2")}$ iptables -t nat -L DOCKER -n\nChain DOCKER (2 references)\ntarget     prot opt source               destination\nRETURN     all  --  0.0.0.0/0            0.0.0.0/0\n`,
		],
		[
			"dockerd is down",
			"$ docker info\nServer:\nCannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\n$ iptables-save\n*nat\n:PREROUTING ACCEPT [0:0]\nCOMMIT\n",
		],
		["nothing was listed", info("28.5.2")],
	])("accuses nothing where %s", (_, text) => {
		expect(missing(text)).toEqual([]);
	});
});

const inspect = (address: string, hostAddress = "0.0.0.0") => `$ docker inspect web
[ { "Id": "313f6666c9ed0a3f1c2b4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192", "Name": "/web",
    "State": { "Status": "running", "Running": true, "ExitCode": 0, "Error": "" },
    "HostConfig": { "NetworkMode": "bridge", "PortBindings": { "80/tcp": [ { "HostIp": "${hostAddress}", "HostPort": "8080" } ] } },
    "NetworkSettings": { "Ports": { "80/tcp": [ { "HostIp": "${hostAddress}", "HostPort": "8080" } ] },
        "Networks": { "bridge": { "IPAddress": "${address}", "Gateway": "172.17.0.1" } } } } ]
`;
const raw = (...lines: readonly string[]) =>
	`*raw\n:PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n${lines.map((line) => `${line}\n`).join("")}COMMIT\n`;
const BY_ADDRESS = "-A PREROUTING -d 172.17.0.2/32 ! -i docker0 -j DROP";
const BY_PORT = "-A PREROUTING -d 172.17.0.2/32 ! -i docker0 -p tcp -m tcp --dport 80 -j DROP";
const BY_LOOPBACK = "-A PREROUTING -d 127.0.0.1/32 ! -i lo -p tcp -m tcp --dport 8080 -j DROP";

describe("what is expected of the raw table", () => {
	const ofRaw = (version: string, table: string, more = inspect("172.17.0.2")) =>
		rows(`${info(version)}${more}$ iptables-save\n${table}${NAT}`)
			.filter(({ table: name }) => name === "raw")
			.map(({ what, state }) => `${state}: ${what.replace("the rule that keeps other machines from ", "")}`);

	// iptablesdoc of moby v28.0.1, v28.2.0, v29.7.2; dockerd 28.5.2 on a real host.
	it.each([
		["27.5.1", raw(), []],
		["28.1.1", raw(BY_PORT), ["there: 172.17.0.2:80/tcp"]],
		["28.1.1", raw(), ["missing: 172.17.0.2:80/tcp"]],
		["28.5.2", raw(BY_ADDRESS), ["there: 172.17.0.2"]],
		["28.5.2", raw(BY_PORT), ["missing: 172.17.0.2"]],
		["29.7.2", raw(BY_ADDRESS), ["there: 172.17.0.2"]],
		["29.7.2", "", []],
	])("Docker %s with %j", (version, table, expected) => expect(ofRaw(version, table)).toEqual(expected));

	it("has a rule for a port that is published on loopback", () => {
		const loopback = inspect("172.17.0.2", "127.0.0.1");
		expect(ofRaw("28.5.2", raw(BY_ADDRESS), loopback)).toContain("missing: 127.0.0.1:8080/tcp");
		expect(ofRaw("28.5.2", raw(BY_ADDRESS, BY_LOOPBACK), loopback)).toContain("there: 127.0.0.1:8080/tcp");
	});

	it.each([
		[
			"docker info says so",
			`$ docker info\nServer:\n Containers: 1\n Server Version: 28.5.2\n\nWARNING: DOCKER_INSECURE_NO_IPTABLES_RAW is set\n`,
		],
		[
			"the unit says so",
			`$ systemctl cat docker\n# /etc/systemd/system/docker.service.d/raw.conf\n[Service]\nEnvironment=DOCKER_INSECURE_NO_IPTABLES_RAW=1\n`,
		],
		["daemon.json says so", `$ cat /etc/docker/daemon.json\n{ "allow-direct-routing": true }\n`],
	])("is nothing where dockerd is told to leave it alone: %s", (_, more) => {
		expect(ofRaw("28.5.2", raw(), `${more}${inspect("172.17.0.2")}`)).toEqual([]);
	});
});

describe("what is expected of ip6tables", () => {
	const NAT6 = NAT.replace("! -d 127.0.0.0/8", "! -d ::1/128").replace(
		"-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE\n",
		"",
	);
	const withoutBridges = (lines: readonly string[]) => lines.filter((line) => !line.includes("docker0"));
	const of6 = (version: string, text: string, more = "") =>
		rows(
			`${info(version)}${more}$ ip6tables-save\n# Generated by ip6tables-save v1.8.13 (nf_tables) on Mon Nov 23 07:14:45 2026\n${text}`,
		)
			.filter(({ table }) => table.startsWith("ip6 "))
			.map(({ table, what, state }) => `${state}: ${table} ${what}`);
	const isMissing = (row: string) => row.startsWith("missing");

	it.each([
		["27.5.1", STAGES],
		["28.5.2", FORWARD_AND_STAGES],
		["29.7.2", INTERNAL],
	])("is there on a whole host with Docker %s", (version, lines) => {
		const found = of6(version, NAT6 + filter(...withoutBridges(lines)));
		expect(found.filter(isMissing)).toEqual([]);
		expect(found.length).toBeGreaterThan(7);
	});

	it("names what a flush took, and the way out of a network with IPv6", () => {
		const network = `$ docker network inspect six\n[ { "Name": "six", "Id": "${"6".repeat(64)}", "Driver": "bridge", "EnableIPv6": true, "IPAM": { "Config": [ { "Subnet": "fd00:6::/64" } ] }, "Internal": false, "Options": {} } ]\n`;
		expect(of6("28.5.2", NAT6 + filter(...withoutBridges(FORWARD_AND_STAGES)), network).filter(isMissing)).toContain(
			"missing: ip6 nat the `MASQUERADE` rule of fd00:6::/64",
		);
		const flushed = NAT6.replace(/^(?:-A|:DOCKER).*\n/gm, "");
		expect(of6("28.5.2", flushed).filter(isMissing)).toContain("missing: ip6 nat chain `DOCKER`");
	});

	it.each([
		["before Docker 27", "26.1.5", ""],
		["with ip6tables off", "28.5.2", `$ cat /etc/docker/daemon.json\n{ "ip6tables": false }\n`],
	])("is nothing %s", (_, version, more) => {
		expect(of6(version, NAT6.replace(/^(?:-A|:DOCKER).*\n/gm, ""), more)).toEqual([]);
	});
});
