import { type AddressRange, parseAddress } from "../netfilter/address";
import type { NatTarget, PortRange } from "../netfilter/ruleset";

/**
 * Where a translation leads, as iptables and nft both write it: `172.17.0.2:80`, `10.0.0.1-10.0.0.9:1024-65535`,
 * `[fd00::2]:80`, `:8080`, `8080-8090/8080`, or nothing.
 */

/** Null when the text is none of these, such as a name or a map. */
export function parseNatTarget(text: string): NatTarget | null {
	if (text === "") return { address: null, port: null, text };
	const { host, port } = splitPort(text);
	const address = host === "" ? null : addressRange(host);
	if (host !== "" && !address) return null;
	const ports = port === null ? null : portRange(port);
	if (port !== null && !ports) return null;
	return { address, port: ports, text };
}

function splitPort(text: string): { readonly host: string; readonly port: string | null } {
	const bracket = text.startsWith("[") ? text.lastIndexOf("]") : -1;
	if (bracket > 0) {
		const host = text.slice(0, bracket + 1).replaceAll(/[[\]]/g, "");
		const rest = text.slice(bracket + 1);
		return { host, port: rest === "" ? null : rest.slice(1) };
	}
	const colon = text.indexOf(":");
	// More than one colon without brackets is an IPv6 address.
	if (colon < 0 || (colon > 0 && text.includes(":", colon + 1))) return { host: text, port: null };
	return { host: text.slice(0, colon), port: text.slice(colon + 1) };
}

/** `10.0.0.1` or `10.0.0.1-10.0.0.9`. */
export function addressRange(text: string): AddressRange | null {
	const dash = text.indexOf("-");
	const from = parseAddress(dash < 0 ? text : text.slice(0, dash));
	const to = dash < 0 ? from : parseAddress(text.slice(dash + 1));
	return from && to && from.family === to.family && from.value <= to.value ? { from, to } : null;
}

// Behind a slash stands the base of a shifted port map (iptables 1.6.2+, DNAT revision 2).
const PORTS = /^(\d{1,5})(?:-(\d{1,5}))?(?:\/\d{1,5})?$/;

function portRange(text: string): PortRange | null {
	const found = PORTS.exec(text);
	if (!found) return null;
	const from = Number(found[1]);
	const to = Number(found[2] ?? found[1]);
	return to <= 65535 && from <= to ? { from, to } : null;
}
