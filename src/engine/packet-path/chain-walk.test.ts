import { describe, expect, it } from "vitest";
import { DOCKER_28, dockerHost, inserted } from "../../../tests/support/docker-hosts";
import { journey } from "./journey";
import { settingOf } from "./setting";
import type { Flow } from "./trace";
import { walk } from "./walk";

const OUTSIDE: Flow = { from: "outside", protocol: "tcp", port: 8080 };

/** Rules tried by one walk from outside. */
function work(save: string): number {
	const setting = settingOf(dockerHost(save, { ipsets: null }), OUTSIDE);
	const before = setting.walk.budget;
	journey(setting);
	return before - setting.walk.budget;
}

function manyRules(count: number): string {
	const rules = Array.from(
		{ length: count },
		(_, index) => `-A DOCKER-USER -s 10.${index >> 8}.${index & 255}.0/24 -j DROP`,
	);
	return inserted(DOCKER_28, "filter", rules.join("\n"));
}

describe("work", () => {
	it("grows with the number of rules, not faster", () => {
		const [one, two, four] = [1000, 2000, 4000].map((count) => work(manyRules(count)));
		expect((four ?? 0) - (two ?? 0)).toBe(2 * ((two ?? 0) - (one ?? 0)));
	});

	it("does not double with every jump: a chain is walked once for each packet", () => {
		const ladder = (height: number): string =>
			inserted(
				DOCKER_28,
				"filter",
				[
					"-A DOCKER-USER -j L0",
					...Array.from({ length: height }, (_, step) => `-A L${step} -j L${step + 1}\n-A L${step} -j L${step + 1}`),
					`:L${height} -`,
				].join("\n"),
			);
		expect(work(ladder(40)) - work(ladder(20))).toBeLessThan(200);
	});

	it("open conditions that set marks do not multiply without end", () => {
		const marks = Array.from(
			{ length: 20 },
			(_, bit) => `-A DOCKER-USER -m set --match-set s${bit} src -j MARK --set-mark ${bit + 1}`,
		);
		const trace = walk(dockerHost(inserted(DOCKER_28, "filter", marks.join("\n")), { ipsets: null }), OUTSIDE);
		expect(trace.steps.length).toBeLessThan(40);
		expect(work(inserted(DOCKER_28, "filter", marks.join("\n")))).toBeLessThan(5000);
	});

	it("stops at the budget and says unknown instead of going on", () => {
		const setting = settingOf(dockerHost(manyRules(500)), OUTSIDE);
		setting.walk.budget = 100;
		expect(journey(setting).some((end) => end.outcome === "unknown")).toBe(true);
	});
});

describe("verdicts", () => {
	const outcome = (rules: string, flow: Flow = OUTSIDE) => {
		const { outcome: result, decidedBy } = walk(dockerHost(inserted(DOCKER_28, "filter", rules)), flow);
		return `${result} by ${decidedBy?.chain} ${decidedBy?.rule}`;
	};

	it.each([
		[
			"RETURN goes back to the caller",
			"-A DOCKER-USER -j X\n-A DOCKER-USER -j DROP\n-A X -j RETURN",
			"dropped by DOCKER-USER 2",
		],
		["ACCEPT in a user chain ends the base chain", "-A DOCKER-USER -j ACCEPT", "delivered by DOCKER-USER 1"],
		[
			"goto does not come back to the chain it left",
			"-A DOCKER-USER -g X\n-A DOCKER-USER -j DROP\n:X -",
			"delivered by DOCKER 1",
		],
		["goto from a base chain ends at its policy", "-A FORWARD -g X\n:X -", "dropped by FORWARD policy"],
		["LOG goes on", "-A DOCKER-USER -j LOG\n-A DOCKER-USER -p tcp -j DROP", "dropped by DOCKER-USER 2"],
		[
			"a mark set before is seen after",
			"-A DOCKER-USER -j MARK --set-mark 7\n-A DOCKER-USER -m mark --mark 0x7 -j DROP",
			"dropped by DOCKER-USER 2",
		],
		[
			"the host's port is seen as the original one",
			"-A DOCKER-USER -m conntrack --ctorigdstport 8080 -j DROP",
			"dropped by DOCKER-USER 1",
		],
		[
			"DOCKER-USER sees the container's port, not the host's",
			"-A DOCKER-USER -p tcp --dport 8080 -j DROP",
			"delivered by DOCKER 1",
		],
		[
			"the answer comes from the container's port: --sport takes it",
			"-A DOCKER-USER -p tcp --sport 1:1023 -j DROP",
			"dropped by DOCKER-USER 1",
		],
		[
			"no client asks from a port below 1024",
			"-A DOCKER-USER -i eth0 -p tcp --sport 1:1023 -j DROP",
			"delivered by DOCKER 1",
		],
		["negated -i of the outer interface", "-A DOCKER-USER ! -i docker0 -j DROP", "dropped by DOCKER-USER 1"],
	])("%s", (_, rules, expected) => {
		expect(outcome(rules)).toBe(expected);
	});

	it("a queue to a program is unknown", () => {
		expect(walk(dockerHost(inserted(DOCKER_28, "filter", "-A DOCKER-USER -j NFQUEUE")), OUTSIDE).outcome).toBe(
			"unknown",
		);
	});

	it("REDIRECT to a host port is answered by what listens there", () => {
		const world = dockerHost(
			inserted(DOCKER_28, "nat", "-A PREROUTING -p tcp --dport 8080 -j REDIRECT --to-ports 3128"),
			{
				sockets: [{ protocol: "tcp", address: "0.0.0.0", port: 3128, process: "squid" }],
			},
		);
		const trace = walk(world, OUTSIDE);
		expect(trace.outcome).toBe("delivered");
		expect(trace.steps.at(-1)?.station).toBe("squid");
	});
});
