/**
 * The words of one message, freed from everything that carried them: JSON and logfmt escapes of up to three levels
 * (`\\n`, `\\\"`), HTML entities (`&#39;nat&#39;`), rsyslog's `#012`, typographic quotes, doubled or wrapped blanks.
 *
 * Not undone: redaction. A stand-in such as `<ip>` stays a word like any other.
 */
export type MessageText = {
	/** One line, blanks single, the program's own quote marks. */
	readonly shown: string;
	/** As `shown`, column by column, with every single quote mark as ' and every double one as ". */
	readonly plain: string;
	/** As `plain`, column by column, in lower case. */
	readonly lower: string;
};

/** The longest text a pattern ever sees, in characters. */
export const LONGEST_TEXT = 8192;

/** Where to look in a line that is too long: a JSON document on one line, an Ansible result. */
const LANDMARKS = [
	"tables failed:",
	"COMMAND_FAILED",
	"failed to start daemon",
	"programming external connectivity",
	"rror response from daemon",
	"failed to create endpoint",
	"tables v1.",
];

/** The part of a line that patterns may see: all of it, or the 8 KB around the first sign of an error. */
export function windowOf(text: string): string {
	if (text.length <= LONGEST_TEXT) return text;
	let start = 0;
	for (const landmark of LANDMARKS) {
		const found = text.indexOf(landmark);
		if (found >= 0) {
			start = Math.max(0, found - 2048);
			break;
		}
	}
	return text.slice(start, start + LONGEST_TEXT);
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
	["amp", "&"],
	["lt", "<"],
	["gt", ">"],
	["quot", '"'],
	["apos", "'"],
	["nbsp", " "],
	["grave", "`"],
	["lsquo", "'"],
	["rsquo", "'"],
	["ldquo", '"'],
	["rdquo", '"'],
]);

function decodeEntities(text: string): string {
	return text.replace(/&(?:#(\d{1,6})|#[xX]([0-9a-fA-F]{1,5})|([a-z]{2,5}));/g, (whole, decimal, hex, name) => {
		if (name !== undefined) return ENTITIES.get(name) ?? whole;
		const code = decimal === undefined ? Number.parseInt(hex, 16) : Number.parseInt(decimal, 10);
		return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
	});
}

/** Undoes one level of backslash escapes as Go's %q and JSON write them. An unknown escape stays as it is. */
export function unescapeOnce(text: string): string {
	return text.replace(
		/\\(?:(["'\\/`])|([abfnrtv])|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4}))/g,
		(_, same, control, hex, unicode) => {
			if (same !== undefined) return same;
			if (control !== undefined) return " ";
			return String.fromCharCode(Number.parseInt(hex ?? unicode, 16));
		},
	);
}

const QUOTES: ReadonlyMap<string, string> = new Map([
	...[..."`´‘’‚‛′＇"].map((mark): [string, string] => [mark, "'"]),
	...[..."“”„‟«»″＂"].map((mark): [string, string] => [mark, '"']),
]);

const ODD_QUOTES = /[`´‘’‚‛′＇“”„‟«»″＂]/;
const EVERY_ODD_QUOTE = new RegExp(ODD_QUOTES.source, "g");

/** Lower case that keeps every column: a letter whose small form is longer (İ) stays. */
function lowerByColumn(text: string): string {
	const lower = text.toLowerCase();
	return lower.length === text.length ? lower : text.replace(/[A-Z]{1,64}/g, (letters) => letters.toLowerCase());
}

/** Frees a message from its wrappings. `raw` may span lines. */
export function readMessageText(raw: string): MessageText {
	let text = raw.length > LONGEST_TEXT * 2 ? raw.slice(0, LONGEST_TEXT * 2) : raw;
	// Twice: `&amp;#39;` is what a forum makes of `&#39;`.
	for (let round = 0; round < 2 && text.includes("&"); round += 1) text = decodeEntities(text);
	for (let round = 0; round < 3 && text.includes("\\"); round += 1) text = unescapeOnce(text);
	if (text.includes("#0")) text = text.replace(/#(?:012|011|015|033)/g, " ");
	// Most messages hold neither doubled blanks nor strange quotes; a test costs less than a rewriting.
	if (/[^\S ]| {2}|[\u200b\ufeff]/.test(text)) text = text.replace(/[\s\u200b\ufeff]+/g, " ");
	const shown = text.trim().slice(0, LONGEST_TEXT);
	const plain = ODD_QUOTES.test(shown) ? shown.replace(EVERY_ODD_QUOTE, (mark) => QUOTES.get(mark) ?? mark) : shown;
	return { shown, plain, lower: lowerByColumn(plain) };
}
