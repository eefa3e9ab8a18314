import { describe, expect, it } from "vitest";
import { artifactFromText } from "../text/span-of";
import { parseDockerInfo } from "./docker-info";

const info = (text: string) => parseDockerInfo(artifactFromText("docker-info", text));

// 26.1.5, Debian 13.
const MODERN = `Client:
 Version:    26.1.5+dfsg1
 Context:    default
 Debug Mode: false
 Plugins:
  buildx: Docker Buildx (Docker Inc.)
    Version:  v0.13.1
    Path:     /usr/libexec/docker/cli-plugins/docker-buildx

Server:
 Containers: 2
  Running: 1
  Paused: 0
  Stopped: 1
 Images: 1
 Server Version: 26.1.5+dfsg1
 Storage Driver: overlay2
  Backing Filesystem: extfs
 Logging Driver: json-file
 Cgroup Driver: systemd
 Cgroup Version: 2
 Plugins:
  Volume: local
  Network: bridge host ipvlan macvlan null overlay
 Swarm: inactive
 Runtimes: io.containerd.runc.v2 runc
 Security Options:
  apparmor
  seccomp
   Profile: builtin
  cgroupns
 Kernel Version: 6.12.48+deb13-amd64
 Operating System: Debian GNU/Linux 13 (trixie)
 OSType: linux
 Architecture: x86_64
 CPUs: 2
 Name: docker01
 ID: 0b86bada-5c94-45f8-8aa2-d754c6a94d3c
 Docker Root Dir: /var/lib/docker
 Debug Mode: false
 Labels:
  Name: not-the-host
 Live Restore Enabled: true

WARNING: IPv4 forwarding is disabled
WARNING: bridge-nf-call-iptables is disabled
`;

// 18.09 and before: no headings, no indentation.
const OLD = `Containers: 3
 Running: 2
Server Version: 17.03.2-ce
Storage Driver: aufs
Cgroup Driver: cgroupfs
Security Options:
 apparmor
 seccomp
  Profile: default
Kernel Version: 4.4.0-116-generic
Operating System: Ubuntu 16.04.4 LTS
OSType: linux
Architecture: x86_64
Name: web01
Docker Root Dir: /var/lib/docker
Live Restore Enabled: false`;

describe("docker info", () => {
	it("reads the server's fields and the client's version", () => {
		const read = info(MODERN);
		expect(read).toMatchObject({
			serverVersion: { value: "26.1.5+dfsg1" },
			clientVersion: { value: "26.1.5+dfsg1" },
			daemonAnswered: { value: true },
			kernelVersion: { value: "6.12.48+deb13-amd64" },
			operatingSystem: { value: "Debian GNU/Linux 13 (trixie)" },
			hostName: { value: "docker01" },
			rootDir: { value: "/var/lib/docker" },
			cgroupDriver: { value: "systemd" },
			liveRestore: { value: true },
			swarm: { value: "inactive" },
			rootless: { value: false },
			containersRunning: { value: 1 },
			ipv4Forwarding: { value: false },
			bridgeNfIptables: { value: false },
			firewallBackend: null,
			remarks: [],
		});
		expect(read.warnings.map(({ value }) => value)).toEqual([
			"IPv4 forwarding is disabled",
			"bridge-nf-call-iptables is disabled",
		]);
		expect(MODERN.slice(read.kernelVersion?.at.from, read.kernelVersion?.at.to)).toBe(
			"Kernel Version: 6.12.48+deb13-amd64",
		);
	});

	it("takes no warning for no statement, because warnings go to standard error", () => {
		const read = info(MODERN.replace(/\nWARNING.*/g, ""));
		expect(read.ipv4Forwarding).toBeNull();
		expect(read.bridgeNfIptables).toBeNull();
	});

	it("reads the same fields when a paste lost its indentation", () => {
		const flat = info(MODERN.replace(/^ +/gm, ""));
		const { warnings, failures, remarks, ...fields } = info(MODERN);
		for (const [name, field] of Object.entries(fields)) {
			if (typeof field === "object")
				expect(flat).toHaveProperty(name, field ? expect.objectContaining({ value: field.value }) : null);
		}
	});

	it("reads the text of 18.09 and before", () => {
		expect(info(OLD)).toMatchObject({
			serverVersion: { value: "17.03.2-ce" },
			clientVersion: null,
			daemonAnswered: { value: true },
			hostName: { value: "web01" },
			containersRunning: { value: 2 },
			rootless: { value: false },
		});
	});

	it.each([
		[
			"a dead daemon, 20.10",
			"Client:\n Debug Mode: false\n\nServer:\nERROR: Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\nerrors pretty printing info",
			"daemon-unreachable",
		],
		[
			"a dead daemon, 28",
			"Client:\n Version:    28.5.2\n\nServer:\nCannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?",
			"daemon-unreachable",
		],
		[
			"a refused socket",
			'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: Get "http://%2Fvar%2Frun%2Fdocker.sock/v1.47/info": dial unix /var/run/docker.sock: connect: permission denied',
			"socket-permission",
		],
	])("says that nobody answered: %s", (_, text, complaint) => {
		const read = info(text);
		expect(read.daemonAnswered?.value).toBe(false);
		expect(read.serverVersion).toBeNull();
		expect(read.failures.map((failure) => failure.complaint.kind)).toEqual([complaint]);
	});

	it("leaves open who answered when the text was cut before the server", () => {
		expect(info("Client:\n Version:    28.5.2\n Context:    default").daemonAnswered).toBeNull();
	});

	it.each([
		[" Security Options:\n  seccomp\n   Profile: builtin\n  rootless\n  cgroupns\n Kernel Version: 6.1", true],
		[" Security Options:\n  seccomp\n Kernel Version: 6.1", false],
		[" Security Options:", undefined],
	])("reads rootless from %j", (text, rootless) => {
		expect(info(`Server:\n${text}`).rootless?.value).toBe(rootless);
	});

	it("reads the firewall backend of 29", () => {
		expect(
			info(
				"Server:\n Server Version: 29.1.0\n Firewall Backend: nftables+firewalld\n  ReloadedAt: 2026-01-01T00:00:00Z",
			).firewallBackend?.value,
		).toBe("nftables+firewalld");
	});

	it("reads JSON, on one line or many, with the place of each field", () => {
		const object = {
			ServerVersion: "29.1.0",
			Driver: "overlayfs",
			IPv4Forwarding: true,
			ContainersRunning: 4,
			Swarm: { LocalNodeState: "active" },
			SecurityOptions: ["name=seccomp,profile=builtin", "name=rootless"],
			FirewallBackend: { Driver: "iptables+firewalld", Info: [["ReloadedAt", "2026"]] },
			Warnings: ["WARNING: bridge-nf-call-iptables is disabled"],
			ClientInfo: { Version: "29.0.1" },
		};
		for (const text of [JSON.stringify(object), JSON.stringify(object, null, 4)]) {
			const read = info(text);
			expect(read).toMatchObject({
				serverVersion: { value: "29.1.0" },
				clientVersion: { value: "29.0.1" },
				ipv4Forwarding: { value: true },
				bridgeNfIptables: null,
				containersRunning: { value: 4 },
				swarm: { value: "active" },
				rootless: { value: true },
				firewallBackend: { value: "iptables+firewalld" },
				warnings: [{ value: "bridge-nf-call-iptables is disabled" }],
			});
			expect(text.slice(read.serverVersion?.at.from, read.serverVersion?.at.to)).toMatch(
				/^"ServerVersion": ?"29.1.0"$/,
			);
		}
	});

	it("does not take the zero values of a dead daemon's JSON for settings", () => {
		const read = info(
			'{"ID":"","ContainersRunning":0,"ServerVersion":"","IPv4Forwarding":false,"SecurityOptions":null,"ServerErrors":["Cannot connect to the Docker daemon"],"ClientInfo":{"Version":"24.0.7"}}',
		);
		expect(read.daemonAnswered?.value).toBe(false);
		expect(read.ipv4Forwarding).toBeNull();
		expect(read.containersRunning).toBeNull();
	});

	it.each([
		["docker info --format '{{.ServerVersion}}'", "28.5.2", { serverVersion: { value: "28.5.2" } }],
		["docker info -f '{{ .LiveRestoreEnabled }}'", "true", { liveRestore: { value: true } }],
		[
			"docker info -f '{{.FirewallBackend.Driver}}'",
			"iptables+firewalld",
			{ firewallBackend: { value: "iptables+firewalld" } },
		],
	])("takes a bare value for what %j asked", (command, text, expected) => {
		expect(parseDockerInfo(artifactFromText("docker-info", text, { command }))).toMatchObject({
			...expected,
			daemonAnswered: { value: true },
			remarks: [],
		});
	});

	it("remarks on podman's answer and on foreign text", () => {
		expect(info("host:\n  arch: amd64\n  buildahVersion: 1.33.0\n  conmon:\n").remarks).toHaveLength(1);
		expect(info("lorem ipsum").remarks).toHaveLength(1);
	});
});
