/**
 * `docker info`, text of every version and `--format '{{json .}}'` (also `curl --unix-socket … /info`).
 *
 *     Client:
 *      Version:    26.1.5+dfsg1
 *      Debug Mode: false
 *
 *     Server:
 *      Containers: 2
 *       Running: 2
 *      Server Version: 26.1.5+dfsg1
 *      Security Options:
 *       seccomp
 *        Profile: builtin
 *      Kernel Version: 6.18.44-fc-v657
 *      Live Restore Enabled: false
 *
 *     WARNING: bridge-nf-call-iptables is disabled
 *
 * Seen: 1.13, 18.09 (no headings, no indentation), 20.10, 26, 28, 29 (docker/cli `cli/command/system/info.go`).
 * A pasted text may have lost its indentation, so a key counts wherever it stands; the first of a name wins, for what
 * a person may set (labels) comes last. Warnings go to standard error and are missing in `docker info > file`: no
 * warning proves nothing. Not read: plugins, runtimes, registries, labels.
 */
import type { Node } from "jsonc-parser";
import type { Artifact, Line } from "../text/evidence";
import type { Remark } from "../text/span";
import { daemonAnswer } from "./docker-answer";
import {
	booleanOf,
	elements,
	type JsonBlock,
	jsonBlocks,
	memberAt,
	members,
	numberOf,
	stringOf,
	wordOf,
} from "./json-text";
import { readFrom, remark, spanOfText, textOf, writtenLines } from "./line-text";
import { parseFailures } from "./log";
import type { ParsedDockerInfo, Read } from "./parsed";

/** Reads `docker info`. */
export function parseDockerInfo(artifact: Artifact): ParsedDockerInfo {
	const { blocks, others } = jsonBlocks(artifact, artifact.lines);
	const block = blocks.find(({ root }) => isInfo(root));
	const read = block ? fromJson(block) : withTemplate(artifact, others, fromText(artifact, others));
	const failures = parseFailures(artifact, block ? others : writtenLines(others));
	const remarks: Remark[] = [];
	const [first] = writtenLines(artifact.lines);
	if (first && artifact.lines.some((line) => /^\s{1,8}(?:buildahVersion|conmon):/.test(textOf(line)))) {
		remarks.push(remark(artifact, first, "This is `podman info`, not `docker info`"));
	} else if (
		first &&
		!block &&
		!read.daemonAnswered &&
		!read.clientVersion &&
		failures.length === 0 &&
		!isClientBlock(others)
	) {
		remarks.push(remark(artifact, first, "No field of `docker info` found"));
	}
	return { kind: "docker-info", ...read, failures, remarks };
}

/** `docker info --format '{{.ServerVersion}}'` prints the bare value of one field. */
function withTemplate(artifact: Artifact, lines: readonly Line[], fields: Fields): Fields {
	const field = /\{\{\s?\.([A-Za-z.]{1,60})\s?\}\}/.exec((artifact.command ?? "").slice(0, 500))?.[1];
	const [line] = writtenLines(lines);
	const value = line ? textOf(line).trim() : "";
	if (!field || !line || !/^[\w.+~/-]{1,100}$/.test(value)) return fields;
	const read = readFrom(artifact, line, value);
	const answered = { daemonAnswered: readFrom(artifact, line, true) };
	switch (field) {
		case "ServerVersion":
			return { ...fields, ...answered, serverVersion: read };
		case "FirewallBackend.Driver":
			return { ...fields, ...answered, firewallBackend: read };
		case "LiveRestoreEnabled":
			return { ...fields, ...answered, liveRestore: truth(read) };
		case "KernelVersion":
			return { ...fields, ...answered, kernelVersion: read };
		case "DockerRootDir":
			return { ...fields, ...answered, rootDir: read };
		case "IPv4Forwarding":
			return { ...fields, ...answered, ipv4Forwarding: truth(read) };
		default:
			return fields;
	}
}

type Fields = Omit<ParsedDockerInfo, "kind" | "failures" | "remarks">;

function isClientBlock(lines: readonly Line[]): boolean {
	return lines.some((line) => /^\s{0,4}(?:Client:|Debug Mode)/.test(textOf(line)));
}

const KEY = /^\s*([A-Za-z][A-Za-z0-9 ./_-]{0,40}?):(?:\s+(\S.*))?$/;
const SERVER_KEYS = new Set(["Server Version", "Containers", "Storage Driver", "Kernel Version", "Operating System"]);

function fromText(artifact: Artifact, lines: readonly Line[]): Fields {
	const client = new Map<string, Read<string>>();
	const server = new Map<string, Read<string>>();
	const warnings: Read<string>[] = [];
	const security: Line[] = [];
	let part = server;
	let inPlugins = false;
	let inSecurity: number | null = null;
	for (const line of lines) {
		const text = textOf(line);
		const warning = /^\s*(?:WARNING|\[DEPRECATION NOTICE\]):\s+(\S.*)/.exec(text);
		if (warning?.[1]) {
			warnings.push(readFrom(artifact, line, warning[1]));
			continue;
		}
		const indent = text.length - text.trimStart().length;
		const found = KEY.exec(text);
		// Entries of the list are indented deeper, or, when the indentation is lost, known words without a colon.
		if (inSecurity !== null) {
			if (
				indent > inSecurity ||
				/^\s*(?:apparmor|seccomp|selinux|userns|rootless|cgroupns|no-new-privileges|Profile:)/.test(text)
			) {
				security.push(line);
				continue;
			}
			inSecurity = null;
		}
		const key = found?.[1];
		if (!key) continue;
		const value = found[2] ?? "";
		if (key === "Client" || key === "Server") {
			part = key === "Client" ? client : server;
			inPlugins = false;
			continue;
		}
		if (part === client && SERVER_KEYS.has(key)) part = server;
		if (part === client && key === "Plugins") inPlugins = true;
		if (key === "Security Options") {
			inSecurity = indent;
			security.push(line);
		}
		// Plugins of the client have a `Version:` of their own.
		if (value === "" || (inPlugins && key === "Version")) continue;
		if (!part.has(key)) part.set(key, readFrom(artifact, line, value));
	}
	const answered = [...SERVER_KEYS].map((key) => server.get(key)).find((one) => one !== undefined);
	const refused = daemonAnswer(artifact, lines);
	const get = (key: string) => server.get(key) ?? null;
	return {
		serverVersion: get("Server Version"),
		clientVersion: client.get("Version") ?? null,
		daemonAnswered: answered ? { value: true, at: answered.at } : refused,
		kernelVersion: get("Kernel Version"),
		operatingSystem: get("Operating System"),
		osType: get("OSType"),
		architecture: get("Architecture"),
		hostName: get("Name"),
		engineId: get("ID"),
		rootDir: get("Docker Root Dir"),
		storageDriver: get("Storage Driver"),
		cgroupDriver: get("Cgroup Driver"),
		liveRestore: truth(get("Live Restore Enabled")),
		swarm: get("Swarm"),
		rootless: rootlessAmong(artifact, security),
		firewallBackend: get("Firewall Backend"),
		// The text has no field for these two: only the warning, and only when it is off.
		ipv4Forwarding: offBecause(warnings, /^IPv4 forwarding is disabled/i),
		bridgeNfIptables: offBecause(warnings, /^bridge-nf-call-iptables is disabled/i),
		containersRunning: count(get("Running")),
		warnings,
	};
}

function rootlessAmong(artifact: Artifact, lines: readonly Line[]): Read<boolean> | null {
	const [heading] = lines;
	if (!heading) return null;
	const entry = lines.find((line) =>
		/^\s*(?:name=)?rootless\b|^\s*Security Options: .*\brootless\b/.test(textOf(line)),
	);
	if (entry) return { value: true, at: spanOfText(artifact, entry) };
	// A heading without entries may be where the paste was cut off.
	return lines.length > 1 ? { value: false, at: spanOfText(artifact, heading) } : null;
}

function truth(read: Read<string> | null): Read<boolean> | null {
	if (read?.value !== "true" && read?.value !== "false") return null;
	return { value: read.value === "true", at: read.at };
}

function count(read: Read<string> | null): Read<number> | null {
	return read && /^\d{1,9}$/.test(read.value) ? { value: Number(read.value), at: read.at } : null;
}

function offBecause(warnings: readonly Read<string>[], words: RegExp): Read<boolean> | null {
	const warning = warnings.find(({ value }) => words.test(value));
	return warning ? { value: false, at: warning.at } : null;
}

function isInfo(root: Node | null): boolean {
	const names = members(root);
	return ["ServerVersion", "KernelVersion", "ServerErrors", "ClientInfo", "DockerRootDir"].some((name) =>
		names.has(name),
	);
}

function fromJson({ root, joined }: JsonBlock): Fields {
	const at = (node: Node) => joined.spanAt((node.parent ?? node).offset, node.offset + node.length);
	const text = (...path: string[]): Read<string> | null => {
		const node = memberAt(root, ...path);
		const value = wordOf(node);
		return node && value ? { value, at: at(node) } : null;
	};
	const flag = (name: string): Read<boolean> | null => {
		const node = memberAt(root, name);
		const value = booleanOf(node);
		return node && value !== null ? { value, at: at(node) } : null;
	};
	const running = memberAt(root, "ContainersRunning");
	const options = memberAt(root, "SecurityOptions");
	const errors = memberAt(root, "ServerErrors");
	const serverVersion = text("ServerVersion");
	const hasErrors = elements(errors).length > 0;
	// Clients of 20.10 to 28 print every server field with a zero value for a dead daemon: no version, nobody answered.
	const answered = serverVersion ?? text("KernelVersion");
	const facts = answered !== null;
	return {
		serverVersion,
		clientVersion: text("ClientInfo", "Version"),
		daemonAnswered: answered
			? { value: true, at: answered.at }
			: hasErrors && errors
				? { value: false, at: at(errors) }
				: null,
		kernelVersion: text("KernelVersion"),
		operatingSystem: text("OperatingSystem"),
		osType: text("OSType"),
		architecture: text("Architecture"),
		hostName: text("Name"),
		engineId: text("ID"),
		rootDir: text("DockerRootDir"),
		storageDriver: text("Driver"),
		cgroupDriver: text("CgroupDriver"),
		liveRestore: facts ? flag("LiveRestoreEnabled") : null,
		swarm: text("Swarm", "LocalNodeState"),
		rootless:
			facts && options?.type === "array"
				? {
						value: elements(options).some((one) => /\bname=rootless\b|^rootless$/.test(stringOf(one) ?? "")),
						at: at(options),
					}
				: null,
		firewallBackend: text("FirewallBackend", "Driver"),
		ipv4Forwarding: facts ? flag("IPv4Forwarding") : null,
		bridgeNfIptables: facts ? flag("BridgeNfIptables") : null,
		containersRunning:
			facts && running && numberOf(running) !== null ? { value: numberOf(running) ?? 0, at: at(running) } : null,
		warnings: elements(memberAt(root, "Warnings")).flatMap((node) => {
			const says = stringOf(node);
			return says === null
				? []
				: [
						{
							value: says.replace(/^\s{0,8}(?:WARNING|\[DEPRECATION NOTICE\]):\s{0,8}/, ""),
							at: joined.spanAt(node.offset, node.offset + node.length),
						},
					];
		}),
	};
}
