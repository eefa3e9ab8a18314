import { load } from "js-yaml";
import { describe, expect, it } from "vitest";
import { ABOUT, EVERY_ACTION, EVERY_CHECK, PLATFORMS, plan, step, WHOLE_PLAN } from "../../../tests/support/every-plan";
import { renderAnsible } from "./ansible";
import { renderCloudInit } from "./cloud-init";
import { renderDiff, renderDiffText } from "./diff";
import { HABITS } from "./habits";
import { renderMarkdown } from "./markdown";
import { UNKNOWN_PLATFORM } from "./plan";
import { sysctlFile, sysctlPath } from "./sysctl-path";
import { sysctlKey } from "./validate";
import { actionTitle, checkClaim, preconditionSentence } from "./wording";

const HOSTILE = "x`$(id)` {{ lookup('pipe','id') }}\n- name: evil\n# ![a](http://e) <script>\u202e";

describe("the diff", () => {
	it("strikes out the habit with its reason, then gives each step's commands", () => {
		const lines = renderDiff(
			plan([step({ kind: "restart-docker" }, { interrupts: "containers-unless-live-restore" })]),
			UNKNOWN_PLATFORM,
		);
		expect(lines.map(({ sign, text }) => `${sign} ${text}`)).toEqual([
			"- iptables -t nat -N DOCKER",
			"  # 1. Restart dockerd",
			"  #    It's what `the lab` showed: $HOME stays a word.",
			"+ systemctl reset-failed docker.service docker.socket",
			"+ systemctl restart docker",
		]);
		expect(lines[0]?.note).toBe("No jumps: the port stays dead.");
		expect(lines[1]?.note).toBe(
			"Interrupts every container for about 4 s, up to 23 s where one ignores SIGTERM; with live-restore only the ports, for about 1 s.",
		);
	});

	it.each(PLATFORMS.map((platform) => [`${platform.services} ${platform.appliance ?? ""}`, platform] as const))(
		"has a line for every step on %s, each on one line",
		(_, platform) => {
			const text = renderDiffText(WHOLE_PLAN, platform);
			for (const [index, { action }] of WHOLE_PLAN.steps.entries())
				expect(text).toContain(`# ${index + 1}. ${actionTitle(action)}`);
			for (const line of text.trimEnd().split("\n")) expect(line).toMatch(/^[-+ ] \S/);
		},
	);
});

describe("a package to install", () => {
	const shown = (what: "iptables" | "kernel-modules" | "docker", packages: "apt" | "dnf") =>
		renderDiff(plan([step({ kind: "install-package", what })]), { ...UNKNOWN_PLATFORM, packages })
			.filter(({ sign }) => sign === "+")
			.map(({ text }) => text);
	it("is put back whole where one of its files is gone", () => {
		expect(shown("iptables", "apt")).toEqual(["apt-get install -y --reinstall iptables"]);
	});
	it("is named as Debian names it, too", () => {
		expect(shown("docker", "apt")[0]).toMatch(/ docker-ce +# .*docker\.io$/);
		expect(shown("kernel-modules", "apt")[0]).toMatch(/linux-modules-extra-"\$\(uname -r\)" +# Debian: linux-image-/);
		expect(shown("docker", "dnf")).toEqual(["dnf install -y docker-ce"]);
	});
});

describe("the runbook", () => {
	const text = renderMarkdown(WHOLE_PLAN, UNKNOWN_PLATFORM, ABOUT);
	it.each(Object.keys(EVERY_ACTION) as (keyof typeof EVERY_ACTION)[])("has a box for %s", (kind) => {
		const title = actionTitle(EVERY_ACTION[kind]).replaceAll("_", "\\_");
		expect(text.replaceAll("\\_", "_")).toContain(title.replaceAll("\\_", "_"));
	});
	it("makes no link, image or markup of a name", () => {
		const markdown = renderMarkdown(
			{ ...plan([step({ kind: "by-hand", instructions: [HOSTILE] })]), summary: HOSTILE },
			UNKNOWN_PLATFORM,
			{
				...ABOUT,
				title: HOSTILE,
			},
		);
		expect(markdown).not.toMatch(/(?<!\\)!\[|(?<!\\)<script|^- name: evil|\u202e/m);
	});
});

describe("YAML", () => {
	it.each(PLATFORMS.map((platform) => [`${platform.services} ${platform.appliance ?? ""}`, platform] as const))(
		"is one play whose every task has a name of its own module on %s",
		(_, platform) => {
			const play: unknown = load(renderAnsible(WHOLE_PLAN, platform, ABOUT));
			expect(play).toEqual([expect.objectContaining({ name: expect.stringMatching(/^[A-Z]/), hosts: "docker_hosts" })]);
			for (const task of tasksOf(play)) {
				expect(task["name"]).toMatch(/^[A-Z]/);
				expect(
					Object.keys(task)
						.filter((key) => key.includes("."))
						.every((key) => key.startsWith("ansible.builtin.")),
				).toBe(true);
				if ("ansible.builtin.command" in task || "ansible.builtin.shell" in task)
					expect(task).toHaveProperty("changed_when");
			}
		},
	);

	it.each(Object.entries(EVERY_ACTION))("has a task for %s", (_, action) => {
		const tasks = tasksOf(load(renderAnsible(plan([step(action)]), UNKNOWN_PLATFORM, ABOUT)));
		expect(tasks.length).toBeGreaterThan(0);
	});

	it.each(Object.entries(EVERY_CHECK))("asks for %s", (_, check) => {
		const tasks = tasksOf(load(renderAnsible(plan([], [check]), UNKNOWN_PLATFORM, ABOUT)));
		expect(tasks.some((task) => "ansible.builtin.assert" in task)).toBe(true);
	});

	it("restarts only for a reason", () => {
		const tasks = tasksOf(
			load(
				renderAnsible(
					plan([step(EVERY_ACTION["edit-daemon-json"]), step({ kind: "restart-docker" })]),
					UNKNOWN_PLATFORM,
					ABOUT,
				),
			),
		);
		const restart = tasks.find((task) => task["name"] === "Restart dockerd");
		expect(JSON.stringify(restart?.["when"])).toContain("stackengine_whole");
		expect(JSON.stringify(restart?.["when"])).toContain("stackengine_step_1");
	});

	it("holds no template that came from prose or from a value", () => {
		const hostile = plan([
			step({ kind: "by-hand", instructions: [HOSTILE] }, { why: HOSTILE }),
			step({
				kind: "edit-daemon-json",
				set: [{ key: "data-root" as never, value: "{{ lookup('pipe','id') }}" }],
				remove: [],
			}),
		]);
		for (const text of [
			renderAnsible(hostile, UNKNOWN_PLATFORM, { ...ABOUT, title: HOSTILE }),
			renderCloudInit(hostile, UNKNOWN_PLATFORM, { ...ABOUT, title: HOSTILE }),
		]) {
			load(text);
			expect(text).not.toMatch(/^- name: evil/m);
		}
		expect(renderAnsible(hostile, UNKNOWN_PLATFORM, ABOUT)).not.toMatch(/\{\{ lookup/);
	});

	it("is user-data from its first line, and says what has no place in it", () => {
		const text = renderCloudInit(WHOLE_PLAN, UNKNOWN_PLATFORM, ABOUT);
		expect(text.startsWith("#cloud-config\n")).toBe(true);
		expect(load(text)).toHaveProperty("runcmd");
		expect(text).toContain("#   Restart dockerd: dockerd starts with the host");
		expect(load(renderCloudInit(plan([step({ kind: "reboot" })]), UNKNOWN_PLATFORM, ABOUT))).toEqual({});
	});
});

describe("words", () => {
	it("says a check and its contrary differently", () => {
		for (const check of Object.values(EVERY_CHECK)) {
			expect(preconditionSentence({ check, holds: false, otherwise: "" })).not.toBe(checkClaim(check));
		}
	});
	it("ends every reason against a habit as a sentence", () => {
		for (const { command, wrong } of Object.values(HABITS)) {
			expect(command).toMatch(/\S/);
			expect(wrong).toMatch(/^(?:[A-Z`]|docker-proxy).*\.$/);
		}
	});
	it("finds a sysctl's file as sysctl(8) does", () => {
		const key = (text: string) => sysctlKey(text) ?? ("" as never);
		expect(sysctlPath(key("net.ipv4.conf.eth0.rp_filter"))).toBe("/proc/sys/net/ipv4/conf/eth0/rp_filter");
		expect(sysctlPath(key("net/ipv4/conf/eth0.100/rp_filter"))).toBe("/proc/sys/net/ipv4/conf/eth0.100/rp_filter");
		expect(sysctlPath(key("net.ipv4.conf.eth0/100.rp_filter"))).toBe("/proc/sys/net/ipv4/conf/eth0.100/rp_filter");
		expect(sysctlFile(key("net.ipv4.ip_forward"))).toBe("/etc/sysctl.d/99-stackengine-net-ipv4-ip-forward.conf");
	});
});

function tasksOf(play: unknown): readonly Readonly<Record<string, unknown>>[] {
	const first: unknown = Array.isArray(play) ? play[0] : null;
	if (typeof first !== "object" || first === null || !("tasks" in first) || !Array.isArray(first.tasks))
		throw new Error("no tasks");
	return first.tasks;
}
