import type { Node } from "jsonc-parser";
import { elements, memberAt, members, numberOf, stringOf } from "./json-text";

/** Statements and expressions of libnftables-json(5) in the words of nft(8). Anything unknown becomes a word that no rule has. */

const UNREADABLE = "?";

/** One element of a rule's `expr`. */
export function statementText(node: Node): string {
	const [entry] = members(node);
	if (!entry) return stringOf(node) ?? UNREADABLE;
	const [kind, value] = entry;
	switch (kind) {
		case "match":
			return matchText(value);
		case "counter":
			return counterText(value);
		case "accept":
		case "drop":
		case "return":
		case "continue":
		case "notrack":
			return kind;
		case "jump":
		case "goto":
			return `${kind} ${stringOf(memberAt(value, "target")) ?? UNREADABLE}`;
		case "xt":
			return `xt ${stringOf(memberAt(value, "type")) ?? "match"} "${stringOf(memberAt(value, "name")) ?? ""}"`;
		case "vmap":
			return `${keyText(memberAt(value, "key"))} vmap ${expressionText(memberAt(value, "data"))}`;
		case "mangle":
			return `${keyText(memberAt(value, "key"))} set ${expressionText(memberAt(value, "value"))}`;
		case "reject":
			return rejectText(value);
		case "dnat":
		case "snat":
		case "masquerade":
		case "redirect":
			return natText(kind, value);
		case "log":
			return logText(value);
		case "limit":
			return limitText(value);
		case "queue":
			return `queue num ${expressionText(memberAt(value, "num"))}`;
		case "ct count":
			return `ct count ${over(value)}${expressionText(memberAt(value, "val"))}`;
		case "quota":
			return `quota ${over(value)}${expressionText(memberAt(value, "val"))} ${stringOf(memberAt(value, "val_unit")) ?? "bytes"}`;
		case "set":
			return `${stringOf(memberAt(value, "op")) ?? "add"} ${expressionText(memberAt(value, "set"))} { ${expressionText(memberAt(value, "elem"))} }`;
		case "meter":
			return `meter ${stringOf(memberAt(value, "name")) ?? "m"} { ${expressionText(memberAt(value, "key"))} }`;
		case "ct helper":
		case "ct timeout":
		case "ct expectation":
			return `${kind} set ${expressionText(value)}`;
		case "flow":
			return `flow add ${expressionText(memberAt(value, "flowtable"))}`;
		case "last":
			return kind;
		case "tproxy":
		case "synproxy":
		case "fwd":
		case "dup":
			return `${kind} ${UNREADABLE}`;
		default:
			// In quotes, so that no word of it is taken for a statement of nft.
			return `${UNREADABLE} ${quoted(kind)}`;
	}
}

function over(value: Node): string {
	return memberAt(value, "inv")?.value === true ? "over " : "";
}

function matchText(value: Node): string {
	const operator = stringOf(memberAt(value, "op")) ?? "==";
	const left = memberAt(value, "left");
	const right = memberAt(value, "right");
	const sign = operator === "in" || operator === "==" ? "" : `${operator} `;
	// A mask stands on the left: {"&": [key, mask]}.
	const [key, mask] = elements(memberAt(left, "&"));
	if (key && mask)
		return `${keyText(key)} & ${maskText(mask)} ${operator === "in" ? "==" : operator} ${expressionText(right)}`;
	return `${keyText(left)} ${sign}${expressionText(right)}`;
}

function maskText(mask: Node): string {
	const flags = elements(mask);
	return flags.length === 0 ? expressionText(mask) : `(${flags.map(expressionText).join(" | ")})`;
}

function counterText(value: Node): string {
	const name = stringOf(value);
	if (name !== null) return `counter name "${name}"`;
	const packets = numberOf(memberAt(value, "packets"));
	const bytes = numberOf(memberAt(value, "bytes"));
	return packets === null || bytes === null ? "counter" : `counter packets ${packets} bytes ${bytes}`;
}

function rejectText(value: Node): string {
	const type = stringOf(memberAt(value, "type"));
	if (type === null) return "reject";
	const code = stringOf(memberAt(value, "expr"));
	return type === "tcp reset" ? "reject with tcp reset" : `reject with ${type} ${code ?? "port-unreachable"}`;
}

function natText(kind: string, value: Node): string {
	const address = memberAt(value, "addr");
	const port = memberAt(value, "port");
	const flags =
		elements(memberAt(value, "flags")).map(expressionText).join(",") || (stringOf(memberAt(value, "flags")) ?? "");
	const text = address ? expressionText(address) : "";
	const host = port && text.includes(":") ? `[${text}]` : text;
	const to = address || port ? ` to ${host}${port ? `:${expressionText(port)}` : ""}` : "";
	return `${kind}${to}${flags ? ` ${flags}` : ""}`;
}

function logText(value: Node): string {
	const parts = ["prefix", "level", "group", "snaplen", "queue-threshold"].flatMap((name) => {
		const node = memberAt(value, name);
		return node ? [`${name} ${name === "prefix" ? quoted(stringOf(node) ?? "") : expressionText(node)}`] : [];
	});
	return ["log", ...parts].join(" ");
}

function limitText(value: Node): string {
	const rate = expressionText(memberAt(value, "rate"));
	const burst = memberAt(value, "burst");
	const per = stringOf(memberAt(value, "per")) ?? "second";
	return `limit rate ${over(value)}${rate}/${per}${burst ? ` burst ${expressionText(burst)} packets` : ""}`;
}

/** Left sides: payload, meta, ct, fib, concat. */
function keyText(node: Node | null): string {
	const [entry] = members(node);
	if (!entry) return stringOf(node) ?? UNREADABLE;
	const [kind, value] = entry;
	const field = (name: string) => stringOf(memberAt(value, name));
	switch (kind) {
		case "payload":
			return field("protocol") !== null
				? `${field("protocol")} ${field("field") ?? UNREADABLE}`
				: `@${field("base") ?? "nh"},0,0`;
		case "meta":
			return `meta ${field("key") ?? UNREADABLE}`;
		case "ct":
			return ["ct", field("dir"), field("key")].filter((word) => word !== null).join(" ");
		case "fib": {
			const flags = elements(memberAt(value, "flags")).map(expressionText);
			return `fib ${flags.join(" . ")} ${field("result") ?? "type"}`;
		}
		case "concat":
			return elements(value).map(keyText).join(" . ");
		case "tcp option":
		case "ip option":
			return `${kind} ${field("name") ?? UNREADABLE}${field("field") === null ? "" : ` ${field("field")}`}`;
		case "rt":
			return `rt ${field("key") ?? UNREADABLE}`;
		case "socket":
			return `socket ${field("key") ?? UNREADABLE}`;
		case "numgen":
			return `numgen ${field("mode") ?? "random"} mod ${expressionText(memberAt(value, "mod"))}`;
		case "exthdr":
			return `${field("name") ?? "exthdr"} ${field("field") ?? "exists"}`;
		default:
			return `${kind} ${UNREADABLE}`;
	}
}

/** Right sides and values. */
function expressionText(node: Node | null): string {
	if (!node) return UNREADABLE;
	const text = stringOf(node);
	if (text !== null) return wordText(text);
	const number = numberOf(node);
	if (number !== null) return String(number);
	if (node.type === "boolean") return node.value === true ? "exists" : "missing";
	if (node.type === "array") return elements(node).map(expressionText).join(",");
	const [entry] = members(node);
	if (!entry) return UNREADABLE;
	const [kind, value] = entry;
	switch (kind) {
		case "prefix":
			return `${expressionText(memberAt(value, "addr"))}/${expressionText(memberAt(value, "len"))}`;
		case "range":
			return elements(value).map(expressionText).join("-");
		case "set":
			return node.type === "object" && value.type === "array"
				? `{ ${elements(value).map(elementJson).join(", ")} }`
				: `{ ${expressionText(value)} }`;
		case "concat":
			return elements(value).map(expressionText).join(" . ");
		case "elem":
			return expressionText(memberAt(value, "val"));
		case "map":
			return `${keyText(memberAt(value, "key"))} map ${expressionText(memberAt(value, "data"))}`;
		case "&":
		case "|":
		case "^":
		case "<<":
		case ">>":
			return elements(value).map(expressionText).join(` ${kind} `);
		case "jump":
		case "goto":
			return `${kind} ${stringOf(memberAt(value, "target")) ?? UNREADABLE}`;
		case "accept":
		case "drop":
		case "return":
		case "continue":
			return kind;
		default:
			return keyText(node);
	}
}

/** An element of a set, or of a map: `[key, value]`. */
export function elementJson(node: Node): string {
	const [key, value, ...more] = elements(node);
	if (key && value && more.length === 0) return `${expressionText(key)} : ${expressionText(value)}`;
	return expressionText(node);
}

function wordText(text: string): string {
	return /^@?[\w.:/*%-]{1,256}$/.test(text) ? text : quoted(text);
}

/** nft has no way to put a quote into a quoted word. */
function quoted(text: string): string {
	return `"${text.replaceAll('"', "'")}"`;
}
