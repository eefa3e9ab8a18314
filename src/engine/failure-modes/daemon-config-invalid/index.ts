import { absent, failureMode, type Sign, sign, undecided } from "../../diagnose/failure-mode";
import { listWords } from "../../facts/engine-state";
import { placesOf, valueOr } from "../../facts/fact";
import { complaints, placesOfFailures } from "../../facts/failure-facts";
import type { HostFacts } from "../../facts/host-facts";
import type { Step } from "../../remedy/plan";
import { byHand, habits, startDocker } from "../../remedy/steps";
import { daemonKey } from "../../remedy/validate";

type Params = { readonly reason: string; readonly names: readonly string[]; readonly file: string | null };

/** Keys and flags that articles name and no version has (flags of moby v1.10 to v29.7.2). */
const INVENTED = new Set(["wait", "iptables-wait", "xtables-lock", "iptables-path", "iptables-backend"]);

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

	explain({ reason, names, file }) {
		const where = file ? `\`${file}\`` : "daemon.json or its command line";
		const which = names.length > 0 ? listWords(names.slice(0, 4).map((name) => `\`${name}\``)) : "a setting";
		switch (reason) {
			case "unknown-key":
				return `${where} has ${which}, which this version of dockerd does not know. dockerd reads its file strictly: one unknown key and it does not start.`;
			case "unknown-flag":
				return `dockerd was started with ${which}, a flag that it does not have. It prints its usage and ends.`;
			case "duplicate":
				return `${which} stands both in the file and on the command line. dockerd refuses that even when both say the same; it is often \`hosts\` against \`-H fd://\` of the unit.`;
			case "type":
				return `${which} in ${where} has the wrong type: true and false are written without quotes, lists in brackets.`;
			case "conflict":
				return `Two settings contradict each other (${which}). \`dockerd --validate\` does not find this; only the start does.`;
			case "missing-file":
				return `The file named with \`--config-file\` is not there (${where}).`;
			case "unit":
				return "systemd did not even run dockerd: the unit is not valid. A drop-in that sets `ExecStart=` must first empty it with a bare `ExecStart=`.";
			default:
				return `${where} is not valid JSON: no comments, no trailing comma, straight quotes. dockerd ends before it makes any chain.`;
		}
	},

	fix({ reason, names }) {
		const keys = names.flatMap((name) => daemonKey(name) ?? []);
		const edit: Step =
			(reason === "unknown-key" || reason === "duplicate") && keys.length > 0
				? {
						action: { kind: "edit-daemon-json", set: [], remove: keys },
						why:
							reason === "duplicate"
								? "One place is enough; the command line keeps it."
								: "Only this key goes, the others stay.",
						risk: "low",
						interrupts: "nothing",
					}
				: byHand(
						"Only you know what the setting was to say.",
						reason === "unit"
							? "See it: `systemctl cat docker`. Put an empty `ExecStart=` before the new one in the drop-in, then `systemctl daemon-reload`."
							: reason === "unknown-flag"
								? `Take ${names.map((name) => `\`${name}\``).join(", ") || "the flag"} out of docker.service, /etc/default/docker or /etc/conf.d/docker.`
								: "Mend the file at the place named above; keep a copy. `dockerd --validate --config-file=/etc/docker/daemon.json` checks it (23.0 and later).",
					);
		return {
			summary: "Mend the one setting, then start dockerd.",
			before: [],
			steps: [edit, ...startDocker("After a few failed starts systemd has given up: its counter is reset first.")],
			after: [{ kind: "daemon-config-valid" }, { kind: "daemon-running" }],
			instead: habits("delete-daemon-json", "reinstall-docker", "daemon-json-wait", "dockerd-wait"),
			proveFromOutside: null,
		};
	},

	prevent() {
		return {
			summary: "Check the file before each restart.",
			before: [],
			steps: [
				byHand(
					"A reload does not show the mistake; the next start does.",
					"Put `dockerd --validate --config-file=…` with the unit’s own flags before `systemctl restart docker` in playbooks.",
					"Merge keys (`jq`), never overwrite the file.",
				),
			],
			after: [],
			instead: [],
			proveFromOutside: null,
		};
	},
});

function inventedSetting(facts: HostFacts) {
	for (const key of valueOr(facts.docker.config, new Map<string, unknown>()).keys())
		if (INVENTED.has(key)) return { name: key, at: placesOf(facts.docker.config) };
	for (const flag of valueOr(facts.docker.flags, new Map<string, string>()).keys())
		if (INVENTED.has(flag)) return { name: `--${flag}`, at: placesOf(facts.docker.flags) };
	return null;
}
