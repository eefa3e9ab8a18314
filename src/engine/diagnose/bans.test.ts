import { describe, expect, it } from "vitest";
import { gatherFacts } from "../facts/gather";
import { read } from "../read";
import { bansOf } from "./bans";

const filter = (...rules: readonly string[]) =>
	`*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:DOCKER-USER - [0:0]\n:f2b-web - [0:0]\n${rules.join("\n")}\nCOMMIT\n`;
const bans = (text: string) =>
	bansOf(gatherFacts(read([{ id: "s1", name: "iptables-save", text }]))).map(
		({ decision, hits }) => `${decision.chain} ${decision.rule} ${hits}`,
	);

const JUMPS = ["-A FORWARD -j DOCKER-USER", "-A DOCKER-USER -p tcp -j f2b-web"];

describe("bans that a forwarded packet meets", () => {
	it.each([
		["a drop of one source below DOCKER-USER", [...JUMPS, "-A f2b-web -s 198.51.100.7/32 -j DROP"], ["f2b-web 1 0"]],
		[
			"those with counted packets first",
			[...JUMPS, "[0:0] -A f2b-web -s 198.51.100.7/32 -j DROP", "[9:540] -A f2b-web -s 198.51.100.8/32 -j REJECT"],
			["f2b-web 2 9", "f2b-web 1 0"],
		],
		["a set of sources", [...JUMPS, "-A DOCKER-USER -m set --match-set bad src -j DROP"], ["DOCKER-USER 2 0"]],
		["not what INPUT reaches alone", ["-A INPUT -j f2b-web", "-A f2b-web -s 198.51.100.7/32 -j DROP"], []],
		["not a list of sources that may pass", [...JUMPS, "-A DOCKER-USER ! -s 10.0.0.0/8 -j DROP"], []],
		["not what a tunnel keeps from being forged", ["-A FORWARD -s 100.64.0.0/10 -o tailscale0 -j DROP"], []],
	])("are %s", (_, rules, expected) => {
		expect(bans(filter(...rules))).toEqual(expected);
	});
});
