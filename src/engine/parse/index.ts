import type { Artifact, ArtifactKind } from "../text/evidence";
import { parseAlternatives } from "./alternatives";
import { parseBridgePorts } from "./bridge-ports";
import { parseCompose } from "./compose";
import { parseConntrack } from "./conntrack";
import { parseDaemonJson } from "./daemon-json";
import { parseDesktopChecks } from "./desktop-checks";
import { parseDockerInfo } from "./docker-info";
import { parseDockerInspect } from "./docker-inspect";
import { parseDockerNetworks } from "./docker-networks";
import { parseDockerPs } from "./docker-ps";
import { parseDockerServices } from "./docker-services";
import { parseDockerVersion } from "./docker-version";
import type { Failure } from "./failure";
import { parseFirewalldState } from "./firewalld-state";
import { parseIpAddr } from "./ip-addr";
import { parseIpRoute } from "./ip-route";
import { parseIpRule } from "./ip-rule";
import { parseIpset } from "./ipset";
import { parseIptablesVersion } from "./iptables-version";
import { parseKernelConfig } from "./kernel-config";
import { parseLibModules, parseModprobe } from "./lib-modules";
import { parseLockHolders } from "./lock-holders";
import { parseFailures, parseLog } from "./log";
import { parseLsmod } from "./lsmod";
import { parseNftMonitor } from "./nft-monitor";
import { parseNstat } from "./nstat";
import { parseOsRelease } from "./os-release";
import { parsePackages } from "./packages";
import type { Parsed } from "./parsed";
import { parseProbes } from "./probe";
import { parseProcessList } from "./process-list";
import { parseRuleset } from "./ruleset";
import { parseSockets } from "./sockets";
import { parseSysctl } from "./sysctl";
import { parseUfwStatus } from "./ufw-status";
import { parseUname } from "./uname";
import { parseUnitFile } from "./unit-file";
import { parseUnitStatus } from "./unit-status";
import { parseWsl } from "./wsl";

/** What is kept and shown, and nothing is concluded from. */
const unread = (): Parsed => ({ kind: "unrecognised", remarks: [] });

/** One parser for each kind of artifact. A new kind does not compile until it has its line here. */
const PARSERS: { readonly [Kind in ArtifactKind]: (artifact: Artifact) => Parsed } = {
	"docker-info": parseDockerInfo,
	"docker-version": parseDockerVersion,
	"docker-ps": parseDockerPs,
	"docker-inspect": parseDockerInspect,
	"docker-network-ls": parseDockerNetworks,
	"docker-network-inspect": parseDockerNetworks,
	"docker-error": parseLog,
	"dockerd-log": parseLog,
	"kernel-log": parseLog,
	"firewalld-log": parseLog,
	modprobe: parseModprobe,
	"systemctl-status": parseUnitStatus,
	"unit-file": parseUnitFile,
	"daemon-json": parseDaemonJson,
	"iptables-list": parseRuleset,
	"iptables-save": parseRuleset,
	"nft-ruleset": parseRuleset,
	"nft-monitor": parseNftMonitor,
	"iptables-version": parseIptablesVersion,
	alternatives: parseAlternatives,
	lsmod: parseLsmod,
	"lib-modules": parseLibModules,
	"kernel-config": parseKernelConfig,
	"lock-holders": parseLockHolders,
	sysctl: parseSysctl,
	uname: parseUname,
	"os-release": parseOsRelease,
	sockets: parseSockets,
	"ip-addr": parseIpAddr,
	"bridge-ports": parseBridgePorts,
	"ip-route": parseIpRoute,
	"ip-rule": parseIpRule,
	probe: parseProbes,
	"ufw-status": parseUfwStatus,
	"firewalld-state": parseFirewalldState,
	nstat: parseNstat,
	"process-list": parseProcessList,
	ipset: parseIpset,
	conntrack: parseConntrack,
	"compose-file": parseCompose,
	"package-list": parsePackages,
	"docker-services": parseDockerServices,
	"desktop-checks": parseDesktopChecks,
	wsl: parseWsl,
	unrecognised: unread,
};

/** What an artifact says. Never throws, and reads every artifact by the kind it was recognised as. */
export function parse(artifact: Artifact): Parsed {
	return PARSERS[artifact.kind](artifact);
}

/**
 * Failures in an artifact whose own parser looks for none: the output of `curl`, a listing of modules, or text that nobody
 * recognised may have an error of Docker's in its middle, because people copy what stands together on their screen.
 */
export function strayFailures(artifact: Artifact, parsed: Parsed): readonly Failure[] {
	return "failures" in parsed ? [] : parseFailures(artifact, artifact.lines);
}
