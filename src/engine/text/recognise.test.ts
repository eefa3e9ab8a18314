import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Artifact, ArtifactKind } from "./evidence";
import { rawLines } from "./lines";
import { recognise } from "./recognise";
import { spanInLine, spanOfLine } from "./span-of";

const SAMPLES = new URL("./samples/", import.meta.url);
const samples = readdirSync(SAMPLES).map((file) => ({
	file: file.replace(".txt", ""),
	kind: file.split("--")[0] ?? "",
	text: readFileSync(new URL(file, SAMPLES), "utf8"),
}));
const sampleOf = (file: string): string => {
	const sample = samples.find((each) => each.file === file);
	if (sample === undefined) throw new Error(`no sample ${file}`);
	return sample.text;
};

const paste = (text: string, name = "paste") => recognise([{ id: "source", name, text }]);
const kindsOf = (text: string, name?: string) => paste(text, name).map(({ kind }) => kind);
const textsOf = ({ lines }: Artifact) => lines.map(({ text }) => text.trimEnd()).filter((text) => text !== "");

describe("one output, with no prompt and no name", () => {
	it.each(samples)("$file", ({ kind, text }) => {
		expect(kindsOf(text)).toEqual([kind]);
	});

	it("keeps every line that is not blank", () => {
		for (const { text } of samples) {
			const expected = text.split("\n").filter((line) => line.trim() !== "");
			const indent = Math.min(...expected.map((line) => line.search(/\S/)));
			expect(paste(text).flatMap(textsOf)).toEqual(expected.map((line) => line.slice(indent).trimEnd()));
		}
	});
});

/** What terminals, mail programs, web pages and editors do to text. */
const DECORATIONS: readonly {
	readonly name: string;
	readonly apply: (text: string) => string;
	readonly least: number;
}[] = [
	{ name: "CRLF", apply: (text) => text.replaceAll("\n", "\r\n"), least: 1 },
	{ name: "a mail quote", apply: (text) => text.replace(/^/gm, "> "), least: 1 },
	{ name: "a mail quote without a blank", apply: (text) => text.replace(/^/gm, ">"), least: 1 },
	{ name: "two mail quotes", apply: (text) => text.replace(/^/gm, "> > "), least: 1 },
	{ name: "Markdown indentation", apply: (text) => text.replace(/^(?=.)/gm, "    "), least: 1 },
	{ name: "a code fence", apply: (text) => `\`\`\`console\n${text}\`\`\`\n`, least: 1 },
	{
		name: "colours",
		apply: (text) => text.replace(/^(?=.)/gm, "\u001b[0m\u001b[1;32m").replace(/(?<=.)$/gm, "\u001b[0m\u001b[K"),
		least: 1,
	},
	{
		name: "a line-number gutter",
		apply: (text) =>
			text
				.trimEnd()
				.split("\n")
				.map((line, at) => `${String(at + 1).padStart(4)} | ${line}`)
				.join("\n"),
		least: 2,
	},
	{ name: "CI time stamps", apply: (text) => text.trimEnd().replace(/^/gm, "2026-11-23T07:08:21.1234567Z "), least: 2 },
	{ name: "no-break spaces", apply: (text) => text.replaceAll("  ", "\u00a0 "), least: 1 },
	{ name: "a byte order mark", apply: (text) => `\ufeff${text}`, least: 1 },
	{ name: "NUL bytes", apply: (text) => text.replace(/(?=\n)/g, "\u0000"), least: 1 },
	{
		name: "a web page",
		apply: (text) =>
			`<details><summary>what I see</summary>\n\n<pre><code>${text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;")}</code></pre>\n</details>`,
		least: 1,
	},
	{ name: "a pager", apply: (text) => `${text.trimEnd()}\nlines 1-23/23 (END)\n`, least: 1 },
];

describe("decorated text", () => {
	for (const { name, apply, least } of DECORATIONS) {
		it(`gives the same artifacts and lines behind ${name}`, () => {
			for (const { file, text } of samples) {
				if (text.trimEnd().split("\n").length < least) continue;
				const plain = paste(text);
				const decorated = paste(apply(text));
				expect(
					decorated.map(({ kind }) => kind),
					file,
				).toEqual(plain.map(({ kind }) => kind));
				expect(decorated.flatMap(textsOf), file).toEqual(plain.flatMap(textsOf));
			}
		});
	}

	it("points from every word back to the same word of the raw text", () => {
		for (const { name, apply, least } of DECORATIONS) {
			// An entity is written in other letters than it is read.
			if (name === "a web page" || name === "no-break spaces") continue;
			for (const { file, text } of samples) {
				if (text.trimEnd().split("\n").length < least) continue;
				const raw = apply(text);
				for (const artifact of paste(raw)) {
					for (const line of artifact.lines) {
						for (const word of line.text.matchAll(/\S+/g)) {
							const span = spanInLine(artifact, line, word.index, word.index + word[0].length);
							expect(raw.slice(span.from, span.to), `${name}, ${file}`).toBe(word[0]);
						}
					}
				}
			}
		}
	});

	it("points from a decoded entity to the entity", () => {
		const raw = "<pre>\niptables: &lt;none&gt; found\n</pre>";
		const [artifact] = paste(raw);
		const line = artifact?.lines[0];
		if (artifact === undefined || line === undefined) throw new Error("nothing recognised");
		expect(line.text).toBe("iptables: <none> found");
		const span = spanInLine(artifact, line, 10, 16);
		expect(raw.slice(span.from, span.to)).toBe("&lt;none&");
	});
});

const SCROLLBACK = `Last login: Mon Nov 23 06:59:12 2026 from 10.0.0.5
root@docker01:~# cd /srv
root@docker01:/srv# docker run -d \\
> -p 8080:80 nginx
Unable to find image 'nginx:latest' locally
1a6211291f10e56008925df53fd79f6d39cdb4877942621d7d081655a786045e
docker: Error response from daemon: driver failed programming external connectivity on endpoint web2 (15c8e8a05cac): iptables: No chain/target/match by that name.
 (exit status 1)).
root@docker01:/srv# sudo iptables -t nat -L -n
[sudo] password for root:
${sampleOf("iptables-list--resolved-names")}root@docker01:/srv# iptables-legacy-save
root@docker01:/srv# iptables -t nat -L DOCKER
iptables: No chain/target/match by that name.
root@docker01:/srv# uname -r; ls /lib/modules
6.1.0-50-amd64
6.1.0-50-amd64  6.1.0-51-amd64
root@docker01:/srv# cat /proc/sys/net/ipv4/ip_forward
1
root@docker01:/srv# docker exec web netstat -ltn
${sampleOf("sockets--netstat")}root@docker01:/srv# journalctl -u docker --no-pager
${sampleOf("dockerd-log--journal-short-with-systemd")}joe@client:~$ curl -m 3 http://192.168.56.10:8080/
curl: (28) Connection timed out after 3001 milliseconds
joe@client:~$`;

describe("a terminal's scrollback", () => {
	const artifacts = paste(SCROLLBACK);

	it("is cut at its prompts, with command and host", () => {
		expect(artifacts.map(({ id, command, host }) => [id, command, host])).toEqual([
			["unrecognised", undefined, undefined],
			["docker-error", "docker run -d -p 8080:80 nginx", "docker01"],
			["iptables-list", "iptables -t nat -L -n", "docker01"],
			["iptables-save", "iptables-legacy-save", "docker01"],
			["iptables-list-2", "iptables -t nat -L DOCKER", "docker01"],
			["uname", "uname -r; ls /lib/modules", "docker01"],
			["lib-modules", "uname -r; ls /lib/modules", "docker01"],
			["sysctl", "cat /proc/sys/net/ipv4/ip_forward", "docker01"],
			["sockets", "docker exec web netstat -ltn", "docker01"],
			["dockerd-log", "journalctl -u docker --no-pager", "docker01"],
			["probe", "curl -m 3 http://192.168.56.10:8080/", "client"],
		]);
	});

	it("gives the lines of each output without its prompt", () => {
		expect(artifacts.find(({ id }) => id === "iptables-list-2")?.lines.map(({ text }) => text)).toEqual([
			"iptables: No chain/target/match by that name.",
		]);
		expect(artifacts.find(({ id }) => id === "iptables-save")?.lines).toEqual([]);
	});

	it("names each artifact by its command and says where it begins", () => {
		const probe = artifacts.at(-1);
		expect(probe?.name).toBe("curl -m 3 http://192.168.56.10:8080/");
		expect(SCROLLBACK.slice(probe?.from)).toMatch(/^joe@client:~\$ curl/);
		expect(SCROLLBACK.split("\n")[(probe?.firstLine ?? 0) - 1]).toMatch(/^joe@client:~\$ curl/);
	});
});

const ISSUE = `### Description

Since I installed firewalld, my containers have lost their ports:

> docker: Error response from daemon: driver failed programming external connectivity on endpoint web2 (15c8e8a05cac):  (iptables failed: iptables --wait -t nat -A DOCKER: iptables: No chain/target/match by that name.
>  (exit status 1)).

### docker info

<details><summary>docker info</summary>

\`\`\`
${sampleOf("docker-info--28.5-cut-short")}\`\`\`
</details>

**Output of \`iptables -t nat -L -n\`:**

~~~console
${sampleOf("iptables-list--several-tables")}~~~

As you can see, the chain is gone.

1. \`uname -a\`:
   \`\`\`
   Linux docker01 6.1.0-50-amd64 #1 SMP PREEMPT_DYNAMIC Debian 6.1.170-1 (2026-09-01) x86_64 GNU/Linux
   \`\`\`

Thanks!
`;

describe("an issue on GitHub", () => {
	const artifacts = paste(ISSUE);

	it("is cut at its fences, headings and quotes, and the prose between is shown as such", () => {
		expect(artifacts.map(({ kind }) => kind)).toEqual([
			"unrecognised",
			"docker-error",
			"docker-info",
			"iptables-list",
			"unrecognised",
			"uname",
			"unrecognised",
		]);
	});

	it("takes the command from a heading or a label", () => {
		expect(artifacts.find(({ kind }) => kind === "iptables-list")?.command).toBe("iptables -t nat -L -n");
		expect(artifacts.find(({ kind }) => kind === "docker-info")?.command).toBe("docker info");
	});
});

describe("a thread of mails", () => {
	it("is cut where another person speaks, who did not type the quoted command", () => {
		const raw =
			"> root@pi:~# iptables -V\n> iptables v1.8.7 (legacy)\n>\n>> and lsmod?\n>\n\nHere, my sysctl:\nnet.ipv4.ip_forward = 0\n";
		expect(paste(raw).map(({ kind, command, host }) => [kind, command, host])).toEqual([
			["iptables-version", "iptables -V", "pi"],
			["unrecognised", undefined, undefined],
			["unrecognised", undefined, undefined],
			["sysctl", undefined, undefined],
		]);
	});
});

describe("Markdown around one line", () => {
	const error = "docker: Error response from daemon: driver failed programming external connectivity on endpoint web.";

	it.each([
		["inline code", `\`${error}\``],
		["a list item", `- ${error}`],
		["a numbered item in inline code", `2. \`${error}\``],
		["emphasis", `**${error}**`],
		["a fence that opens and closes on it", `\`\`\`${error}\`\`\``],
	])("%s", (_, raw) => {
		expect(paste(raw).map(({ kind, lines }) => [kind, lines.map(({ text }) => text)])).toEqual([
			["docker-error", [error]],
		]);
	});

	it("reads a prompt behind a fence", () => {
		expect(paste("```$ docker run nginx\ndocker: Error response from daemon: x\n```")).toMatchObject([
			{ kind: "docker-error", command: "docker run nginx" },
		]);
	});
});

describe("a support bundle in one text", () => {
	it.each([
		["### $ ###", (command: string) => `### ${command} ###`],
		["===== $ =====", (command: string) => `===== ${command} =====`],
		["a box of rules", (command: string) => `==========\n${command}\n==========`],
		["+ $ (set -x)", (command: string) => `+ ${command}`],
		["$ $", (command: string) => `$ ${command}`],
		["# $", (command: string) => `# ${command}`],
		["$ alone", (command: string) => command],
	])("is cut at headings like %s", (_, head) => {
		const text = [
			head("docker info"),
			sampleOf("docker-info--28.5-cut-short"),
			head("iptables-legacy-save"),
			head("iptables-save"),
			sampleOf("iptables-save--nf_tables"),
			head("iptables -t nat -L DOCKER"),
			"iptables: No chain/target/match by that name.",
			head("lsof /run/xtables.lock"),
			head("ip route"),
			sampleOf("ip-route--main"),
		].join("\n");
		expect(paste(text).map(({ kind, command }) => [kind, command])).toEqual([
			["docker-info", "docker info"],
			["iptables-save", "iptables-legacy-save"],
			["iptables-save", "iptables-save"],
			["iptables-list", "iptables -t nat -L DOCKER"],
			["lock-holders", "lsof /run/xtables.lock"],
			["ip-route", "ip route"],
		]);
	});
});

describe("what follows a listing", () => {
	const listing = `===== ip addr =====\n${sampleOf("ip-addr--full")}`;

	it("is under the heading that names nothing known, not under the one before it", () => {
		const text = `${listing}\n\n===== what failed =====\niptables: No chain/target/match by that name.`;
		expect(kindsOf(text)).toEqual(["ip-addr", "docker-error"]);
	});

	it("is Docker's when Docker says it, without a heading of its own", () => {
		const error = "docker: Error response from daemon: could not find bridge docker0: no such network interface.";
		expect(kindsOf(`${listing}\n\n${error}`)).toEqual(["ip-addr", "docker-error"]);
		expect(kindsOf(`$ uname -r\n6.1.0-50-amd64\nfailed to start daemon: driver not supported`)).toEqual([
			"uname",
			"docker-error",
		]);
	});
});

describe("a hint from a name", () => {
	it.each<[string, string, readonly ArtifactKind[]]>([
		["lib-modules.txt", "6.1.0-50-amd64\n6.1.0-50-amd64\n", ["lib-modules"]],
		["iptables-nat-L.txt", "", ["iptables-list"]],
		["iptables-legacy-save.txt", "\n", ["iptables-save"]],
		["docker info", "", []],
		[
			"docker-info.txt",
			"Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?",
			["docker-info"],
		],
		[
			"iptables -t nat -L",
			"iptables v1.8.9 (legacy): can't initialize iptables table `nat': Table does not exist (do you need to insmod?)\nPerhaps iptables or your kernel needs to be upgraded.",
			["iptables-list"],
		],
		[
			"iptables-version.txt",
			"/bin/sh: 1: iptables: not found\nls: cannot access '/usr/sbin/iptables': No such file or directory",
			["iptables-version"],
		],
		[
			"iptables-nft-save.txt",
			"# Warning: iptables-legacy tables present, use iptables-legacy-save to see them",
			["iptables-save"],
		],
		["iptables-nat-L.txt", "bash: iptables: Kommando nicht gefunden.", ["iptables-list"]],
		["lsof-lock.txt", "(no answer after 4s, interrupted)", ["lock-holders"]],
		["dockerd log", "failed to start daemon: Error initializing network controller", ["dockerd-log"]],
		["error.txt", "1a6211291f10e56008925df53fd79f6d39cdb4877942621d7d081655a786045e", ["docker-error"]],
		["daemon.json", '{ "nosuchkey": 1 ', ["daemon-json"]],
		[
			"ip6tables-save.txt",
			"Error: match extension not found\nip6tables-save v1.8.13 (nf_tables): Parsing nftables rule failed\n# Generated by ip6tables-save v1.8.13 (nf_tables) on Mon Nov 23 07:16:54 2026\n*filter\nCOMMIT",
			["iptables-save"],
		],
		["docker-inspect.json", "[]\nError: No such object: web", ["docker-inspect"]],
	])("%s decides what the shape of %j can't", (name, text, kinds) => {
		expect(kindsOf(text, name)).toEqual(kinds);
	});

	it.each<[string, string]>([
		["docker info", "iptables-list--several-tables"],
		["iptables -t nat -L", "docker-info--28.5-cut-short"],
		["dockerd log", "docker-error--run"],
		["docker ps", "dockerd-log--logfmt"],
		["daemon.json", "iptables-save--nf_tables"],
		["iptables-save", "iptables-list--nv-line-numbers"],
		["sysctl.txt", "nft-ruleset--text"],
		["docker info", "unrecognised--prose"],
		["daemon.json", "unrecognised--prose"],
		["docker info", "unrecognised--nginx-access-log"],
	])("%s does not change what %s is", (name, file) => {
		expect(kindsOf(sampleOf(file), name)).toEqual([file.split("--")[0]]);
	});

	it("does not name an artifact that is something else", () => {
		expect(paste(sampleOf("iptables-list--several-tables"), "docker info")[0]?.name).toBe("chain listing");
		expect(paste(sampleOf("iptables-list--several-tables"), "iptables-L.txt")[0]?.name).toBe("iptables-L.txt");
	});
});

describe("outputs without anything between them", () => {
	it.each<[string, readonly string[], readonly string[]]>([
		["uname and the distribution's name", ["uname--all", "os-release--pretty-name"], ["uname", "os-release"]],
		[
			"network ls and inspect",
			["docker-network-ls--table", "docker-network-inspect--bridge"],
			["docker-network-ls", "docker-network-inspect"],
		],
		[
			"a listing and a rule set",
			["iptables-list--several-tables", "nft-ruleset--text"],
			["iptables-list", "nft-ruleset"],
		],
		[
			"two runs of iptables-save",
			["iptables-save--counters", "iptables-save--counters"],
			["iptables-save", "iptables-save"],
		],
		[
			"iptables-save and ip6tables-save",
			["iptables-save--nf_tables", "iptables-save--ip6tables-two-tables"],
			["iptables-save", "iptables-save"],
		],
		[
			"docker version and docker info",
			["docker-version--client-and-server", "docker-info--28.5-cut-short"],
			["docker-version", "docker-info"],
		],
		[
			"two docker infos",
			["docker-info--28.5-cut-short", "docker-info--28.5-cut-short"],
			["docker-info", "docker-info"],
		],
		["a log and what the client said", ["dockerd-log--logfmt", "docker-error--run"], ["dockerd-log", "docker-error"]],
		["addresses and routes", ["ip-addr--full", "ip-route--main", "ip-rule--list"], ["ip-addr", "ip-route", "ip-rule"]],
		["lsmod and sysctl", ["lsmod--table", "sysctl--values"], ["lsmod", "sysctl"]],
		[
			"a status and a journal",
			["systemctl-status--failed", "dockerd-log--short-iso"],
			["systemctl-status", "dockerd-log"],
		],
		["ufw and sockets", ["ufw-status--numbered", "sockets--ss"], ["ufw-status", "sockets"]],
	])("%s", (_, files, kinds) => {
		expect(kindsOf(files.map(sampleOf).join("\n"))).toEqual(kinds);
	});

	it("keeps an error within a log, and one after a blank line apart", () => {
		const log = sampleOf("dockerd-log--logfmt").trimEnd();
		const error = "failed to start daemon: Error initializing network controller: iptables failed";
		expect(kindsOf(`${log}\n${error}\n (exit status 1)\n${log}`)).toEqual(["dockerd-log"]);
		expect(kindsOf(`${log}\n\ndocker: Error response from daemon: x`)).toEqual(["dockerd-log", "docker-error"]);
	});

	it("makes one log of dockerd, kernel and systemd lines", () => {
		const kernel = sampleOf("kernel-log--journalctl-k");
		const journal = sampleOf("dockerd-log--journal-short-with-systemd");
		expect(kindsOf(kernel + journal + kernel)).toEqual(["dockerd-log"]);
	});
});

describe("broken lines", () => {
	it("joins a rule that a terminal of 80 columns broke", () => {
		const rule = "-A DOCKER -d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 8080 -j ACCEPT";
		const [artifact] = paste(`*filter\n${rule.slice(0, 80)}\n${rule.slice(80)}\n-A DOCKER -j RETURN\nCOMMIT`);
		expect(artifact?.lines.map(({ text }) => text)).toEqual(["*filter", rule, "-A DOCKER -j RETURN", "COMMIT"]);
	});

	it("joins an error that a mail program broke, and takes no part of it for a rule", () => {
		const raw = [
			"> docker: Error response from daemon: driver failed programming external",
			"> connectivity on endpoint web (abc):  (iptables failed: iptables --wait -t",
			"> nat -I DOCKER -p tcp -d 0/0 --dport 8080 -j DNAT --to-destination",
			"> 172.17.0.2:80 ! -i docker0 -m comment --comment web -m conntrack",
			"> --ctstate NEW: iptables: No chain/target/match by that name.",
			">  (exit status 1)).",
		].join("\n");
		expect(paste(raw).map(({ kind, lines }) => [kind, lines.map(({ text }) => text)])).toEqual([
			[
				"docker-error",
				[
					"docker: Error response from daemon: driver failed programming external connectivity on endpoint web (abc):  (iptables failed: iptables --wait -t nat -I DOCKER -p tcp -d 0/0 --dport 8080 -j DNAT --to-destination 172.17.0.2:80 ! -i docker0 -m comment --comment web -m conntrack --ctstate NEW: iptables: No chain/target/match by that name.",
					" (exit status 1)).",
				],
			],
		]);
	});

	it.each([
		["an error", "docker: Error response from daemon: driver failed (iptables failed: iptables --wait -t nat"],
		["a log", 'time="2026-11-23T07:14:03.474396623Z" level=error msg="iptables failed: iptables --wait -t nat'],
		[
			"a journal",
			"Nov 23 07:14:03 docker01 dockerd[4022]: failed to start daemon: iptables failed: iptables --wait -t nat",
		],
	])("takes the rest of a broken command in %s for no rule", (_, line) => {
		const kinds = kindsOf(
			`${line}\n-A DOCKER -p tcp -d 0/0 --dport 8080 -j DNAT --to-destination 172.17.0.2:80\n (exit status 1)`,
		);
		expect(kinds).toHaveLength(1);
		expect(kinds).not.toContain("iptables-save");
	});

	it("joins a log record whose quote is open, and points back to both halves", () => {
		const record =
			'time="2026-11-23T07:14:03.474396623Z" level=error msg="driver failed programming external connectivity on endpoint web"';
		const raw = `> ${record.slice(0, 80)}\n> ${record.slice(80)}\n> ${record}`;
		const [artifact] = paste(raw);
		expect(artifact?.lines.map(({ text }) => text)).toEqual([record, record]);
		const line = artifact?.lines[0];
		if (artifact === undefined || line === undefined) throw new Error("nothing recognised");
		const at = record.indexOf("connectivity");
		const span = spanInLine(artifact, line, at, at + 12);
		expect(raw.slice(span.from, span.to).replace("\n> ", "")).toBe("connectivity");
		expect(raw.slice(spanOfLine(artifact, line).from)).toMatch(/^time=/);
	});
});

describe("any text", () => {
	/** Lines of all samples, shuffled and cut: worse than anything a person pastes. */
	const pieces = fc.oneof(
		{ weight: 6, arbitrary: fc.constantFrom(...samples.flatMap(({ text }) => text.split("\n"))) },
		{
			weight: 2,
			arbitrary: fc.constantFrom(
				"",
				"```",
				"<details>",
				"</pre>",
				"root@host:~# ls",
				"$ docker info",
				"> quoted",
				"### docker ps ###",
				"====",
				"(END)",
				"\u001b[31m",
				"{",
				"[",
				'"',
				"\\",
				"\u0000",
			),
		},
		{ weight: 1, arbitrary: fc.string({ unit: "grapheme", maxLength: 60 }) },
		{ weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 60 }) },
	);
	const pasted = fc
		.tuple(
			fc.array(pieces, { maxLength: 40 }),
			fc.constantFrom("\n", "\r\n", "\r", "\n\n"),
			fc.nat(60),
			fc.constantFrom("paste", "docker info", "iptables-nat-L.txt", "dockerd log", "daemon.json"),
		)
		.map(([lines, end, cut, name]) => ({ text: lines.join(end).slice(cut), name }));

	it("is covered: every character that is not blank lies in exactly one artifact", () => {
		fc.assert(
			fc.property(pasted, ({ text, name }) => {
				const artifacts = paste(text, name);
				let end = 0;
				for (const { from, to } of artifacts) {
					expect(text.slice(end, from)).not.toMatch(/\S/);
					expect(from).toBeGreaterThanOrEqual(end);
					end = to;
				}
				expect(text.slice(end)).not.toMatch(/\S/);
			}),
			{ numRuns: 200 },
		);
	});

	it("gives lines that lie in their artifact, in order, and ids that are unique", () => {
		fc.assert(
			fc.property(pasted, ({ text, name }) => {
				const artifacts = paste(text, name);
				const raw = rawLines(text);
				expect(new Set(artifacts.map(({ id }) => id)).size).toBe(artifacts.length);
				for (const artifact of artifacts) {
					let end = artifact.from;
					artifact.lines.forEach((line, at) => {
						const sourceLine = raw.findIndex(({ to }) => to >= line.from) + 1;
						expect(artifact.firstLine + line.number - 1, "as an editor counts").toBe(sourceLine);
						if (at > 0) expect(line.number).toBeGreaterThan(artifact.lines[at - 1]?.number ?? 0);
						expect(line.from).toBeGreaterThanOrEqual(end);
						expect(line.to).toBeLessThanOrEqual(artifact.to);
						expect(line.text).not.toMatch(/[\r\n]/);
						const span = spanOfLine(artifact, line);
						expect(span.from).toBeGreaterThanOrEqual(line.from);
						expect(span.to).toBeLessThanOrEqual(line.to);
						end = line.to;
					});
				}
			}),
			{ numRuns: 200 },
		);
	});

	it("gives the same artifacts for the same text", () => {
		expect(paste(SCROLLBACK)).toEqual(paste(SCROLLBACK));
	});
});

describe("work", () => {
	afterEach(() => {
		vi.restoreAllMocks();
	});

	/** Characters that are handed to patterns: what the time goes into. */
	function charactersRead(text: string): number {
		let read = 0;
		const exec = RegExp.prototype.exec;
		vi.spyOn(RegExp.prototype, "exec").mockImplementation(function (this: RegExp, input: string) {
			read += input.length;
			return exec.call(this, input);
		});
		paste(text);
		vi.restoreAllMocks();
		return read;
	}

	it.each<[string, string]>([
		["a log", sampleOf("dockerd-log--logfmt")],
		["shapes in turn", samples.map(({ text }) => text).join("\n")],
		["lines of shapes in turn", `${samples.map(({ text }) => text.split("\n")[1] ?? "").join("\n")}\n`],
		["text that is nothing", sampleOf("unrecognised--nginx-access-log")],
		["prompts", "root@host:~# ls\n"],
		["commands that never end", "$ a \\\n"],
		["open brackets", "{\n"],
		["open tables", "table ip nat {\n"],
		["quotes", "> > > x\n"],
		["escapes", "\u001b[\u001b]"],
		["ampersands", "&"],
		["tags", "<pre><code>"],
		["carriage returns", "x\r\r"],
		["open quotes", 'a="b'],
		["container ids", `${"a".repeat(64)}\n`],
	])(
		"grows with the length of %s",
		(_, unit) => {
			const times = Math.max(1, Math.round(3_000 / unit.length));
			const small = charactersRead(unit.repeat(times));
			const large = charactersRead(unit.repeat(times * 4));
			expect(small).toBeGreaterThan(unit.length * times);
			expect(large).toBeLessThan(small * 4.4 + 4_000);
		},
		30_000,
	);
});
