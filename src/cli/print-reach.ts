import type { WhoReaches } from "../engine";
import { plain, safe } from "./print";

type Port = WhoReaches["ports"][number];
type Reach = WhoReaches["networks"][number];

/** Who gets an answer at which published port, and which network reaches which; one answer a line. */
export function printReach({ ports, networks }: WhoReaches): string {
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
	return safe(`${lines.join("\n")}\n`);
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
