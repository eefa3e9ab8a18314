import { load } from "js-yaml";
import { describe, expect, it } from "vitest";
import { ABOUT, EVERY_ACTION, good, plan, step, WHOLE_PLAN } from "../../../tests/support/every-plan";
import { findStandIns } from "../redact/stand-ins";
import { renderAnsible } from "./ansible";
import { renderBash } from "./bash";
import { blankOut, MARK } from "./blanks";
import { renderCloudInit } from "./cloud-init";
import { renderDiff } from "./diff";
import { renderMarkdown } from "./markdown";
import { type Plan, UNKNOWN_PLATFORM } from "./plan";
import * as make from "./validate";

const find = (text: string) => findStandIns(text);
const container = good(make.containerName("container-1"));
const rule = {
	backend: null,
	family: 4,
	table: good(make.tableName("filter")),
	chain: good(make.chainName("FORWARD")),
	spec: good(make.ruleWords(["-s", "10.213.171.7/32", "-i", "br-ed0001000000", "-j", "DROP"])),
} as const;
const REPORT: Plan = plan(
	[
		step({ kind: "restart-container", container }, { why: "`container-1` on `host-1` has no rule." }),
		step({ kind: "delete-rule", ...rule }),
		step({
			kind: "edit-daemon-json",
			set: [{ key: good(make.daemonKey("bip")), value: "10.213.171.1/24" }],
			remove: [],
		}),
		step({ kind: "by-hand", instructions: ["Ask `user-3` about it."] }),
	],
	[
		{ kind: "container-running", container },
		{ kind: "rule-absent", ...rule },
	],
);
const { plan: blanked, about, blanks } = blankOut(REPORT, ABOUT, find);
const STAND_INS = ["container-1", "10.213.171.7", "br-ed0001000000", "10.213.171.1"];

describe("the blanks of a report's plan", () => {
	it("are one for each stand-in; only those that a command or check needs are asked for", () => {
		expect(blanks.map(({ standIn, label, kind, asked }) => [standIn, label, kind, asked])).toEqual([
			["container-1", "container-1", "container", true],
			["host-1", "host-1", "name", false],
			["10.213.171.7", "address-1", "address", true],
			["br-ed0001000000", "interface-1", "interface", true],
			["10.213.171.1", "address-2", "address", true],
			["user-3", "user-3", "name", false],
		]);
		const left = JSON.stringify(blanked);
		for (const word of [...STAND_INS, "host-1", "user-3"]) expect(left).not.toContain(word);
	});

	it("are none in a plan without stand-ins, which stays what it was", () => {
		expect(blankOut(WHOLE_PLAN, ABOUT, () => [])).toEqual({ plan: WHOLE_PLAN, about: ABOUT, blanks: [] });
	});

	it("take what the field says for the kind: a container may be named by its id", () => {
		const byId = plan([
			step({
				...EVERY_ACTION["start-container"],
				kind: "start-container",
				container: good(make.containerName("ed0002000000")),
			}),
		]);
		expect(blankOut(byId, ABOUT, find).blanks[0]).toMatchObject({ kind: "container", label: "id-1" });
	});

	it("can't be forged by a character of theirs in a sentence", () => {
		const forged = { ...REPORT, summary: "\ue000 \ue001 x" };
		expect(blankOut(forged, ABOUT, find).plan.summary).toBe("  x");
	});
});

describe("a script from a report", () => {
	const script = renderBash(blanked, UNKNOWN_PLATFORM, about, blanks);

	it("names its variables at the top and uses them wherever the host is touched", () => {
		expect(script).toContain(
			// biome-ignore lint/suspicious/noTemplateCurlyInString: shell, not JavaScript
			"own_container_1=${STACKENGINE_CONTAINER_1:-} # the container that the report calls container-1",
		);
		// biome-ignore lint/suspicious/noTemplateCurlyInString: shell, not JavaScript
		expect(script).toContain('change_restart_container 1 "${own_container_1}"');
		// biome-ignore lint/suspicious/noTemplateCurlyInString: shell, not JavaScript
		expect(script).toContain('-s "${own_address_1}/32" -i "${own_interface_1}" -j DROP');
		// biome-ignore lint/suspicious/noTemplateCurlyInString: shell, not JavaScript
		expect(script).toContain('\\"bip\\":\\"${own_address_2}/24\\"');
	});

	it("says no stand-in but where it says that it is one", () => {
		for (const line of script.split("\n")) {
			if (!STAND_INS.some((word) => line.includes(word))) continue;
			expect(line).toMatch(/^own_\w+=|^\tsettle_name /);
		}
		expect(script).not.toMatch(MARK);
		expect(script).toContain("<user-3>");
	});

	it("refuses where it would need a secret that the report hides", () => {
		const secret = plan([
			step({
				kind: "edit-daemon-json",
				set: [{ key: good(make.daemonKey("log-opt")), value: "redacted-1" }],
				remove: [],
			}),
		]);
		const made = blankOut(secret, ABOUT, find);
		expect(renderBash(made.plan, UNKNOWN_PLATFORM, made.about, made.blanks)).toContain("Refused: %s");
	});

	it("is what it always was without blanks", () => {
		expect(renderBash(WHOLE_PLAN, UNKNOWN_PLATFORM, ABOUT, [])).toBe(renderBash(WHOLE_PLAN, UNKNOWN_PLATFORM, ABOUT));
		expect(renderBash(WHOLE_PLAN, UNKNOWN_PLATFORM, ABOUT)).not.toContain("settle_names");
	});
});

describe("the other forms of a report's plan", () => {
	it("is a play that asks for every name and stops without", () => {
		const text = renderAnsible(blanked, UNKNOWN_PLATFORM, about, blanks);
		const [play] = load(text) as [
			{ vars_prompt: { name: string; prompt: string }[]; tasks: Record<string, unknown>[] },
		];
		expect(play.vars_prompt.map(({ name }) => name)).toEqual([
			"stackengine_container_1",
			"stackengine_address_1",
			"stackengine_interface_1",
			"stackengine_address_2",
		]);
		const json = JSON.stringify(play.tasks);
		expect(json).toContain("stackengine_container_1 is match(");
		expect(json).toContain('"docker","restart","{{ stackengine_container_1 }}"');
		for (const word of STAND_INS) expect(json.replaceAll(`<${word}>`, "")).not.toContain(word);
		expect(text).not.toMatch(MARK);
	});

	it.each([
		[
			"diff",
			() =>
				renderDiff(blanked, UNKNOWN_PLATFORM, blanks)
					.map(({ text }) => text)
					.join("\n"),
		],
		["runbook", () => renderMarkdown(blanked, UNKNOWN_PLATFORM, about, blanks)],
	])("is a %s with the blanks between angle brackets", (_, print) => {
		const text = print();
		expect(text).toContain("docker restart '<container-1>'");
		expect(text).toContain("<address-1>/32");
		expect(text).not.toMatch(MARK);
		for (const line of text.split("\n"))
			if (/10\.213|br-ed00/.test(line)) expect(line).toContain("Made from a redacted report");
	});

	it("leaves out of user-data what it can't ask for, and says so", () => {
		const text = renderCloudInit(blanked, UNKNOWN_PLATFORM, about, blanks);
		expect(text).toContain("it needs names that the report does not tell");
		expect(text).not.toMatch(MARK);
		for (const word of STAND_INS) expect(text.replaceAll(`<${word}>`, "")).not.toContain(word);
	});
});
