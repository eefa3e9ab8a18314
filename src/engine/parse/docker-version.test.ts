import { expect, it } from "vitest";
import { artifactFromText } from "../text/span-of";
import { parseDockerVersion } from "./docker-version";

const version = (text: string, command?: string) =>
	parseDockerVersion(artifactFromText("docker-version", text, command === undefined ? {} : { command }));

const BOTH = `Client: Docker Engine - Community
 Version:           27.3.1
 API version:       1.47
 Go version:        go1.22.7

Server: Docker Engine - Community
 Engine:
  Version:          26.1.5+dfsg1
  API version:      1.45 (minimum version 1.24)
 containerd:
  Version:          1.7.24~ds1
 runc:
  Version:          1.1.15+ds1
 docker-init:
  Version:          0.19.0
`;

it.each([
	["18.09 and later", BOTH, "26.1.5+dfsg1", "27.3.1"],
	[
		"1.13 to 18.06, without `Engine:`",
		"Client:\n Version:      17.03.2-ce\n\nServer:\n Version:      17.03.1-ce\n API version:  1.27",
		"17.03.1-ce",
		"17.03.2-ce",
	],
	["before 1.8", "Client version: 1.5.0\nClient API version: 1.17\nServer version: 1.4.1\n", "1.4.1", "1.5.0"],
	[
		"JSON",
		'{"Client":{"Version":"28.0.1"},"Server":{"Platform":{"Name":"Docker Desktop 4.40.0"},"Version":"28.0.4"}}',
		"28.0.4",
		"28.0.1",
	],
	["one line", "Docker version 24.0.7, build afdd53b", undefined, "24.0.7"],
])("reads %s", (_, text, server, client) => {
	const read = version(text);
	expect([read.serverVersion?.value, read.clientVersion?.value]).toEqual([server, client]);
	expect(read.remarks).toEqual([]);
});

it("takes dockerd's own line for the server's version", () => {
	expect(version("Docker version 24.0.7, build 311b9ff", "dockerd --version").serverVersion?.value).toBe("24.0.7");
});

it("reads the platform of the server, not of the client", () => {
	expect(version(BOTH).serverPlatform?.value).toBe("Docker Engine - Community");
	expect(
		version("Client:\n Version: 24.0.7\nServer: Docker Desktop 4.26.1 (131620)\n Engine:\n  Version: 24.0.7")
			.serverPlatform?.value,
	).toBe("Docker Desktop 4.26.1 (131620)");
});

it("keeps the client's version when the daemon is dead", () => {
	const read = version(
		"Client:\n Version:           20.10.24+dfsg1\n API version:       1.41\nCannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?",
	);
	expect(read).toMatchObject({
		serverVersion: null,
		clientVersion: { value: "20.10.24+dfsg1" },
		daemonAnswered: { value: false },
	});
	expect(read.failures).toHaveLength(1);
});

it("does not take podman's version for Docker's", () => {
	const read = version("Client:       Podman Engine\nVersion:      4.9.4\nAPI Version:  4.9.4");
	expect([read.clientVersion, read.serverVersion, read.remarks.length]).toEqual([null, null, 1]);
});

it("takes a bare version for what the template asked", () => {
	expect(version("24.0.7", "docker version --format '{{.Server.Version}}'").serverVersion?.value).toBe("24.0.7");
	expect(version("24.0.7").serverVersion).toBeNull();
});
