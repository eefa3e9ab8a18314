import { describe, expect, it } from "vitest";
import { redact, redactText } from "./redact";
import { addressesOutside, findStandIns, looksRedacted } from "./stand-ins";

const words = (text: string) => findStandIns(text).map(({ kind, word }) => `${kind} ${word}`);

describe("a stand-in in a text of ours", () => {
	it.each([
		["docker restart container-1", ["container container-1"]],
		["`host-2.example` and host-2.", ["host host-2.example", "host host-2"]],
		["-i br-ed0001000000 -j DROP", ["interface br-ed0001000000"]],
		["docker start ed0003000000", ["id ed0003000000"]],
		["chain filter-FORWARD__br-ed0001000000", ["interface br-ed0001000000"]],
		["ip rule add from 10.213.171.0/24 lookup 100", ["address 10.213.171.0"]],
		["fd00:5eed::2/64", ["address fd00:5eed::2"]],
		["user-1@host-1", ["user user-1", "host host-1"]],
		["-p redacted-4", ["secret redacted-4"]],
		["node sw00000100000000000000000", ["id sw00000100000000000000000"]],
		["02:42:0a:d5:ab:02", ["mac 02:42:0a:d5:ab:02"]],
	])("%s", (text, expected) => {
		expect(words(text)).toEqual(expected);
	});

	it.each([
		"docker0",
		"-s 172.17.0.2/32 -d 0.0.0.0/0 --to-destination 127.0.0.1:80",
		"10.0.0.0/8",
		"eth0 ens3 wlan0 -m conntrack --ctstate RELATED,ESTABLISHED",
		"ip_forward=1",
		"overhost-1x container-",
		"DOCKER-ISOLATION-STAGE-1",
	])("is none in: %s", (text) => {
		expect(words(text)).toEqual([]);
	});

	it("finds every stand-in that redaction makes of names, ids and addresses", () => {
		const text = `[bob@alpha7 ~]$ docker ps
CONTAINER ID   IMAGE            NAMES
1cda4ed572f0   acme/shop:1.2    shopfront
    inet 10.20.0.7/24 brd 10.20.0.255 scope global br-6735be94d16b
mac 3c:52:82:11:22:33 mail bob@acme.corp`;
		const { evidence, replaced } = redact([{ id: "s", name: "x", text }]);
		const found = new Set(findStandIns(evidence[0]?.text ?? "").map(({ word }) => word.replace(/^br-/, "")));
		for (const { pseudonym } of replaced) expect(found, pseudonym).toContain(pseudonym);
		expect(replaced.length).toBeGreaterThan(6);
	});

	it("takes an address of no network that the report speaks of for a suggestion of ours", () => {
		const known = addressesOutside(["inet 10.213.171.7/24"]);
		expect(findStandIns("`10.213.171.0/24`, or 10.200.0.0/16", known).map(({ word }) => word)).toEqual([
			"10.213.171.0",
		]);
	});

	it("tells redacted text from a paste", () => {
		const paste = "[bob@alpha7 ~]$ docker ps\nNAMES\nshopfront\nbridge br-6735be94d16b 10.20.0.7 container-1";
		expect(looksRedacted([paste])).toBe(false);
		expect(looksRedacted([redactText(paste)])).toBe(true);
		expect(looksRedacted(["Nov 23 07:59:53 host-1 dockerd[1]: on endpoint container-1 (x)"])).toBe(true);
	});
});
