import { describe, expect, it } from "vitest";
import { DOCKER_28, dockerHost, inserted, PROXY_OFF, withoutProxy } from "../../../tests/support/docker-hosts";
import type { Flow } from "./trace";
import { walk } from "./walk";
import type { World } from "./world";

const OUTSIDE: Flow = { from: "outside", protocol: "tcp", port: 8080 };
const rule = (text: string) => ({
	text,
	table: /(?:lookup|table) (\S+)/.exec(text)?.[1] ?? text.split(" ").at(-1) ?? "",
});
const route = (destination: string, device: string | null, type = "unicast") => ({
	destination,
	via: null,
	device,
	source: null,
	...(type === "unicast" ? {} : { type }),
});
const host = (rules: readonly string[], tables: World["otherTables"], more: Partial<World> = {}, save = DOCKER_28) =>
	dockerHost(save, { policy: rules.map(rule), otherTables: tables, ...more });
/** Nothing else stops what leaves by another interface. */
const OPEN = DOCKER_28.replace(":FORWARD DROP", ":FORWARD ACCEPT");
const VPN = [{ name: "vpn", routes: [route("default", "tun0")] }];

describe("policy routing", () => {
	it("changes nothing where no rule takes the packet or its answer", () => {
		expect(walk(host(["from 10.0.0.0/8 lookup vpn"], VPN), OUTSIDE).outcome).toBe("delivered");
		expect(
			walk(host(["from all lookup vpn"], [{ name: "vpn", routes: [route("100.64.0.0/10", "tun0")] }]), OUTSIDE).outcome,
		).toBe("delivered");
	});

	it("can't tell whether an answer arrives that a rule sends out by another interface than the question came in", () => {
		const trace = walk(host(["from 172.17.0.0/16 lookup vpn"], VPN), OUTSIDE);
		expect(trace).toMatchObject({ outcome: "unknown", needs: [expect.stringContaining("curl")] });
		expect(trace.steps.findLast(({ state }) => state === "unknown")?.says).toContain("leaves by `tun0`");
	});

	it("takes a packet away from its bridge where a table has a longer prefix for it", () => {
		const taken = walk(
			host(["from all lookup 52"], [{ name: "52", routes: [route("172.17.0.0/16", "tailscale0")] }], {}, OPEN),
			OUTSIDE,
		);
		expect(taken.outcome).toBe("dropped");
		expect(taken.steps.find(({ state }) => state === "stopped")?.says).toContain("away from `docker0`");
		// The same in the main table, as an overlapping VPN does it.
		const routes = [...(dockerHost(DOCKER_28).routes ?? []), route("172.17.0.0/24", "tun0")];
		expect(walk(dockerHost(OPEN, { routes }), OUTSIDE).outcome).toBe("dropped");
	});

	it("asks for a table that a rule names and nobody showed", () => {
		expect(walk(host(["from all lookup 52"], []), OUTSIDE)).toMatchObject({
			outcome: "unknown",
			needs: ["ip route show table 52"],
		});
	});

	it("reads wg-quick's pair: everything without the mark but what main has better than a default", () => {
		const pair = ["from all lookup main suppress_prefixlength 0", "not from all fwmark 0xca6c lookup 51820"];
		const world = host(pair, [{ name: "51820", routes: [route("default", "wg0")] }]);
		const trace = walk(world, OUTSIDE);
		expect(trace.outcome).toBe("unknown");
		expect(trace.steps.find(({ kind }) => kind === "destination")).toMatchObject({ state: "passed" });
		const neighbour = walk({ ...world, clientAddress: "192.168.56.77" }, OUTSIDE);
		expect(neighbour.outcome).toBe("delivered");
	});

	it("follows a mark that a rule of mangle gives the answer", () => {
		const rules = ["from all fwmark 0x2 lookup main", "from 172.17.0.0/16 lookup vpn"];
		const save = `*mangle\n:PREROUTING ACCEPT\n-A PREROUTING -i docker0 -j MARK --set-mark 0x2\nCOMMIT\n${DOCKER_28}`;
		expect(walk(host(rules, VPN, {}, save), OUTSIDE).outcome).toBe("delivered");
	});

	it.each(["unreachable", "blackhole", "prohibit"])("stops a packet for which a rule or route says %s", (action) => {
		expect(walk(host([`from all to 172.17.0.0/16 ${action}`], []), OUTSIDE).outcome).toBe("dropped");
		const table = [{ name: "vpn", routes: [route("172.17.0.0/16", null, action)] }];
		expect(walk(host(["from all lookup vpn"], table), OUTSIDE).outcome).toBe("dropped");
	});

	it("can't tell what a selector does that is not in a packet, if it leads elsewhere", () => {
		const trace = walk(host(["from all uidrange 1000-1000 to 172.17.0.0/16 lookup vpn"], VPN), OUTSIDE);
		expect(trace).toMatchObject({ outcome: "unknown", needs: ["ip route get 172.17.0.2"] });
		expect(walk(host(["from all uidrange 1000-1000 lookup main"], []), OUTSIDE).outcome).toBe("delivered");
	});

	it("asks strict rp_filter the way of the rules", () => {
		const strict = [{ key: "net.ipv4.conf.all.rp_filter", value: "1" }];
		const trace = walk(
			host(
				["from 192.168.56.10 lookup vpn"],
				VPN,
				{ sysctls: strict },
				inserted(DOCKER_28, "filter", "-A INPUT -i lo -j ACCEPT"),
			),
			OUTSIDE,
		);
		// After DNAT the source of the question is looked up with the container's address as its own source.
		expect(trace.outcome).toBe("delivered");
		const all = walk(host(["to 203.0.113.0/24 lookup vpn"], VPN, { sysctls: strict }), OUTSIDE);
		expect(all).toMatchObject({ outcome: "dropped" });
		expect(all.steps.find(({ state }) => state === "stopped")?.says).toContain("rp_filter");
	});

	it("routes what the host sends by a rule for its own address only once that address is chosen", () => {
		const own: Flow = { from: "host", protocol: "tcp", port: 8080, ownAddress: true };
		const world = host(["from 192.168.56.10 lookup vpn"], VPN, PROXY_OFF, withoutProxy(DOCKER_28));
		expect(walk(world, own).steps.map(({ station }) => station)).toContain("DNAT");
	});
});
