import type { Effect, Verdict } from "../netfilter/ruleset";
import { parseNatTarget } from "./nat-target";
import { type Option, optionsText } from "./rule-options";

/**
 * What `-j TARGET --option value …` does to a packet. iptables-extensions(8), TARGET EXTENSIONS.
 *
 * Not read: what NETMAP, TPROXY, SYNPROXY and targets of xtables-addons do; they are `unknown` verdicts.
 */

/** Verdict and effects of a target. Anything that is no target we know the name of is a chain. */
export function readTarget(
	target: string,
	options: readonly Option[],
): { readonly verdict: Verdict; readonly effects: readonly Effect[] } {
	const verdict = verdictOf(target, options);
	const text = options.length === 0 ? target : `${target} ${optionsText(options)}`;
	if (verdict) return { verdict, effects: [] };
	const effect = effectOf(target, options, text);
	if (effect) return { verdict: { kind: "continue" }, effects: [effect] };
	if (UNREAD.has(target)) return { verdict: { kind: "unknown", target }, effects: [] };
	return { verdict: { kind: "jump", chain: target }, effects: [] };
}

const UNREAD = new Set([
	"NETMAP",
	"TPROXY",
	"SYNPROXY",
	"CLUSTERIP",
	"MIRROR",
	"SAME",
	"TARPIT",
	"DELUDE",
	"CHAOS",
	"STEAL",
	"ECHO",
	"ROUTE",
	"DNETMAP",
	"RAWDNAT",
	"RAWSNAT",
]);

function verdictOf(target: string, options: readonly Option[]): Verdict | null {
	const given = (...names: readonly string[]) =>
		options.find((option) => names.includes(option.name))?.values[0] ?? null;
	switch (target) {
		case "ACCEPT":
			return { kind: "accept" };
		case "DROP":
			return { kind: "drop" };
		case "RETURN":
			return { kind: "return" };
		case "QUEUE":
		case "NFQUEUE":
			return { kind: "queue" };
		case "REJECT":
			return { kind: "reject", with: given("--reject-with") };
		case "DNAT":
			return translation("dnat", target, given("--to-destination"));
		case "SNAT":
			return translation("snat", target, given("--to-source"));
		case "MASQUERADE":
			return translation("masquerade", target, ports(given("--to-ports", "--to-port")));
		case "REDIRECT":
			return translation("redirect", target, ports(given("--to-ports", "--to-port")));
		default:
			return null;
	}
}

function ports(text: string | null): string {
	return text === null ? "" : `:${text}`;
}

function translation(kind: "dnat" | "snat" | "masquerade" | "redirect", target: string, to: string | null): Verdict {
	const parsed = to === null ? null : parseNatTarget(to);
	return parsed ? { kind, to: parsed } : { kind: "unknown", target: to === null ? target : `${target} ${to}` };
}

const OTHER_EFFECTS = new Set([
	"CONNSECMARK",
	"SECMARK",
	"SET",
	"TOS",
	"DSCP",
	"TTL",
	"HL",
	"TCPMSS",
	"TCPOPTSTRIP",
	"CHECKSUM",
	"CLASSIFY",
	"TRACE",
	"AUDIT",
	"TEE",
	"HMARK",
	"RATEEST",
	"IDLETIMER",
	"LED",
	"ECN",
	"SNPT",
	"DNPT",
	"ACCOUNT",
	"SYSRQ",
	"LOGMARK",
]);

function effectOf(target: string, options: readonly Option[], text: string): Effect | null {
	switch (target) {
		case "LOG":
		case "NFLOG":
		case "ULOG":
			return { kind: "log", text };
		case "NOTRACK":
			return { kind: "notrack" };
		case "CT":
			return options.some((option) => option.name === "--notrack") ? { kind: "notrack" } : { kind: "other", text };
		case "MARK":
		case "CONNMARK": {
			const set = options.map(newMark).find((one) => one !== null);
			const restores = options.some((option) => option.name === "--restore-mark");
			return { kind: target === "MARK" || restores ? "mark" : "connmark", text, ...(set ? { set } : {}) };
		}
		default:
			return OTHER_EFFECTS.has(target) ? { kind: "other", text } : null;
	}
}

/** xt_mark.c: mark = (mark & ~mask) ^ value; the other options are spellings of that (libxt_MARK.c). */
function newMark({ name, values }: Option): { readonly keep: number; readonly flip: number } | null {
	const parsed = parseMark(values[0] ?? "");
	if (!parsed) return null;
	const { value, mask } = parsed;
	switch (name) {
		case "--set-xmark":
			return { keep: ~mask >>> 0, flip: value };
		case "--set-mark":
			return { keep: ~(mask | value) >>> 0, flip: value };
		case "--and-mark":
			return { keep: value, flip: 0 };
		case "--or-mark":
			return { keep: ~value >>> 0, flip: value };
		case "--xor-mark":
			return { keep: 0xffffffff, flip: value };
		default:
			return null;
	}
}

/** `0x4000/0x4000`, `7`; the mask is all ones where none is given. Null for anything else. */
export function parseMark(text: string): { readonly value: number; readonly mask: number } | null {
	const [value, mask, ...more] = text.split("/", 3).map(parseWord32);
	if (more.length > 0 || value === null || value === undefined || mask === null) return null;
	return { value, mask: mask ?? 0xffffffff };
}

/** A number of at most 32 bits, decimal or 0x…; null for anything else. */
export function parseWord32(text: string): number | null {
	if (!/^(?:0x[0-9a-fA-F]{1,8}|\d{1,10})$/.test(text)) return null;
	const value = Number(text);
	return value <= 0xffffffff ? value : null;
}
