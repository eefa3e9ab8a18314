import { isDockerChain } from "../facts/docker-rules";
import { whyNotOfHost } from "../facts/host-readings";
import type { Reading } from "../facts/reading";
import type { Parsed, ParsedDockerInfo, ParsedLog, ParsedRuleset } from "../parse/parsed";
import type { ArtifactKind } from "../text/evidence";
import type { ArtifactSummary } from "./analysis";

/** One line on what an artifact was recognised as and shows: `nat table, 4 chains, no DOCKER chain`. */
export function summarise({ artifact, parsed }: Reading, before: Reading | undefined): ArtifactSummary {
	const { summary, tone } = describe(parsed, artifact.kind, artifact.lines.length);
	const elsewhere = whyNotOfHost(artifact, before?.artifact);
	return {
		id: artifact.id,
		kind: artifact.kind,
		name: artifact.name,
		source: artifact.source,
		from: artifact.from,
		to: artifact.to,
		firstLine: artifact.firstLine,
		lines: artifact.lines.at(-1)?.number ?? 0,
		summary,
		tone,
		remarks: elsewhere
			? [
					{
						says: elsewhere,
						at: { artifact: artifact.id, from: artifact.from, to: artifact.to, line: 1, lastLine: 1 },
					},
					...parsed.remarks,
				]
			: parsed.remarks,
	};
}

type Description = Pick<ArtifactSummary, "summary" | "tone">;

const plain = (summary: string): Description => ({ summary, tone: "plain" });
const count = (number: number, one: string, many = `${one}s`) => `${number} ${number === 1 ? one : many}`;

function describe(parsed: Parsed, kind: ArtifactKind, lines: number): Description {
	switch (parsed.kind) {
		case "docker-info":
			return dockerInfo(parsed);
		case "docker-version":
			return plain(`docker version ${parsed.serverVersion?.value ?? parsed.clientVersion?.value ?? "unknown"}`);
		case "docker-ps":
			return plain(`docker ps, ${count(parsed.containers.length, "container")}`);
		case "docker-inspect":
			return plain(`docker inspect, ${count(parsed.containers.length, "container")}`);
		case "docker-networks":
			return plain(`docker networks, ${parsed.networks.length}`);
		case "log":
			return log(parsed, kind, lines);
		case "ruleset":
			return ruleset(parsed);
		case "iptables-version": {
			const main = parsed.programs[0];
			return plain(main ? `iptables ${main.version}${main.backend ? ` (${main.backend})` : ""}` : "iptables version");
		}
		case "alternatives":
			return plain(`alternatives, ${parsed.current?.value ?? "no choice shown"}`);
		case "process-list":
			return plain(parsed.daemons.length > 0 ? "processes, dockerd’s flags" : "processes");
		case "lsmod":
			return plain(parsed.modules ? `lsmod, ${count(parsed.modules.length, "module")}` : "lsmod failed");
		case "lock-holders":
			return parsed.holders.length > 0
				? {
						summary: `xtables lock, ${count(parsed.holders.length, "process has it open", "processes have it open")}`,
						tone: "fault",
					}
				: plain("xtables lock, nobody has it open");
		case "sysctl":
			return plain(`sysctl, ${count(parsed.values.length, "key")}`);
		case "uname":
			return plain(`kernel ${parsed.release?.value ?? "unknown"}`);
		case "os-release":
			return plain(parsed.prettyName?.value ?? parsed.id?.value ?? "distribution");
		case "daemon-json":
			return parsed.error
				? { summary: "daemon.json, not valid JSON", tone: "fault" }
				: plain(`daemon.json, ${count(parsed.values?.length ?? 0, "key")}`);
		case "unit-file":
			return plain(`unit, ${count(parsed.files.length, "file")}`);
		case "unit-status":
			return plain(
				`systemctl status, ${parsed.units.map((unit) => `${unit.unit} ${unit.active}`).join(", ") || "no unit"}`,
			);
		case "sockets":
			return plain(`listening sockets, ${parsed.sockets.length}`);
		case "ip-addr":
			return plain(`interfaces, ${parsed.interfaces.length}`);
		case "ip-route":
			return plain(`routes, ${parsed.routes.length}`);
		case "ip-rule":
			return plain(`routing rules, ${parsed.rules.length}`);
		case "probes": {
			const dead = parsed.probes.filter((probe) => probe.outcome !== "answered").length;
			return {
				summary: `${count(parsed.probes.length, "try", "tries")} to reach a port, ${answers(parsed.probes.length, dead)}`,
				tone: dead > 0 ? "fault" : "whole",
			};
		}
		case "lib-modules":
			return parsed.files.length > 0
				? plain(`kernel modules, ${parsed.files.length}`)
				: plain(`/lib/modules, ${parsed.releases.map((one) => one.value).join(", ") || "empty"}`);
		case "modprobe":
			return plain("modprobe messages");
		case "kernel-config":
			return plain(`kernel configuration, ${count(parsed.options.length, "option")}`);
		case "ufw-status":
			return plain(
				parsed.active
					? `ufw, ${parsed.active.value ? "active" : "inactive"}`
					: parsed.defaults
						? `ufw, routed by default: ${parsed.defaults.value.routed || "not shown"}`
						: "ufw, whether it is active is not shown",
			);
		case "firewalld-state":
			return plain(
				parsed.running
					? `firewalld, ${parsed.running.value ? "running" : "not running"}`
					: "firewalld, whether it runs is not shown",
			);
		case "nstat":
			return plain(`kernel counters, ${parsed.counters.length}`);
		case "nft-monitor":
			return parsed.events.length > 0
				? {
						summary: `nft monitor, ${count(parsed.transactions, "change")}, Docker’s tables among what was removed`,
						tone: "fault",
					}
				: plain(`nft monitor, ${count(parsed.transactions, "change")}`);
		case "bridge-ports":
			return plain(
				parsed.bridges.length > 0
					? `bridges, ${parsed.bridges.map(({ name, ports }) => `${name} with ${count(ports.length, "port")}`).join(", ")}`
					: "ports of bridges, no bridge named",
			);
		case "desktop-checks":
			return parsed.failed.length > 0
				? { summary: `Docker Desktop’s checks, ${parsed.failed.length} failed, ${parsed.passed} passed`, tone: "fault" }
				: plain(`Docker Desktop’s checks, ${parsed.passed} passed`);
		case "wsl":
			return plain(
				parsed.version
					? `WSL ${parsed.version.value}`
					: `WSL, ${count(parsed.distributions.length, "distribution")}, ${parsed.distributions.filter((one) => one.value.running).length} running`,
			);
		case "ipset":
			return plain(`ipset, ${count(parsed.sets.length, "set")}`);
		case "conntrack":
			return parsed.dropped
				? { summary: `connection table, ${count(parsed.dropped.value, "packet")} dropped`, tone: "fault" }
				: plain(parsed.count ? `connection table, ${count(parsed.count.value, "connection")}` : "connection table");
		case "packages":
			return plain(`packages, ${count(parsed.packages.length, "package")} of interest`);
		case "compose":
			return plain(
				parsed.unpublished.length > 0
					? `compose file, ${count(parsed.ports.length, "published port")}, ${count(parsed.unpublished.length, "service")} without a network of its own`
					: `compose file, ${count(parsed.ports.length, "published port")}`,
			);
		case "docker-services":
			return plain(`docker services, ${parsed.services.length}`);
		case "unrecognised":
			return plain(`not recognised, ${count(lines, "line")}`);
		default:
			return parsed satisfies never;
	}
}

function dockerInfo(parsed: ParsedDockerInfo): Description {
	if (parsed.daemonAnswered?.value === false) return { summary: "docker info, dockerd does not answer", tone: "fault" };
	const parts = [parsed.serverVersion?.value ?? parsed.clientVersion?.value, parsed.operatingSystem?.value].filter(
		(part) => part !== undefined,
	);
	return plain(parts.length > 0 ? `docker info, ${parts.join(" · ")}` : "docker info");
}

const LOGS: Readonly<Partial<Record<ArtifactKind, string>>> = {
	"dockerd-log": "dockerd log",
	"kernel-log": "kernel log",
	"firewalld-log": "firewalld log",
	"docker-error": "error text",
	modprobe: "modprobe messages",
};

function log(parsed: ParsedLog, kind: ArtifactKind, lines: number): Description {
	const failures = parsed.failures.filter((failure) => failure.weight === "fatal" || failure.weight === "error").length;
	const name = LOGS[kind] ?? "log";
	if (failures === 0) return plain(`${name}, ${count(lines, "line")}, no error`);
	return { summary: `${name}, ${count(lines, "line")}, ${count(failures, "error")}`, tone: "fault" };
}

function ruleset(parsed: ParsedRuleset): Description {
	if (parsed.tables.length === 0)
		return parsed.failures.length > 0 ? { summary: "the listing failed", tone: "fault" } : plain("no rules");
	const own = parsed.tables.filter(
		(table) => table.family === "ip" || table.family === "ip6" || table.family === "inet",
	);
	const [only] = own;
	if (own.length === 1 && only) {
		const docker = only.chains.some((chain) => isDockerChain(chain.name));
		const judged = only.name === "nat" || only.name === "filter";
		const text = `${only.name} table, ${count(only.chains.length, "chain")}`;
		if (!judged || !only.complete) return plain(text);
		return docker ? { summary: text, tone: "whole" } : { summary: `${text}, no DOCKER chain`, tone: "fault" };
	}
	const chains = parsed.tables.reduce((sum, table) => sum + table.chains.length, 0);
	const lacking = own.filter(
		(table) =>
			(table.name === "nat" || table.name === "filter") &&
			table.family === "ip" &&
			table.complete &&
			!table.native &&
			!table.chains.some((chain) => isDockerChain(chain.name)),
	);
	const text = `${count(parsed.tables.length, "table")}, ${count(chains, "chain")}`;
	return lacking.length > 0
		? { summary: `${text}, no DOCKER chain in ${lacking.map((table) => table.name).join(" and ")}`, tone: "fault" }
		: plain(text);
}

/** How many of `tries` got no answer, in words: a chip on a green ground shall not end in "without an answer". */
function answers(tries: number, dead: number): string {
	if (tries === 0) return "what came back is not shown";
	if (dead === 0) return "answered";
	return dead === tries ? "no answer" : `${dead} without an answer`;
}
