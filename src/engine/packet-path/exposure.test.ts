import { expect, it } from "vitest";
import { DOCKER_28, dockerHost, flushed, inserted, PROXY_OFF, withoutProxy } from "../../../tests/support/docker-hosts";
import { saveTables } from "../../../tests/support/save-tables";
import { bindingText, type Exposed, exposure } from "./exposure";

it("tells for each published port who is answered and who carries the connection", () => {
	const answers = exposure(dockerHost(DOCKER_28)).map(({ port, protocol, from, asker, outcome, via }) => ({
		...{ port, protocol, from, asker, outcome, via },
	}));
	const port = { port: 8080, protocol: "tcp", outcome: "delivered" };
	expect(answers).toEqual([
		{ ...port, from: "outside", asker: "outside", via: "dnat" },
		{ ...port, from: "host", asker: "loopback", via: "proxy" },
		{ ...port, from: "host", asker: "own-address", via: "dnat" },
		{ ...port, from: "container", asker: "same-network", via: "proxy" },
	]);
});

it("shows a flushed nat table as everything going by the proxy, and as nothing at all without one", () => {
	const via = exposure(dockerHost(flushed(DOCKER_28, "nat"))).map((entry) => entry.via);
	expect(via).toEqual(["proxy", "proxy", "proxy", "proxy"]);
	const outcomes = exposure(dockerHost(flushed(withoutProxy(DOCKER_28), "nat"), PROXY_OFF)).map(
		(entry) => entry.outcome,
	);
	expect(outcomes).toEqual(["dropped", "dropped", "dropped", "dropped"]);
});

it("finds the ports in the rules and sockets where the containers were not shown", () => {
	const world = dockerHost(DOCKER_28, {
		containers: null,
		sockets: [{ protocol: "tcp", address: "0.0.0.0", port: 9000, process: "docker-proxy" }],
	});
	expect(new Set(exposure(world).map((entry) => entry.port))).toEqual(new Set([8080, 9000]));
});

it("is empty for a host that publishes nothing", () => {
	expect(exposure(dockerHost("", { containers: [] }))).toEqual([]);
});

const WEB = { name: "web", running: true, addresses: ["172.17.0.2"], listening: null };
const publish = (hostAddress: string, hostPort = 8080) => ({
	hostAddress,
	hostPort,
	containerPort: 80,
	protocol: "tcp",
});
const of = (entries: readonly Exposed[], binding: string) =>
	Object.fromEntries(
		entries.filter((entry) => bindingText(entry) === binding).map(({ asker, outcome }) => [asker, outcome]),
	);

it("asks each address that a port is bound to by itself", () => {
	const save = DOCKER_28.replace("-A DOCKER ! -i docker0 -p tcp", "-A DOCKER -d 127.0.0.1/32 ! -i docker0 -p tcp");
	const bound = exposure(
		dockerHost(save, {
			containers: [{ ...WEB, published: [publish("127.0.0.1"), publish("192.168.56.10", 9000)] }],
			sockets: [
				{ protocol: "tcp", address: "127.0.0.1", port: 8080, process: "docker-proxy" },
				{ protocol: "tcp", address: "192.168.56.10", port: 9000, process: "docker-proxy" },
			],
		}),
	);
	expect(of(bound, "127.0.0.1:8080/tcp")).toEqual({
		outside: "refused",
		loopback: "delivered",
		"own-address": "refused",
		"same-network": "refused",
	});
	expect(of(bound, "192.168.56.10:9000/tcp")).toEqual({
		outside: "delivered",
		loopback: "refused",
		"own-address": "delivered",
		"same-network": "delivered",
	});
});

const SIX = [
	{ name: "lo", addresses: ["127.0.0.1/8", "::1/128"], master: null },
	{ name: "eth0", addresses: ["192.168.56.10/24", "2001:db8:5::10/64", "fe80::1/64"], master: null },
	{ name: "docker0", addresses: ["172.17.0.1/16"], master: null },
];
const SIX_ROUTES = [
	...(dockerHost(DOCKER_28).routes ?? []),
	{ destination: "default", via: "fe80::ffff", device: "eth0", source: null },
	{ destination: "2001:db8:5::/64", via: null, device: "eth0", source: null },
];
const ON_SIX = {
	containers: [{ ...WEB, published: [publish("::")] }],
	sockets: [{ protocol: "tcp", address: "::", port: 8080, process: "docker-proxy" }],
	interfaces: SIX,
	routes: SIX_ROUTES,
} as const;

it("follows IPv6 by docker-proxy to a container that has IPv4 alone, through both families' tables", () => {
	const save6 = "*filter\n:INPUT ACCEPT\n:FORWARD DROP\n:OUTPUT ACCEPT\nCOMMIT";
	const shown = dockerHost(DOCKER_28).shown.flatMap((one) => [one, { ...one, family: "ip6" as const }]);
	const world = dockerHost([...saveTables(DOCKER_28), ...saveTables(save6, "nf_tables", "ip6")], { ...ON_SIX, shown });
	const open = exposure(world);
	expect(of(open, "[::]:8080/tcp")).toEqual({
		outside: "delivered",
		loopback: "delivered",
		"own-address": "delivered",
		"same-network": "no-address",
	});
	expect(open[0]).toMatchObject({ via: "proxy" });
	const closed = save6.replace(":INPUT ACCEPT", ":INPUT DROP");
	expect(
		of(
			exposure({ ...world, tables: [...saveTables(DOCKER_28), ...saveTables(closed, "nf_tables", "ip6")] }),
			"[::]:8080/tcp",
		),
	).toMatchObject({ outside: "dropped" });
	const inner = inserted(DOCKER_28, "filter", "-A OUTPUT -d 172.17.0.2/32 -j DROP");
	expect(
		of(
			exposure({ ...world, tables: [...saveTables(inner), ...saveTables(save6, "nf_tables", "ip6")] }),
			"[::]:8080/tcp",
		),
	).toMatchObject({ outside: "dropped" });
});

it("says what to paste where the tables of IPv6 were not shown, and that a host without an address can't be asked", () => {
	const [outside] = exposure(dockerHost(DOCKER_28, ON_SIX));
	expect(outside).toMatchObject({ outcome: "unknown", needs: ["ip6tables-save"] });
	const [none] = exposure(dockerHost(DOCKER_28, { ...ON_SIX, interfaces: dockerHost("").interfaces }));
	expect(none).toMatchObject({ outcome: "no-address", flow: null });
});

it("folds other networks that get the same answer, and names them", () => {
	const two = dockerHost(DOCKER_28, {
		interfaces: null,
		bridges: [
			{ name: "docker0", subnets: ["172.17.0.0/16"], gateway: "172.17.0.1", network: "bridge" },
			{ name: "br-0123456789ab", subnets: ["172.18.0.0/16"], gateway: "172.18.0.1", network: "back" },
			{ name: "br-0123456789ac", subnets: ["172.19.0.0/16"], gateway: "172.19.0.1", network: "front" },
		],
	});
	const others = exposure(two).filter(({ asker }) => asker === "other-network");
	expect(others.map(({ networks }) => networks)).toEqual([["back", "front"]]);
});
