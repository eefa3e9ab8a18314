import { expect, it } from "vitest";
import { briefly } from "./briefly";

it.each([
	["dockerd log, 81 lines, 1 error", "dockerd log", "1 error"],
	["dockerd log, 81 lines, no error", "dockerd.log", "no error"],
	["docker info, 26.1.5 · Debian GNU/Linux 13 (trixie)", "docker-info.txt", "26.1.5 · Debian GNU/Linux 13 (trixie)"],
	["dockerd log, 81 lines, 1 error", "docker info", "dockerd log, 1 error"],
	["nat table, 4 chains, no DOCKER chain", "iptables -t nat -L", "nat table, 4 chains, no DOCKER chain"],
	["not recognised, 3 lines", "notes.txt", "not recognised"],
	["docker info", "docker info", "docker info"],
])("says %j under the heading %j as %j", (summary, heading, brief) => {
	expect(briefly(summary, heading)).toBe(brief);
});
