/**
 * The published ports of a compose file.
 *
 *     services:
 *       web:
 *         ports:
 *           - "127.0.0.1:8080:80"
 *           - 8443:443
 *           - target: 80
 *             published: "9090"
 *             host_ip: 127.0.0.1
 *       vpn-client:
 *         network_mode: "service:vpn"
 *
 * Format: compose-spec/05-services.md, `ports` and `network_mode`. Read line by line, for a place of each port is wanted
 * and a file that was broken by copying is still worth reading. Flow style (`ports: ["80:80"]`) is read on one line. Not
 * read: anchors, ranges of ports, ports in a variable without a default, any other key.
 */
import type { Artifact, Line } from "../text/evidence";
import type { Span } from "../text/span";
import { spanOfText, textOf, writtenLines } from "./line-text";
import type { ComposePort, ComposeUnpublished, ParsedCompose } from "./parsed";

type Draft = { hostAddress: string | null; hostPort: number | null; containerPort: number | null; line: Line };

const indentOf = (text: string) => text.length - text.trimStart().length;

/** Reads the ports of every service. */
export function parseCompose(artifact: Artifact): ParsedCompose {
	const ports: ComposePort[] = [];
	const modes = new Map<string, { readonly mode: string; readonly at: Span }>();
	let services: number | null = null;
	let service: { readonly name: string; readonly indent: number } | null = null;
	let list: number | null = null;
	let long: Draft | null = null;
	const close = () => {
		if (long?.hostPort != null && long.containerPort != null && service)
			ports.push(portOf(artifact, service.name, long, long.hostPort, long.containerPort));
		long = null;
	};
	for (const line of writtenLines(artifact.lines)) {
		const text = textOf(line)
			.slice(0, 400)
			.replace(/\s#.*$/, "")
			.trimEnd();
		const flat = text.trim();
		if (flat === "" || flat.startsWith("#")) continue;
		const indent = indentOf(text);
		const key = /^([\w.-]{1,80})\s?:(?:\s|$)/.exec(flat)?.[1];
		const isItem = flat.startsWith("- ");
		if (key === "services" && flat === "services:") {
			close();
			services = indent;
			service = null;
			list = null;
			continue;
		}
		if (services === null || indent <= services) {
			close();
			services = null;
			continue;
		}
		if (key && (service === null || indent <= service.indent)) {
			close();
			service = { name: key, indent };
			list = null;
			continue;
		}
		if (list !== null && (indent < list || (indent === list && !isItem))) {
			close();
			list = null;
		}
		if (flat === "ports:") {
			list = indent;
			continue;
		}
		if (service && list === null) {
			const mode = /^network_mode\s?:\s{1,10}(.{1,100})$/.exec(flat)?.[1];
			if (mode) modes.set(service.name, { mode: unquoted(mode), at: spanOfText(artifact, line) });
			for (const entry of /^ports\s?:\s{0,10}\[(.{1,300})\]$/.exec(flat)?.[1]?.split(",") ?? []) {
				const short = shortPort(unquoted(entry));
				if (short) ports.push(portOf(artifact, service.name, { ...short, line }, short.hostPort, short.containerPort));
			}
		}
		if (list === null || !service) continue;
		if (isItem) close();
		const entry = isItem ? flat.slice(2).trim() : flat;
		const field = /^(target|published|host_ip|protocol|mode|name|app_protocol):\s{1,10}(.{1,100})$/.exec(entry);
		if (field?.[1]) {
			long ??= { hostAddress: null, hostPort: null, containerPort: null, line };
			const value = unquoted(field[2] ?? "");
			if (field[1] === "target") long.containerPort = portNumber(value);
			if (field[1] === "published") long.hostPort = portNumber(value);
			if (field[1] === "host_ip") long.hostAddress = value;
		} else if (isItem) {
			const short = shortPort(unquoted(entry));
			if (short) ports.push(portOf(artifact, service.name, { ...short, line }, short.hostPort, short.containerPort));
		}
	}
	close();
	const unpublished = [...modes].flatMap(([name, { mode, at }]): readonly ComposeUnpublished[] => {
		const own = ports.filter((port) => port.service === name).map(({ hostPort }) => hostPort);
		const shared = /^(?:service|container):(.{1,80})$/.exec(mode)?.[1] ?? null;
		const kind = mode === "host" || mode === "none" ? mode : shared ? "container" : null;
		return kind && own.length > 0 ? [{ service: name, mode: kind, of: shared, hostPorts: own, at }] : [];
	});
	return {
		kind: "compose",
		ports: ports.filter((port) => !unpublished.some(({ service: name }) => name === port.service)),
		unpublished,
		remarks: [],
	};
}

function portOf(
	artifact: Artifact,
	service: string,
	{ hostAddress, line }: Pick<Draft, "hostAddress" | "line">,
	hostPort: number,
	containerPort: number,
): ComposePort {
	return { service, hostAddress, hostPort, containerPort, at: spanOfText(artifact, line) };
}

/** `127.0.0.1:8080:80/tcp`, `[::1]:8080:80`, `8080:80`; null for a port without a fixed one on the host. */
function shortPort(text: string): { hostAddress: string | null; hostPort: number; containerPort: number } | null {
	const plain = text.replace(/\$\{\w{1,60}:?-(\w{1,45})\}/g, "$1").replace(/\/(?:tcp|udp|sctp)$/, "");
	const found = /^(?:(\[[\da-f:]{2,45}\]|[\d.]{7,15}|localhost):)?(\d{1,5}):(\d{1,5})$/.exec(plain);
	if (!found?.[2] || !found[3]) return null;
	return {
		hostAddress: found[1]?.replace(/[[\]]/g, "") ?? null,
		hostPort: Number(found[2]),
		containerPort: Number(found[3]),
	};
}

function portNumber(text: string): number | null {
	const plain = text.replace(/^\$\{\w{1,60}:?-(\d{1,5})\}$/, "$1");
	return /^\d{1,5}$/.test(plain) ? Number(plain) : null;
}

const unquoted = (text: string) => text.trim().replace(/^(["'])(.*)\1$/, "$2");
