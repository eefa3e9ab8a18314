import type { WhoReaches } from "../engine";
import { plain, safe } from "./print";

type Port = WhoReaches["ports"][number];
type Reach = WhoReaches["networks"][number];
type Change = WhoReaches["changes"][number];

/** Who gets an answer at which published port, and which network reaches which; one answer a line. */
export function printReach({ ports, networks, changes }: WhoReaches): string {
	if (ports.length === 0 && networks.length === 0)
		return "No published port and no network of Docker's is in what was shown. Paste iptables-save, docker ps.\n";
	const lines: string[] = [];
	let title = "";
	for (const port of ports) {
		const next = `${bindingOf(port)}${port.container === null ? "" : ` leads to ${port.container}`}`;
		if (next !== title) lines.push(next);
		title = next;
		lines.push(
			...answer(askerOf(port), port, port.via === null ? "" : port.via === "dnat" ? " by DNAT" : " by docker-proxy"),
		);
	}
	if (networks.length > 0) lines.push("", "Networks, by the containers' own addresses, at a port that no rule names:");
	for (const one of networks) {
		const except = one.except.map(
			({ container, port, protocol, outcome }) => `${container ?? "port"}:${port}/${protocol} ${outcome}`,
		);
		lines.push(
			...answer(
				`${nameOf(one.from)} to ${nameOf(one.to)}${one.family === 6 ? " (IPv6)" : ""}`,
				one,
				except.length === 0 ? "" : `, but ${except.join(", ")}`,
			),
		);
	}
	if (changes.length > 0)
		lines.push("", "What each repair would open, first what lets the packet through and opens least:");
	for (const change of changes) lines.push(...changeLines(change));
	return safe(`${lines.join("\n")}\n`);
}

const WANTED: Readonly<Record<Change["wanted"], string>> = {
	"gets-through": "lets the packet through",
	"got-through": "the packet got through before",
	"still-stopped": "alone does not let the packet through",
	unknown: "whether it lets the packet through is not known",
	"not-computed": "not computed: dockerd, firewalld or a program writes its own rules then",
};

function changeLines({ does, wanted, opens, closes }: Change): readonly string[] {
	const paths = (title: string, some: Change["opens"]) =>
		some.map(
			({ from, to, before }) => `      ${title} ${from} to ${to} (${before === "delivered" ? "open" : before} now)`,
		);
	const nothing = wanted !== "not-computed" && opens.length === 0 ? ["      opens nothing else that was asked"] : [];
	return [
		...does.map((one) => `  ${plain(one)}`),
		`      ${WANTED[wanted]}`,
		...nothing,
		...paths("also opens", opens),
		...paths("closes", closes),
	];
}

function answer(who: string, of: Port | Reach, more: string): readonly string[] {
	const lines = [`  ${who.padEnd(34)} ${of.outcome === "no-address" ? "no IPv6 address" : of.outcome}${more}`];
	if (of.outcome === "delivered") return lines;
	lines.push(`      ${plain(of.says)}`);
	if (of.needs.length > 0) lines.push(`      needs: ${of.needs.join("; ")}`);
	return lines;
}

function bindingOf({ address, family, port, protocol }: Port): string {
	const host = address ?? (family === 4 ? "0.0.0.0" : "::");
	return `${family === 6 ? `[${host}]` : host}:${port}/${protocol}`;
}

const ASKERS = {
	outside: "outside",
	loopback: "this host, by loopback",
	"own-address": "this host, by its own address",
} as const;

function askerOf({ asker, networks }: Port): string {
	if (asker !== "same-network" && asker !== "other-network") return ASKERS[asker];
	return networks.length === 0 ? "a container" : `container on ${networks.join(", ")}`;
}

const nameOf = (place: Reach["from"]): string => (place.kind === "network" ? place.name : "outside");
