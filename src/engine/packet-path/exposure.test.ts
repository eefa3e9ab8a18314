import { expect, it } from "vitest";
import { DOCKER_28, dockerHost, flushed, PROXY_OFF, withoutProxy } from "../../../tests/support/docker-hosts";
import { exposure } from "./exposure";

it("tells for each published port who is answered and who carries the connection", () => {
	expect(exposure(dockerHost(DOCKER_28))).toEqual([
		{ port: 8080, protocol: "tcp", from: "outside", outcome: "delivered", via: "dnat" },
		{ port: 8080, protocol: "tcp", from: "host", outcome: "delivered", via: "proxy" },
		{ port: 8080, protocol: "tcp", from: "container", outcome: "delivered", via: "proxy" },
	]);
});

it("shows a flushed nat table as everything going by the proxy, and as nothing at all without one", () => {
	const via = exposure(dockerHost(flushed(DOCKER_28, "nat"))).map((entry) => entry.via);
	expect(via).toEqual(["proxy", "proxy", "proxy"]);
	const outcomes = exposure(dockerHost(flushed(withoutProxy(DOCKER_28), "nat"), PROXY_OFF)).map(
		(entry) => entry.outcome,
	);
	expect(outcomes).toEqual(["dropped", "dropped", "dropped"]);
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
