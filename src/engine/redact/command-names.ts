import type { Place } from "./detector";
import type { NameFound } from "./line-names";

/**
 * Names in docker command lines: `docker logs web`, `docker run -v data:/x acme/web`. Names of options (`--name`,
 * `--network`) are in the table of `name-detectors.ts`.
 */

const TARGETS = new Set([
	"logs",
	"exec",
	"start",
	"stop",
	"restart",
	"rm",
	"inspect",
	"kill",
	"port",
	"top",
	"stats",
	"attach",
	"update",
	"pause",
	"unpause",
	"wait",
	"rename",
	"diff",
	"export",
	"commit",
]);
const MANY = new Set(["start", "stop", "restart", "rm", "inspect", "kill", "pause", "unpause", "wait", "stats"]);
const VALUELESS =
	/^-(?:d|i|t|it|ti|itd|dit|td|dt|id|P|q|a|f|v|l|s|h|n|rm|-rm|-detach|-interactive|-tty|-privileged|-init|-publish-all|-read-only|-quiet|-all|-force|-volumes|-follow|-timestamps|-details|-no-stream|-no-healthcheck|-sig-proxy|-disable-content-trust|-oom-kill-disable)$/;
const RUN_VALUELESS =
	/^-(?:[ditP]{1,4}|-rm|-detach|-interactive|-tty|-privileged|-init|-publish-all|-read-only|-quiet|-no-healthcheck|-sig-proxy|-disable-content-trust|-oom-kill-disable)$/;

// A command line, not prose about one: after a prompt, or all there is on its line.
const DOCKER_COMMAND =
	/(?:^|[#$%>❯] {1,2}|^\+ {0,2})(?:sudo {1,2}(?:-[A-Za-z]{1,3} {1,2})?)?docker {1,2}(?:container {1,2}|network {1,2}|volume {1,2}|image {1,2})?([a-z]{2,10})(?= |$)/d;

/** Looks at one line; prose about a command is none. */
export function commandNames(text: string, base: number, found: NameFound): void {
	const match = DOCKER_COMMAND.exec(text);
	const verb = match?.[1];
	if (!match || !verb) return;
	const start = match.index + match[0].length;
	const isNetwork = match[0].includes("docker network");
	const isVolume = match[0].includes("docker volume");
	const isImage = match[0].includes("docker image");
	const words = wordsOf(text, start);
	const runs = verb === "run" || verb === "create";
	if (isNetwork || isVolume) {
		const rest = operands(words, verb === "create" ? /^(?!)/ : VALUELESS);
		for (const [index, word] of rest.entries()) {
			// The pieces of `-f '{{range .IPAM.Config}}'` are no names.
			if (!/^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(word.word)) continue;
			const kind = isVolume ? "volume" : index > 0 && /^(?:dis)?connect$/.test(verb) ? "container" : "net";
			if (["create", "inspect", "rm", "connect", "disconnect"].includes(verb)) found(kind, at(word, base), false);
		}
		return;
	}
	if (isImage || verb === "pull" || verb === "push") {
		const [image] = operands(words, VALUELESS);
		if (image && (verb === "pull" || verb === "push")) found("image", at(image, base), true);
		return;
	}
	if (runs) {
		const [image] = operands(words, RUN_VALUELESS);
		if (image && /^[a-z0-9]/.test(image.word)) found("image", at(image, base), true);
		mounts(words, base, found);
		aliases(words, base, found);
		return;
	}
	if (!TARGETS.has(verb)) return;
	const names = operands(words, VALUELESS);
	for (const name of MANY.has(verb) ? names : names.slice(0, 1)) {
		if (/^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(name.word)) found("container", at(name, base), false);
	}
}

type Word = { readonly word: string; readonly from: number };

function at(word: Word, base: number): Place {
	return { from: base + word.from, to: base + word.from + word.word.length };
}

function wordsOf(text: string, start: number): readonly Word[] {
	const words: Word[] = [];
	for (const match of text.slice(start).matchAll(/\S+/g)) {
		if (/^(?:\||&&|\|\||;|&|>|<|#|2>)/.test(match[0])) break;
		words.push({ word: match[0], from: start + match.index });
	}
	return words;
}

/** Words that are neither options nor values of options. An option without `=` takes the next word unless it is known to take none. */
function operands(words: readonly Word[], valueless: RegExp): readonly Word[] {
	const rest: Word[] = [];
	for (let index = 0; index < words.length; index++) {
		const word = words[index];
		if (!word) break;
		if (!word.word.startsWith("-")) rest.push(word);
		else if (!word.word.includes("=") && !valueless.test(word.word) && !/^-[a-z]\S/.test(word.word.replace(/^--/, "")))
			index++;
	}
	return rest;
}

const NAMED_BY: ReadonlyMap<string, "host" | "container"> = new Map([
	["-h", "host"],
	["--network-alias", "container"],
	["--net-alias", "container"],
	["--link", "container"],
	["--add-host", "host"],
]);

/** `-h web01`, `--link db:database`, `--add-host db:10.0.0.5` */
function aliases(words: readonly Word[], base: number, found: NameFound): void {
	for (const [index, word] of words.entries()) {
		const [option = "", inline] = word.word.split("=", 2);
		const kind = NAMED_BY.get(option);
		const value = inline === undefined ? words[index + 1] : word;
		if (!kind || !value) continue;
		const skip = inline === undefined ? 0 : option.length + 1;
		const name = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}/.exec(value.word.slice(skip))?.[0];
		if (name) found(kind, { from: base + value.from + skip, to: base + value.from + skip + name.length }, true);
	}
}

/** `-v data:/var/lib/x`: what has no slash before the colon is a volume's name. */
function mounts(words: readonly Word[], base: number, found: NameFound): void {
	for (const [index, word] of words.entries()) {
		if (word.word !== "-v" && word.word !== "--volume") continue;
		const value = words[index + 1];
		const name = value ? /^([A-Za-z0-9][A-Za-z0-9_.-]{0,127}):\//.exec(value.word)?.[1] : undefined;
		if (value && name) found("volume", { from: base + value.from, to: base + value.from + name.length }, true);
	}
}
