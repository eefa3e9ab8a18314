import { bareName, type ComplaintRule, type Heard } from "./complaint-rule";
import type { Complaint } from "./failure";

/**
 * A daemon.json, a dockerd flag or a unit file that is refused.
 *
 *     unable to configure the Docker daemon with file /etc/docker/daemon.json: the following directives don't match any configuration option: iptables-wait
 *     Status: unknown flag: --wait See 'dockerd --help'., Code: 125
 *     docker.service: Service has more than one ExecStart= setting, which is only allowed for Type=oneshot services. Refusing.
 *
 * Sources: moby daemon/config/config.go and cmd/dockerd, 1.10 to 29; systemd.service(5). Names come in random order, as Go's map
 * iteration gave them. Not read: the values of a directive that is given twice.
 */

type ConfigComplaint = Extract<Complaint, { readonly kind: "config-invalid" }>;

function configFile(heard: Heard): string | null {
	const path = /(?:daemon with file|config-file[= ]|open|read|file) ['"]?(\/[^\s'":,]{1,200})/i.exec(heard.plain)?.[1];
	return bareName(path);
}

function invalid(reason: ConfigComplaint["reason"], names: readonly string[], heard: Heard): ConfigComplaint {
	return { kind: "config-invalid", reason, names: names.slice(0, 32), file: configFile(heard) };
}

/** `a, b` or `hosts: (from flag: [fd://], from file: [tcp://…]), iptables: (…)`: the keys. */
function directiveNames(text: string): readonly string[] {
	const names: string[] = [];
	// What stands in brackets is a value, and may hold commas.
	const keys = text.slice(0, 2000).replace(/\([^)]{0,400}\)?/g, "");
	for (const part of keys.split(/[,\s]+/)) {
		const name = part.replace(/^["'{[]{1,3}/, "").replace(/["'}\].:;]{1,4}$/, "");
		if (!/^[a-z][a-z0-9_.-]{0,60}$/i.test(name)) break;
		names.push(name);
	}
	return names;
}

export const CONFIG_COMPLAINTS: readonly ComplaintRule[] = [
	{
		anchors: ["match any configuration option"],
		pattern: /directives don.?t match any configuration option:? ?(.{0,2000})/i,
		speaker: "dockerd",
		read: (match, heard) => invalid("unknown-key", directiveNames(match[1] ?? ""), heard),
	},
	{
		anchors: ["both as a flag and in the configuration"],
		pattern: /specified both as a flag and in the configuration file:? ?(.{0,2000})/i,
		speaker: "dockerd",
		read: (match, heard) => invalid("duplicate", directiveNames(match[1] ?? ""), heard),
	},
	{
		anchors: ["cannot unmarshal"],
		pattern:
			/cannot unmarshal \S{1,20} into go (?:struct field|value)(?: (?:\w{1,60}\.)?([\w.-]{1,80}))?(?: of type)?/i,
		speaker: "dockerd",
		read: (match, heard) => {
			if (!/config|daemon/.test(heard.lower)) return null;
			const name = match[1]?.split(".").at(-1);
			return invalid("type", name === undefined ? [] : [name], heard);
		},
	},
	{
		anchors: ["invalid json", "invalid character", "unexpected end of json", "unexpected eof", "daemon with file"],
		pattern:
			/invalid json|invalid character ['"]?.{0,6}['"]? |unexpected end of json|daemon with file \S{1,200} (?:unexpected )?eof\b/i,
		speaker: "dockerd",
		read: (_, heard) =>
			/daemon with file|daemon\.json|dockerd\.json|configur/.test(heard.lower) ? invalid("syntax", [], heard) : null,
	},
	{
		anchors: ["unable to configure the docker daemon"],
		pattern: /daemon with file \S{1,200} (?:open|stat) \S{1,200} no such file/i,
		speaker: "dockerd",
		read: (_, heard) => invalid("missing-file", [], heard),
	},
	{
		anchors: ["unknown flag", "unknown shorthand flag", "flag provided but not defined"],
		pattern:
			/unknown (?:shorthand )?flag: ('?.'? in )?(-{0,2}[\w-]{1,60})|flag provided but not defined: (-{1,2}[\w-]{1,60})/i,
		speaker: "dockerd",
		read: (match, heard) => {
			// `docker run --foo` is the user's own slip, not the daemon's configuration.
			if (/'docker [\w -]{1,40}--help'|docker [a-z]+ --help/.test(heard.lower) && !heard.lower.includes("dockerd"))
				return { kind: "elsewhere", area: "other" };
			return invalid("unknown-flag", [(match[2] ?? match[3] ?? "").replace(/^-{1,2}/, "")], heard);
		},
	},
	{
		anchors: ["you specified", "mutually exclusive"],
		pattern: /you specified .{0,200}/i,
		speaker: "dockerd",
		read: (match, heard) => {
			const names = [...match[0].matchAll(/(?<![\w-])-{1,2}([a-z][a-z0-9-]{0,30})|& (bip6?)\b/g)].map(
				(flag) => flag[1] ?? flag[2] ?? "",
			);
			return invalid("conflict", [...new Set(names.map((name) => (name === "b" ? "bridge" : name)))], heard);
		},
	},
	{
		anchors: ["incompatible with swarm", "only available if experimental", "only available with experimental"],
		pattern:
			/-{0,2}(firewall-backend|live-restore|ip6tables)[=\w ]{0,60}(?:incompatible with swarm|(?:only )?available (?:if|with) experimental)/i,
		speaker: "dockerd",
		read: (match, heard) => invalid("conflict", [match[1] ?? ""], heard),
	},
	{
		anchors: ["invalid firewall-backend", "invalid argument", "invalid value"],
		pattern:
			/invalid (firewall-backend)|invalid (?:argument|value) ['"][^'"]{0,120}['"] for ['"](?:-\w, )?-{1,2}([\w-]{1,60})/i,
		speaker: "dockerd",
		read: (match, heard) =>
			/'docker [a-z]/.test(heard.lower) ? null : invalid("type", [match[1] ?? match[2] ?? ""], heard),
	},
	{
		anchors: ["invalid cidr address", "invalid bip", "bad mac", "invalid ip address"],
		pattern: /invalid (?:cidr address|bip|ip address)/i,
		speaker: "dockerd",
		read: (_, heard) =>
			/failed to start daemon|daemon with file|controller/.test(heard.lower) ? invalid("type", [], heard) : null,
	},
	{
		anchors: ["unable to configure the docker daemon", "merged configuration validation"],
		pattern: /unable to configure the docker daemon|merged configuration validation/i,
		speaker: "dockerd",
		read: (_, heard) => invalid("other", [], heard),
	},
	{
		anchors: [
			"execstart",
			"bad unit file",
			"bad-setting",
			"is masked",
			"docker.service not found",
			"could not be found",
			"outside of section",
			"missing '='",
			"unknown key name",
			"unknown lvalue",
			"status=203",
		],
		pattern:
			/more than one execstart= setting|has no execstart|has a bad unit file setting|bad-setting|unit (?:file )?\S{0,80}docker\S{0,20} (?:is masked|not found|could not be found)|assignment outside of section|missing '='|unknown (?:key name|lvalue) '[^']{1,80}'|code=exited, status=203\/exec/i,
		speaker: "systemd",
		read: (match, heard) => (/docker|dockerd/.test(heard.lower) ? { kind: "unit-invalid", detail: match[0] } : null),
	},
	{
		anchors: ["start request repeated too quickly", "start-limit-hit", "start-limit"],
		pattern: /start request repeated too quickly|start-limit(?:-hit)?/i,
		speaker: "systemd",
		read: (_, heard) => (/docker/.test(heard.lower) ? { kind: "start-limit-hit" } : null),
	},
];
