import { describe, expect, it } from "vitest";
import { gatherFacts } from "../facts/gather";
import { read } from "../read";
import { worldOf } from "./world-of";

const FILTER = (...rules: readonly string[]) =>
	`*filter\n:FORWARD DROP [0:0]\n:DOCKER-USER - [0:0]\n-A FORWARD -j DOCKER-USER\n${rules.join("\n")}\nCOMMIT\n`;
const outer = (text: string) => worldOf(gatherFacts(read([{ id: "s1", name: "paste", text }]))).externalInterface;

describe("the interface to the outside", () => {
	it.each([
		[
			"the only Ethernet that the rules name",
			FILTER("-A DOCKER-USER -i ens3 -j DROP", "-A FORWARD -o docker0 -j ACCEPT"),
			"ens3",
		],
		["open where they name two", FILTER("-A DOCKER-USER -i eth0 -j DROP", "-A DOCKER-USER -i eth1 -j DROP"), null],
		["open where they name a tunnel alone", FILTER("-A DOCKER-USER -i wg0 -j DROP"), null],
		[
			"left to the default route where that was shown",
			`${FILTER("-A DOCKER-USER -i ens3 -j DROP")}\n$ ip route\ndefault via 10.0.0.1 dev eth0\n`,
			null,
		],
	])("is %s", (_, text, name) => {
		expect(outer(text)).toBe(name);
	});
});
