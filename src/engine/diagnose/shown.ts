import type { CommandId } from "../facts/commands";
import type { FoldedFailure, HostFacts } from "../facts/host-facts";
import { tableOf } from "../facts/netfilter-facts";

/** Whether the evidence already holds what a command would print; such a command is not asked for again. */
export function isShown(id: CommandId, facts: HostFacts): boolean {
	const backend = facts.iptables.backend.known ? facts.iptables.backend.value : null;
	const table = (name: string) => {
		const answer = tableOf(facts.netfilter, backend, 4, name);
		return (
			answer.kind !== "unknown" && (answer.kind === "empty" || (answer.table.complete && answer.table.interfacesShown))
		);
	};
	const listed = (wanted: "nf_tables" | "legacy") =>
		facts.netfilter.listed.some((one) => one.backend === wanted && one.family === 4);
	switch (id) {
		case "docker-info":
		case "docker-version":
			return facts.docker.version.known && facts.docker.running.known;
		case "docker-ps":
			return facts.containers.known;
		case "docker-inspect":
			return facts.containers.known && facts.containers.value.some((one) => one.inspected);
		case "docker-networks":
			return facts.networks.known;
		case "dockerd-log":
			return facts.log.known && !facts.failures.some(isCutOff);
		case "rule-set":
			return table("nat") && table("filter");
		case "nat-table":
			return table("nat");
		case "filter-table":
			return table("filter");
		case "both-backends":
			return listed("nf_tables") && listed("legacy") && facts.iptables.backend.known;
		case "nft-rule-set":
			// iptables-nft lists its own tables only; those of the nft program are seen by nft alone.
			return facts.netfilter.native.length > 0;
		case "iptables-version":
		case "alternatives":
			return facts.iptables.backend.known;
		case "lock-holders":
			return facts.lock.known;
		case "modules":
			return facts.moduleReleases.known;
		case "lsmod":
			return facts.loadedModules.known;
		case "daemon-json":
			return facts.docker.config.known;
		case "unit":
			return facts.docker.flags.known;
		case "sysctls":
			return facts.sysctls.size > 0;
		case "reverse-path":
			return facts.counters.has("TcpExtIPReversePathFilter") && facts.sysctls.has("net.ipv4.conf.all.rp_filter");
		case "module-files":
			return facts.moduleFiles.size > 0;
		case "conntrack":
			return facts.sysctls.has("net.netfilter.nf_conntrack_max");
		case "sockets":
			return facts.sockets.known;
		case "container-sockets":
			return facts.containerSockets.known;
		case "addresses":
			return facts.interfaces.known;
		case "routes":
			return facts.routes.known;
		case "firewalls":
			return facts.ufw.known || facts.firewalld.known;
		case "probe-outside":
			// One try tells little: the host's own and one from outside together tell where the port is dead.
			return new Set(facts.probes.map((probe) => `${probe.host} ${probe.address}`)).size > 1;
		case "error-text":
			return facts.failures.some((failure) => failure.current && failure.best.weight !== "noise");
		case "unit-status":
		case "kernel-log":
		case "path-of-iptables":
			return false;
		default:
			return id satisfies never;
	}
}

/** dockerd did not start, and the words that tell why were cut off: by `systemctl status`, by a pager's edge. */
function isCutOff({ current, complaint, best }: FoldedFailure): boolean {
	return current && complaint.kind === "unrecognised" && best.during === "daemon-start";
}
