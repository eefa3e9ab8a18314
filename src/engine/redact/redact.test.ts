import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Evidence } from "../text/evidence";
import { IDENTITIES } from "./planted/identities";
import { NAMES_OF_PEOPLE } from "./planted/names-of-people";
import { SECRETS } from "./planted/secrets";
import { SECRETS_IN_OTHER_FORMS } from "./planted/secrets-in-other-forms";
import { SECRETS_OF_PROGRAMS } from "./planted/secrets-of-programs";
import { redact, redactText } from "./redact";
import { restoreNames } from "./restore-names";

const ID = "6735be94d16b41d02c5e9b1f7a8d3c2e4f5061728394a5b6c7d8e9f001122334";

function paste(...texts: readonly string[]): Evidence {
	return texts.map((text, index) => ({ id: `s${index + 1}`, name: `paste-${index + 1}`, text }));
}

const HOST = paste(
	`marie@shopsrv:~$ docker ps
CONTAINER ID   IMAGE           COMMAND   CREATED       STATUS       PORTS                  NAMES
6735be94d16b   acme/shop:1.4   "/run"    2 hours ago   Up 2 hours   0.0.0.0:8080->80/tcp   shopfront
marie@shopsrv:~$ ip addr
5: br-6735be94d16b: <BROADCAST> mtu 1500
    inet 10.20.0.1/16 brd 10.20.255.255 scope global br-6735be94d16b
`,
	`Nov 23 07:59:53 shopsrv dockerd[324]: container ${ID} shopfront 10.20.0.2 10.20.0.1 password=Xk9mQ2vLp! 81.2.69.142
Nov 23 07:59:54 shopsrv dockerd[324]: MacAddress 02:42:0a:14:00:02 and 10.20.0.2
`,
);

describe("redact", () => {
	it("gives one thing the same stand-in in every source, and another thing another one", () => {
		const { evidence } = redact(HOST);
		const [first, second] = evidence.map((source) => source.text);
		expect(first).toContain("user-1@host-1:~$ docker ps");
		expect(second).toContain("Nov 23 07:59:53 host-1 dockerd[324]: ");
		expect(first).toMatch(/container-1$/m);
		expect(second).toContain(" container-1 ");
	});

	it("keeps a bridge's name, a short id and the long one together", () => {
		const [first, second] = redact(HOST).evidence.map((source) => source.text);
		const long = /container ([0-9a-f]{64})/.exec(second ?? "")?.[1] ?? "";
		expect(long).toHaveLength(64);
		expect(first).toContain(`5: br-${long.slice(0, 12)}: `);
		expect(first).toContain(`\n${long.slice(0, 12)}   `);
	});

	it("keeps a gateway in its network, at .1, and docker's MAC in step with the address", () => {
		const [first, second] = redact(HOST).evidence.map((source) => source.text);
		const gateway = /inet (10\.\d+\.\d+)\.1\/16 brd (10\.\d+)\.255\.255/.exec(first ?? "");
		expect(gateway).not.toBeNull();
		expect(gateway?.[1]?.startsWith(`${gateway[2]}.`)).toBe(true);
		const mac = /02:42:((?:[0-9a-f]{2}:?){4}) and (\S+)/.exec(second ?? "");
		const fromMac = mac?.[1]?.split(":").map((byte) => Number.parseInt(byte, 16));
		expect(fromMac?.join(".")).toBe(mac?.[2]);
		expect(mac?.[2]?.startsWith(`${gateway?.[1]}.`)).toBe(true);
	});

	it("counts what was replaced, by kind, secrets apart from identities", () => {
		const { replaced } = redact(HOST);
		expect(replaced).toContainEqual({ kind: "host name", pseudonym: "host-1", count: 4, category: "identity" });
		expect(replaced).toContainEqual({ kind: "password", pseudonym: "redacted-1", count: 1, category: "secret" });
		expect(new Set(replaced.map((one) => one.pseudonym)).size).toBe(replaced.length);
	});

	it("says where each word stood and where its stand-in stands", () => {
		const { evidence, spans, originals } = redact(HOST);
		expect(spans.length).toBeGreaterThan(10);
		for (const span of spans) {
			const raw = HOST.find((source) => source.id === span.source)?.text.slice(span.from, span.to) ?? "";
			const now = evidence.find((source) => source.id === span.source)?.text.slice(span.redactedFrom, span.redactedTo);
			expect(now).toBe(span.pseudonym);
			expect(originals.get(span.pseudonym)).toBe(raw);
		}
	});

	it("keeps the originals out of JSON", () => {
		const json = JSON.stringify(redact(HOST));
		for (const word of ["marie", "shopsrv", "shopfront", "acme", "Xk9mQ2vLp!", "10.20.0.2", "81.2.69.142"])
			expect(json).not.toContain(word);
	});

	it("redacts the names of files", () => {
		const [source] = redact([{ id: "s1", name: "shopsrv-dockerd.log", text: "Linux shopsrv 5.15.0" }]).evidence;
		expect(source?.name).toBe("host-1-dockerd.log");
	});

	it("changes nothing the second time", () => {
		const once = redact(HOST).evidence;
		const twice = redact(once);
		expect(twice.evidence).toEqual(once);
		expect(twice.replaced).toEqual([]);
	});

	it("hides what it is told to hide and shows what it is told to show", () => {
		const { evidence } = redact(HOST, { alwaysHide: ["dockerd[324]"], show: ["shopfront", "10.20.0.1"] });
		const text = evidence.map((source) => source.text).join("");
		expect(text).not.toContain("dockerd[324]");
		expect(text).toContain("word-1: container");
		expect(text).toMatch(/ shopfront$/m);
		expect(text).toContain("inet 10.20.0.1/16");
		expect(text).not.toContain("shopsrv");
	});

	it("does not reuse a stand-in that the paste holds already", () => {
		expect(redactText("root@host-3:~# ls\nroot@web99:~# ls")).toBe("root@host-3:~# ls\nroot@host-4:~# ls");
	});

	it("puts the names back for the person who has them, and no secret", () => {
		const { evidence, originals } = redact(HOST);
		const script = `docker restart container-1 # ${evidence[1]?.text}`;
		const back = restoreNames(script, originals);
		expect(back).toContain("docker restart shopfront # ");
		expect(back).toContain(`container ${ID} shopfront 10.20.0.2 10.20.0.1 `);
		expect(back).not.toContain("Xk9mQ2vLp!");
		expect(
			restoreNames(
				"host-12 xhost-1 1.2.3",
				new Map([
					["host-1", "x"],
					["2.3", "y"],
				]),
			),
		).toBe("host-12 xhost-1 1.2.3");
	});

	it("leaves words of the trade alone although something is called so", () => {
		const text = `docker: on endpoint filter (${ID})\n*filter\n:FORWARD DROP [0:0]\n[mark@table ~]$ nft list table nat\nmeta mark 0x1`;
		const result = redactText(text);
		expect(result).toContain("\n*filter\n:FORWARD DROP [0:0]\n");
		expect(result).toContain("nft list table nat\nmeta mark 0x1");
		expect(result).toContain("on endpoint container-1 (");
		expect(result).toContain("[user-1@host-1 ~]$");
	});
});

describe("what the person decides", () => {
	const words = (raw: string, alwaysHide: readonly string[], show: readonly string[] = []) =>
		redact(paste(raw), { alwaysHide, show }).evidence[0]?.text;

	it.each([
		["a plain word", "the falcon project", ["falcon"], "the word-1 project"],
		["whatever its capitals", "Falcon FALCON falcon", ["falcon"], "word-1 word-2 word-3"],
		["a part of a word", "volume prefalcony here", ["falcon"], "volume preword-1y here"],
		["a part of a name that is hidden already", "ssh bob@alpha7.acme.corp", ["acme"], "ssh mail-1@mail.example"],
		["across the edge of a name", "[bob@alpha7 ~]$ id", ["alpha7 ~"], "[user-1@word-1]$ id"],
		["across the edge of an address", "at 10.1.2.3x 10.1.2.3", ["t 10.1"], "aword-1"],
	])("hides %s, and leaves no rest of a longer one", (_, raw, hide, expected) => {
		expect(words(raw, hide)).toContain(expected);
		expect(words(raw, hide)?.toLowerCase()).not.toContain(hide[0]);
	});

	it("shows again what it is told to show, and nothing else", () => {
		const raw = "[bob@alpha7 ~]$ docker login -u bob -p Xk9mQ2vLp77!";
		expect(words(raw, [], ["bob"])).toBe("[bob@host-1 ~]$ docker login -u bob -p redacted-1");
		expect(words(raw, [], ["Xk9mQ2vLp77!"])).toContain("-p Xk9mQ2vLp77!");
		expect(words(raw, ["bob"], ["bob"])).not.toContain("bob");
	});

	it("is as stable as the rest: a second pass changes nothing", () => {
		const once = words("the falcon project of bob@acme.corp", ["falcon"]) ?? "";
		expect(words(once, ["falcon"])).toBe(once);
	});

	it("says of each replaced word the whole thing it belongs to", () => {
		const key = `-----BEGIN OPENSSH PRIVATE KEY-----\n${"b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAA\n".repeat(3)}-----END OPENSSH PRIVATE KEY-----`;
		const { spans } = redact(paste(`x\n${key}\n`));
		expect(spans.length).toBeGreaterThan(1);
		for (const span of spans) expect(`x\n${key}\n`.slice(span.wholeFrom, span.wholeTo)).toContain("b3Blbn");
	});
});

describe("columns", () => {
	it("never opens a gap inside what is replaced", () => {
		expect(redactText('passwd>"<pass>e  br-1a2b3c4d5e6f')).toBe("passwd>redacted-1<pass>redacted-2");
	});

	it("widens a column for all rows when a stand-in is longer than its cell", () => {
		const table = `NETWORK ID     NAME   DRIVER   SCOPE
1cda4ed572f0   db     bridge   local
6735be94d16b   host   host     local`;
		expect(redactText(table)).toBe(`NETWORK ID     NAME    DRIVER   SCOPE
ed0001000000   net-1   bridge   local
ed0002000000   host    host     local`);
	});

	it("takes from the blanks behind a word what its stand-in is longer", () => {
		expect(redactText("DROP       all  --  10.20.30.40          0.0.0.0/0           \n")).toBe(
			"DROP       all  --  10.213.171.40        0.0.0.0/0           \n",
		);
	});
});

describe("for any text", () => {
	const lines = fc.constantFrom(
		...HOST.flatMap((source) => source.text.split("\n")),
		'password="a b" token: x1y2z3',
		"http://u:p@h.acme.corp/",
		"-----BEGIN RSA PRIVATE KEY-----",
		"MIIEowIBAAKCAQEAxyLkQm9Jr3vT8aZ0pWc5dXeF7gHhUi2Kl4MnOoPqRsBt",
		"-----END RSA PRIVATE KEY-----",
		"inet 192.168.7.9/20",
		"10.1.2.3 via 10.1.0.1 dev eth0",
		"inet6 2a02:8106:1:2:3c4d:5eff:fe6f:7a8b/64",
		"ssh bob@alpha7",
		"Authorization: Bearer abc.def-123456",
		"host-1 container-2 redacted-7",
		"",
	);
	const glue = fc.constantFrom("\n", "\n", "\r\n", " ", "\\n", '"');
	const text = fc
		.array(
			fc.oneof(
				fc.tuple(lines, glue).map((pair) => pair.join("")),
				fc.string({ unit: "grapheme", maxLength: 20 }),
				fc.string({ maxLength: 30 }),
			),
			{ maxLength: 12 },
		)
		.map((pieces) => pieces.join(""));

	it("redacting twice is redacting once, and no line is lost", () => {
		fc.assert(
			fc.property(text, (raw) => {
				const once = redactText(raw);
				expect(redactText(once)).toBe(once);
				expect(once.split("\n").length).toBe(raw.split("\n").length);
			}),
			{ numRuns: 400, seed: 23 },
		);
	});

	// Pieces of what is planted, cut anywhere and glued with what glues words in the wild: here marks overlap and touch.
	const planted = [
		...SECRETS,
		...SECRETS_IN_OTHER_FORMS,
		...SECRETS_OF_PROGRAMS,
		...IDENTITIES,
		...NAMES_OF_PEOPLE,
	].flatMap(([, raw]) => raw.split("\n"));
	const piece = fc
		.tuple(fc.constantFrom(...planted), fc.nat(200), fc.integer({ min: 1, max: 80 }))
		.map(([line, from, length]) => line.slice(from % Math.max(1, line.length)).slice(0, length));
	const anyGlue = fc.constantFrom(
		"\n",
		"\n",
		" ",
		"  ",
		"",
		",",
		":",
		"=",
		"/",
		"\\n",
		'"',
		"@",
		".",
		"-",
		"%3A",
		"\r\n",
		"\n> ",
		";",
	);
	const glued = fc
		.array(fc.tuple(fc.oneof(piece, fc.constantFrom(...planted)), anyGlue), { minLength: 1, maxLength: 8 })
		.map((pieces) => pieces.map((pair) => pair.join("")).join(""));

	it("glued together of secrets and names, redacting twice is redacting once", () => {
		fc.assert(
			fc.property(glued, (raw) => {
				const once = redactText(raw);
				expect(redactText(once)).toBe(once);
				expect(once.split("\n").length).toBe(raw.split("\n").length);
			}),
			{ numRuns: 800, seed: 5 },
		);
	});

	it("no replaced word keeps a letter of itself where it stood", () => {
		fc.assert(
			fc.property(glued, (raw) => {
				const { evidence, spans } = redact(paste(raw));
				// With every stand-in put back there is the text again, but for blanks: nothing was lost and nothing left over.
				let back = "";
				let at = 0;
				for (const span of spans) {
					back += (evidence[0]?.text ?? "").slice(at, span.redactedFrom) + raw.slice(span.from, span.to);
					at = span.redactedTo;
				}
				back += (evidence[0]?.text ?? "").slice(at);
				expect(back.replace(/ +/g, " ")).toBe(raw.replace(/ +/g, " "));
			}),
			{ numRuns: 500, seed: 11 },
		);
	});

	it("the same text gives the same result", () => {
		fc.assert(
			fc.property(text, (raw) => {
				expect(redact(paste(raw))).toEqual(redact(paste(raw)));
			}),
			{ numRuns: 50, seed: 23 },
		);
	});
});
