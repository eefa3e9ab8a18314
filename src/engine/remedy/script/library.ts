import { BACKEND_CHANGES } from "./backend-changes";
import { CHECKS } from "./checks";
import { CONTAINER_CHANGES } from "./container-changes";
import { DAEMON_CHANGES } from "./daemon-changes";
import { FILES } from "./files";
import { FIREWALL_RELOADS } from "./firewall-reloads";
import { FIREWALL_SETTINGS } from "./firewall-settings";
import type { Fragment } from "./fragment";
import { HOLDERS } from "./holders";
import { HOST } from "./host";
import { LASTING_SETTINGS } from "./lasting-settings";
import { NETWORK_STORE } from "./network-store";
import { NFT_CHANGES } from "./nft-changes";
import { PACKAGE_INSTALL } from "./package-install";
import { PROOF } from "./proof";
import { REBOOT } from "./reboot";
import { REVERT_TIMER } from "./revert-timer";
import { ROUTING_CHANGES } from "./routing-changes";
import { RULE_CHANGES } from "./rule-changes";
import { RUNS } from "./runs";
import { SAVED_STATE } from "./saved-state";
import { UNDO_RULES } from "./undo-rules";
import { WORDS } from "./words";

/**
 * Every function that a script may need, in the order in which they are printed. For an action `x` there is `settled_x`
 * (is it so already?), `change_x` and `revert_x`, each with the step's number first; a step's notes for the undo are the
 * files `step-N.*` in the state directory.
 */
export const LIBRARY: readonly Fragment[] = [
	...WORDS,
	...PROOF,
	...SAVED_STATE,
	...REVERT_TIMER,
	...RUNS,
	...UNDO_RULES,
	...HOST,
	...CHECKS,
	...FILES,
	...DAEMON_CHANGES,
	...FIREWALL_RELOADS,
	...CONTAINER_CHANGES,
	...LASTING_SETTINGS,
	...NETWORK_STORE,
	...HOLDERS,
	...REBOOT,
	...RULE_CHANGES,
	...BACKEND_CHANGES,
	...NFT_CHANGES,
	...FIREWALL_SETTINGS,
	...ROUTING_CHANGES,
	...PACKAGE_INSTALL,
];
