import { describe, expect, it } from "vitest";
import { DOCKER_20, DOCKER_28, dockerHost, inserted } from "../../../tests/support/docker-hosts";
import { networkReach, type Place, type Reach } from "./network-reach";
import type { World } from "./world";

const BRIDGES: Partial<World> = {
	interfaces: null,
	bridges: [
		{ name: "docker0", subnets: ["172.17.0.0/16"], gateway: "172.17.0.1", network: "bridge" },
		{ name: "br-0123456789ab", subnets: ["172.18.0.0/16"], gateway: "172.18.0.1", network: "back" },
	],
};
/** The rules that dockerd 20 adds for a second network. */
const SECOND = DOCKER_20.replace(
	"-A DOCKER-ISOLATION-STAGE-1 -j RETURN",
	"-A DOCKER-ISOLATION-STAGE-1 -i br-0123456789ab ! -o br-0123456789ab -j DOCKER-ISOLATION-STAGE-2\n-A DOCKER-ISOLATION-STAGE-1 -j RETURN",
)
	.replace(
		"-A DOCKER-ISOLATION-STAGE-2 -j RETURN",
		"-A DOCKER-ISOLATION-STAGE-2 -o br-0123456789ab -j DROP\n-A DOCKER-ISOLATION-STAGE-2 -j RETURN",
	)
	.replace(
		"-A FORWARD -i docker0 -o docker0 -j ACCEPT",
		"-A FORWARD -i docker0 -o docker0 -j ACCEPT\n-A FORWARD -o br-0123456789ab -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n-A FORWARD -i br-0123456789ab ! -o br-0123456789ab -j ACCEPT\n-A FORWARD -i br-0123456789ab -o br-0123456789ab -j ACCEPT",
	)
	.replace(
		"-A POSTROUTING -s 172.17.0.0/16",
		"-A POSTROUTING -s 172.18.0.0/16 ! -o br-0123456789ab -j MASQUERADE\n-A POSTROUTING -s 172.17.0.0/16",
	);

const nameOf = (place: Place) => (place.kind === "network" ? place.name : "outside");
const between = (all: readonly Reach[], from: string, to: string) =>
	all.find((one) => nameOf(one.from) === from && nameOf(one.to) === to);

describe("which network reaches which", () => {
	it("keeps Docker's networks apart, lets each out, and lets nobody in but to what is published", () => {
		const all = networkReach(dockerHost(SECOND, BRIDGES));
		expect(between(all, "bridge", "bridge")?.outcome).toBe("delivered");
		expect(between(all, "back", "back")?.outcome).toBe("delivered");
		expect(between(all, "bridge", "outside")?.outcome).toBe("delivered");
		expect(between(all, "back", "outside")?.outcome).toBe("delivered");
		expect(between(all, "bridge", "back")).toMatchObject({
			outcome: "dropped",
			decidedBy: { chain: "DOCKER-ISOLATION-STAGE-2" },
		});
		expect(between(all, "outside", "bridge")).toMatchObject({
			outcome: "dropped",
			decidedBy: { chain: "FORWARD", rule: "policy" },
			// Until Docker 28 a neighbour that routes to the bridge reaches the published ports of a container directly.
			except: [{ container: "web", port: 80, protocol: "tcp", outcome: "delivered" }],
		});
	});

	it("has no such exception since Docker 28 drops direct access in raw", () => {
		const all = networkReach(dockerHost(DOCKER_28, BRIDGES));
		expect(between(all, "outside", "bridge")).toMatchObject({ outcome: "dropped", except: [] });
	});

	it("sees the hole that FORWARD ACCEPT makes in front of what is not published", () => {
		const open = SECOND.replace(":FORWARD DROP", ":FORWARD ACCEPT");
		expect(between(networkReach(dockerHost(open, BRIDGES)), "outside", "bridge")?.outcome).toBe("delivered");
	});

	it("asks at a port that no rule names", () => {
		const named = inserted(SECOND, "filter", "-A FORWARD -p tcp -m multiport --dports 20001:20009 -j DROP");
		const all = networkReach(dockerHost(named, BRIDGES));
		expect(between(all, "bridge", "outside")).toMatchObject({ outcome: "delivered", flow: { port: 20_010 } });
	});

	it("is unknown with the command that tells, where the filter table was not shown", () => {
		const nat = SECOND.slice(SECOND.indexOf("*nat"));
		const all = networkReach(dockerHost(nat, { ...BRIDGES, shown: [] }));
		expect(between(all, "bridge", "back")).toMatchObject({ outcome: "unknown", needs: ["iptables-save"] });
	});

	it("is empty where no network is known", () => {
		expect(networkReach(dockerHost("", { bridges: [], interfaces: null }))).toEqual([]);
	});
});
