import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { load } from "js-yaml";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { offered, renderFix, renderFurther } from "../src/engine";
import { joinPlans, MORE_FORMATS, type MoreFormat } from "../src/engine/remedy/formats";
import { FORBIDDEN, forbiddenIn } from "../src/engine/remedy/formats/policy";
import { HABITS, type HabitId } from "../src/engine/remedy/habits";
import { type About, type Plan, UNKNOWN_PLATFORM } from "../src/engine/remedy/plan";
import { ABOUT, PLATFORMS, WHOLE_PLAN } from "./support/every-plan";
import { checkIgnition } from "./support/ignition-spec";
import { ensureProgram, programOnPath } from "./support/machine";
import { MODE_PLANS, REPAIRABLE } from "./support/mode-plans";

/**
 * The further formats of every failure mode, each read by the program that reads it on a host. What has no checker
 * here (opa, conftest, checkov and butane come from no registry that this machine reaches) says so at its test.
 */
type Printed = { readonly name: string; readonly text: string };

const KEEP_ALL = {
	...WHOLE_PLAN,
	keep: [
		{ kind: "own-nft-table" },
		{ kind: "ufw-in-docker-user" },
		{ kind: "unmanaged-bridges" },
		{ kind: "reboot-after-upgrade" },
		{ kind: "save-no-rules" },
		...(["published-port", "docker-down", "conntrack", "ip-forward", "reboot-required"] as const).map((on) => ({
			kind: "alert" as const,
			on,
		})),
	],
} as const;

/** Everything of one format: of every mode on its own host and on one of which nothing is known, and of every action. */
function every(format: MoreFormat): readonly Printed[] {
	const texts: Printed[] = [];
	for (const { about, plan, prevent, platform, slug } of MODE_PLANS)
		for (const on of [platform, UNKNOWN_PLATFORM]) {
			const text = renderFurther({ plan, prevent }, on, about, format);
			if (text !== null) texts.push({ name: `${about.failure}-${slug}-${on === platform ? "its-host" : "any"}`, text });
		}
	for (const [at, platform] of PLATFORMS.entries()) {
		const text = renderFurther({ plan: KEEP_ALL, prevent: null }, platform, ABOUT, format);
		if (text !== null) texts.push({ name: `whole-${at}`, text });
	}
	return [...new Map(texts.map((one) => [one.text, one])).values()];
}

let folder = "";
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "stackengine-formats-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
	const path = join(folder, name);
	mkdirSync(dirname(path), { recursive: true });
	writeFileSync(path, text);
	return path;
}

function run(program: string, ...args: readonly string[]): SpawnSyncReturns<string> {
	return spawnSync(program, args, { encoding: "utf8", timeout: 300_000 });
}

// shellcheck is fetched like everywhere else in these tests; other checkers are used where the machine has them.
const has = (...programs: readonly string[]): boolean => programs.every((program) => programOnPath(program) !== null);

const isRoot = process.getuid?.() === 0;
const hasNamespaces = isRoot && run("unshare", "--net", "true").status === 0;

describe("what is offered", () => {
	it.each(MODE_PLANS.map((one) => [`${one.about.failure} (${one.slug})`, one] as const))(
		"is never empty, and only what is printed: %s",
		(_, { about, plan, prevent, platform }) => {
			const ids = offered({ plan, prevent }, platform, about).map(({ id }) => id);
			for (const { id } of MORE_FORMATS) {
				const text = renderFurther({ plan, prevent }, platform, about, id);
				expect(text !== null, id).toBe(ids.includes(id));
				if (text === null) continue;
				const body = text.split("\n").filter((line) => line.trim() !== "" && !/^\s*#/.test(line));
				// What a firewall's own command does is a comment of firewalld's file.
				if (id !== "firewalld") expect(body.length, id).toBeGreaterThan(0);
				expect(text.endsWith("\n"), id).toBe(true);
			}
		},
	);

	it("has every format for some mode", () => {
		const never = MORE_FORMATS.filter(({ id }) => every(id).length === 0).map(({ id }) => id);
		expect(never).toEqual([]);
	});

	it("covers every mode that can be repaired", () => {
		expect([...new Set(MODE_PLANS.map(({ about }) => about.failure))].sort()).toEqual([...REPAIRABLE].sort());
	});
});

describe("scripts", () => {
	const shells: readonly (readonly string[])[] = [["dash"], ["bash"], ["busybox", "sh"]];
	it("preflight is read by every shell and clean under shellcheck with every optional check on", () => {
		const shellcheck = ensureProgram("shellcheck");
		if (!shellcheck) throw new Error("shellcheck is missing and could not be installed");
		const paths = every("preflight").map(({ name, text }) => file(`${name}.sh`, text));
		expect(paths.length).toBeGreaterThan(10);
		for (const [program = "sh", ...rest] of shells)
			if (programOnPath(program))
				for (const path of paths) expect(run(program, ...rest, "-n", path).stderr, `${program} ${path}`).toBe("");
		const { status, stdout } = run(shellcheck, "-o", "all", "-s", "sh", "-f", "gcc", ...paths);
		expect(stdout).toBe("");
		expect(status).toBe(0);
	}, 300_000);

	it("preflight says what holds and what does not, by its exit code too", () => {
		const lo = { kind: "interface-exists", interface: "lo" as never } as const;
		const none = { kind: "interface-exists", interface: "no-such-if" as never } as const;
		const answer = (...after: readonly (typeof lo)[]) => {
			const text = renderFurther(
				{ plan: { ...WHOLE_PLAN, after }, prevent: null },
				UNKNOWN_PLATFORM,
				ABOUT,
				"preflight",
			);
			const { status, stdout } = run("sh", file("preflight.sh", text ?? ""));
			return { status, stdout };
		};
		expect(answer(lo)).toEqual({ status: 0, stdout: "ok       the interface 'lo' exists\n" });
		expect(answer(lo, none)).toEqual({
			status: 1,
			stdout: "ok       the interface 'lo' exists\nNOT SO   the interface 'no-such-if' exists\n",
		});
	});

	/** Shell text out of a job. */
	function shellOf(text: string): readonly string[] {
		const found: string[] = [];
		const walk = (at: unknown, key: string): void => {
			if (Array.isArray(at)) for (const one of at) walk(one, key);
			else if (typeof at === "object" && at !== null) for (const [name, one] of Object.entries(at)) walk(one, name);
			else if (typeof at === "string" && (key === "run" || key === "script")) found.push(at);
		};
		walk(load(text), "");
		return found;
	}

	it.each(["github-actions", "gitlab-ci"] as const)(
		"of %s are clean, and no expression of the service's own",
		(format) => {
			const shellcheck = ensureProgram("shellcheck");
			if (!shellcheck) throw new Error("shellcheck is missing and could not be installed");
			const scripts = new Set(
				every(format)
					.flatMap(({ text }) => shellOf(text))
					// What stands between the marks is a script of its own.
					.map((text) => /<<'STACKENGINE_END'\n([\s\S]*)\nSTACKENGINE_END\n$/.exec(text)?.[1] ?? text),
			);
			expect(scripts.size).toBeGreaterThan(3);
			const paths = [...scripts].map((text, at) => file(`${format}-${at}.sh`, text));
			for (const text of scripts) expect(text).not.toContain("${{");
			const { stdout } = run(shellcheck, "-o", "all", "-s", "sh", "-f", "gcc", ...paths);
			expect(stdout).toBe("");
		},
		300_000,
	);
});

describe("jobs", () => {
	it("of GitHub have the keys that a workflow has", () => {
		const workflows = every("github-actions");
		expect(workflows.length).toBeGreaterThan(10);
		for (const { name, text } of workflows) {
			expect(load(text), name).toEqual({
				name: "Docker smoke test",
				on: { push: {}, schedule: [{ cron: "17 4 * * *" }], workflow_dispatch: {} },
				permissions: {},
				jobs: {
					"published-port": {
						"runs-on": "ubuntu-latest",
						"timeout-minutes": 10,
						steps: expect.arrayContaining([
							{ name: expect.any(String), shell: "sudo sh -eu {0}", run: expect.stringContaining("set -eu") },
						]),
					},
				},
			});
		}
	});

	it("of GitLab have a script of texts in a stage that is declared", () => {
		const jobs = every("gitlab-ci");
		expect(jobs.length).toBeGreaterThan(10);
		for (const { name, text } of jobs) {
			const job = load(text);
			expect(job, name).toEqual({
				stages: ["test"],
				"published-port": { stage: "test", tags: ["docker-host"], timeout: "10 minutes", script: expect.any(Array) },
			});
		}
	});
});

describe("files of the host", () => {
	it.skipIf(!has("systemd-analyze"))(
		"drop-ins pass systemd-analyze verify beside a unit of Docker",
		() => {
			const unit = "[Unit]\nDescription=Docker\n[Service]\nExecStart=/bin/true\n";
			for (const { name, text } of every("systemd")) {
				const path = file(`${name}/docker.service`, unit);
				file(`${name}/docker.service.d/50-stackengine.conf`, text.replaceAll("/usr/bin/dockerd", "/bin/true"));
				const { status, stdout, stderr } = run("systemd-analyze", "verify", "--man=no", path);
				expect({ name, status, said: `${stdout}${stderr}`.replace(/^.*(?:SO_PASSCRED|bus).*\n/gm, "") }).toEqual({
					name,
					status: 0,
					said: "",
				});
			}
		},
		300_000,
	);

	it.skipIf(!has("systemd-analyze"))("a drop-in with a mistake does not pass", () => {
		const path = file("wrong/docker.service", "[Unit]\nDescription=Docker\n[Service]\nExecStart=/bin/true\n");
		file("wrong/docker.service.d/50-stackengine.conf", "[Unit]\nAftr=x.service\n");
		const { stdout, stderr } = run("systemd-analyze", "verify", "--man=no", path);
		expect(`${stdout}${stderr}`).toContain("Aftr");
	});

	it("OpenRC's lines are shell that sets what openrc-run reads", () => {
		const texts = every("openrc");
		expect(texts.length).toBeGreaterThan(0);
		for (const { text } of texts) {
			const path = file("conf.d", text);
			const { stdout, status } = run("sh", "-c", '. "$1"; echo "$rc_after"', "sh", path);
			expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringMatching(/^[a-z ]*\n$/) });
		}
	});

	it("daemon.json is JSON", () => {
		for (const { text } of every("daemon-json")) expect(JSON.parse(text)).toBeTypeOf("object");
	});

	it("modules-load.d and sysctl.d hold one name or setting a line", () => {
		for (const { text } of every("modules-load"))
			for (const line of text.trimEnd().split("\n")) expect(line).toMatch(/^(?:#.*|[A-Za-z0-9_-]+)$/);
		for (const { text } of every("sysctl"))
			for (const line of text.trimEnd().split("\n")) expect(line).toMatch(/^(?:#.*|[a-z][\w./-]* = [\w. -]+)$/);
	});

	it.skipIf(!hasNamespaces || !has("nft"))(
		"nftables.conf passes nft -c -f in a namespace, and replaces only its own table",
		() => {
			const texts = every("nftables");
			expect(texts.length).toBeGreaterThan(1);
			for (const { name, text } of texts) {
				const path = file(`${name}.nft`, text);
				const chains = [...text.matchAll(/^insert rule (\S+) (\S+) (\S+) /gm)].map(
					([, family, table, chain]) =>
						`add table ${family} ${table}; add chain ${family} ${table} ${chain} { type filter hook forward priority 0; policy drop; }`,
				);
				const before = file(`${name}.before.nft`, `${[...new Set(chains)].join("\n")}\nadd table ip docker-bridges\n`);
				// Twice: the second time the table is there already.
				const script = 'nft -f "$1" && nft -c -f "$2" && nft -f "$2" && nft -f "$2" && nft list tables';
				const { status, stderr, stdout } = run("unshare", "--net", "sh", "-c", script, "sh", before, path);
				expect({ name, status, stderr }).toEqual({ name, status: 0, stderr: "" });
				expect(stdout).toContain("docker-bridges");
			}
		},
		120_000,
	);

	it.skipIf(!hasNamespaces || !has("iptables-restore"))(
		"ufw's block is restored by iptables without touching another chain, twice alike",
		() => {
			const blocks = every("ufw").filter(({ text }) => text.includes("*filter"));
			expect(blocks.length).toBeGreaterThan(0);
			for (const { name, text } of blocks) {
				const path = file(`${name}.rules`, text);
				const script =
					'iptables -N DOCKER && iptables -A DOCKER -j RETURN && iptables -N ufw-user-forward && iptables -N DOCKER-USER && iptables -A FORWARD -j DOCKER-USER && iptables-restore -n <"$1" && iptables-restore -n <"$1" && iptables -S';
				const { status, stdout, stderr } = run("unshare", "--net", "sh", "-c", script, "sh", path);
				expect({ name, status, stderr: stderr.replace(/^#.*\n/gm, "") }).toEqual({ name, status: 0, stderr: "" });
				expect(stdout).toContain("-A DOCKER -j RETURN");
				expect(stdout.match(/-A DOCKER-USER -j ufw-user-forward/g)).toHaveLength(1);
			}
		},
		120_000,
	);

	it("firewalld's lines are keys of firewalld.conf", () => {
		const texts = every("firewalld");
		expect(texts.length).toBeGreaterThan(0);
		for (const { text } of texts)
			for (const line of text.trimEnd().split("\n"))
				expect(line).toMatch(/^(?:#.*|FirewallBackend=nftables|StrictForwardPorts=no)$/);
	});
});

describe("Butane and Ignition", () => {
	// butane comes from no registry that this machine reaches; Ignition is checked against its published specification.
	it("say the same, and Ignition as specification 3.4.0 has it", () => {
		const made = MODE_PLANS.map((one) => ({ ...one, platform: UNKNOWN_PLATFORM }));
		let seen = 0;
		for (const { plan, prevent, platform, about } of [
			...made,
			{ plan: KEEP_ALL, prevent: null, platform: UNKNOWN_PLATFORM, about: ABOUT },
		]) {
			const butane = renderFurther({ plan, prevent }, platform, about, "butane");
			const ignition = renderFurther({ plan, prevent }, platform, about, "ignition");
			expect(butane === null).toBe(ignition === null);
			if (butane === null || ignition === null) continue;
			seen += 1;
			const config: unknown = JSON.parse(ignition);
			expect(checkIgnition(config)).toEqual([]);
			expect(config).toEqual(translate(load(butane)));
		}
		expect(seen).toBeGreaterThan(3);
	});
});

/** What `butane` makes of the subset that is printed: keys stay, `inline` becomes a data URL (docs/specs of Butane). */
function translate(butane: unknown): unknown {
	if (typeof butane !== "object" || butane === null) throw new Error("no mapping");
	const { variant, version, ...rest } = butane as { variant: string; version: string };
	expect([variant, version]).toEqual(["flatcar", "1.1.0"]);
	const walk = (at: unknown): unknown => {
		if (Array.isArray(at)) return at.map(walk);
		if (typeof at !== "object" || at === null) return at;
		return Object.fromEntries(
			Object.entries(at).map(([key, value]) =>
				key === "contents" && typeof value === "object" && value !== null && "inline" in value
					? [key, { source: `data:,${encodeURIComponent(String(value.inline))}` }]
					: [key, walk(value)],
			),
		);
	};
	return { ignition: { version: "3.4.0" }, ...(walk(rest) as object) };
}

describe("alerts", () => {
	it("pass promtool where Prometheus is installed, and are groups of rules everywhere", () => {
		const texts = every("alerts");
		expect(texts.length).toBeGreaterThan(5);
		for (const { name, text } of texts) {
			expect(load(text), name).toEqual({
				groups: [
					{
						name: "stackengine",
						rules: expect.arrayContaining([
							{
								alert: expect.stringMatching(/^[A-Z]\w+$/),
								expr: expect.any(String),
								for: expect.stringMatching(/^\d+[md]$/),
								labels: { severity: "page" },
								annotations: { summary: expect.any(String) },
							},
						]),
					},
				],
			});
			if (!has("promtool")) continue;
			const { status, stdout, stderr } = run("promtool", "check", "rules", file(`${name}-alerts.yml`, text));
			expect({ name, status, said: status === 0 ? "" : `${stdout}${stderr}` }).toEqual({ name, status: 0, said: "" });
		}
	}, 120_000);
});

describe("user-data and plays of repair and prevention together", () => {
	it.skipIf(!has("cloud-init"))(
		"user-data of every mode passes cloud-init schema",
		() => {
			const texts = new Set(
				MODE_PLANS.map(({ plan, platform, about, prevent }) =>
					renderFix(plan, platform, about, "cloud-init", null, prevent),
				),
			);
			texts.add(renderFix(KEEP_ALL, UNKNOWN_PLATFORM, ABOUT, "cloud-init"));
			for (const text of texts) {
				const { status, stdout, stderr } = run("cloud-init", "schema", "-c", file("user-data.yaml", text));
				expect({ status, said: status === 0 ? "" : `${stdout}${stderr}${text}` }).toEqual({ status: 0, said: "" });
			}
		},
		600_000,
	);

	it.skipIf(!has("ansible-lint", "ansible-playbook"))(
		"plays of every mode pass ansible-lint's production profile and ansible-playbook's own reading",
		() => {
			const paths = MODE_PLANS.map(({ plan, platform, about, prevent, slug }) =>
				file(`plays/${about.failure}-${slug}.yml`, renderFix(plan, platform, about, "ansible", null, prevent)),
			);
			paths.push(file("plays/whole.yml", renderFix(joinPlans(KEEP_ALL, null), UNKNOWN_PLATFORM, ABOUT, "ansible")));
			const syntax = run("ansible-playbook", "--syntax-check", "-i", "localhost,", ...paths);
			expect({ status: syntax.status, said: syntax.status === 0 ? "" : syntax.stderr }).toEqual({
				status: 0,
				said: "",
			});
			const linted = run("ansible-lint", "--profile", "production", "--offline", "--nocolor", "-p", ...paths);
			expect(`${linted.stdout}${linted.stderr}`).toContain("Passed with production profile");
		},
		900_000,
	);
});

describe("the table of kernels and backends", () => {
	it("is a Markdown table whose rows are whole", () => {
		const texts = every("compatibility");
		expect(texts.length).toBeGreaterThan(3);
		for (const { text } of texts) {
			const rows = text.split("\n").filter((line) => line.startsWith("|"));
			expect(rows.length).toBeGreaterThan(15);
			for (const row of rows) expect(row.split("|")).toHaveLength(6);
		}
	});
});

/**
 * opa, conftest and checkov can't be had from npm or Debian, so the documents themselves have not been run here. What
 * they decide by, the patterns, is: read by Python's `re` as Checkov does and, in RE2's part of the syntax, by this engine.
 */
describe("the policies", () => {
	const REFUSED: readonly (readonly [HabitId, readonly string[], readonly string[]])[] = [
		[
			"flush-everything",
			[
				"iptables -F",
				"iptables -t nat -F",
				"ip6tables -w 5 -t nat -X\n",
				"iptables-nft --flush; true",
				"set -e\niptables -F\nexit",
			],
			["iptables -F my-chain", "iptables -t nat -F my-chain", "iptables -S FORWARD", "iptables -t nat -L"],
		],
		[
			"nft-flush-ruleset",
			["nft flush ruleset", "flush ruleset\ntable inet x {}"],
			["nft flush table inet mine", "nft list ruleset"],
		],
		[
			"switch-to-legacy",
			["update-alternatives --set iptables /usr/sbin/iptables-legacy"],
			["update-alternatives --set iptables /usr/sbin/iptables-nft", "iptables-legacy-save >old"],
		],
		["flush-docker-user", ["iptables -F DOCKER-USER"], ["iptables -S DOCKER-USER"]],
		["create-chain-by-hand", ["iptables -t nat -N DOCKER", "iptables -N DOCKER;"], ["iptables -N DOCKER-USER"]],
		[
			"disable-firewalld",
			["systemctl disable --now firewalld", "systemctl stop firewalld"],
			["systemctl restart firewalld"],
		],
		["disable-ufw", ["ufw disable", "ufw --force disable"], ["ufw reload"]],
		["disable-ufw-that-blocks", ["ufw disable"], ["ufw status"]],
		["forward-accept", ["iptables -P FORWARD ACCEPT"], ["iptables -P FORWARD DROP"]],
		["ufw-forward-accept", ['DEFAULT_FORWARD_POLICY="ACCEPT"'], ['DEFAULT_FORWARD_POLICY="DROP"']],
		[
			"trusted-zone",
			["firewall-cmd --permanent --zone=trusted --add-interface=docker0"],
			["firewall-cmd --zone=trusted --add-interface=eth1"],
		],
		[
			"chmod-socket",
			["chmod 666 /var/run/docker.sock", "chmod 777 /run/docker.sock"],
			["chmod 660 /var/run/docker.sock"],
		],
		["delete-lock-file", ["rm /run/xtables.lock", "rm -f /run/xtables.lock"], ["flock /run/xtables.lock true"]],
		["delete-daemon-json", ["rm -f /etc/docker/daemon.json"], ["cp /etc/docker/daemon.json /root"]],
		["delete-docker-state", ["rm -rf /var/lib/docker", "rm -rf /var/lib/docker/*"], ["rm -rf /var/lib/docker-old"]],
		["rp-filter-off", ["sysctl -w net.ipv4.conf.all.rp_filter=0", "net.ipv4.conf.eth0.rp_filter = 0"], ["rp_filter=2"]],
		["flush-conntrack", ["conntrack -F"], ["conntrack -L"]],
	];

	it("have an example of each pattern", () => {
		expect(REFUSED.map(([id]) => id).sort()).toEqual(Object.keys(FORBIDDEN).sort());
	});

	it.each(REFUSED)("refuse %s and nothing beside it", (id, refused, allowed) => {
		const of = { ...WHOLE_PLAN, instead: [HABITS[id]] };
		const [rule] = forbiddenIn(of);
		const rego = renderFurther({ plan: of, prevent: null }, UNKNOWN_PLATFORM, ABOUT, "rego") ?? "";
		const quoted = [...rego.matchAll(/regex\.match\(("(?:[^"\\]|\\.)*"), text\)/g)].map(([, text]) =>
			JSON.parse(text ?? ""),
		);
		expect(quoted).toEqual([rule?.pattern]);
		const pattern = new RegExp(String(quoted[0]));
		for (const text of refused) expect(pattern.test(text), text).toBe(true);
		for (const text of allowed) expect(pattern.test(text), text).toBe(false);

		const policy = load(renderFurther({ plan: of, prevent: null }, UNKNOWN_PLATFORM, ABOUT, "checkov") ?? "");
		expect(policy).toMatchObject({
			definition: { and: [{ operator: "not_regex_match" }, { operator: "not_regex_match" }] },
		});
		if (!has("python3")) return;
		const value = (policy as { definition: { and: { value: string }[] } }).definition.and[0]?.value ?? "";
		const python =
			"import json,re,sys; v,t=json.loads(sys.argv[1]); print(json.dumps([re.match(v,x) is not None for x in t]))";
		const { stdout } = run("python3", "-c", python, JSON.stringify([value, [...refused, ...allowed]]));
		expect(JSON.parse(stdout)).toEqual([...refused.map(() => true), ...allowed.map(() => false)]);
	});

	it("do not refuse what we print ourselves", () => {
		for (const { plan, prevent, platform, about } of MODE_PLANS) {
			const joined = joinPlans(plan, prevent);
			const rules = forbiddenIn(joined).map(({ pattern }) => new RegExp(pattern));
			const play = load(renderFix(plan, platform, about, "ansible", null, prevent));
			for (const text of textsOf(play))
				for (const rule of rules) expect(rule.test(text) ? `${about.failure}: ${text}` : "", String(rule)).toBe("");
		}
	});
});

/** Texts as the policy for Conftest sees them: not what is said to people. */
function textsOf(document: unknown): readonly string[] {
	if (typeof document === "string") return [document];
	if (Array.isArray(document)) {
		const words = document.every((one) => typeof one === "string") ? [document.join(" ")] : [];
		return [...words, ...document.flatMap(textsOf)];
	}
	if (typeof document !== "object" || document === null) return [];
	return Object.entries(document).flatMap(([key, one]) =>
		["name", "msg", "fail_msg", "description"].includes(key) ? [] : textsOf(one),
	);
}

/** What is pasted reaches a format as prose in comments, as a checked name, or as a value of daemon.json. */
describe("hostile words", () => {
	const HOSTILE = [
		"x\n[Service]\nExecStart=/bin/sh -c id\n",
		"'; touch /tmp/x; '",
		"$(id) `id` \u0024{IFS}",
		"{{ lookup('pipe','id') }} \u0024{{ github.token }}",
		"\n- name: evil\nevil: true\n",
		"\r\nflush ruleset\r\n",
		"--- !!python/object/apply:os.system [id]",
		"-rf --no-preserve-root",
		'" == false }\ndeny contains "x" if { true',
		"STACKENGINE_END\nid\n",
		"\u202e\u2028\u0085\u0000 end",
		"</script><script>alert(1)</script>",
		"a".repeat(10_240),
	];
	/** What counts in a text: comments are for people. JSON and YAML are read, with the one name that Checkov shows. */
	function meaning(format: MoreFormat, text: string): unknown {
		if (format === "ignition" || format === "daemon-json") return JSON.parse(text);
		if (["butane", "github-actions", "gitlab-ci", "alerts", "checkov"].includes(format)) {
			const document = load(text);
			const plain = JSON.stringify(document, (key, value) => (key === "metadata" ? "" : value));
			// The preflight inside a job has its own comments.
			return plain.replaceAll(/\\n# (?:[^"\\]|\\(?!n).)*/g, "");
		}
		if (format === "compatibility") return text.split("\n").slice(1);
		return text.split("\n").filter((line) => !line.startsWith("#"));
	}
	const about = (word: string): About => ({ failure: "docker-chain-missing", title: word });
	const said = (word: string): Plan => ({
		...KEEP_ALL,
		summary: word,
		steps: KEEP_ALL.steps.map((step) => ({ ...step, why: word })),
		before: KEEP_ALL.before.map((one) => ({ ...one, otherwise: word })),
	});

	it.each(MORE_FORMATS.map(({ id }) => id))("change nothing of what %s means", (format) => {
		for (const platform of PLATFORMS) {
			const benign = renderFurther({ plan: said("Fine."), prevent: null }, platform, about("Fine."), format);
			for (const word of HOSTILE) {
				const text = renderFurther({ plan: said(word), prevent: null }, platform, about(word), format);
				expect(text === null).toBe(benign === null);
				if (text === null || benign === null) continue;
				expect(meaning(format, text), JSON.stringify(word).slice(0, 60)).toEqual(meaning(format, benign));
			}
		}
	});

	it.each(HOSTILE.map((word) => [JSON.stringify(word).slice(0, 40), word] as const))(
		"come back whole as a value of daemon.json: %s",
		(_, word) => {
			const daemonJson = JSON.stringify({ "data-root": word, iptables: false }, null, 2);
			const platform = { ...UNKNOWN_PLATFORM, daemonJson };
			const print = (format: MoreFormat) =>
				renderFurther({ plan: KEEP_ALL, prevent: null }, platform, ABOUT, format) ?? "";
			const edited = JSON.parse(print("daemon-json"));
			expect(edited).toEqual({ "data-root": word, "default-address-pools": [{ base: "10.10.0.0/16", size: 24 }] });
			type Files = { storage: { files: { path: string; contents: { inline?: string; source?: string } }[] } };
			const of = (files: Files) => files.storage.files.find(({ path }) => path.endsWith("daemon.json"))?.contents;
			expect(JSON.parse(of(load(print("butane")) as Files)?.inline ?? "")).toEqual(edited);
			const source = of(JSON.parse(print("ignition")))?.source ?? "";
			expect(JSON.parse(decodeURIComponent(source.replace(/^data:,/, "")))).toEqual(edited);
		},
	);
});

describe("what came out of a report", () => {
	const REPORT = [{ id: "s1", name: "docker ps", text: "ed0001000000 image-1 container-1\n10.213.171.7\n" }];
	it("stays out of files, which can ask nobody, and is named as left out", () => {
		const admit = WHOLE_PLAN.steps.filter(({ action }) => action.kind === "admit-in-nft-chain");
		const [step] = admit;
		if (step?.action.kind !== "admit-in-nft-chain") throw new Error("no such step");
		const plan: Plan = {
			...KEEP_ALL,
			steps: [{ ...step, action: { ...step.action, bridge: "br-ed0001000000" as never } }],
		};
		const text = renderFurther({ plan, prevent: null }, UNKNOWN_PLATFORM, ABOUT, "nftables", REPORT) ?? "";
		expect(text).toContain("# Left out, since it needs names that the report does not tell: Admit Docker's traffic of");
		expect(text).not.toMatch(/^insert rule/m);
		expect(text).not.toContain("ed0001000000");
	});
	it("never prints the redacted daemon.json as if it were the host's", () => {
		const platform = { ...UNKNOWN_PLATFORM, daemonJson: '{ "bip": "10.213.171.1/24" }' };
		const text = renderFurther({ plan: KEEP_ALL, prevent: null }, platform, ABOUT, "daemon-json", REPORT) ?? "";
		expect(text).not.toContain("10.213.171.1");
	});
});
