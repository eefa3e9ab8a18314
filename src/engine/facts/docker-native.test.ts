import { describe, expect, it } from "vitest";
import { read } from "../read";
import { gatherFacts } from "./gather";

const PS = `CONTAINER ID   IMAGE   COMMAND    CREATED       STATUS       PORTS                  NAMES
3f9c1f0a7be7   nginx   "/docker"  3 hours ago   Up 3 hours   0.0.0.0:8080->80/tcp   web
`;
const base = (name: string, hook: string, type: string, rule: string) =>
	`	chain ${name} {\n		type ${type} hook ${hook} priority filter; policy accept;\n		${rule}\n	}\n`;
const map = (name: string, elements: string) => `	map ${name} {\n		type ifname : verdict\n${elements}	}\n`;
const FULL = [
	map("filter-forward-in-jumps", '		elements = { "docker0" : jump filter-forward-in__docker0 }\n'),
	base("filter-FORWARD", "forward", "filter", "oifname vmap @filter-forward-in-jumps"),
	base("nat-PREROUTING", "prerouting", "nat", "fib daddr type local counter jump nat-prerouting-and-output"),
	base("nat-POSTROUTING", "postrouting", "nat", "iifname vmap @nat-postrouting-out-jumps"),
	'	chain nat-prerouting-and-output {\n		iifname != "docker0" tcp dport 8080 counter dnat to 172.17.0.2:80\n	}\n',
	'	chain filter-forward-in__docker0 {\n		iifname "docker0" counter accept\n	}\n',
];
const missing = (parts: readonly string[]) => {
	const table = parts.length > 0 ? `table ip docker-bridges {\n${parts.join("\n")}}\n` : "";
	const text = `root@box:~# docker ps\n${PS}root@box:~# nft list ruleset\n${table}root@box:~# \n`;
	const { rules } = gatherFacts(read([{ id: "s1", name: "paste", text }]));
	return rules.native?.flatMap((one) => (one.state === "missing" ? [one.chain] : []));
};

describe("Docker's own nftables table", () => {
	it("is whole with its base chains, its maps and a rule for each published port", () => {
		expect(missing(FULL)).toEqual([]);
	});

	it.each([
		["a base chain is gone", FULL.filter((part) => !part.includes("nat-PREROUTING")), ["nat-PREROUTING"]],
		["a map is empty", [map("filter-forward-in-jumps", ""), ...FULL.slice(1)], ["filter-forward-in-jumps"]],
		["a port has no rule", FULL.filter((part) => !part.includes("dnat")), ["nat-prerouting-and-output"]],
		[
			"the whole ruleset was flushed",
			[],
			["nat-PREROUTING", "filter-FORWARD", "nat-POSTROUTING", "nat-prerouting-and-output"],
		],
	])("lacks what %s", (_, parts, gone) => {
		expect(missing(parts)).toEqual(gone);
	});

	it("is unknown where native tables were not listed", () => {
		expect(gatherFacts(read([{ id: "s1", name: "docker ps", text: PS }])).rules.native).toBeNull();
	});
});
