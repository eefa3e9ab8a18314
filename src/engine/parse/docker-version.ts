/**
 * `docker version`, `docker --version`, `dockerd --version`, text and `--format json`.
 *
 *     Client:
 *      Version:           26.1.5+dfsg1
 *      API version:       1.45
 *
 *     Server: Docker Engine - Community
 *      Engine:
 *       Version:          26.1.5+dfsg1
 *      containerd:
 *       Version:          1.7.24~ds1
 *
 * Seen: 1.5 (`Server version: 1.5.0`), 17.12, 20.10, 26, 28, Docker Desktop. The first `Version:` of a part is the
 * engine's; the others belong to containerd, runc and docker-init. Not read: podman's version (not Docker's).
 */
import type { Node } from "jsonc-parser";
import type { Artifact, Line } from "../text/evidence";
import type { Remark } from "../text/span";
import { daemonAnswer, isClientMessage } from "./docker-answer";
import { type JsonBlock, jsonBlocks, memberAt, members, wordOf } from "./json-text";
import { readFrom, remark, textOf, writtenLines } from "./line-text";
import { parseFailures } from "./log";
import type { ParsedDockerVersion, Read } from "./parsed";

type Fields = Pick<ParsedDockerVersion, "serverVersion" | "clientVersion" | "serverPlatform">;

/** Reads `docker version` and the one-line forms. */
export function parseDockerVersion(artifact: Artifact): ParsedDockerVersion {
	const { blocks, others } = jsonBlocks(artifact, artifact.lines);
	const block = blocks.find(({ root }) => members(root).has("Client") || members(root).has("Server"));
	const written = writtenLines(others);
	const remarks: Remark[] = [];
	const podman = written.find((line) => /podman/i.test(textOf(line)));
	let fields: Fields = { serverVersion: null, clientVersion: null, serverPlatform: null };
	if (podman) remarks.push(remark(artifact, podman, "This is the version of Podman, not of Docker"));
	else fields = block ? fromJson(block) : fromText(artifact, written);
	const [first] = written;
	if (first && !podman && !fields.serverVersion && !fields.clientVersion && !isClientMessage(textOf(first))) {
		remarks.push(remark(artifact, first, "No version found"));
	}
	return {
		kind: "docker-version",
		...fields,
		daemonAnswered: fields.serverVersion
			? { value: true, at: fields.serverVersion.at }
			: daemonAnswer(artifact, written),
		failures: parseFailures(artifact, written),
		remarks,
	};
}

function fromText(artifact: Artifact, lines: readonly Line[]): Fields {
	let serverVersion: Read<string> | null = null;
	let clientVersion: Read<string> | null = null;
	let serverPlatform: Read<string> | null = null;
	let part: "client" | "server" | null = null;
	for (const line of lines) {
		const text = textOf(line);
		// `docker version --format '{{.Server.Version}}'` prints the bare value.
		const asked = /\{\{\s?\.(Server|Client)\.Version\s?\}\}/.exec((artifact.command ?? "").slice(0, 500))?.[1];
		if (asked && /^v?\d{1,2}\.\d{1,3}\S{0,50}$/.test(text)) {
			if (asked === "Server") serverVersion ??= readFrom(artifact, line, text);
			else clientVersion ??= readFrom(artifact, line, text);
		}
		const oneLine = /^\s*(?:Docker|Moby) version (\S{1,60}?),?(?: build|$)/.exec(text)?.[1];
		if (oneLine && /\bdockerd\b/.test(artifact.command ?? "")) serverVersion ??= readFrom(artifact, line, oneLine);
		else if (oneLine) clientVersion ??= readFrom(artifact, line, oneLine);
		const heading = /^\s*(Client|Server):\s*(\S.*)?$/.exec(text);
		if (heading) {
			part = heading[1] === "Client" ? "client" : "server";
			if (part === "server" && heading[2]) serverPlatform ??= readFrom(artifact, line, heading[2]);
			continue;
		}
		const found = /^\s*(?:(Client|Server) )?[Vv]ersion:\s+(\S{1,60})/.exec(text);
		if (!found?.[2]) continue;
		const side = found[1]?.toLowerCase() ?? part;
		if (side === "client") clientVersion ??= readFrom(artifact, line, found[2]);
		if (side === "server") serverVersion ??= readFrom(artifact, line, found[2]);
	}
	return { serverVersion, clientVersion, serverPlatform };
}

function fromJson({ root, joined }: JsonBlock): Fields {
	const text = (...path: string[]): Read<string> | null => {
		const node: Node | null = memberAt(root, ...path);
		const value = wordOf(node);
		return node && value ? { value, at: joined.spanAt((node.parent ?? node).offset, node.offset + node.length) } : null;
	};
	return {
		serverVersion: text("Server", "Version"),
		clientVersion: text("Client", "Version"),
		serverPlatform: text("Server", "Platform", "Name"),
	};
}
