import { LIKELY, lineShape, NONE, type Seen, type Shape, SURE, type View } from "../shape";

/** Whether one of the next lines matches; a blank look-ahead ends it. */
function soon(view: View, pattern: RegExp, lines: number): boolean {
	for (let ahead = 1; ahead <= lines; ahead++) {
		const next = view(ahead);
		if (next === null) return false;
		if (pattern.test(next.flat)) return true;
	}
	return false;
}

// docker/cli v18.09..v29.7.2 cli/command/system/info.go: names that no other program prints.
const INFO_SURE =
	/^(?:Server Version|Storage Driver|Cgroup Driver|Cgroup Version|Docker Root Dir|Live Restore Enabled|Logging Driver|Default Runtime|Firewall Backend|containerd version|runc version|init version|Default Address Pools|Native Overlay Diff|Number of Docker Hooks|Total Memory|Product License|Username|CDI spec directories|Discovered Devices|Insecure Registries|Registry Mirrors|Init Binary|Docker Root Dir)(?: ?:|: )/;
const INFO_FIELD =
	/^(?:Client|Server|Containers|Running|Paused|Stopped|Images|Plugins|Volume|Network|Log|Swarm|Runtimes|Security Options|Kernel Version|Operating System|OSType|Architecture|CPUs|Name|ID|Debug Mode|Experimental|Labels|HTTPS? Proxy|No Proxy|Context|Version|Backing Filesystem|Supports d_type|Execution Driver|Authorization|userxattr|apparmor|seccomp|cgroupns|rootless|name=\S+|Profile|Debug mode|Is Manager|NodeID|ClusterID|Managers|Nodes|Data Path Port|Orchestration|Raft|Dispatcher|CA Configuration|Node Address|Manager Addresses|Base|ReloadedAt|EnableUserlandProxy|UserlandProxyPath|Registry|File Descriptors|Goroutines|System Time|EventsListeners)(?: ?:|$)/;
const INFO_WARNING =
	/^(?:WARNING|ERROR|DEPRECATED|\[DEPRECATION NOTICE\])[: ]|^errors pretty printing info|^\s*Reason: |^We recommend /;
const FIELD = /^[A-Za-z][\w ./()-]{0,40}:(?: |$)/;

const opensInfo = (view: View) => {
	const flat = view(0)?.flat ?? "";
	if (INFO_SURE.test(flat)) return SURE;
	if (/^(?:Client|Server)(?::$|: Docker)/.test(flat)) {
		if (isVersionBlock(view)) return NONE;
		return soon(view, /^(?:Debug Mode|Context|Containers|Plugins|Server Version|ERROR|Images|Version)\s*:/, 4)
			? SURE
			: NONE;
	}
	if (/^Containers: \d+$/.test(flat)) return SURE;
	return /^Kernel Version: \d/.test(flat) && soon(view, /^(?:Operating System|OSType): /, 1) ? LIKELY : NONE;
};

/** `docker info`, with headings (19.03+) and without. */
const info: Shape = {
	kind: "docker-info",
	opens: opensInfo,
	absorbs: new Set(["docker-error", "os-release", "uname"]),
	reader: (first) => {
		const base = first(0)?.indent ?? 0;
		let sawServer = false;
		const note = (seen: Seen) => {
			if (/^(?:Server|Containers)\b/.test(seen.flat)) sawServer = true;
		};
		const head = first(0);
		if (head !== null) note(head);
		return {
			take: (view, afterBlank) => {
				const seen = view(0);
				if (seen === null) return "no";
				// A second `Client:` after the server's part is a second run.
				if (sawServer && /^Client(?::$|: Docker)/.test(seen.flat)) return isVersionBlock(view) ? "no" : "again";
				if (/^(?:Client|Server):/.test(seen.flat) && isVersionBlock(view)) return "no";
				note(seen);
				if (INFO_SURE.test(seen.flat) || INFO_FIELD.test(seen.flat) || INFO_WARNING.test(seen.flat)) return "own";
				if (afterBlank) return "no";
				return seen.indent > base || FIELD.test(seen.flat) ? "own" : "may";
			},
		};
	},
};

const VERSION_FIELD =
	/^(?:API version|Go version|Git commit|Built|OS\/Arch|Experimental|GitCommit|Context|Orchestrator|Version|Cloud integration|Engine|containerd|runc|docker-init|rootlesskit|slirp4netns|Api version|MinAPIVersion)(?: \((?:client|server)\))?\s*:/i;

/** `Client:` of `docker version`, not of `docker info`: the API version stands a few lines below. */
function isVersionBlock(view: View): boolean {
	for (let ahead = 1; ahead <= 10; ahead++) {
		const next = view(ahead);
		if (next === null) return false;
		if (/^(?:API version|Go version|Git commit|OS\/Arch)\s*:/.test(next.flat)) return true;
		if (/^(?:Debug Mode|Containers|Plugins|ERROR)\b/.test(next.flat)) return false;
	}
	return false;
}

/** `docker version`, and `docker --version`. */
const version: Shape = {
	kind: "docker-version",
	opens: (view) => {
		const flat = view(0)?.flat ?? "";
		if (/^Docker version \d+\.\d+/.test(flat) || /^(?:Client|Server) (?:API )?version(?: \(\w+\))?: \d/.test(flat))
			return SURE;
		if (/^(?:Client|Server)(?::$|: [A-Z])/.test(flat) && isVersionBlock(view)) return SURE;
		return /^API version:\s+\d/.test(flat) ? LIKELY : NONE;
	},
	absorbs: new Set(["docker-error"]),
	reader: (first) => {
		const base = first(0)?.indent ?? 0;
		let sawServer = false;
		return {
			take: (view, afterBlank) => {
				const seen = view(0);
				if (seen === null) return "no";
				if (/^Server\b/.test(seen.flat)) {
					sawServer = true;
					return "own";
				}
				if (/^Client:/.test(seen.flat)) return sawServer || !isVersionBlock(view) ? "no" : "own";
				if (/^Client /.test(seen.flat) || VERSION_FIELD.test(seen.flat)) return "own";
				if (/^(?:Cannot connect to|ERROR:|Error response|Got permission|permission denied)/.test(seen.flat))
					return "may";
				return !afterBlank && seen.indent > base ? "own" : "no";
			},
		};
	},
};

const CONTAINER_COLUMNS: ReadonlySet<string> = new Set([
	"CONTAINER ID",
	"IMAGE",
	"COMMAND",
	"CREATED",
	"STATUS",
	"PORTS",
	"NAMES",
	"NAME",
	"SERVICE",
	"STATE",
	"CREATED AT",
	"NETWORKS",
	"SIZE",
	"MOUNTS",
	"LABELS",
	"LOCAL VOLUMES",
	"RUNNING FOR",
]);

function isContainerHeader(flat: string): boolean {
	if (flat.startsWith("CONTAINER ID") || /^Name\s+Command\s+State\s+Ports$/.test(flat)) return true;
	if (!/^[A-Z]{4}/.test(flat)) return false;
	const cells = flat.split(/ {2,}|\t+/, 20).map((cell) => cell.trim());
	if (cells.length < 2 || !cells.every((cell) => CONTAINER_COLUMNS.has(cell))) return false;
	return cells.includes("PORTS") || cells.includes("STATUS") || cells.includes("STATE") || cells.includes("NAMES");
}

const PS_ROW =
	/^[\da-f]{12}(?:[\da-f]{52})?\s+\S{1,200}\s.{0,300}\b(?:Up|Exited|Created|Restarting|Paused|Dead|Removal In Progress)\b/;
/** `docker port web`. */
const PORT_LINE = /^\d{1,5}\/(?:tcp|udp|sctp) -> \S{1,60}:\d{1,5}$/;
/** A row of compose 1, below its heading and a line of hyphens. */
const COMPOSE_ROW = /^\S{1,128}\s{2,}\S.{0,200}\s{2,}(?:Up|Exit -?\d{1,3}|Restarting|Paused)(?:\s|$)/;
const PS_JSON = /^\{"Command":".{0,1500}"(?:Names|Ports)":/;

/** `docker ps`: the table, a table of chosen columns, one JSON object a line; `docker compose ps`. */
const ps: Shape = {
	kind: "docker-ps",
	opens: (view) => {
		const flat = view(0)?.flat ?? "";
		if (isContainerHeader(flat) || PS_JSON.test(flat) || PORT_LINE.test(flat)) return SURE;
		return PS_ROW.test(flat) ? LIKELY : NONE;
	},
	absorbs: new Set(["docker-error"]),
	reader: () => ({
		take: (view, afterBlank) => {
			const flat = view(0)?.flat ?? "";
			if (isContainerHeader(flat) || PS_JSON.test(flat) || PS_ROW.test(flat) || PORT_LINE.test(flat)) return "own";
			if (/^-{20,}$/.test(flat) || COMPOSE_ROW.test(flat)) return "own";
			return afterBlank ? "no" : "may";
		},
	}),
};

const networks = lineShape({
	kind: "docker-network-ls",
	sure: /^NETWORK ID\s+NAME\s+DRIVER\b|^\{"CreatedAt":".{0,300}"Driver":".{0,300}"Scope":/,
	// A swarm's network has an id of all letters.
	likely: /^[\da-z]{12,64}\s+\S{1,100}\s+\S{1,60}\s+(?:local|global|swarm)$/,
	may: /^[\da-z]{12,64}\b/,
});

/** `docker service ls` of a swarm's manager. */
const services = lineShape({
	kind: "docker-services",
	sure: /^ID\s+NAME\s+MODE\s+REPLICAS\b/,
	own: /^[a-z\d]{12,25}\s+\S{1,120}\s+(?:replicated|global)/,
});

/** Text that the docker command line prints; its JSON is told by its keys, see `json.ts`. */
export const DOCKER_SHAPES: readonly Shape[] = [version, info, ps, networks, services];
