import { expect, it } from "vitest";
import { artifactFromText } from "../text/span-of";
import { parseUnitStatus } from "./unit-status";

const status = (text: string, command?: string) =>
	parseUnitStatus(artifactFromText("systemctl-status", text, command === undefined ? {} : { command }));

// systemd 252, Debian 12.
const RUNNING = `● docker.service - Docker Application Container Engine
     Loaded: loaded (/lib/systemd/system/docker.service; disabled; preset: enabled)
    Drop-In: /etc/systemd/system/docker.service.d
             └─override.conf
     Active: active (running) since Mon 2026-11-23 07:30:03 UTC; 35s ago
TriggeredBy: ● docker.socket
       Docs: https://docs.docker.com
   Main PID: 330 (dockerd)
      Tasks: 31
     Memory: 121.1M
        CPU: 17.323s
     CGroup: /system.slice/docker.service
             ├─330 /usr/sbin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock
             └─472 /usr/sbin/docker-proxy -proto tcp -host-ip 0.0.0.0 -host-port 8080 -container-ip 172.17.0.2 -container-port 80

Nov 23 07:30:03 docker01 systemd[1]: Started docker.service - Docker Application Container Engine.
`;
const FAILED = `× docker.service - Docker Application Container Engine
     Loaded: loaded (/lib/systemd/system/docker.service; disabled; preset: enabled)
     Active: failed (Result: exit-code) since Mon 2026-11-23 08:03:29 UTC; 10s ago
    Process: 511 ExecStart=/usr/sbin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock $DOCKER_OPTS (code=exited, status=1/FAILURE)
   Main PID: 511 (code=exited, status=1/FAILURE)
        CPU: 5.166s

Nov 23 08:03:29 docker01 systemd[1]: docker.service: Start request repeated too quickly.
Nov 23 08:03:29 docker01 systemd[1]: docker.service: Failed with result 'exit-code'.
`;

it("reads a running service, its process and its command line", () => {
	const read = status(RUNNING);
	expect(read.units).toMatchObject([
		{
			unit: "docker.service",
			active: "active",
			result: null,
			mainPid: 330,
			command: "/usr/sbin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock",
		},
	]);
	expect(read.units[0]?.at.line).toBe(5);
	expect(read.remarks).toEqual([]);
});

it("reads a failed service without a process, and the log below it", () => {
	const read = status(FAILED);
	expect(read.units).toMatchObject([
		{
			active: "failed",
			result: "exit-code",
			mainPid: null,
			command: "/usr/sbin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock $DOCKER_OPTS",
		},
	]);
	expect(read.failures.map(({ complaint }) => complaint.kind)).toContain("start-limit-hit");
	expect(read.remarks).toEqual([]);
});

it("reads the same from a terminal without line drawing", () => {
	const plain = RUNNING.replace("●", "*").replaceAll("●", "*").replaceAll("├─", "|-").replaceAll("└─", "`-");
	expect(status(plain).units.map(({ at, ...rest }) => rest)).toEqual(
		status(RUNNING).units.map(({ at, ...rest }) => rest),
	);
});

it("keeps several units apart", () => {
	expect(
		status(`${FAILED}\n○ firewalld.service - firewalld\n     Active: inactive (dead)\n`).units.map(
			({ unit, active }) => [unit, active],
		),
	).toEqual([
		["docker.service", "failed"],
		["firewalld.service", "inactive"],
	]);
});

it.each([
	["Unit docker.service could not be found.", undefined, ["docker.service", "not-found"]],
	["active", "systemctl is-active docker", ["docker.service", "active"]],
	[
		"Id=docker.service\nActiveState=failed\nResult=exit-code\nMainPID=0",
		"systemctl show docker",
		["docker.service", "failed"],
	],
	[
		"  docker.service  loaded active running Docker Application Container Engine",
		undefined,
		["docker.service", "active"],
	],
	["● ufw.service not-found inactive dead ufw.service", undefined, ["ufw.service", "not-found"]],
	[" * status: crashed", "rc-service docker status", ["docker.service", "failed"]],
	[" * Docker is not running", undefined, ["docker.service", "inactive"]],
])("reads %j", (text, command, expected) => {
	expect(status(text, command).units.map(({ unit, active }) => [unit, active])).toEqual([expected]);
});

it("names states in the order in which the command asked, and never guesses names", () => {
	const words = "inactive\nactive\nfailed";
	expect(
		status(words, "systemctl is-active ufw firewalld docker; ufw status").units.map(({ unit, active }) => [
			unit,
			active,
		]),
	).toEqual([
		["ufw.service", "inactive"],
		["firewalld.service", "active"],
		["docker.service", "failed"],
	]);
	expect(status(words)).toMatchObject({ units: [], remarks: [{}] });
});
