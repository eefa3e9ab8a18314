import { parseAddress } from "../netfilter/address";

/** Who was asked to reach what. */
export type ProbeTarget = {
	readonly program: string;
	readonly address: string | null;
	readonly port: number | null;
	/** `docker exec web curl …`: the container asks, not the host. */
	readonly fromContainer?: true;
};

const PROGRAM = /^(?:curl|wget|nc|ncat|netcat|telnet|nmap|http|https|xh|Test-NetConnection|tnc)$/;
// Options whose next word is their value, so that it is not taken for the host: curl(1), wget(1), nc(1).
const TAKES_VALUE =
	/^(?:-[a-zA-Z]{0,6}[mowHXdAuxTEFeDQrzbcKCUjY]|--(?:max-time|connect-timeout|output|write-out|header|request|data|data-raw|data-binary|user|user-agent|proxy|resolve|retry|retry-delay|retry-max-time|interface|cacert|cert|key|form|url-query|cookie|cookie-jar|timeout|tries|output-document|bind-address|source-port|source|wait|idle-timeout))$/;
const NC_TAKES_VALUE = /^-[a-zA-Z]{0,6}[wpsiqXxT]$/;
const TELNET_TAKES_VALUE = /^-(?:b|l|n|e|S|X)$/;

const INTO_A_CONTAINER =
	/^(?:sudo )?(?:docker|podman|nerdctl)(?: compose| container)?(?: -\S{1,40}(?: [^\s-]\S{0,99})?){0,6} (?:exec|run) |^(?:sudo )?docker-compose (?:exec|run) /;

/** The program and target of a typed command; null for other commands. */
export function probeTarget(command: string): ProbeTarget | null {
	const words = wordsOf(command);
	const target = targetOf(words) ?? targetInShell(words);
	return target && INTO_A_CONTAINER.test(`${words.slice(0, 12).join(" ")} `)
		? { ...target, fromContainer: true }
		: target;
}

/** `docker exec web sh -c 'printf … | nc 10.0.0.5 80; echo $?'`: the first asking program of the inner command line. */
function targetInShell(words: readonly string[]): ProbeTarget | null {
	const at = words.findIndex((word, index) => index < 12 && /^(?:\S{0,20}\/)?(?:sh|ash|bash|dash)$/.test(word));
	if (at < 0 || !/^-[a-z]{0,4}c$/.test(words[at + 1] ?? "")) return null;
	for (const part of (words[at + 2] ?? "").slice(0, 1000).split(/[|;&]+/)) {
		const target = targetOf(wordsOf(part));
		if (target) return target;
	}
	return null;
}

function targetOf(words: readonly string[]): ProbeTarget | null {
	let index = 0;
	// `sudo`, `time`, `timeout 5`, `docker exec web`, and variables set for one command.
	for (; index < words.length; index++) {
		const word = words[index] ?? "";
		if (PROGRAM.test(nameOf(word))) break;
		if (index >= 12 || /[|;<>]/.test(word)) return null;
	}
	const program = nameOf(words[index] ?? "");
	if (index >= words.length) return null;
	if (
		index > 0 &&
		!/^(?:sudo|time|timeout|watch|while|for|docker|podman|kubectl|ip|nsenter|busybox|ssh|until|if|[A-Za-z_]+=\S*)$/.test(
			words[0] ?? "",
		)
	)
		return null;
	const options = words.slice(index + 1);
	const bare: string[] = [];
	const takesValue = /^(?:nc|ncat|netcat)$/.test(program)
		? NC_TAKES_VALUE
		: program === "telnet"
			? TELNET_TAKES_VALUE
			: TAKES_VALUE;
	let named: string | null = null;
	let namedPort: string | null = null;
	for (let at = 0; at < options.length; at++) {
		const word = options[at] ?? "";
		if (/^(?:[|;&]|\d?>|&&|\|\|)/.test(word)) break;
		if (/^-(?:Port|p)$/.test(word) && /^(?:Test-NetConnection|tnc|nmap)$/.test(program))
			namedPort = options[++at] ?? null;
		else if (/^-(?:ComputerName)$/.test(word)) named = options[++at] ?? null;
		else if (word === "--url") bare.push(options[++at] ?? "");
		else if (takesValue.test(word)) at++;
		else if (!word.startsWith("-")) bare.push(word);
	}
	if (/^(?:nc|ncat|netcat|telnet)$/.test(program)) {
		const [host, port] = bare;
		return { program, address: host ? hostOf(host) : null, port: portOf(port ?? "") };
	}
	if (/^(?:Test-NetConnection|tnc|nmap)$/.test(program))
		return { program, address: named ?? bare[0] ?? null, port: portOf(namedPort ?? "") };
	return { program, ...urlTarget(bare.find((word) => /[.:/]|^localhost$/.test(word)) ?? bare[0] ?? "") };
}

/** Host and port of a URL or of `host:port`, the scheme's port where none is given. */
export function urlTarget(url: string): { readonly address: string | null; readonly port: number | null } {
	const found =
		/^(?:([a-z][a-z0-9+.-]{0,12}):\/\/)?(?:[^@/\s]{0,200}@)?(\[[0-9a-fA-F:.%\w]{2,60}\]|[^:/?#\s[\]]{1,253})(?::(\d{1,5}))?(?:[/?#]|$)/.exec(
			url.slice(0, 2000),
		);
	if (!found?.[2]) return { address: null, port: null };
	return { address: hostOf(found[2]), port: found[3] ? portOf(found[3]) : found[1] === "https" ? 443 : 80 };
}

function hostOf(word: string): string | null {
	const bare = word.replace(/^\[|\]$/g, "");
	return parseAddress(bare) || /^[A-Za-z0-9_](?:[\w.-]{0,252})$/.test(bare) ? bare : null;
}

/** 1 to 65535, or null. */
export function portOf(text: string): number | null {
	if (!/^\d{1,5}$/.test(text)) return null;
	const port = Number(text);
	return port > 0 && port <= 65535 ? port : null;
}

function nameOf(word: string): string {
	return word.slice(word.lastIndexOf("/") + 1).replace(/\.exe$/, "");
}

/** Words as a shell would cut them, quotes off. No variable or pattern is expanded. */
function wordsOf(command: string): readonly string[] {
	const words: string[] = [];
	for (const found of command.slice(0, 4096).matchAll(/"([^"]{0,2000})"|'([^']{0,2000})'|([^\s"']+)/g)) {
		words.push(found[1] ?? found[2] ?? found[3] ?? "");
	}
	return words;
}
