import { expect, it } from "vitest";
import { isProse } from "./long-lines";

const LOG = `time="2026-11-23T07:11:01.123456789Z" level=error msg="Handler for POST /start returned error: ${"driver failed programming ".repeat(6)}"`;
const PS = `${"CONTAINER ID   IMAGE     COMMAND                  CREATED         STATUS         ".repeat(2)}   PORTS`;

it.each([
	["a log", `${LOG}\n${LOG}\n`, true],
	["one long error", LOG, true],
	["a wide table", `${PS}\n${PS}\n`, false],
	["short lines", "Chain PREROUTING (policy ACCEPT)\n", false],
	["nothing, where the hint stands", "", true],
])("%s: wrapped %s", (_, text, yes) => {
	expect(isProse(text)).toBe(yes);
});
