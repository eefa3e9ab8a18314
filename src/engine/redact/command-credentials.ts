import type { Meter, Place } from "./detector";
import { isPlaceholder } from "./token-detectors";

/**
 * Passwords that stand after a short option of a known command: `docker login -u me -p secret`, `mysql -psecret`,
 * `curl -u user:secret`. Long options (`--password …`) are found by their names, in `named-values.ts`.
 */
export type CommandOption = {
	readonly command: string;
	/** After this option, blank or `=` between; or attached (`-psecret`) when `attached`. */
	readonly option: string;
	readonly attached: "always" | "never" | "also";
	/** `user:password`: only what follows the colon (or `%`) is secret, what precedes it is a user. */
	readonly pair?: ":" | "%";
};

/** Every command with an option that takes a secret; `command` is the literal to look for. */
export const COMMANDS: readonly CommandOption[] = [
	...[
		"docker login",
		"podman login",
		"nerdctl login",
		"buildah login",
		"skopeo login",
		"crane auth login",
		"oras login",
		"helm registry login",
		"az login",
		"az acr login",
		"cf login",
		"oc login",
		"sshpass",
		"mongo ",
		"mongosh",
		"mongodump",
		"mongorestore",
		"useradd",
		"cqlsh",
		"clickhouse-client",
	].map((command): CommandOption => ({ command, option: "-p", attached: "also" })),
	...["mysql", "mysqldump", "mysqladmin", "mariadb", "mariadb-dump"].map(
		(command): CommandOption => ({ command, option: "-p", attached: "always" }),
	),
	{ command: "redis-cli", option: "-a", attached: "never" },
	{ command: "sqlcmd", option: "-P", attached: "also" },
	{ command: "ldapsearch", option: "-w", attached: "also" },
	{ command: "ldapadd", option: "-w", attached: "also" },
	{ command: "ldapmodify", option: "-w", attached: "also" },
	{ command: "smbclient", option: "-U", attached: "also", pair: "%" },
	...["curl", "wget", "http ", "https "].map(
		(command): CommandOption => ({ command, option: "-u", attached: "also", pair: ":" }),
	),
	...["curl", "wget"].map((command): CommandOption => ({ command, option: "--user", attached: "never", pair: ":" })),
	{ command: "curl", option: "-U", attached: "also", pair: ":" },
	{ command: "curl", option: "--proxy-user", attached: "never", pair: ":" },
];

const REACH = 600;

/** What follows the command that stands at `at`. `found` gets `secret` or `user` and the place. */
export function commandAt(
	raw: string,
	row: CommandOption,
	at: number,
	found: (what: "secret" | "user", place: Place) => void,
	meter?: Meter,
): void {
	if (at > 0 && !/[\s/;|&("'`]/.test(raw.charAt(at - 1))) return;
	optionValue(raw, at + row.command.length, row, found, meter);
}

function optionValue(
	raw: string,
	begin: number,
	row: CommandOption,
	found: (what: "secret" | "user", place: Place) => void,
	meter: Meter | undefined,
): void {
	const window = commandLine(raw, begin);
	if (meter) meter.steps += window.length;
	let at = window.indexOf(row.option);
	while (at >= 0) {
		const after = at + row.option.length;
		if (/\s/.test(window.charAt(at - 1))) {
			const gap = /^(?:=|[ \t]{1,4}(?:\\\r?\n[ \t]{0,8})?)?/.exec(window.slice(after, after + 20))?.[0] ?? "";
			const fits =
				gap === "" ? row.attached !== "never" && !/^[\s=-]/.test(window.charAt(after)) : row.attached !== "always";
			if (fits) {
				const value = shellWord(window, after + gap.length);
				if (value) report(window, begin, value, row, found);
			}
		}
		at = window.indexOf(row.option, after);
	}
}

function report(
	window: string,
	base: number,
	value: Place,
	row: CommandOption,
	found: (what: "secret" | "user", place: Place) => void,
): void {
	const word = window.slice(value.from, value.to);
	if (word.startsWith("-") || isPlaceholder(word)) return;
	if (!row.pair) {
		found("secret", { from: base + value.from, to: base + value.to });
		return;
	}
	const sign = word.indexOf(row.pair);
	const user = sign < 0 ? word : word.slice(0, sign);
	if (user !== "" && !isPlaceholder(user))
		found("user", { from: base + value.from, to: base + value.from + user.length });
	if (sign >= 0 && sign + 1 < word.length && !isPlaceholder(word.slice(sign + 1)))
		found("secret", { from: base + value.from + sign + 1, to: base + value.to });
}

/** The command to its end: a newline that no backslash precedes, a pipe, or `;`. Quoted text is not looked into. */
function commandLine(raw: string, begin: number): string {
	const window = raw.slice(begin, begin + REACH);
	const end = window.search(/(?<!\\\r?)\n|\s(?:\||&&|;)\s/);
	return end < 0 ? window : window.slice(0, end);
}

/** One shell word from `at`, quotes off. */
function shellWord(text: string, at: number): Place | null {
	const quote = /^\\{0,2}["']/.exec(text.slice(at, at + 3))?.[0] ?? "";
	const from = at + quote.length;
	const rest = text.slice(from, from + 256);
	const end = quote === "" ? rest.search(/[\s"'`;|)\\]/) : rest.indexOf(quote);
	const to = end < 0 ? from + rest.length : from + end;
	return to > from ? { from, to } : null;
}

/** What takes a secret from standard input, or, `htpasswd`, as its last word. */
export const CONSUMERS = [
	"--password-stdin",
	"sudo -s",
	"chpasswd",
	"cryptsetup",
	"docker secret create",
	"htpasswd",
] as const;

/**
 * `echo SECRET | docker login --password-stdin`, `echo SECRET | sudo -S`, `… | docker secret create`,
 * `echo user:SECRET | chpasswd`, `htpasswd -b file user SECRET`: what is given to the consumer that stands at `at`.
 */
export function givenTo(
	raw: string,
	consumer: (typeof CONSUMERS)[number],
	at: number,
	found: (what: "secret" | "user", place: Place) => void,
	meter?: Meter,
): void {
	if (consumer === "htpasswd") {
		lastWord(raw, at, found, meter);
		return;
	}
	const start = Math.max(raw.lastIndexOf("\n", at) + 1, at - REACH);
	const line = raw.slice(start, at);
	if (meter) meter.steps += line.length;
	const echo =
		/(?:echo|printf)[ \t]{1,4}(?:-[neE]{1,3}[ \t]{1,4})?(?:'%s'[ \t]{1,4})?\\{0,2}["']?([^\s"'|\\]{1,200})\\{0,2}["']?[ \t]{0,4}\|[^|]{0,300}$/.exec(
			line,
		);
	const word = echo?.[1];
	if (!echo || !word || isPlaceholder(word)) return;
	const from = start + echo.index + echo[0].indexOf(word);
	const colon = consumer === "chpasswd" ? word.indexOf(":") + 1 : 0;
	if (!isPlaceholder(word.slice(colon))) found("secret", { from: from + colon, to: from + word.length });
}

function lastWord(
	raw: string,
	at: number,
	found: (what: "secret" | "user", place: Place) => void,
	meter: Meter | undefined,
): void {
	const window = commandLine(raw, at + 8);
	if (meter) meter.steps += window.length;
	const match =
		/^[ \t]{1,4}-[A-Za-z]{0,6}b[A-Za-z]{0,6}[ \t]{1,4}(?:\/?[^\s-][^\s]{0,200}[ \t]{1,4})?([^\s]{1,64})[ \t]{1,4}['"]?([^\s'"]{1,128})['"]?[ \t]{0,4}$/.exec(
			window,
		);
	if (!match?.[2] || isPlaceholder(match[2])) return;
	const from = at + 8 + window.lastIndexOf(match[2]);
	found("secret", { from, to: from + match[2].length });
}
