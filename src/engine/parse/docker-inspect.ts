/**
 * `docker inspect` and `docker container inspect`: an array of containers.
 *
 *     "Name": "/web",
 *     "State": { "Status": "running", "ExitCode": 0, "Error": "" },
 *     "HostConfig": { "NetworkMode": "bridge", "PortBindings": { "80/tcp": [ { "HostIp": "", "HostPort": "8080" } ] } },
 *     "NetworkSettings": { "Ports": { "80/tcp": [ { "HostIp": "0.0.0.0", "HostPort": "8080" } ] },
 *                          "Networks": { "bridge": { "Gateway": "172.17.0.1", "IPAddress": "172.17.0.2" } } }
 *
 * Also a name and an address, as `-f '{{.Name}} {{.NetworkSettings.IPAddress}}'` prints them: `/web 172.17.0.2`.
 * Seen: 20.10, 26, 28; one object per container in old `-f '{{json .}}'` pastes; cut-off ends. Never kept:
 * `Config.Env`, labels, mounts, paths. `NetworkSettings.Ports` is what is bound now, `HostConfig.PortBindings` what was
 * asked for. Not read: images and volumes.
 */
import type { Node } from "jsonc-parser";
import { parseAddress } from "../netfilter/address";
import type { Artifact, Line } from "../text/evidence";
import type { Remark } from "../text/span";
import { daemonAnswer, isClientMessage } from "./docker-answer";
import { unwrap } from "./error-chain";
import type { Failure } from "./failure";
import { elements, type JsonBlock, jsonBlocks, memberAt, members, numberOf, stringOf, wordOf } from "./json-text";
import { remark, remarksOnLines, spanOfText, textOf, writtenLines } from "./line-text";
import { parseFailures } from "./log";
import type { InspectedContainer, ParsedDockerInspect, PublishedPort } from "./parsed";
import { LONGEST_RANGE } from "./published-port";

/** Reads the containers of `docker inspect`. */
export function parseDockerInspect(artifact: Artifact): ParsedDockerInspect {
	const { blocks, others } = jsonBlocks(artifact, artifact.lines);
	const containers: InspectedContainer[] = [];
	const refused: Failure[] = [];
	const remarks: Remark[] = [];
	for (const block of blocks) {
		if (!block.root) remarks.push(remark(artifact, block.first, "JSON nested too deep, skipped"));
		else if (block.errors.length > 0)
			remarks.push(remark(artifact, block.last, "The JSON is cut off or damaged; what could be read was"));
		for (const object of block.root?.type === "array" ? elements(block.root) : block.root ? [block.root] : []) {
			const container = containerOf(block, object);
			if (container) {
				containers.push(container);
				refused.push(...lastRefusal(block, object, container));
			} else if (members(object).size > 0) {
				remarks.push({ says: "Not a container, skipped", at: block.joined.spanAt(object.offset, object.offset + 1) });
			}
		}
	}
	const written = writtenLines(others);
	const unread: Line[] = [];
	for (const line of written) {
		if (isClientMessage(textOf(line))) continue;
		const container = blocks.length === 0 ? addressLine(artifact, line) : null;
		if (container) containers.push(container);
		else unread.push(line);
	}
	const [first] = blocks;
	return {
		kind: "docker-inspect",
		containers,
		daemonAnswered:
			daemonAnswer(artifact, written) ??
			(first && containers.length > 0 ? { value: true, at: first.joined.spanAt(0, 1) } : null),
		failures: [...parseFailures(artifact, written), ...refused],
		remarks: [...remarks, ...remarksOnLines(artifact, unread, "Not JSON, skipped")],
	};
}

/** A name, if there is one, and an IPv4 address: what the formats that people ask for addresses with print. */
const NAME_AND_ADDRESS = /^\/?([A-Za-z0-9][\w.-]{0,127}\b)?[\s:=>-]{0,8}(\d{1,3}(?:\.\d{1,3}){3})$/;

/**
 * One line of `docker inspect -f '{{.Name}} {{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' …`. Without a name
 * it is the container that the command asks for.
 */
function addressLine(artifact: Artifact, line: Line): InspectedContainer | null {
	const { command } = artifact;
	if (!command || !/ipaddress/i.test(command)) return null;
	const found = NAME_AND_ADDRESS.exec(textOf(line).trim());
	const address = found?.[2];
	const name = found?.[1] ?? /\s([A-Za-z0-9][\w.-]{0,127})\s*$/.exec(command.slice(-200))?.[1];
	if (!address || !name || !parseAddress(address)) return null;
	return {
		id: null,
		name,
		image: null,
		state: null,
		exitCode: null,
		ports: null,
		at: spanOfText(artifact, line),
		addresses: [{ network: "bridge", address, gateway: null }],
		wantedPorts: [],
		networkMode: null,
		restartPolicy: null,
		restartCount: null,
		stateError: "",
	};
}

function containerOf({ joined }: JsonBlock, object: Node): InspectedContainer | null {
	const state = memberAt(object, "State");
	const settings = memberAt(object, "NetworkSettings");
	const host = memberAt(object, "HostConfig");
	if (!state && !settings && !host) return null;
	const nameNode = memberAt(object, "Name") ?? memberAt(object, "Id") ?? object;
	const property = nameNode.parent?.type === "property" ? nameNode.parent : nameNode;
	const status = wordOf(memberAt(state, "Status"));
	const exitCode = numberOf(memberAt(state, "ExitCode"));
	const ports = memberAt(settings, "Ports");
	return {
		id: wordOf(memberAt(object, "Id")),
		name: wordOf(memberAt(object, "Name"))?.replace(/^\//, "") ?? null,
		image: wordOf(memberAt(object, "Config", "Image")) ?? wordOf(memberAt(object, "Image")),
		state: status,
		// A running container has the code 0 of nothing.
		exitCode: status === "running" || status === "created" || status === "paused" ? null : exitCode,
		ports: settings ? portsOf(ports) : null,
		at: joined.spanAt(property.offset, property.offset + property.length),
		addresses: addressesOf(settings),
		wantedPorts: portsOf(memberAt(host, "PortBindings")),
		networkMode: wordOf(memberAt(host, "NetworkMode")),
		restartPolicy: wordOf(memberAt(host, "RestartPolicy", "Name")),
		restartCount: numberOf(memberAt(object, "RestartCount")),
		stateError: stringOf(memberAt(state, "Error")) ?? "",
	};
}

/** `State.Error`: what dockerd said when it last tried in vain to start the container. A start that succeeds empties it. */
function lastRefusal({ joined }: JsonBlock, object: Node, container: InspectedContainer): readonly Failure[] {
	const node = memberAt(object, "State", "Error");
	if (!node || container.stateError === "" || container.state === "running") return [];
	const at = joined.spanAt(node.offset, node.offset + node.length);
	return unwrap({ text: container.stateError, level: null, program: "dockerd", structured: false, typed: null }).map(
		(one) => ({ ...one, subject: one.subject ?? container.name, at, time: null, run: null }),
	);
}

/** `{"80/tcp": [{"HostIp": "", "HostPort": "8080"}], "443/tcp": null}`. */
function portsOf(node: Node | null): readonly PublishedPort[] {
	const ports: PublishedPort[] = [];
	for (const [key, bindings] of members(node)) {
		const found = /^(\d{1,5})\/(tcp|udp|sctp)$/.exec(key);
		const protocol = found?.[2];
		if (protocol !== "tcp" && protocol !== "udp" && protocol !== "sctp") continue;
		for (const binding of elements(bindings)) {
			const range = /^(\d{0,5})(?:-(\d{1,5}))?$/.exec(stringOf(memberAt(binding, "HostPort")) ?? "");
			if (!range) continue;
			const from = Number(range[1] || "0");
			const to = Math.min(Number(range[2] ?? from), from + LONGEST_RANGE - 1);
			const hostAddress = stringOf(memberAt(binding, "HostIp")) ?? "";
			// A wanted range means one port out of it (docker run -p 8000-8010:80): the first is the one tried first.
			if (from <= to) ports.push({ hostAddress, hostPort: from, containerPort: Number(found?.[1]), protocol });
		}
	}
	return ports;
}

function addressesOf(settings: Node | null): InspectedContainer["addresses"] {
	const networks = members(memberAt(settings, "Networks"));
	const found: { network: string; address: string; gateway: string | null }[] = [];
	for (const [network, endpoint] of networks) {
		const address = wordOf(memberAt(endpoint, "IPAddress"));
		if (address) found.push({ network, address, gateway: wordOf(memberAt(endpoint, "Gateway")) });
		const address6 = wordOf(memberAt(endpoint, "GlobalIPv6Address"));
		if (address6) found.push({ network, address: address6, gateway: wordOf(memberAt(endpoint, "IPv6Gateway")) });
	}
	if (found.length > 0 || networks.size > 0) return found;
	// Docker before 1.9 knew only the default bridge; the field stayed until 28.
	const address = wordOf(memberAt(settings, "IPAddress"));
	return address ? [{ network: "bridge", address, gateway: wordOf(memberAt(settings, "Gateway")) }] : [];
}
