import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Artifact, ArtifactKind, Line } from "../text/evidence";
import type { Span } from "../text/span";
import { artifactFromText } from "../text/span-of";
import { parse } from "./index";

// A sample line or two of each format: noise is mixed from them, so that it gets past the first look of a parser.
const SAMPLES: readonly (readonly [ArtifactKind, readonly string[]])[] = [
	[
		"docker-info",
		[
			"Client:",
			" Version:    26.1.5",
			"Server:",
			" Containers: 2",
			"  Running: 1",
			" Security Options:",
			"  rootless",
			" Kernel Version: 6.1",
			"WARNING: IPv4 forwarding is disabled",
			'{"ServerVersion":"28","Warnings":["x"]}',
		],
	],
	[
		"docker-version",
		["Client:", " Version: 26.1.5", "Server: Docker Desktop", "  Version: 1", '{"Client":{"Version":"28"}}'],
	],
	[
		"docker-ps",
		[
			"CONTAINER ID   IMAGE     STATUS    PORTS     NAMES",
			"7fd58001bc66   lab/web   Up 1 second   0.0.0.0:1-65535->1-65535/tcp   web",
			"   0.0.0.0:80->80/tcp",
			'{"ID":"7fd58001bc66","Names":"web"}',
		],
	],
	[
		"docker-inspect",
		[
			"[",
			"{",
			'"Name": "/web",',
			'"State": {"Status":"running"},',
			'"NetworkSettings": {"Ports": {"80/tcp": [{"HostIp":"","HostPort":"80"}]}}',
			"}",
			"]",
		],
	],
	[
		"docker-network-ls",
		[
			"NETWORK ID     NAME      DRIVER    SCOPE",
			"1375604ba10c   bridge    bridge    local",
			'[{"Name":"bridge","Id":"13","Driver":"bridge","IPAM":{}}]',
			"[",
			"{",
		],
	],
	[
		"systemctl-status",
		[
			"● docker.service - Docker",
			"     Active: failed (Result: exit-code) since Mon",
			"   Main PID: 330 (dockerd)",
			"             ├─330 /usr/sbin/dockerd",
			"active",
			"Nov 23 07:30:03 host systemd[1]: x",
		],
	],
	[
		"unit-file",
		["# /lib/systemd/system/docker.service", "[Service]", "ExecStart=/usr/bin/dockerd \\", "  -H fd://", "x"],
	],
	["daemon-json", ["{", '"iptables": false', ",", "}", "[", '"', "//", "'x'", "# x"]],
	[
		"iptables-version",
		["iptables v1.8.11 (nf_tables)", "/usr/sbin/iptables -> /etc/alternatives/iptables", "sh: 1: iptables: not found"],
	],
	[
		"alternatives",
		[
			"iptables - manual mode",
			"  link currently points to /usr/sbin/iptables-nft",
			"/usr/sbin/iptables-nft - priority 20",
			"* 1 /usr/sbin/iptables-legacy 10 manual mode",
		],
	],
	["lsmod", ["Module                  Size  Used by", "bridge 319488 1 br_netfilter", "lsmod: ERROR: x"]],
	["lib-modules", ["6.1.0-50-amd64", "total 8", "drwxr-xr-x 3 root root 4096 Nov 23 06:48 6.1.0"]],
	["kernel-config", ["CONFIG_NF_TABLES=m", "# CONFIG_X is not set"]],
	[
		"lock-holders",
		[
			"COMMAND  PID USER FD   TYPE DEVICE SIZE/OFF NODE NAME",
			"flock 251 root 3rW  REG  0,106 0 20 /run/xtables.lock",
			"/run/xtables.lock:   root        251 f.... flock",
			"1: FLOCK  ADVISORY  WRITE 251 00:6a:20 0 EOF",
		],
	],
	["sysctl", ["net.ipv4.ip_forward = 1", "sysctl: cannot stat /proc/sys/net/x: No such file or directory", "# x"]],
	["uname", ["Linux docker01 6.1.0-50-amd64 #1 SMP x86_64 GNU/Linux", "6.1.0"]],
	["os-release", ['PRETTY_NAME="Debian GNU/Linux 13 (trixie)"', "ID=debian", "Ubuntu 22.04"]],
	[
		"sockets",
		[
			'LISTEN 0 4096 0.0.0.0:8080 0.0.0.0:* users:(("docker-proxy",pid=178,fd=4))',
			"tcp 0 0 :::80 :::* LISTEN",
			"$ docker exec web netstat -ltn",
		],
	],
	[
		"ip-addr",
		[
			"2: docker0: <BROADCAST,UP> mtu 1500 master br0",
			"    inet 172.17.0.1/16 scope global docker0",
			"lo UNKNOWN 127.0.0.1/8",
			"docker0: flags=4099<UP>  mtu 1500",
		],
	],
	[
		"ip-route",
		[
			"default via 192.168.56.20 dev eth0",
			"Destination Gateway Genmask Flags Metric Ref Use Iface",
			"0.0.0.0 1.2.3.4 0.0.0.0 UG 0 0 0 eth0",
			"    cache",
			"\tnexthop via 1.1.1.1 dev eth0",
		],
	],
	["ip-rule", ["0:\tfrom all lookup local"]],
	[
		"probe",
		[
			"docker01:~# curl http://127.0.0.1:8080/",
			"curl: (7) Failed to connect to 127.0.0.1 port 8080 after 0 ms: Couldn't connect to server",
			"hello",
			"^C",
			"* Connected to x",
		],
	],
	[
		"ufw-status",
		[
			"Status: active",
			"Default: deny (incoming), allow (outgoing), deny (routed)",
			"22/tcp ALLOW IN Anywhere",
			"ERROR: x",
		],
	],
	["firewalld-state", ["running", "public (active)", "  interfaces: eth0", "FirewallBackend=nftables", "inactive"]],
	["nstat", ["#kernel", "IpForwDatagrams 4 0.0"]],
];

/** Every span in a value, however deep. */
function spansOf(value: unknown): readonly Span[] {
	if (Array.isArray(value)) return value.flatMap(spansOf);
	if (typeof value !== "object" || value === null) return [];
	const own = "artifact" in value && "from" in value && "lastLine" in value ? [value as Span] : [];
	return [...own, ...Object.values(value).flatMap(spansOf)];
}

describe("every parser", () => {
	it.each(SAMPLES)("takes any text for %s, and points only into it", (kind, lines) => {
		const piece = fc.oneof(
			fc.constantFrom(...lines),
			fc.string({ unit: "grapheme", maxLength: 60 }),
			fc.constantFrom("", " ", "\t", "__proto__", "[".repeat(300)),
		);
		const cut = fc.tuple(piece, fc.nat({ max: 80 })).map(([text, at]) => text.slice(0, Math.max(1, at)));
		fc.assert(
			fc.property(fc.array(fc.oneof(piece, cut), { maxLength: 12 }), (parts) => {
				const text = parts.join("\n");
				const artifact = artifactFromText(kind, text);
				const parsed = parse(artifact);
				expect(typeof parsed.kind).toBe("string");
				for (const span of spansOf(parsed)) {
					expect(span.artifact).toBe(artifact.id);
					expect(span.from).toBeGreaterThanOrEqual(0);
					expect(span.to).toBeLessThanOrEqual(text.length);
					expect(span.from).toBeLessThanOrEqual(span.to);
					expect(span.line).toBeGreaterThanOrEqual(1);
					expect(span.lastLine).toBeLessThanOrEqual(Math.max(1, artifact.lines.length));
				}
			}),
			{ numRuns: 60 },
		);
	});

	it.each(SAMPLES)("gives the same for the same %s, as plain data", (kind, lines) => {
		const artifact = artifactFromText(kind, lines.join("\n"));
		const parsed = parse(artifact);
		expect(parse(artifact)).toEqual(parsed);
		expect(structuredClone(parsed)).toEqual(parsed);
	});

	// Work is counted in looks at lines, not in seconds: twice the lines may cost at most a little over twice the looks.
	it.each(SAMPLES)("looks at each line of %s a bounded number of times", (kind, lines) => {
		const looks = (count: number) => {
			const whole = artifactFromText(
				kind,
				Array.from({ length: count }, (_, index) => lines[index % lines.length] ?? "").join("\n"),
			);
			const counter = { looks: 0 };
			parse(counted(whole, counter));
			return counter.looks;
		};
		const once = looks(300);
		expect(once).toBeGreaterThan(0);
		expect(looks(1200) / once).toBeLessThan(5);
	});

	it.each(SAMPLES)("survives one line of a megabyte in %s", (kind, lines) => {
		const sample = lines[0] ?? "";
		for (const filler of ["a", " ", ":", "0.0.0.0:80->80/tcp, ", "[", '"', "1 "]) {
			expect(() => parse(artifactFromText(kind, sample + filler.repeat(1_000_000 / filler.length)))).not.toThrow();
		}
	});
});

function counted(artifact: Artifact, counter: { looks: number }): Artifact {
	const lines = artifact.lines.map(
		(line): Line => ({
			...line,
			get text() {
				counter.looks++;
				return line.text;
			},
		}),
	);
	return { ...artifact, lines };
}

it("keeps what nothing is concluded from", () => {
	expect(parse(artifactFromText("unrecognised", "hello\n"))).toEqual({ kind: "unrecognised", remarks: [] });
});
