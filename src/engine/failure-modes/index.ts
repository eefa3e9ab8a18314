import type { FailureMode } from "../diagnose/failure-mode";
import backendMismatch from "./backend-mismatch";
import dockerChainMissing from "./docker-chain-missing";
import dockerFilterChainMissing from "./docker-filter-chain-missing";
import healthy from "./healthy";
import insufficientEvidence from "./insufficient-evidence";
import iptablesBinaryMissing from "./iptables-binary-missing";
import iptablesDisabled from "./iptables-disabled";
import iptablesPermission from "./iptables-permission";
import kernelModulesStale from "./kernel-modules-stale";
import legacyTablesUnsupported from "./legacy-tables-unsupported";
import natModuleMissing from "./nat-module-missing";
import notNetworking from "./not-networking";
import portInUse from "./port-in-use";
import xtablesLockHeld from "./xtables-lock-held";

/**
 * Every failure mode, causes before what they cause: of two equally sure answers the first listed is the headline.
 * Adding a mode is one folder and one line here.
 */
export const failureModes: readonly FailureMode[] = [
	kernelModulesStale,
	legacyTablesUnsupported,
	iptablesBinaryMissing,
	iptablesPermission,
	backendMismatch,
	iptablesDisabled,
	natModuleMissing,
	xtablesLockHeld,
	dockerChainMissing,
	dockerFilterChainMissing,
	portInUse,
	healthy,
	notNetworking,
	insufficientEvidence,
];
