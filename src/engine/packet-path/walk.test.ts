import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
	DOCKER_20,
	DOCKER_28,
	DOCKER_29,
	dockerHost,
	dockerNftables,
	flushed,
	inserted,
	PROXY_OFF,
	withoutProxy,
} from "../../../tests/support/docker-hosts";
import { nativeTable, saveTables } from "../../../tests/support/save-tables";
import type { Flow, Trace } from "./trace";
import { walk } from "./walk";
import type { World } from "./world";

const OUTSIDE: Flow = { from: "outside", protocol: "tcp", port: 8080 };
const LOOPBACK: Flow = { from: "host", protocol: "tcp", port: 8080 };
const OWN_ADDRESS: Flow = { ...LOOPBACK, to: "192.168.56.10" };
const SIBLING: Flow = { from: "container", protocol: "tcp", port: 8080 };
const FLOWS = [OUTSIDE, LOOPBACK, OWN_ADDRESS, SIBLING] as const;

/** `filter DOCKER 1`, or null where no single rule decides. */
function decided({ decidedBy }: Trace): string | null {
	return decidedBy && `${decidedBy.table} ${decidedBy.chain} ${decidedBy.rule}`;
}

function outcomes(world: World): string[] {
	return FLOWS.map((flow) => walk(world, flow)).map(({ outcome, viaProxy }) =>
		viaProxy ? `${outcome} (proxy)` : outcome,
	);
}

const GENERATIONS: readonly (readonly [string, string])[] = [
	["20.10", DOCKER_20],
	["28.5", DOCKER_28],
	["29", DOCKER_29],
];

it("takes an address of another interface for unicast where one interface is asked", () => {
	const rule = "-A PREROUTING -p tcp -m tcp --dport 8080 -m addrtype --dst-type UNICAST --limit-iface-in -j DROP";
	const host = dockerHost(inserted(DOCKER_28, "raw", rule));
	expect(walk(host, OUTSIDE).outcome, "eth0's own address on eth0").toBe("delivered");
	expect(walk(host, { ...SIBLING, to: "172.17.0.1" }).outcome, "docker0's own address on docker0").toBe("delivered");
	expect(walk(host, { ...SIBLING, to: "192.168.56.10" }).outcome, "eth0's address on docker0").toBe("dropped");
});

describe.each(GENERATIONS)("Docker %s", (_, save) => {
	it("healthy: delivers from everywhere, by DNAT where the address is the host's and by the proxy on loopback", () => {
		expect(outcomes(dockerHost(save))).toEqual(["delivered", "delivered (proxy)", "delivered", "delivered (proxy)"]);
		const trace = walk(dockerHost(save), OUTSIDE);
		expect(trace.translatedTo).toBe("172.17.0.2:80");
		expect(decided(trace)).toBe("filter DOCKER 1");
		expect(trace.possible).toEqual(["delivered"]);
	});

	it("proxy off: loopback is translated as well", () => {
		expect(outcomes(dockerHost(withoutProxy(save), PROXY_OFF))).toEqual([
			"delivered",
			"delivered",
			"delivered",
			"delivered",
		]);
	});

	it("proxy off and route_localnet 0: a packet from 127.0.0.1 can't leave by docker0", () => {
		const world = dockerHost(withoutProxy(save), {
			...PROXY_OFF,
			sysctls: [{ key: "net.ipv4.conf.docker0.route_localnet", value: "0" }],
		});
		expect(walk(world, LOOPBACK).outcome).toBe("dropped");
	});

	it("nat flushed: everything still answers, through the proxy", () => {
		expect(outcomes(dockerHost(flushed(save, "nat")))).toEqual(Array(4).fill("delivered (proxy)"));
		expect(walk(dockerHost(flushed(save, "nat")), OUTSIDE).steps.map((step) => step.says)).toContain(
			"Chain `DOCKER` is not in table nat: no rule translates the packet, it goes to the host itself.",
		);
	});

	it("nat flushed with the proxy off: nobody answers", () => {
		expect(outcomes(dockerHost(flushed(withoutProxy(save), "nat"), PROXY_OFF))).toEqual(Array(4).fill("dropped"));
	});

	it("nat flushed and INPUT DROP: outside stops at the policy of INPUT, loopback answers", () => {
		const world = dockerHost(
			inserted(
				flushed(save, "nat").replace(":INPUT ACCEPT", ":INPUT DROP"),
				"filter",
				"-A INPUT -i lo -j ACCEPT\n-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
			),
		);
		expect(decided(walk(world, OUTSIDE))).toBe("filter INPUT policy");
		expect(outcomes(world)).toEqual(["dropped", "delivered (proxy)", "delivered (proxy)", "dropped"]);
	});

	it("INPUT DROP alone does not touch a published port from outside", () => {
		const closed = dockerHost(save.replace(":INPUT ACCEPT", ":INPUT DROP"));
		expect(walk(closed, OUTSIDE).outcome).toBe("delivered");
		// The container's answer to the host itself is dropped on its way in.
		const back = walk(closed, OWN_ADDRESS);
		expect([back.outcome, decided(back)]).toEqual(["dropped", "filter INPUT policy"]);
	});

	it("filter flushed, policy DROP kept: outside stops at the policy of FORWARD", () => {
		const world = dockerHost(flushed(save, "filter"));
		const trace = walk(world, OUTSIDE);
		expect([trace.outcome, decided(trace), trace.translatedTo]).toEqual([
			"dropped",
			"filter FORWARD policy",
			"172.17.0.2:80",
		]);
		expect(outcomes(world).slice(1, 3)).toEqual(["delivered (proxy)", "delivered"]);
		expect(trace.steps.map(({ station, state }) => `${station} ${state}`).slice(-3)).toEqual([
			"FORWARD stopped",
			"docker0 not-reached",
			"172.17.0.2:80 not-reached",
		]);
	});

	it("a DROP in DOCKER-USER is named as the rule that stops the packet, and as the user's own", () => {
		const world = dockerHost(inserted(save, "filter", "-A DOCKER-USER -i eth0 -j DROP"));
		const trace = walk(world, OUTSIDE);
		expect([trace.outcome, decided(trace)]).toEqual(["dropped", "filter DOCKER-USER 1"]);
		expect(trace.steps.find((step) => step.state === "stopped")?.rule?.owner).toBe("you");
		expect(outcomes(world).slice(1)).toEqual(["delivered (proxy)", "delivered", "delivered (proxy)"]);
	});

	it("a REJECT on top of FORWARD rejects", () => {
		const trace = walk(
			dockerHost(inserted(save, "filter", "-A FORWARD -j REJECT --reject-with icmp-host-prohibited")),
			OUTSIDE,
		);
		expect([trace.outcome, decided(trace)]).toEqual(["rejected", "filter FORWARD 1"]);
	});

	it("ip_forward 0: stops at the routing decision, loopback answers", () => {
		const world = dockerHost(save, { ipForward: false });
		const trace = walk(world, OUTSIDE);
		expect([trace.outcome, trace.steps.find((step) => step.state === "stopped")?.station]).toEqual([
			"dropped",
			"route",
		]);
		expect(outcomes(world).slice(1, 3)).toEqual(["delivered (proxy)", "delivered"]);
	});

	it("forwarding off on eth0 alone stops what comes in there, whatever ip_forward says", () => {
		const world = dockerHost(save, { sysctls: [{ key: "net.ipv4.conf.eth0.forwarding", value: "0" }] });
		expect(walk(world, OUTSIDE).outcome).toBe("dropped");
	});

	it("stale DNAT: the rule leads to an address that no container has", () => {
		const stale = save.replaceAll("172.17.0.2", "172.17.0.9");
		const trace = walk(dockerHost(stale), OUTSIDE);
		expect([trace.outcome, trace.translatedTo]).toEqual(["dropped", "172.17.0.9:80"]);
		expect(trace.decidedBy?.text).toContain("DNAT --to-destination 172.17.0.9:80");
	});

	it("published on 127.0.0.1: outside is refused", () => {
		const bound = save.replace("--dport 8080", "-d 127.0.0.1/32 --dport 8080");
		const [web] = dockerHost(save).containers ?? [];
		const containers = web
			? [{ ...web, published: [{ hostAddress: "127.0.0.1", hostPort: 8080, containerPort: 80, protocol: "tcp" }] }]
			: [];
		const shown = dockerHost(bound, {
			containers,
			sockets: [{ protocol: "tcp", address: "127.0.0.1", port: 8080, process: "docker-proxy" }],
		});
		expect(outcomes(shown).slice(0, 3)).toEqual(["refused", "delivered (proxy)", "refused"]);
		expect(outcomes({ ...shown, sockets: null }).slice(0, 3)).toEqual(["refused", "delivered (proxy)", "refused"]);
	});

	it("the application listens on 127.0.0.1 inside the container: refused", () => {
		const [web] = dockerHost(save).containers ?? [];
		const containers = web
			? [{ ...web, listening: [{ protocol: "tcp" as const, address: "127.0.0.1", port: 80 }] }]
			: [];
		expect(outcomes(dockerHost(save, { containers }))).toEqual([
			"refused",
			"refused (proxy)",
			"refused",
			"refused (proxy)",
		]);
	});

	it("an inet table with forward policy drop wins over Docker's accept", () => {
		const base = { type: "filter", hook: "forward", priority: 0, policy: "drop" } as const;
		const closed = nativeTable("inet", "fw", [{ name: "forward", base, rules: [] }]);
		const trace = walk(dockerHost([...saveTables(save), closed]), OUTSIDE);
		expect([trace.outcome, decided(trace)]).toEqual(["dropped", "fw forward policy"]);
		const opened = nativeTable("inet", "fw", [
			{
				name: "forward",
				base,
				rules: [
					"-m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT",
					"-o docker0 -m conntrack --ctstate DNAT -j ACCEPT",
				],
			},
		]);
		expect(walk(dockerHost([...saveTables(save), opened]), OUTSIDE).outcome).toBe("delivered");
	});

	it("an accept for the way in and none for the way back: the answer is stopped", () => {
		const base = { type: "filter", hook: "forward", priority: 0, policy: "drop" } as const;
		const halfway = nativeTable("inet", "fw", [{ name: "forward", base, rules: ["-i eth0 -j ACCEPT"] }]);
		const trace = walk(dockerHost([...saveTables(save), halfway]), OUTSIDE);
		expect([trace.outcome, decided(trace)]).toEqual(["dropped", "fw forward policy"]);
		expect(trace.steps.at(-2)).toMatchObject({ station: "172.17.0.2:80", state: "passed" });
	});

	it("leftovers of the other backend with policy DROP stop a container they do not know", () => {
		const old = flushed(save, "nat").replaceAll("172.17.0.2", "172.17.0.9");
		const trace = walk(dockerHost([...saveTables(save), ...saveTables(old, "legacy")]), OUTSIDE);
		expect([trace.outcome, trace.decidedBy?.backend]).toEqual(["dropped", "legacy"]);
	});

	it("raw NOTRACK: the packet is never translated and reaches the proxy", () => {
		const raw = "*raw\n:PREROUTING ACCEPT\n-A PREROUTING -p tcp --dport 8080 -j CT --notrack\nCOMMIT\n";
		const trace = walk(dockerHost(raw + save.replace(/\*raw[\s\S]*?COMMIT\n/, "")), OUTSIDE);
		expect([trace.outcome, trace.viaProxy]).toEqual(["delivered", true]);
	});
});

describe("Docker 29 with the nftables backend", () => {
	it("healthy: verdict maps lead to the bridge's chains", () => {
		const world = dockerHost([dockerNftables()]);
		expect(outcomes(world)).toEqual(["delivered", "delivered (proxy)", "delivered", "delivered (proxy)"]);
		expect(decided(walk(world, OUTSIDE))).toBe("docker-bridges filter-forward-in__docker0 3");
	});

	it("after flush ruleset and a new start the DNAT rule stands in a chain nothing leads to: the proxy answers", () => {
		const whole = dockerNftables();
		const torn = { ...whole, chains: whole.chains.filter((chain) => chain.base === null) };
		expect(walk(dockerHost([torn]), OUTSIDE)).toMatchObject({ outcome: "delivered", viaProxy: true });
	});

	it("an iptables FORWARD policy DROP beside it drops", () => {
		const world = dockerHost([
			dockerNftables(),
			...saveTables("*filter\n:INPUT ACCEPT\n:FORWARD DROP\n:OUTPUT ACCEPT\nCOMMIT", "legacy"),
		]);
		expect(decided(walk(world, OUTSIDE))).toBe("filter FORWARD policy");
	});
});

describe("iptables: false", () => {
	it("answers through the proxy, and not at all without it", () => {
		expect(outcomes(dockerHost([]))).toEqual(Array(4).fill("delivered (proxy)"));
		expect(outcomes(dockerHost([], PROXY_OFF))).toEqual(Array(4).fill("dropped"));
	});

	it("nothing listens: refused", () => {
		expect(walk(dockerHost([], { sockets: [], containers: [] }), OUTSIDE).outcome).toBe("refused");
	});
});

describe("what was not shown", () => {
	it("nothing at all is unknown, and the listing is asked for", () => {
		const trace = walk(
			{
				...dockerHost([]),
				tables: [],
				shown: [],
				sockets: null,
				containers: null,
				interfaces: null,
				routes: null,
				bridges: [],
			},
			OUTSIDE,
		);
		expect(trace.outcome).toBe("unknown");
		expect(trace.needs).toContain("iptables-save");
	});

	it("nat alone: translated, then unknown from FORWARD on", () => {
		const nat = saveTables(DOCKER_28).filter((table) => table.name === "nat");
		const trace = walk(dockerHost(nat, { shown: [] }), OUTSIDE);
		expect(trace).toMatchObject({ outcome: "unknown", translatedTo: "172.17.0.2:80", needs: ["iptables-save"] });
		expect(trace.steps.find((step) => step.state === "unknown")?.station).toBe("FORWARD");
		expect(trace.possible).toEqual(expect.arrayContaining(["delivered", "dropped"]));
	});

	it("filter alone, accepting both ways: delivered, whatever nat does", () => {
		const filter = saveTables(DOCKER_28).filter((table) => table.name === "filter");
		expect(walk(dockerHost(filter, { shown: [] }), OUTSIDE).outcome).toBe("delivered");
	});

	it("filter alone, DOCKER-USER dropping: depends on whether nat translates", () => {
		const filter = saveTables(inserted(DOCKER_28, "filter", "-A DOCKER-USER -i eth0 -j DROP")).filter(
			(table) => table.name === "filter",
		);
		const trace = walk(dockerHost(filter, { shown: [] }), OUTSIDE);
		expect([trace.outcome, trace.needs]).toEqual(["unknown", ["iptables-save"]]);
	});

	it("raw and mangle alone missing is an assumption that the line states", () => {
		const tables = saveTables(DOCKER_20);
		const trace = walk(dockerHost(tables, { shown: [] }), OUTSIDE);
		expect(trace.outcome).toBe("delivered");
		expect(trace.steps[1]?.says).toContain("taken to be empty: table raw, table mangle");
	});

	it.each(GENERATIONS)("iptables -L -n of %s hides interfaces; Docker's own rules are filled in", (_, save) => {
		const tables = saveTables(save).map((table) => ({
			...table,
			interfacesShown: table.name === "raw",
			chains: table.chains.map((chain) => ({
				...chain,
				rules: chain.rules.map((rule) => ({
					...rule,
					matches:
						table.name === "raw"
							? rule.matches
							: rule.matches.filter((match) => match.kind !== "iif" && match.kind !== "oif"),
				})),
			})),
		}));
		expect(outcomes(dockerHost(tables))).toEqual(["delivered", "delivered (proxy)", "delivered", "delivered (proxy)"]);
	});

	it("a DROP with hidden interfaces in DOCKER-USER may be for another interface", () => {
		const tables = saveTables(inserted(DOCKER_28, "filter", "-A DOCKER-USER -j DROP")).map((table) => ({
			...table,
			interfacesShown: table.name !== "filter",
		}));
		expect(walk(dockerHost(tables), OUTSIDE)).toMatchObject({ outcome: "unknown", needs: ["iptables-save"] });
	});

	it("a set without elements splits the way and asks for the set", () => {
		const save = inserted(DOCKER_28, "filter", "-A DOCKER-USER -m set --match-set banned src -j DROP");
		const trace = walk(dockerHost(save, { ipsets: null }), OUTSIDE);
		expect(trace).toMatchObject({
			outcome: "unknown",
			needs: ["ipset list banned"],
			possible: ["dropped", "delivered"],
		});
		expect(trace.steps.find((step) => step.state === "unknown")).toMatchObject({
			station: "DOCKER-USER",
			rule: { number: 1 },
		});
	});

	it("never puts a hostile set name into a command", () => {
		const save = inserted(DOCKER_28, "filter", "-A DOCKER-USER -m set --match-set $(reboot) src -j DROP");
		expect(walk(dockerHost(save, { ipsets: null }), OUTSIDE).needs).toEqual(["ipset list"]);
	});

	it("an open condition that changes nothing is no reason for unknown", () => {
		const save = inserted(
			DOCKER_28,
			"filter",
			"-A DOCKER-USER -m set --match-set seen src -j RETURN\n-A DOCKER-USER -m limit --limit 3/min -j LOG",
		);
		expect(walk(dockerHost(save, { ipsets: null }), OUTSIDE).outcome).toBe("delivered");
	});

	it("without sockets and without a word on the proxy, nat emptied is unknown until ss is shown", () => {
		const world = dockerHost(flushed(DOCKER_28, "nat"), { sockets: null, userlandProxy: null });
		expect(walk(world, OUTSIDE)).toMatchObject({
			outcome: "unknown",
			needs: ["ss -tlnp"],
			possible: ["refused", "delivered"],
		});
	});

	it("no interfaces, no routes, no containers: Docker's rules alone name the bridge", () => {
		const world = dockerHost(DOCKER_28, {
			interfaces: null,
			routes: null,
			containers: null,
			bridges: [],
			sockets: null,
		});
		expect(walk(world, OUTSIDE)).toMatchObject({ outcome: "delivered", translatedTo: "172.17.0.2:80" });
	});

	it("jumps in a circle end as unknown", () => {
		const save = inserted(DOCKER_28, "filter", "-A DOCKER-USER -j A\n-A A -j B\n-A B -j A");
		expect(walk(dockerHost(save), OUTSIDE).outcome).toBe("unknown");
	});

	it("a jump to a chain that is not in the listing is unknown", () => {
		const trace = walk(dockerHost(inserted(DOCKER_28, "filter", "-A DOCKER-USER -j CROWDSEC_CHAIN")), OUTSIDE);
		expect(trace).toMatchObject({ outcome: "unknown", needs: ["iptables-save"] });
	});
});

describe("the routing decision", () => {
	it("docker0 is gone: what DNAT made of the packet leaves by the outer interface", () => {
		const interfaces = dockerHost(DOCKER_20).interfaces?.filter((entry) => entry.name !== "docker0") ?? null;
		const routes = dockerHost(DOCKER_20).routes?.filter((route) => route.device !== "docker0") ?? null;
		expect(
			walk(dockerHost(DOCKER_20.replace(":FORWARD DROP", ":FORWARD ACCEPT"), { interfaces, routes }), OUTSIDE).outcome,
		).toBe("dropped");
	});

	it("strict rp_filter drops a client whose way back leads elsewhere", () => {
		const world = dockerHost(DOCKER_20, {
			clientAddress: "10.8.0.5",
			routes: [
				...(dockerHost("").routes ?? []),
				{ destination: "10.8.0.0/24", via: null, device: "wg0", source: "10.8.0.1" },
			],
			sysctls: [{ key: "net.ipv4.conf.all.rp_filter", value: "1" }],
		});
		expect(walk(world, OUTSIDE)).toMatchObject({ outcome: "dropped" });
		expect(walk({ ...world, clientAddress: null }, OUTSIDE).outcome).toBe("delivered");
	});

	it("bridge-nf-call-iptables 0: a sibling gets an answer from a stranger's address", () => {
		const world = dockerHost(withoutProxy(DOCKER_28), {
			...PROXY_OFF,
			sysctls: [{ key: "net.bridge.bridge-nf-call-iptables", value: "0" }],
		});
		expect(outcomes(world)).toEqual(["delivered", "delivered", "delivered", "dropped"]);
	});

	it("a container's way out needs MASQUERADE", () => {
		const out: Flow = { from: "container", protocol: "tcp", port: 443, to: "203.0.113.5" };
		expect(walk(dockerHost(DOCKER_28), out).outcome).toBe("delivered");
		const trace = walk(dockerHost(flushed(DOCKER_28, "nat")), out);
		expect([trace.outcome, trace.steps.at(-1)?.station]).toEqual(["dropped", "outside"]);
	});

	it("another network's container is kept out by the isolation stages, and by nothing in 29", () => {
		const second = { name: "br-0123456789ab", subnets: ["172.18.0.0/16"], gateway: "172.18.0.1" };
		const more = (save: string): World => {
			const world = dockerHost(
				save
					.replace(
						"-A DOCKER-ISOLATION-STAGE-1 -i",
						"-A DOCKER-ISOLATION-STAGE-1 -i br-0123456789ab ! -o br-0123456789ab -j DOCKER-ISOLATION-STAGE-2\n-A DOCKER-ISOLATION-STAGE-1 -i",
					)
					.replace(
						"-A DOCKER-FORWARD -i docker0",
						"-A DOCKER-FORWARD -i br-0123456789ab -j ACCEPT\n-A DOCKER-FORWARD -i docker0",
					),
			);
			return {
				...world,
				bridges: [...world.bridges, second],
				interfaces: [...(world.interfaces ?? []), { name: second.name, addresses: ["172.18.0.1/16"], master: null }],
				routes: [
					...(world.routes ?? []),
					{ destination: "172.18.0.0/16", via: null, device: second.name, source: "172.18.0.1" },
				],
			};
		};
		const flow: Flow = { ...SIBLING, bridge: second.name };
		expect(decided(walk(more(DOCKER_28), flow))).toBe("filter DOCKER-ISOLATION-STAGE-2 1");
		expect(walk(more(DOCKER_29), flow).outcome).toBe("delivered");
	});
});

describe("any rule set", () => {
	const chain = fc.constantFrom("DOCKER-USER", "A", "B", "C");
	const condition = fc.constantFrom(
		"",
		"-i eth0 ",
		"! -i eth0 ",
		"-o docker0 ",
		"-p tcp --dport 80 ",
		"-p udp ",
		"-m conntrack --ctstate NEW ",
		"-m conntrack --ctstate RELATED,ESTABLISHED ",
		"-m limit --limit 1/s ",
		"-m set --match-set s src ",
		"-m mark --mark 0x1 ",
	);
	const target = fc.constantFrom("ACCEPT", "DROP", "RETURN", "REJECT", "A", "B", "C", "LOG", "MARK --set-mark 1");
	const rules = fc.array(fc.tuple(chain, condition, target), { maxLength: 25 });

	it("gives one outcome, or unknown with at least two possible ones", () => {
		fc.assert(
			fc.property(rules, (list) => {
				const save = inserted(
					DOCKER_28,
					"filter",
					[":A -", ":B -", ":C -", ...list.map(([name, match, jump]) => `-A ${name} ${match}-j ${jump}`)].join("\n"),
				);
				const trace = walk(dockerHost(save, { ipsets: null }), OUTSIDE);
				expect(trace.outcome === "unknown").toBe(trace.possible.length > 1);
				expect(trace.steps.length).toBeGreaterThan(2);
				if (trace.outcome === "dropped") expect(trace.steps.some((step) => step.state === "stopped")).toBe(true);
			}),
			{ numRuns: 200 },
		);
	});

	it("deciding an open condition one way or the other gives one of the outcomes that were possible", () => {
		fc.assert(
			fc.property(rules, (list) => {
				const saveWith = (elements: string) =>
					inserted(
						DOCKER_28,
						"filter",
						[
							":A -",
							":B -",
							":C -",
							...list.map(
								([name, match, jump]) =>
									`-A ${name} ${match.replace("-m limit --limit 1/s ", "").replace("-m set --match-set s src ", elements)}-j ${jump}`,
							),
						].join("\n"),
					);
				const open = walk(dockerHost(saveWith("-m set --match-set s src "), { ipsets: null }), OUTSIDE);
				const all = walk(dockerHost(saveWith("")), OUTSIDE);
				const none = walk(dockerHost(saveWith("-p udp ")), OUTSIDE);
				for (const closed of [all, none])
					for (const outcome of closed.possible) expect(open.possible).toContain(outcome);
			}),
			{ numRuns: 200 },
		);
	});
});
