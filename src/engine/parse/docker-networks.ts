/**
 * `docker network ls` and `docker network inspect`, each alone or one after the other.
 *
 *     NETWORK ID     NAME      DRIVER    SCOPE
 *     1375604ba10c   bridge    bridge    local
 *     [ { "Name": "bridge", "Id": "1375604ba10c…", "Driver": "bridge",
 *         "IPAM": { "Config": [ { "Subnet": "172.17.0.0/16", "Gateway": "172.17.0.1" } ] },
 *         "Containers": { "7fd5…": { "Name": "web2", "IPv4Address": "172.17.0.3/16" } },
 *         "Options": { "com.docker.network.bridge.name": "docker0", "com.docker.network.bridge.enable_icc": "true" } } ]
 *
 * Seen: 20.10 (no `Gateway` for the default bridge), 26, 28, `--format json`. Not read: labels, peers, services.
 */
import type { Node } from "jsonc-parser";
import type { Artifact, Line } from "../text/evidence";
import type { Remark } from "../text/span";
import { type Column, cellsOf, columnsOf } from "./columns";
import { daemonAnswer, isClientMessage } from "./docker-answer";
import { booleanOf, elements, type JsonBlock, jsonBlocks, memberAt, members, stringOf, wordOf } from "./json-text";
import { remark, remarksOnLines, spanOfText, textOf, writtenLines } from "./line-text";
import { parseFailures } from "./log";
import type { DockerNetwork, ParsedDockerNetworks } from "./parsed";

/** Reads `docker network ls` and `docker network inspect`. */
export function parseDockerNetworks(artifact: Artifact): ParsedDockerNetworks {
	const { blocks, others } = jsonBlocks(artifact, artifact.lines);
	const written = writtenLines(others);
	const listed = readTable(artifact, written);
	const remarks: Remark[] = [];
	const inspected: DockerNetwork[] = [];
	let rows = 0;
	for (const block of blocks) {
		if (!block.root) remarks.push(remark(artifact, block.first, "JSON nested too deep, skipped"));
		else if (block.errors.length > 0)
			remarks.push(remark(artifact, block.last, "The JSON is cut off or damaged; what could be read was"));
		for (const object of block.root?.type === "array" ? elements(block.root) : block.root ? [block.root] : []) {
			const network = networkOf(block, object);
			if (network) inspected.push(network);
			if (network && members(object).has("ID")) rows++;
		}
	}
	const networks = listed.networks.map((one) => inspected.find((other) => isSame(one, other)) ?? one);
	for (const one of inspected) if (!networks.some((other) => other === one || isSame(one, other))) networks.push(one);
	const [first] = networks;
	return {
		kind: "docker-networks",
		networks,
		complete: listed.heading !== null || rows > 0,
		daemonAnswered: daemonAnswer(artifact, written) ?? (first ? { value: true, at: first.at } : null),
		failures: parseFailures(artifact, written),
		remarks: [...remarks, ...remarksOnLines(artifact, listed.unread, "Not a network, skipped")],
	};
}

function isSame(a: DockerNetwork, b: DockerNetwork): boolean {
	if (a.id && b.id) return a.id.startsWith(b.id) || b.id.startsWith(a.id);
	return a.name === b.name;
}

function readTable(artifact: Artifact, lines: readonly Line[]) {
	const networks: DockerNetwork[] = [];
	const unread: Line[] = [];
	let heading: Line | null = null;
	let columns: readonly Column[] = [];
	for (const line of lines) {
		const text = textOf(line);
		if (/^\s*NETWORK ID\s+NAME\b/.test(text)) {
			heading = line;
			columns = columnsOf(text, ["NETWORK ID", "NAME", "DRIVER", "SCOPE"]);
			continue;
		}
		const cells = columns.length > 0 ? cellsOf(text, columns) : null;
		// Names have no blanks, so a row whose padding is gone still has its cells as words.
		const [id, name, driver] = cells?.[1] ? cells : text.trim().split(/\s+/, 5);
		if (id && name && /^[0-9a-z]{12,64}$/.test(id)) {
			networks.push({
				...NOTHING_SHOWN,
				name,
				id,
				driver: driver || null,
				// The default bridge is docker0 unless the daemon was given another (`bridge` in daemon.json).
				bridge: name === "bridge" ? "docker0" : null,
				at: spanOfText(artifact, line),
			});
		} else if (!isClientMessage(text)) unread.push(line);
	}
	return { networks, heading, unread };
}

const NOTHING_SHOWN = {
	subnets: [],
	gateways: [],
	internal: null,
	icc: null,
	gatewayMode: null,
	containers: [],
} as const;

const OPTION = "com.docker.network.bridge";

function networkOf({ joined }: JsonBlock, object: Node): DockerNetwork | null {
	const fields = members(object);
	const name = wordOf(fields.get("Name"));
	const driver = wordOf(fields.get("Driver"));
	// Volumes have a name and a driver as well, and a mount point; plugins and configs have no scope.
	if (!name || (!driver && !fields.has("IPAM")) || fields.has("Mountpoint") || fields.has("State")) return null;
	const id = wordOf(fields.get("Id")) ?? wordOf(fields.get("ID"));
	const options = fields.get("Options");
	const configs = elements(memberAt(fields.get("IPAM"), "Config"));
	const nameNode = fields.get("Name") ?? object;
	const property = nameNode.parent?.type === "property" ? nameNode.parent : nameNode;
	const isListing = !fields.has("IPAM");
	const derived = name === "bridge" ? "docker0" : id && !isListing ? `br-${id.slice(0, 12)}` : null;
	return {
		name,
		id,
		driver,
		bridge: driver === "bridge" ? (wordOf(memberAt(options, `${OPTION}.name`)) ?? derived) : null,
		subnets: configs.flatMap((one) => wordOf(memberAt(one, "Subnet")) ?? []),
		gateways: configs.flatMap((one) => wordOf(memberAt(one, "Gateway")) ?? []),
		internal: booleanOf(fields.get("Internal")),
		icc: booleanOf(memberAt(options, `${OPTION}.enable_icc`)),
		gatewayMode: wordOf(memberAt(options, `${OPTION}.gateway_mode_ipv4`)),
		containers: [...members(fields.get("Containers")).values()].flatMap((one) =>
			["IPv4Address", "IPv6Address"].flatMap((key) => {
				const address = (stringOf(memberAt(one, key)) ?? "").split("/", 1)[0];
				const container = wordOf(memberAt(one, "Name"));
				return address && container ? [{ name: container, address }] : [];
			}),
		),
		at: joined.spanAt(property.offset, property.offset + property.length),
	};
}
