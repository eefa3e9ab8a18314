import { describe, expect, it } from "vitest";
import type { CommandId } from "../facts/commands";
import { gatherFacts } from "../facts/gather";
import type { HostFacts } from "../facts/host-facts";
import { read } from "../read";
import { diagnose } from "./diagnose";
import { absent, type Confidence, type FailureMode, failureMode, sign, undecided } from "./failure-mode";
import { isShown } from "./shown";

const PLAN = { summary: "Do it.", before: [], steps: [], after: [], instead: [], proveFromOutside: null };
const nothing: HostFacts = gatherFacts([]);

type Stub = {
	readonly says?: Confidence | "absent" | "unknown";
	readonly explains?: readonly string[];
	readonly ask?: readonly CommandId[];
};

function mode(id: string, { says = "absent", explains = [], ask = ["rule-set"] }: Stub): FailureMode {
	return failureMode<string, null>({
		id,
		title: `title of ${id}`,
		effect: "dead",
		impact: "high",
		minutes: 5,
		explains,
		detect: () => {
			if (says === "absent") return absent(`not ${id}`, []);
			if (says === "unknown") return undecided(...ask);
			return { kind: "present", confidence: says, params: null, signs: [sign(`sign of ${id}`, [])], ask };
		},
		explain: () => `because of ${id}`,
		fix: () => PLAN,
		prevent: () => null,
	});
}

const fallback = mode("insufficient-evidence", { says: "possible", ask: [] });
const ids = (modes: readonly FailureMode[]) =>
	diagnose(nothing, [...modes, fallback]).findings.map((one) => one.failure);

describe("diagnose", () => {
	it("puts the surer answer first, and of equals the one listed first", () => {
		expect(
			ids([mode("a", { says: "likely" }), mode("b", { says: "certain" }), mode("c", { says: "certain" })]),
		).toEqual(["b", "c", "a"]);
	});

	it("folds a consequence under its cause, though the consequence is surer", () => {
		const { findings } = diagnose(nothing, [
			mode("cause", { says: "likely", explains: ["effect"] }),
			mode("effect", { says: "certain" }),
			fallback,
		]);
		expect(findings.map((one) => one.failure)).toEqual(["cause"]);
		expect(findings[0]?.consequences).toEqual([{ failure: "effect", title: "title of effect" }]);
	});

	it("does not let a mere possibility swallow what is certain", () => {
		expect(
			ids([mode("cause", { says: "possible", explains: ["effect"] }), mode("effect", { says: "certain" })]),
		).toEqual(["effect"]);
	});

	it("names possibilities only when there is nothing better, three at most", () => {
		const four = ["a", "b", "c", "d"].map((id) => mode(id, { says: "possible" }));
		expect(ids(four)).toEqual(["a", "b", "c"]);
		expect(ids([...four, mode("e", { says: "likely" })])).toEqual(["e"]);
	});

	it("falls back to an outcome only when no fault is present", () => {
		const healthy = mode("healthy", { says: "certain" });
		expect(ids([healthy])).toEqual(["healthy"]);
		expect(ids([mode("a", { says: "likely" }), healthy])).toEqual(["a"]);
		expect(ids([])).toEqual(["insufficient-evidence"]);
	});

	it("takes an outcome that is certain for more than a guess", () => {
		const guess = mode("a", { says: "possible" });
		expect(ids([guess, mode("healthy", { says: "certain" })])).toEqual(["healthy"]);
		expect(ids([guess, mode("healthy", { says: "likely" })])).toEqual(["a"]);
	});

	it("asks for what decides most, and for nothing once it is certain and asks for nothing", () => {
		const next = diagnose(nothing, [
			mode("a", { says: "unknown", ask: ["sysctls"] }),
			mode("b", { says: "unknown", ask: ["rule-set"] }),
			mode("c", { says: "unknown", ask: ["rule-set"] }),
			fallback,
		]).next;
		expect(next[0]?.command).toBe("iptables-save");
		expect(next[0]?.why).toContain("every rule");
		expect(
			diagnose(nothing, [mode("a", { says: "certain", ask: [] }), mode("b", { says: "unknown" }), fallback]).next,
		).toEqual([]);
	});

	it("asks nothing of the host's network where Docker has its own elsewhere", () => {
		const ask = (os: string) =>
			diagnose(
				gatherFacts(
					read([
						{
							id: "s1",
							name: "docker info",
							text: `Server:\n Server Version: 27.3.1\n Operating System: ${os}\n OSType: linux\n`,
						},
					]),
				),
				[mode("a", { says: "unknown", ask: ["rule-set", "sysctls", "docker-ps"] }), fallback],
			).next.map((one) => one.command);
		expect(ask("Docker Desktop")).toEqual(["docker ps -a"]);
		expect(ask("Debian GNU/Linux 12 (bookworm)")[0]).toBe("iptables-save");
	});

	it("asks for the log again where the words that tell why dockerd did not start are cut off", () => {
		const log = (why: string) =>
			`time="2026-11-23T07:00:00.000000000Z" level=info msg="Starting up"\nfailed to start daemon: Error initializing network controller: error obtaining controller instance: ${why}\n`;
		const shown = (why: string) =>
			isShown("dockerd-log", gatherFacts(read([{ id: "s1", name: "log", text: log(why) }])));
		expect(
			shown(
				"failed to create NAT chain DOCKER: iptables failed: iptables --wait -t nat -N DOCKER: iptables v1.8.4 (legacy): can't initialize ipta>",
			),
		).toBe(false);
		expect(shown("failed to create NAT chain DOCKER: Iptables not found")).toBe(true);
	});

	it("keeps to the questions of a likely headline", () => {
		const next = diagnose(nothing, [
			mode("a", { says: "likely", ask: ["lock-holders"] }),
			mode("b", { says: "unknown", ask: ["rule-set"] }),
			fallback,
		]).next;
		expect(next.map((one) => one.command)).toEqual(["lsof /run/xtables.lock; fuser -v /run/xtables.lock"]);
	});

	it("lists what was ruled out with its reason, outcomes apart", () => {
		const { ruledOut } = diagnose(nothing, [mode("a", {}), mode("healthy", {}), fallback]);
		expect(ruledOut.map((one) => [one.failure, one.why])).toEqual([["a", "not a"]]);
	});
});
