import { describe, expect, it } from "vitest";
import { artifactFromText } from "../text/span-of";
import { parseNftMonitor } from "./nft-monitor";

const eventsOf = (text: string) =>
	parseNftMonitor(artifactFromText("nft-monitor", text)).events.map(({ kind, detail }) => [kind, detail]);

describe("nft monitor", () => {
	// nft 1.1.3 while `iptables -t nat -F; iptables -t nat -X` ran (iptables 1.8.11 nft), then `nft flush ruleset`.
	it("names the process that took a chain or a table, of each transaction what matters most", () => {
		expect(
			eventsOf(
				"add table ip nat\ncreate chain ip nat DOCKER\n# new generation 2 by process 2809 (iptables)\ndelete rule ip nat DOCKER handle 4\ndelete rule ip nat PREROUTING handle 3\n# new generation 5 by process 2816 (iptables)\ndelete chain ip nat PREROUTING\ndelete chain ip nat DOCKER\n# new generation 6 by process 2818 (iptables)\ndelete table ip nat\n# new generation 7 by process 2819 (nft)\n",
			),
		).toEqual([
			["rules-flushed", "delete rule ip nat DOCKER, 2 rules at once by process 2816 (iptables)"],
			["rules-flushed", "delete chain ip nat DOCKER by process 2818 (iptables)"],
			["rules-flushed", "delete table ip nat by process 2819 (nft)"],
		]);
	});

	it("knows firewalld by its name", () => {
		expect(eventsOf("delete table ip filter\n# new generation 3 by process 812 (firewalld)\n")[0]?.[0]).toBe(
			"firewalld-reloaded",
		);
	});

	it("is quiet about a single rule, which dockerd takes out itself when a container stops, and about other tables", () => {
		expect(
			eventsOf(
				"delete rule ip nat DOCKER handle 12\n# new generation 9 by process 901 (iptables)\ndelete table inet mine\n# new generation 10 by process 902 (nft)\n",
			),
		).toEqual([]);
	});

	it("reads what was copied before the line that names the process", () => {
		expect(eventsOf("delete chain ip nat DOCKER\n")).toEqual([["rules-flushed", "delete chain ip nat DOCKER"]]);
	});
});
