import { bench, describe } from "vitest";
import type { Flow } from "../src/engine/packet-path/trace";
import { walk } from "../src/engine/packet-path/walk";
import { DOCKER_28, dockerHost, inserted } from "../tests/support/docker-hosts";

/** Packets followed there and back in a second: on a usual Docker host, and where 10,000 rules stand before Docker's. */

const OUTSIDE: Flow = { from: "outside", protocol: "tcp", port: 8080 };
const usual = dockerHost(DOCKER_28);
const banned = Array.from(
	{ length: 10_000 },
	(_, index) => `-A DOCKER-USER -s 198.${18 + (index >> 13)}.${(index >> 5) & 255}.${(index & 31) * 8}/32 -j DROP`,
);
const large = dockerHost(inserted(DOCKER_28, "filter", banned.join("\n")));

describe("packets per second", () => {
	bench("Docker's usual rule set", () => {
		walk(usual, OUTSIDE);
	});
	bench("10,000 rules before it", () => {
		walk(large, OUTSIDE);
	});
});
