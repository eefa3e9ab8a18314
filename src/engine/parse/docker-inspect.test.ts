import { describe, expect, it } from "vitest";
import { artifactFromText } from "../text/span-of";
import { parseDockerInspect } from "./docker-inspect";

const inspect = (text: string) => parseDockerInspect(artifactFromText("docker-inspect", text));

// docker 28.5.2, shortened; the environment and labels are there to prove that they are not kept.
const WEB = {
	Id: "1660f620e646d7abeef8863b729a6c0bfdd56d99799711a1ad4dd177709d7b13",
	State: { Status: "running", Running: true, ExitCode: 0, Error: "" },
	Image: "sha256:3c01f3d772bfccd657fe5c307465c2e85e373975bc5e37041da7f5cdf9348430",
	Name: "/web",
	HostConfig: {
		NetworkMode: "bridge",
		PortBindings: { "80/tcp": [{ HostIp: "", HostPort: "8080" }], "53/udp": [{ HostIp: "", HostPort: "" }] },
		RestartPolicy: { Name: "no", MaximumRetryCount: 0 },
	},
	Config: { Env: ["DB_PASSWORD=hunter2"], Image: "lab/web", Labels: { token: "hunter2" } },
	NetworkSettings: {
		Ports: {
			"80/tcp": [
				{ HostIp: "0.0.0.0", HostPort: "8080" },
				{ HostIp: "::", HostPort: "8080" },
			],
			"443/tcp": null,
		},
		IPAddress: "172.17.0.2",
		Networks: { bridge: { Gateway: "172.17.0.1", IPAddress: "172.17.0.2", GlobalIPv6Address: "" } },
	},
};
const CREATED = {
	...WEB,
	Id: "2660f620e646d7abeef8863b729a6c0bfdd56d99799711a1ad4dd177709d7b13",
	Name: "/web2",
	State: {
		Status: "created",
		ExitCode: 128,
		Error: "driver failed programming external connectivity on endpoint web2",
	},
	NetworkSettings: { Ports: {}, Networks: { bridge: { Gateway: "", IPAddress: "" } } },
};

describe("docker inspect", () => {
	it.each([
		[
			"docker inspect -f '{{.Name}} {{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' $(docker ps -q)",
			"/web 172.17.0.2\n/db - 172.18.0.3\n",
			["web 172.17.0.2", "db 172.18.0.3"],
		],
		["docker inspect -f '{{.NetworkSettings.IPAddress}}' web", "172.17.0.2\n", ["web 172.17.0.2"]],
		["docker inspect -f '{{.Config.Hostname}}' web", "172.17.0.2\n", []],
		["docker inspect -f '{{.NetworkSettings.IPAddress}}' web", "999.17.0.2\n", []],
	])("reads the addresses of %s", (command, text, addresses) => {
		const { containers } = parseDockerInspect(artifactFromText("docker-inspect", text, { command }));
		expect(containers.map((one) => `${one.name} ${one.addresses[0]?.address}`)).toEqual(addresses);
	});

	it("takes what dockerd said when a container did not start for the failure it is", () => {
		const text = JSON.stringify(
			[
				{
					...CREATED,
					State: {
						...CREATED.State,
						Error:
							"driver failed programming external connectivity on endpoint web2 (2660): Bind for 0.0.0.0:8080 failed: port is already allocated",
					},
				},
				WEB,
			],
			null,
			4,
		);
		const [failure, ...rest] = inspect(text).failures;
		expect(rest).toEqual([]);
		expect(failure).toMatchObject({
			complaint: { kind: "port-allocated", port: 8080 },
			fromDockerd: true,
			during: "container-start",
			subject: "web2",
		});
		expect(text.slice(failure?.at.from, failure?.at.to)).toContain("port is already allocated");
	});

	it("reads what is bound, what was wanted, and where the container lives", () => {
		const text = JSON.stringify([WEB, CREATED], null, 4);
		const read = inspect(text);
		expect(read.containers).toMatchObject([
			{
				name: "web",
				image: "lab/web",
				state: "running",
				exitCode: null,
				ports: [
					{ hostAddress: "0.0.0.0", hostPort: 8080, containerPort: 80, protocol: "tcp" },
					{ hostAddress: "::", hostPort: 8080 },
				],
				wantedPorts: [
					{ hostAddress: "", hostPort: 8080, containerPort: 80 },
					{ hostPort: 0, containerPort: 53, protocol: "udp" },
				],
				addresses: [{ network: "bridge", address: "172.17.0.2", gateway: "172.17.0.1" }],
				networkMode: "bridge",
				restartPolicy: "no",
				stateError: "",
			},
			{ name: "web2", state: "created", ports: [], addresses: [], stateError: CREATED.State.Error },
		]);
		expect(read.remarks).toEqual([]);
		expect(text.slice(read.containers[1]?.at.from, read.containers[1]?.at.to)).toBe('"Name": "/web2"');
	});

	it("keeps no environment variable and no label", () => {
		expect(JSON.stringify(inspect(JSON.stringify([WEB])))).not.toContain("hunter2");
	});

	it("reads as much as a cut-off paste shows, and says so", () => {
		const text = JSON.stringify([WEB, CREATED], null, 4);
		const cut = text.slice(0, text.indexOf('"2660f620') + 120);
		const read = inspect(cut);
		expect(read.containers[0]).toMatchObject({ name: "web", state: "running" });
		expect(read.remarks).toHaveLength(1);
	});

	it("joins strings that a terminal wrapped", () => {
		const text = JSON.stringify([WEB], null, 4).replace("3c01f3d772bfccd657fe5c30", "3c01f3d772bfcc\nd657fe5c30");
		expect(inspect(text)).toMatchObject({ containers: [{ name: "web", networkMode: "bridge" }], remarks: [] });
	});

	it("reads the single network of old daemons", () => {
		const { Networks, ...settings } = WEB.NetworkSettings;
		expect(inspect(JSON.stringify([{ ...WEB, NetworkSettings: settings }])).containers[0]?.addresses).toEqual([
			{ network: "bridge", address: "172.17.0.2", gateway: null },
		]);
	});

	it.each([
		["an unknown name", "[]\nError response from daemon: No such container: web", true],
		[
			"a dead daemon",
			"Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?",
			false,
		],
	])("tells %s from an empty answer", (_, text, answered) => {
		expect(inspect(text)).toMatchObject({ containers: [], daemonAnswered: { value: answered }, remarks: [] });
	});

	it("does not read names like __proto__ as properties", () => {
		const read = inspect(
			'[{"Name":"/web","State":{"Status":"running"},"__proto__":{"Id":"evil"},"NetworkSettings":{"Networks":{"__proto__":{"IPAddress":"10.0.0.2","Gateway":"10.0.0.1"}}}}]',
		);
		expect(read.containers).toMatchObject([
			{ id: null, name: "web", addresses: [{ network: "__proto__", address: "10.0.0.2" }] },
		]);
	});

	it("remarks on objects that are no containers", () => {
		expect(inspect('[{"Name":"data","Driver":"local","Mountpoint":"/x"}]')).toMatchObject({
			containers: [],
			remarks: [{ says: "Not a container, skipped" }],
		});
	});
});
