import { describe, expect, it } from "vitest";
import { DOCKER_20, dockerHost, inserted } from "../../../tests/support/docker-hosts";
import type { Flow } from "../packet-path/trace";
import type { World } from "../packet-path/world";
import type { Action, Plan } from "../remedy/plan";
import { ruleChoice } from "../remedy/steps";
import { interfaceName, sysctlKey, sysctlValue } from "../remedy/validate";
import { applied } from "./applied";
import { whatIf } from "./what-if";

const WANTED: Flow = { from: "outside", protocol: "tcp", port: 8080 };
const V4 = { backend: null, family: 4 } as const;
const plan = (actions: readonly Action[], choices: Plan["choices"] = []): Plan => ({
	summary: "",
	before: [],
	steps: actions.map((action) => ({ action, why: "", risk: "low", interrupts: "nothing" })),
	after: [],
	instead: [],
	proveFromOutside: null,
	choices,
});
const of = (one: Plan) => [{ failure: "x", plan: one }];

const USER = { table: "filter", chain: "DOCKER-USER" };
const exception = ruleChoice("insert-rule", V4, USER, "-p tcp -m conntrack --ctorigdstport 8080 -j RETURN".split(" "));
const removal = ruleChoice("delete-rule", V4, USER, "-i eth0 -j DROP".split(" "));
const accept: Action = { kind: "set-forward-policy", ...V4, policy: "ACCEPT" };

/** A second published port, and everything from outside dropped in DOCKER-USER. */
const BLOCKED = inserted(
	DOCKER_20.replace(
		"-A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080",
		"-A DOCKER ! -i docker0 -p tcp -m tcp --dport 9090 -j DNAT --to-destination 172.17.0.2:90\n-A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080",
	).replace(
		"-A DOCKER -d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT",
		"-A DOCKER -d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT\n-A DOCKER -d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 90 -j ACCEPT",
	),
	"filter",
	"-A DOCKER-USER -i eth0 -j DROP",
);
const host = (save: string): World => {
	const world = dockerHost(save);
	const [web] = world.containers ?? [];
	return {
		...world,
		containers: web
			? [
					{
						...web,
						listening: null,
						published: [
							...web.published,
							{ hostAddress: "0.0.0.0", hostPort: 9090, containerPort: 90, protocol: "tcp" },
						],
					},
				]
			: [],
		sockets: null,
	};
};

describe("what a vetted change would open", () => {
	it("orders two choices by what they open besides the wanted packet", () => {
		const changes = whatIf(host(BLOCKED), WANTED, of(plan([], [removal, exception])));
		expect(changes.map(({ wanted, isChoice }) => [wanted, isChoice])).toEqual([
			["gets-through", true],
			["gets-through", true],
		]);
		const [narrow, wide] = changes;
		expect(narrow?.does[0]).toContain("--ctorigdstport 8080");
		expect(narrow?.opens).toEqual([]);
		expect(wide?.opens).toContainEqual({
			from: "outside",
			to: "0.0.0.0:9090/tcp",
			before: "dropped",
			after: "delivered",
		});
		// The answers to what containers ask outside came in by eth0 as well.
		expect(wide?.opens.map(({ from, to }) => `${from} > ${to}`)).toContain("containers on docker0 > outside");
	});

	it("shows that FORWARD ACCEPT opens what nobody published", () => {
		const unjumped = DOCKER_20.replace("-A FORWARD -o docker0 -j DOCKER\n", "");
		const [change] = whatIf(host(unjumped), WANTED, of(plan([accept])));
		expect(change).toMatchObject({ wanted: "gets-through", isChoice: false });
		expect(change?.opens.map(({ from, to }) => `${from} > ${to}`)).toContain(
			"outside > any container on docker0, ports that are not published",
		);
	});

	it("says of a change that alone does not help that the packet is still stopped", () => {
		const [change] = whatIf(host(BLOCKED), WANTED, of(plan([accept])));
		expect(change?.wanted).toBe("still-stopped");
	});

	it("says what a change closes", () => {
		const drop = ruleChoice("insert-rule", V4, USER, "-i docker0 -o eth0 -j DROP".split(" "));
		const [change] = whatIf(host(DOCKER_20), WANTED, of(plan(drop)));
		expect(change?.closes.map(({ from, to }) => `${from} > ${to}`)).toEqual([
			"outside > 0.0.0.0:8080/tcp",
			"outside > web, port 80/tcp by its own address",
			"containers on docker0 > outside",
		]);
	});

	it("computes nothing of what dockerd will write, and nothing at all without a plan", () => {
		const [change] = whatIf(host(BLOCKED), WANTED, of(plan([{ kind: "restart-docker" }])));
		expect(change).toMatchObject({ wanted: "not-computed", opens: [], closes: [] });
		expect(whatIf(host(BLOCKED), WANTED, [{ failure: "x", plan: null }])).toEqual([]);
		expect(whatIf(host(BLOCKED), WANTED, of(plan([{ kind: "by-hand", instructions: [] }])))).toEqual([]);
	});
});

describe("a host after one action", () => {
	it("can't be told where the chain was not shown or the rule is not there", () => {
		const world = dockerHost(DOCKER_20);
		const [elsewhere] = ruleChoice("insert-rule", V4, { table: "filter", chain: "NOT-SHOWN" }, ["-j", "DROP"]);
		const [absent] = ruleChoice("delete-rule", V4, USER, ["-j", "DROP"]);
		if (!elsewhere || !absent) throw new Error("both are well-formed");
		expect(applied(world, elsewhere)).toBeNull();
		expect(applied(world, absent)).toBeNull();
		const other: Action = { kind: "set-forward-policy", backend: "legacy", family: 4, policy: "ACCEPT" };
		expect(applied(world, other)).toBeNull();
	});

	it("forwards again on every interface once the global switch is on", () => {
		const key = sysctlKey("net.ipv4.ip_forward");
		const value = sysctlValue("1");
		if (!key || !value) throw new Error("both are well-formed");
		const off = dockerHost(DOCKER_20, {
			ipForward: false,
			sysctls: [
				{ key: "net.ipv4.ip_forward", value: "0" },
				{ key: "net.ipv4.conf.eth0.forwarding", value: "0" },
			],
		});
		const on = applied(off, { kind: "set-sysctl", key, value, persist: true });
		expect(on).toMatchObject({ ipForward: true, sysctls: [{ key: "net.ipv4.ip_forward", value: "1" }] });
		const [change] = whatIf(off, WANTED, of(plan([{ kind: "set-sysctl", key, value, persist: true }])));
		expect(change?.wanted).toBe("gets-through");
	});

	it("refuses an interface that is none before it becomes a rule", () => {
		expect(interfaceName("docker0; reboot")).toBeNull();
		expect(ruleChoice("insert-rule", V4, USER, ["-j", "$(reboot)"])).toEqual([]);
	});
});
