import type { IptablesCommand } from "./failure";

/**
 * An iptables command as error messages, logs and prompts quote it.
 *
 *     iptables --wait -t nat -A DOCKER -p tcp -d 0/0 --dport 8081 -j DNAT --to-destination 172.17.0.3:80 ! -i docker0
 *     /usr/sbin/iptables -w10 -t nat -nL DOCKER
 *     ["iptables","-t","filter","--flush"]
 *
 * iptables(8), all versions. Not read: what the matches ask for, and rules on the input of iptables-restore.
 */

const LONG_OPERATIONS: ReadonlyMap<string, string> = new Map([
	["--append", "-A"],
	["--insert", "-I"],
	["--delete", "-D"],
	["--check", "-C"],
	["--replace", "-R"],
	["--list", "-L"],
	["--list-rules", "-S"],
	["--flush", "-F"],
	["--zero", "-Z"],
	["--new-chain", "-N"],
	["--new", "-N"],
	["--delete-chain", "-X"],
	["--policy", "-P"],
	["--rename-chain", "-E"],
]);

const PROGRAM = /(?:^|[\s'"[(=/,])(ip6?tables)(?:-(?:legacy|nft))?(-restore|-save)?(?:-translate)?(?=$|['"\],;\s])/;

/** A short option letter that takes its value glued (`-tnat`, `-w10`, `-jDROP`) rather than more letters. */
const TAKES_VALUE = "tjgiopsdmw";

/** Words of a command line; quotes, commas and brackets of a quoted argument list are taken off. */
export function commandWords(text: string): readonly string[] {
	return text
		.slice(0, 4096)
		.split(/[\s,]+/)
		.map((word) => word.replace(/^['"`[(]{1,4}/, "").replace(/['"`\])]{1,4}$/, ""))
		.filter((word) => word !== "");
}

/** The command in `text`, which begins with or holds the program's name or is a bare argument list. Null without an iptables program. */
export function parseIptablesCommand(text: string): IptablesCommand | null {
	const program = PROGRAM.exec(text);
	if (program === null) return null;
	const family = program[1] === "ip6tables" ? "ip6tables" : "iptables";
	const rest = text.slice(program.index + program[0].length);
	if (program[2] === "-restore") {
		const restore = family === "ip6tables" ? "ip6tables-restore" : "iptables-restore";
		return { ...readArguments(rest), program: restore, text: text.trim(), operation: null, chain: null };
	}
	const read = readArguments(rest);
	// iptables-save lists every table: the same as -S for our purposes.
	const operation = program[2] === "-save" ? "-S" : read.operation;
	return {
		...read,
		program: family,
		operation,
		text: text
			.slice(program.index)
			.replace(/^[\s'"[(=,]/, "")
			.trim(),
	};
}

/** The same for an argument list without the program's name: `[--wait -t nat -A DOCKER …]`. */
export function parseIptablesArguments(text: string): IptablesCommand {
	return { ...readArguments(text), program: "iptables", text: text.trim() };
}

type Arguments = Pick<IptablesCommand, "table" | "operation" | "chain" | "jump" | "wait">;

function readArguments(text: string): Arguments {
	// A second command on the same line is not this one's.
	const words = commandWords(text.replace(/(?:;|&&|\|\||\s[|>]\s).*$/s, ""));
	let table = "filter";
	let operation: string | null = null;
	let chain: string | null = null;
	let jump: string | null = null;
	let wait: IptablesCommand["wait"] = null;
	for (let at = 0; at < words.length; at += 1) {
		const word = words[at] ?? "";
		const next = words[at + 1];
		const value = next !== undefined && !/^(?:-|!|[|;&>]|2>)/.test(next) ? next : null;
		const long = /^(--[a-z-]{1,30})(?:=(.*))?$/.exec(word);
		if (long !== null) {
			const name = long[1] ?? "";
			const given = long[2] ?? value;
			if (name === "--table") table = given ?? table;
			else if (name === "--jump" || name === "--goto") jump ??= given;
			else if (name === "--wait") wait = given !== null && /^\d+$/.test(given) ? Number(given) : "forever";
			else if (operation === null && LONG_OPERATIONS.has(name)) {
				operation = LONG_OPERATIONS.get(name) ?? null;
				chain = given;
			}
			continue;
		}
		const short = /^-([a-zA-Z])(.*)$/.exec(word);
		if (short === null) continue;
		const glued = TAKES_VALUE.includes(short[1] ?? "") && short[2] !== "" ? (short[2] ?? null) : null;
		if (short[1] === "t") table = glued ?? value ?? table;
		else if (short[1] === "j" || short[1] === "g") jump ??= glued ?? value;
		else if (short[1] === "w") {
			const seconds = glued ?? value;
			wait = seconds !== null && /^\d+$/.test(seconds) ? Number(seconds) : "forever";
		} else if (glued === null) {
			// `-nvL`: the operation is the capital among flags, as people type it.
			const capital = /[AIDCRLSFZNXPE]/.exec(word);
			if (capital !== null && operation === null && /^-[a-zA-Z]{1,6}\d{0,3}$/.test(word)) {
				operation = `-${capital[0]}`;
				chain = value;
			}
		}
	}
	return { table, operation, chain, jump, wait };
}

/** Names after `-m`, in order. */
export function matchesOf(command: IptablesCommand): readonly string[] {
	const words = commandWords(command.text);
	const names: string[] = [];
	for (let at = 0; at < words.length; at += 1) {
		const name = words[at + 1];
		if ((words[at] === "-m" || words[at] === "--match") && name !== undefined) names.push(name);
	}
	return names;
}
