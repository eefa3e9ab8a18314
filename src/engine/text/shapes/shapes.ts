import type { Shape } from "../shape";
import { compose } from "./compose";
import { DESKTOP_SHAPES } from "./desktop";
import { DOCKER_SHAPES } from "./docker";
import { errors } from "./errors";
import { FIREWALL_SHAPES } from "./firewalls";
import { HOST_SHAPES } from "./host";
import { json } from "./json";
import { log } from "./logs";
import { NETFILTER_SHAPES } from "./netfilter";
import { NETWORK_SHAPES } from "./network";
import { SYSTEMD_SHAPES } from "./systemd";

/** Every printed format that is told apart. Of two that a line suits equally well, the upper one is meant. */
export const SHAPES: readonly Shape[] = [
	...SYSTEMD_SHAPES,
	...DESKTOP_SHAPES,
	log,
	...NETFILTER_SHAPES,
	...DOCKER_SHAPES,
	...NETWORK_SHAPES,
	...HOST_SHAPES,
	...FIREWALL_SHAPES,
	compose,
	json,
	errors,
];
