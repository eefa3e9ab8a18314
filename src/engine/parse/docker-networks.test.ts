import { describe, expect, it } from "vitest";
import { artifactFromText } from "../text/span-of";
import { parseDockerNetworks } from "./docker-networks";

const networks = (text: string) => parseDockerNetworks(artifactFromText("docker-network-ls", text));

const LISTING = `NETWORK ID     NAME              DRIVER    SCOPE
1375604ba10c   bridge            bridge    local
5d8b07e969f2   docker_gwbridge   bridge    local
e9ecbf3acb92   host              host      local
4oml8lexhp8b   ingress           overlay   swarm
`;
// docker 26.1.5, shortened.
const BRIDGE = `[
    {
        "Name": "bridge",
        "Id": "1375604ba10c0dc49847db139b55d90d0b4ffefe05c3e7d8a035aca227a605b0",
        "Driver": "bridge",
        "IPAM": { "Driver": "default", "Options": null, "Config": [ { "Subnet": "172.17.0.0/16", "Gateway": "172.17.0.1" } ] },
        "Internal": false,
        "Containers": {
            "7fd58001bc66": { "Name": "web2", "IPv4Address": "172.17.0.3/16", "IPv6Address": "" }
        },
        "Options": { "com.docker.network.bridge.enable_icc": "true", "com.docker.network.bridge.name": "docker0" },
        "Labels": {}
    }
]
`;

describe("docker network", () => {
	it("reads a listing alone, without guessing the bridges of other networks", () => {
		const read = networks(LISTING);
		expect(read.complete).toBe(true);
		expect(read.networks.map(({ name, driver, bridge, internal }) => [name, driver, bridge, internal])).toEqual([
			["bridge", "bridge", "docker0", null],
			["docker_gwbridge", "bridge", null, null],
			["host", "host", null, null],
			["ingress", "overlay", null, null],
		]);
	});

	it("puts what was inspected in the place of its row", () => {
		const read = networks(LISTING + BRIDGE);
		expect(read.networks).toHaveLength(4);
		expect(read.networks[0]).toMatchObject({
			name: "bridge",
			bridge: "docker0",
			subnets: ["172.17.0.0/16"],
			gateways: ["172.17.0.1"],
			internal: false,
			icc: true,
			gatewayMode: null,
			containers: [{ name: "web2", address: "172.17.0.3" }],
		});
		expect(read.remarks).toEqual([]);
	});

	it("does not take an inspected network for the only one", () => {
		expect(networks(BRIDGE).complete).toBe(false);
	});

	it.each([
		[
			"derived from the id",
			'{"Name":"app","Id":"6735be94d16baaaabbbb","Driver":"bridge","IPAM":{},"Options":{}}',
			"br-6735be94d16b",
		],
		[
			"set by an option",
			'{"Name":"mail","Id":"6735be94d16baaaabbbb","Driver":"bridge","IPAM":{},"Options":{"com.docker.network.bridge.name":"br-mail"}}',
			"br-mail",
		],
		["none for another driver", '{"Name":"lan","Id":"6735be94d16baaaabbbb","Driver":"macvlan","IPAM":{}}', null],
	])("names the bridge: %s", (_, object, bridge) => {
		expect(networks(`[${object}]`).networks[0]?.bridge).toBe(bridge);
	});

	it("reads JSON lines as a listing", () => {
		const read = networks('{"Driver":"bridge","ID":"1375604ba10c","Internal":"true","Name":"app","Scope":"local"}');
		expect(read).toMatchObject({ complete: true, networks: [{ name: "app", internal: true, bridge: null }] });
	});

	it("does not read an error as an empty listing", () => {
		expect(
			networks("Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?"),
		).toMatchObject({
			networks: [],
			complete: false,
			daemonAnswered: { value: false },
		});
	});
});
