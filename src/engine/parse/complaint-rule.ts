import type { Backend } from "../netfilter/ruleset";
import type { Complaint, Failure, IptablesCommand } from "./failure";
import type { MessageText } from "./message-text";

/** One message with what was quoted in it, as the complaint tables read it. */
export type Heard = MessageText & {
	/** The iptables command that the message quotes, or the one typed at the prompt before it. */
	readonly command: IptablesCommand | null;
	/** Column at which that command's output begins; 0 without a quoted command. */
	readonly outputFrom: number;
	readonly version: string | null;
	readonly backend: Backend | null;
	readonly exit: number | null;
	/** Program that wrote the record, where the log says so. */
	readonly program: string | null;
};

/**
 * How one complaint sounds, in every version that words it.
 *
 * Patterns see `Heard.plain` without regard to case: one line, single quotes as ', so they match meaning and not layout.
 */
export type ComplaintRule = {
	/** In lower case; one of them must be in the text before the pattern is tried. */
	readonly anchors: readonly string[];
	readonly pattern: RegExp;
	readonly speaker: Failure["speaker"];
	/** Null: not this complaint after all, ask the next rule. */
	readonly read: (match: RegExpExecArray, heard: Heard) => Complaint | null;
};

/** What a rule found, and where in the text. */
export type Found = { readonly complaint: Complaint; readonly speaker: Failure["speaker"]; readonly from: number };

/** The first rule of the table that applies. */
export function firstComplaint(rules: readonly ComplaintRule[], heard: Heard): Found | null {
	for (const rule of rules) {
		if (!rule.anchors.some((anchor) => heard.lower.includes(anchor))) continue;
		const match = rule.pattern.exec(heard.plain);
		if (match === null) continue;
		const complaint = rule.read(match, heard);
		if (complaint !== null) return { complaint, speaker: rule.speaker, from: match.index };
	}
	return null;
}

/** An errno in words, as strerror(3) writes it, without what programs append: `Permission denied (you must be root)`. */
export function errnoOf(text: string | undefined): string {
	const words = /^[\s:(]{0,4}([A-Za-z][A-Za-z ',/-]{1,60})/.exec(text ?? "")?.[1]?.trim() ?? "";
	const known = ERRNOS.find((errno) => words.toLowerCase().startsWith(errno.toLowerCase()));
	return known ?? words;
}

const ERRNOS = [
	"No such file or directory",
	"Operation not supported",
	"Operation not permitted",
	"Permission denied",
	"Invalid argument",
	"Device or resource busy",
	"Resource temporarily unavailable",
	"Protocol not supported",
	"Protocol not available",
	"Read-only file system",
	"File exists",
	"No such process",
	"No such device",
	"Exec format error",
	"Key was rejected by service",
	"Unknown symbol in module",
	"Too many links",
	"Too many open files",
	"No space left on device",
	"Cannot allocate memory",
	"Address already in use",
	"Cannot assign requested address",
	"Connection refused",
	"Address family not supported by protocol",
	"Package not installed",
	"Function not implemented",
] as const;

/** A name without the quotes, commas and full stops that came with it; null when nothing is left. */
export function bareName(text: string | undefined): string | null {
	const name = (text ?? "").replace(/^['"]{1,2}/, "").replace(/['".,;:)]{1,4}$/, "");
	return name === "" ? null : name;
}

/** Number of a matched group, null when it is not there. */
export function numberOf(text: string | undefined): number | null {
	return text !== undefined && /^\d{1,9}(?:\.\d{1,9})?$/.test(text) ? Number(text) : null;
}
