import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { IptablesCommand } from "./failure";
import { matchesOf, parseIptablesArguments, parseIptablesCommand } from "./iptables-command";

const DNAT = "-p tcp -d 0/0 --dport 8081 -j DNAT --to-destination 172.17.0.3:80 ! -i docker0";

describe("an iptables command", () => {
	it.each<[string, Partial<IptablesCommand>]>([
		[
			`iptables --wait -t nat -A DOCKER ${DNAT}`,
			{ program: "iptables", table: "nat", operation: "-A", chain: "DOCKER", jump: "DNAT", wait: "forever" },
		],
		[
			"/usr/sbin/ip6tables -w10 -t nat -N DOCKER",
			{ program: "ip6tables", table: "nat", operation: "-N", chain: "DOCKER", wait: 10 },
		],
		[
			"iptables -w 5 -W 100000 -I FORWARD -j DOCKER-USER",
			{ table: "filter", operation: "-I", chain: "FORWARD", jump: "DOCKER-USER", wait: 5 },
		],
		["iptables -t nat -L DOCKER -n", { table: "nat", operation: "-L", chain: "DOCKER", wait: null }],
		["iptables -nvL DOCKER-USER", { table: "filter", operation: "-L", chain: "DOCKER-USER" }],
		["iptables -L -n -v -t nat", { table: "nat", operation: "-L", chain: null }],
		["iptables -tnat -S", { table: "nat", operation: "-S", chain: null }],
		[
			"iptables-legacy -w --table filter --delete INPUT --in-interface virbr0 --jump ACCEPT",
			{ program: "iptables", table: "filter", operation: "-D", chain: "INPUT", jump: "ACCEPT", wait: "forever" },
		],
		[
			"iptables --wait=3 --table=raw --append PREROUTING --jump DROP",
			{ table: "raw", operation: "-A", chain: "PREROUTING", jump: "DROP", wait: 3 },
		],
		[
			"['iptables', '-w', '-t', 'nat', '-F', 'DOCKER']",
			{ table: "nat", operation: "-F", chain: "DOCKER", wait: "forever" },
		],
		["iptables -A INPUT ! -i docker0 -j DROP", { operation: "-A", chain: "INPUT", jump: "DROP" }],
		["iptables -t nat -F", { table: "nat", operation: "-F", chain: null }],
		["iptables -t nat -F; iptables -t nat -X", { table: "nat", operation: "-F", chain: null }],
		["iptables -P FORWARD DROP", { operation: "-P", chain: "FORWARD" }],
		["iptables -A f -g DOCKER", { operation: "-A", chain: "f", jump: "DOCKER" }],
		["iptables-save", { program: "iptables", operation: "-S", chain: null }],
		["iptables-restore -w -n", { program: "iptables-restore", operation: null, chain: null }],
		["iptables -t nat -A DOCKER -d <ip> -j DN", { table: "nat", chain: "DOCKER", jump: "DN" }],
	])("%s", (text, command) => {
		expect(parseIptablesCommand(text)).toMatchObject(command);
	});

	it.each([["docker run -p 80:80 nginx"], ["nft list ruleset"], ["iptablesx -L"], ["failed"], [""]])(
		"%s is none",
		(text) => {
			expect(parseIptablesCommand(text)).toBeNull();
		},
	);

	it("reads an argument list without the program", () => {
		expect(parseIptablesArguments("--wait -t nat -C DOCKER -j RETURN")).toMatchObject({
			table: "nat",
			operation: "-C",
			chain: "DOCKER",
			jump: "RETURN",
			wait: "forever",
		});
	});

	it("names the matches", () => {
		const command = parseIptablesCommand(
			"iptables -A FORWARD -m conntrack --ctstate RELATED -m comment --comment x -j ACCEPT",
		);
		expect(command === null ? null : matchesOf(command)).toEqual(["conntrack", "comment"]);
	});

	it("reads any text", () => {
		fc.assert(
			fc.property(fc.string(), (text) => {
				const command = parseIptablesCommand(`iptables ${text}`);
				expect(command === null || command.text.length <= text.length + 9).toBe(true);
			}),
		);
	});
});
