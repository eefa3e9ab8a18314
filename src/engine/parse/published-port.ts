/**
 * Ports as docker prints them.
 *
 *     0.0.0.0:8080->80/tcp, [::]:8080->80/tcp      28 and later
 *     0.0.0.0:8080->80/tcp, :::8080->80/tcp        20.10 to 27
 *     0.0.0.0:8000-8010->8000-8010/tcp             neighbouring ports folded into a range (docker/cli formatter)
 *     80/tcp, 8000-8010/tcp                        exposed, not published
 *
 * Exposed ports are left out: nothing on the host leads to them.
 */
import type { PublishedPort } from "./parsed";

/** A range longer than this is cut: `-p 1-65535:1-65535` on every line would be millions of objects. */
export const LONGEST_RANGE = 1024;

const PUBLISHED = /^(?:([^\s,]{0,60}):)?(\d{1,5})(?:-(\d{1,5}))?->(\d{1,5})(?:-(\d{1,5}))?\/(tcp|udp|sctp)$/;
const EXPOSED = /^\d{1,5}(?:-\d{1,5})?(?:\/(?:tcp|udp|sctp))?$/;

/** Whether a cell can be a list of ports. */
export function isPortList(cell: string): boolean {
	return cell.split(",").every((piece) => PUBLISHED.test(piece.trim()) || EXPOSED.test(piece.trim()));
}

/** Published ports of a PORTS cell, ranges written out, at most {@link LONGEST_RANGE} of each. */
export function publishedPorts(cell: string): readonly PublishedPort[] {
	const ports: PublishedPort[] = [];
	for (const piece of cell.split(",")) {
		const found = PUBLISHED.exec(piece.trim());
		if (!found) continue;
		const [, address = "", hostFrom = "", hostTo = hostFrom, containerFrom = "", , protocol] = found;
		if (protocol !== "tcp" && protocol !== "udp" && protocol !== "sctp") continue;
		const last = Math.min(Number(hostTo), Number(hostFrom) + LONGEST_RANGE - 1, 65535);
		for (let hostPort = Number(hostFrom); hostPort <= last; hostPort++) {
			const containerPort = Number(containerFrom) + (found[5] ? hostPort - Number(hostFrom) : 0);
			if (containerPort <= 65535) ports.push({ hostAddress: hostAddress(address), hostPort, containerPort, protocol });
		}
	}
	return ports;
}

/** `[::]` as `::`; no address or `*` (compose) as every IPv4 address. */
export function hostAddress(text: string): string {
	const bare = text.replace(/^\[|\]$/g, "");
	return bare === "" || bare === "*" ? "0.0.0.0" : bare;
}
