import { absent, failureMode, type Sign, sign, undecided } from "../../diagnose/failure-mode";
import { listWords } from "../../facts/engine-state";
import { placesOf, valueOr } from "../../facts/fact";
import { complaints, placesOfFailures } from "../../facts/failure-facts";
import type { HostFacts } from "../../facts/host-facts";
import type { Step } from "../../remedy/plan";
import { alerts, byHand, habits, startDocker } from "../../remedy/steps";
import { daemonKey } from "../../remedy/validate";

type Params = { readonly reason: string; readonly names: readonly string[]; readonly file: string | null };

/** Keys and flags that articles name and no version has: looked up in moby’s flags at every tag from v1.10 to v29.7.2. */
const INVENTED = new Set(["wait", "iptables-wait", "xtables-lock", "iptables-path", "iptables-backend"]);

const NO_SUCH_WAIT =
	"No version of dockerd has a setting for the lock of iptables: the `--wait` in its error messages belongs to the `iptables` call that it makes.";

export default failureMode<"daemon-config-invalid", Params>({
	id: "daemon-config-invalid",
	title: "dockerd refuses its configuration",
	effect: "dockerd does not start",
	impact: "high",
	minutes: 5,
	explains: ["docker-chain-missing"],

	detect(facts) {
		const said = complaints(facts.failures, "config-invalid");
		const unit = complaints(facts.failures, "unit-invalid");
		const broken = facts.docker.configError;
		const signs: Sign[] = [];
		const first = said[0]?.complaint;
		if (said.length > 0) signs.push(sign("dockerd refused its configuration", placesOfFailures(said)));
		if (unit.length > 0) signs.push(sign("systemd refused the unit", placesOfFailures(unit)));
		if (broken) signs.push(sign(`daemon.json is not valid: ${broken.says}`, [broken.at]));
		const invented = inventedSetting(facts);
		if (invented) signs.push(sign(`No version of dockerd knows \`${invented.name}\``, invented.at));
		const names = first?.names ?? (invented ? [invented.name] : []);
		const params: Params = {
			reason: first?.reason ?? (broken ? "syntax" : unit.length > 0 ? "unit" : "unknown-key"),
			names,
			file: first?.file ?? (broken ? "/etc/docker/daemon.json" : null),
		};
		if (said.length > 0) return { kind: "present", confidence: "certain", params, signs };
		if (unit.length > 0) return { kind: "present", confidence: "certain", params, signs };
		if (broken)
			return {
				kind: "present",
				confidence: facts.docker.running.known && !facts.docker.running.value ? "certain" : "likely",
				params,
				signs,
				ask: ["dockerd-log"],
			};
		if (invented) return { kind: "present", confidence: "likely", params, signs, ask: ["dockerd-log"] };
		if (facts.docker.running.known && facts.docker.running.value)
			return absent("dockerd runs, so it accepted its configuration", placesOf(facts.docker.running));
		return facts.log.known
			? absent("dockerd did not complain of its configuration", placesOf(facts.log).slice(0, 1))
			: undecided("dockerd-log", "daemon-json");
	},

	headline: ({ reason }) =>
		reason === "unit" ? "systemd refuses the unit of Docker" : "dockerd refuses its configuration",

	explain({ reason, names, file }) {
		const where = file ? `\`${file}\`` : "daemon.json or its command line";
		const which = names.length > 0 ? listWords(names.slice(0, 4).map((name) => `\`${name}\``)) : "a setting";
		const invented = names.some((name) => INVENTED.has(name)) ? ` ${NO_SUCH_WAIT}` : "";
		switch (reason) {
			case "unknown-key":
				return `${where} has ${which}, which this version of dockerd does not know. dockerd reads its file strictly: one unknown key and it does not start.${invented}`;
			case "unknown-flag":
				return `dockerd was started with ${listWords(names.map((name) => `\`${dashed(name)}\``)) || "a flag"}, which it does not have: it says so and ends.${invented}`;
			case "duplicate":
				return `${which} ${names.length > 1 ? "stand" : "stands"} both in the file and on the command line. dockerd refuses that even when both say the same.${names.includes("hosts") ? " The unit that comes with the packages has `-H fd://`, so `hosts` can’t be in the file as well." : ""}`;
			case "type":
				return `${names.length > 0 ? which : "A value"} in ${where} has the wrong type: true, false and numbers are written without quotes, lists in brackets.`;
			case "conflict":
				return `Settings that can’t stand together: ${which}. \`dockerd --validate\` does not find this; only the start does.`;
			case "missing-file":
				return `The file named with \`--config-file\` is not there (${where}).`;
			case "unit":
				return "systemd did not even run dockerd: the unit is not valid. A drop-in that sets `ExecStart=` must first empty it with a bare `ExecStart=`.";
			default:
				return `${where} is not valid JSON: no comments, no trailing comma, straight quotes. dockerd ends before it makes any chain.`;
		}
	},

	fix({ reason, names, file }) {
		const keys = names.flatMap((name) => daemonKey(name) ?? []);
		const flags = listWords(names.map((name) => `\`${dashed(name)}\``)) || "the flag";
		const inFile = file ? `\`${file}\`` : "/etc/docker/daemon.json";
		const byReason: Readonly<Record<string, readonly string[]>> = {
			unit: [
				"`systemctl cat docker` shows the unit with its drop-ins.",
				"In a drop-in that sets `ExecStart=`, put a line with a bare `ExecStart=` before it. Then `systemctl daemon-reload`.",
			],
			"unknown-flag": [
				`Take ${flags} out of \`ExecStart=\` (\`systemctl cat docker\` shows where it stands), out of DOCKER_OPTS in /etc/default/docker, or out of /etc/conf.d/docker.`,
				"After a change of the unit: `systemctl daemon-reload`.",
			],
			conflict: [`Change one of the settings: ${listWords(names.map((name) => `\`${name}\``)) || "see the message"}.`],
			"missing-file": [`Put the file back, or take \`--config-file\` out of the unit.`],
		};
		const edit: Step =
			(reason === "unknown-key" || reason === "duplicate") && keys.length > 0
				? {
						action: { kind: "edit-daemon-json", set: [], remove: keys },
						why:
							reason === "duplicate"
								? "One place is enough: the command line keeps its value. What the file said besides must go there, in a drop-in."
								: `Only ${listWords(keys.map((key) => `\`${key}\``))} goes, everything else in the file stays.`,
						risk: "low",
						interrupts: "nothing",
					}
				: byHand(
						"Only you know what the setting was to say.",
						...(byReason[reason] ?? [
							`Keep a copy of ${inFile} and mend it at the place that the message names.`,
							"`dockerd --validate --config-file=/etc/docker/daemon.json` checks it (23.0 and later); before that `python3 -m json.tool` finds a wrong comma.",
						]),
					);
		return {
			summary: `${reason === "unit" || reason === "unknown-flag" ? "Mend the unit" : "Mend the one setting"}, then start dockerd.`,
			// A start before the file is mended must fail once more. What stands in the unit, and what contradicts itself,
			// `dockerd --validate` does not see.
			before:
				edit.action.kind === "by-hand" && IN_THE_FILE.has(reason) && (file ?? DAEMON_JSON) === DAEMON_JSON
					? [
							{
								check: { kind: "daemon-config-valid" },
								holds: true,
								otherwise: `Mend ${DAEMON_JSON} by hand first, at the place that dockerd names: a start would fail again.`,
							},
						]
					: [],
			steps: [edit, ...startDocker("After a few failed starts systemd has given up: its counter is reset first.")],
			after: [{ kind: "daemon-config-valid" }, { kind: "daemon-running" }],
			instead: habits(
				"delete-daemon-json",
				"reinstall-docker",
				...(names.some((name) => INVENTED.has(name)) ? (["daemon-json-wait", "dockerd-wait"] as const) : []),
			),
			proveFromOutside: null,
		};
	},

	prevent({ reason }) {
		if (reason === "unit" || reason === "unknown-flag")
			return {
				summary: "Check the unit before each restart.",
				before: [],
				steps: [
					byHand(
						"systemd and dockerd look at the unit and its flags only at the next start.",
						"After a change of the unit or a drop-in: `systemctl daemon-reload`, then `systemd-analyze verify docker.service`.",
						"`dockerd --help` lists every flag that this version has. What daemon.json can say belongs there and not on the command line.",
					),
				],
				after: [],
				keep: alerts("docker-down"),
				instead: [],
				proveFromOutside: null,
			};
		return {
			summary: "Check the file before each restart.",
			before: [],
			steps: [
				byHand(
					"dockerd reads the file when it starts: a mistake made today stops it at the next boot.",
					"In playbooks run `dockerd --validate --config-file=/etc/docker/daemon.json`, with the unit’s own flags, before the restart (23.0 and later).",
					"Merge keys into the file, as with `jq`; never write it anew.",
				),
			],
			after: [],
			keep: alerts("docker-down"),
			instead: [],
			proveFromOutside: null,
		};
	},
});

const DAEMON_JSON = "/etc/docker/daemon.json";
/** Reasons that stand in the file and that `dockerd --validate` finds. */
const IN_THE_FILE: ReadonlySet<string> = new Set(["syntax", "type", "unknown-key", "other"]);

const dashed = (flag: string): string => (flag.length === 1 ? `-${flag}` : `--${flag}`);

function inventedSetting(facts: HostFacts) {
	for (const key of valueOr(facts.docker.config, new Map<string, unknown>()).keys())
		if (INVENTED.has(key)) return { name: key, at: placesOf(facts.docker.config) };
	for (const flag of valueOr(facts.docker.flags, new Map<string, string>()).keys())
		if (INVENTED.has(flag)) return { name: `--${flag}`, at: placesOf(facts.docker.flags) };
	return null;
}
