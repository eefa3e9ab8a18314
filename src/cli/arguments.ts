import { isIP } from "node:net";
import { parseArgs } from "node:util";
import { FIX_FORMATS, type FixFormat, MORE_FORMATS, type MoreFormat } from "../engine";

/** Formats of `stackengine fix`: those that every repair has, and those that only some have. */
export type Format = FixFormat | MoreFormat;
const FORMATS: readonly Format[] = [...FIX_FORMATS, ...MORE_FORMATS.map(({ id }) => id)];

/** Forms of `stackengine collect`: a script, one paste for a shell, an Ansible play for a fleet. */
export type CollectForm = "sh" | "paste" | "ansible";

/** What was asked for, or why it can't be understood. */
export type Request =
	| {
			readonly command: "diagnose";
			readonly json: boolean;
			readonly paths: readonly string[];
			/** The same host earlier, to be held beside it. */
			readonly before: string | null;
	  }
	| { readonly command: "redact"; readonly path: string; readonly shiftTimes: boolean }
	| { readonly command: "fix"; readonly format: Format; readonly paths: readonly string[] }
	| {
			readonly command: "trace";
			readonly port: number;
			readonly protocol: "tcp" | "udp";
			readonly from: "outside" | "host" | "container";
			/** The address that is asked; absent: loopback from the host, else the host's outer address. */
			readonly address?: string;
			/** Bridge of the container that asks. */
			readonly bridge?: string;
			readonly json: boolean;
			readonly paths: readonly string[];
	  }
	| { readonly command: "reach"; readonly json: boolean; readonly paths: readonly string[] }
	| { readonly command: "collect"; readonly form: CollectForm; readonly topics: readonly string[] | null }
	| { readonly command: "failures"; readonly json: boolean }
	| { readonly command: "help" }
	| { readonly command: "version" }
	| { readonly command: "misunderstood"; readonly says: string };

function wrapped(words: readonly string[]): string {
	const half = Math.ceil(words.length / 2);
	return [words.slice(0, half), words.slice(half)].map((some) => some.join(", ")).join(",\n      ");
}

export const USAGE = `stackengine: says why a published Docker port is dead. Nothing leaves this machine.

  stackengine diagnose [--json] [FILE|DIR|-]...   verdict; exit 0 healthy, 1 something is wrong, 2 can't tell
  stackengine diagnose --before FILE|DIR [FILE|DIR|-]...   the same, and what has changed since
  stackengine redact [--shift-times] [FILE|-]     the text with secrets and identities replaced; dates moved by weeks
  stackengine fix --format bash|ansible|cloud-init|diff|markdown [FILE|DIR|-]...
      and, where they say something of this repair: ${wrapped(MORE_FORMATS.map(({ id }) => id))}
  stackengine trace --to PORT[/tcp|udp] [--from outside|host|container] [--json] [FILE|DIR|-]...
                    [--address ADDRESS] [--bridge BRIDGE]   which address is asked; where the container stands
  stackengine reach [--json] [FILE|DIR|-]...      who reaches each published port, which network reaches which
  stackengine collect [--paste|--ansible] [--only ID,ID...]   the script that collects evidence on a host
  stackengine failures [--json]                   every failure mode

A DIR with files is one host; a DIR with directories is a fleet, one host each. No FILE means standard input.
Exit 64: the command line was not understood, or a file can't be read.
`;

const misunderstood = (says: string): Request => ({ command: "misunderstood", says });

/** Reads the words after the program's name. Never throws. */
export function parseRequest(words: readonly string[]): Request {
	const [command, ...rest] = words;
	if (command === undefined || command === "help" || command === "--help" || command === "-h")
		return { command: "help" };
	if (command === "--version" || command === "version") return { command: "version" };
	try {
		const { values, positionals } = parseArgs({
			args: [...rest],
			allowPositionals: true,
			options: {
				json: { type: "boolean" },
				"shift-times": { type: "boolean" },
				format: { type: "string" },
				to: { type: "string" },
				from: { type: "string" },
				address: { type: "string" },
				bridge: { type: "string" },
				before: { type: "string" },
				only: { type: "string" },
				paste: { type: "boolean" },
				ansible: { type: "boolean" },
				help: { type: "boolean", short: "h" },
			},
		});
		if (values.help) return { command: "help" };
		return requestOf(command, values, positionals);
	} catch (error) {
		return misunderstood(error instanceof Error ? error.message : String(error));
	}
}

type Values = {
	readonly json?: boolean;
	readonly "shift-times"?: boolean;
	readonly format?: string;
	readonly to?: string;
	readonly from?: string;
	readonly address?: string;
	readonly bridge?: string;
	readonly before?: string;
	readonly only?: string;
	readonly paste?: boolean;
	readonly ansible?: boolean;
};

function requestOf(command: string, values: Values, paths: readonly string[]): Request {
	const json = values.json ?? false;
	switch (command) {
		case "diagnose":
			return { command, json, paths, before: values.before ?? null };
		case "redact":
			return paths.length > 1
				? misunderstood("redact takes one file")
				: { command, path: paths[0] ?? "-", shiftTimes: values["shift-times"] ?? false };
		case "fix": {
			const format = FORMATS.find((one) => one === values.format);
			if (!format)
				return misunderstood(
					`fix needs --format ${FORMATS.join("|")}${values.format ? `, not ${JSON.stringify(values.format)}` : ""}`,
				);
			return { command, format, paths };
		}
		case "trace": {
			const found = /^(\d{1,5})(?:\/(tcp|udp))?$/.exec(values.to ?? "");
			const port = Number(found?.[1]);
			if (!found || port < 1 || port > 65535)
				return misunderstood("trace needs --to PORT[/tcp|udp] with a port from 1 to 65535");
			const from = (["outside", "host", "container"] as const).find((one) => one === (values.from ?? "outside"));
			if (!from) return misunderstood("--from is outside, host or container");
			const { address, bridge } = values;
			if (address !== undefined && isIP(address) === 0)
				return misunderstood(`--address takes an IP address, not ${JSON.stringify(address)}`);
			if (bridge !== undefined && from !== "container") return misunderstood("--bridge goes with --from container");
			const more = { ...(address === undefined ? {} : { address }), ...(bridge === undefined ? {} : { bridge }) };
			return { command, port, protocol: found[2] === "udp" ? "udp" : "tcp", from, ...more, json, paths };
		}
		case "reach":
			return { command, json, paths };
		case "collect":
			return {
				command,
				form: values.ansible ? "ansible" : values.paste ? "paste" : "sh",
				topics: values.only?.split(",").map((word) => word.trim()) ?? null,
			};
		case "failures":
			return { command, json };
		default:
			return misunderstood(`no such command: ${JSON.stringify(command)}`);
	}
}
