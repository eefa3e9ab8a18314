import type { FailureMode } from "../diagnose/failure-mode";
import addressPoolsExhausted from "./address-pools-exhausted";
import backendMismatch from "./backend-mismatch";
import blockedInDockerUser from "./blocked-in-docker-user";
import bridgeNetfilterOff from "./bridge-netfilter-off";
import bridgeUnavailable from "./bridge-unavailable";
import conntrackFull from "./conntrack-full";
import containerNotListening from "./container-not-listening";
import daemonConfigInvalid from "./daemon-config-invalid";
import dnatTargetStale from "./dnat-target-stale";
import dockerChainMissing from "./docker-chain-missing";
import dockerFilterChainMissing from "./docker-filter-chain-missing";
import dockerProxyMissing from "./docker-proxy-missing";
import firewalldConflict from "./firewalld-conflict";
import forwardDropped from "./forward-dropped";
import healthy from "./healthy";
import insufficientEvidence from "./insufficient-evidence";
import ipForwardOff from "./ip-forward-off";
import ip6tablesNatMissing from "./ip6tables-nat-missing";
import ipsetMissing from "./ipset-missing";
import iptablesBinaryMissing from "./iptables-binary-missing";
import iptablesDisabled from "./iptables-disabled";
import iptablesPermission from "./iptables-permission";
import kernelModulesStale from "./kernel-modules-stale";
import legacyTablesUnsupported from "./legacy-tables-unsupported";
import localPathBlocked from "./local-path-blocked";
import natModuleMissing from "./nat-module-missing";
import nftBackendUnsupported from "./nft-backend-unsupported";
import notNetworking from "./not-networking";
import outsideHost from "./outside-host";
import portInUse from "./port-in-use";
import publishedOnLoopback from "./published-on-loopback";
import rawTableMissing from "./raw-table-missing";
import replyRouteAsymmetric from "./reply-route-asymmetric";
import rpFilterOrMartian from "./rp-filter-or-martian";
import subnetOverlap from "./subnet-overlap";
import swarmIngressBroken from "./swarm-ingress-broken";
import ufwConflict from "./ufw-conflict";
import xtExtensionMissing from "./xt-extension-missing";
import xtablesLockHeld from "./xtables-lock-held";

/**
 * Every failure mode, causes before what they cause: of two equally sure answers the first listed is the headline.
 * Adding a mode is one folder and one line here.
 */
export const failureModes: readonly FailureMode[] = [
	daemonConfigInvalid,
	kernelModulesStale,
	legacyTablesUnsupported,
	nftBackendUnsupported,
	iptablesBinaryMissing,
	iptablesPermission,
	backendMismatch,
	iptablesDisabled,
	natModuleMissing,
	rawTableMissing,
	ip6tablesNatMissing,
	ipsetMissing,
	xtExtensionMissing,
	bridgeUnavailable,
	dockerProxyMissing,
	xtablesLockHeld,
	ipForwardOff,
	firewalldConflict,
	dockerChainMissing,
	dockerFilterChainMissing,
	blockedInDockerUser,
	ufwConflict,
	forwardDropped,
	dnatTargetStale,
	publishedOnLoopback,
	containerNotListening,
	portInUse,
	addressPoolsExhausted,
	subnetOverlap,
	swarmIngressBroken,
	bridgeNetfilterOff,
	conntrackFull,
	rpFilterOrMartian,
	replyRouteAsymmetric,
	localPathBlocked,
	outsideHost,
	healthy,
	notNetworking,
	insufficientEvidence,
];
