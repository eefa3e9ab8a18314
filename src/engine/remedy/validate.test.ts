import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as make from "./validate";

const TEXT_MAKERS = {
	interfaceName: make.interfaceName,
	chainName: make.chainName,
	tableName: make.tableName,
	containerName: make.containerName,
	moduleName: make.moduleName,
	kernelRelease: make.kernelRelease,
	addressText: make.addressText,
	prefixText: make.prefixText,
	filePath: make.filePath,
	sysctlKey: make.sysctlKey,
	sysctlValue: make.sysctlValue,
	extensionName: make.extensionName,
	ruleWord: make.ruleWord,
	daemonKey: make.daemonKey,
	zoneName: make.zoneName,
	dropInName: make.dropInName,
	unitValue: make.unitValue,
	routeTable: make.routeTable,
} as const;

/** What people have tried to slip into commands, files, templates and terminals. */
const HOSTILE = [
	"$(touch /tmp/pwned)",
	"`touch /tmp/pwned`",
	"; rm -rf /",
	"a;b",
	"a|b",
	"a&b",
	"a\nb",
	"a\rb",
	"docker0\n",
	"a\0b",
	"a b;c",
	"'",
	'"',
	"a'b",
	"a\\b",
	"$HOME",
	// biome-ignore lint/suspicious/noTemplateCurlyInString: shell, not JavaScript
	"${IFS}",
	"a>b",
	"a<b",
	"*",
	"?",
	"[a]",
	"~root",
	"-j",
	"--modprobe=/tmp/x",
	"-rf",
	"#x",
	"!x",
	"{{ lookup('pipe','id') }}",
	"{% raw %}",
	"%n",
	"\u202edocker0",
	"docker\u200b0",
	"ｄｏｃｋｅｒ",
	"аdmin",
	"\u001b[31m",
	"../../etc/passwd",
	"/etc/../root",
	"..",
	".",
];

describe("checked values", () => {
	it.each(Object.entries(TEXT_MAKERS))("%s refuses what could be anything but a plain word", (name, check) => {
		const allowed = HOSTILE.filter((text) => check(text) !== null);
		// `-j` is a word of a rule, and only there.
		expect(allowed).toEqual(name === "ruleWord" ? ["-j"] : name === "unitValue" ? allowed.filter(isPlain) : []);
	});

	it.each([
		["interfaceName", "docker0", true],
		["interfaceName", "br-1a2b3c4d5e6f", true],
		["interfaceName", "eth0.100", true],
		["interfaceName", "veth@if5", true],
		["interfaceName", "sixteencharacter", false],
		["interfaceName", "", false],
		["chainName", "DOCKER-ISOLATION-STAGE-1", true],
		["chainName", "nat-prerouting-and-output", true],
		["chainName", "A".repeat(28), true],
		["chainName", "A".repeat(29), false],
		["containerName", "my_app-web.1", true],
		["containerName", "_web", false],
		["moduleName", "xt_MASQUERADE", true],
		["kernelRelease", "6.1.0-50-amd64", true],
		["kernelRelease", "5.15.153.1-microsoft-standard-WSL2+", true],
		["addressText", "172.17.0.2", true],
		["addressText", "172.17.0.256", false],
		["addressText", "172.17.0.02", false],
		["addressText", "fd00::1", true],
		["addressText", "::ffff:10.0.0.1", true],
		["addressText", "1::2::3", false],
		["addressText", "fe80::1%eth0", false],
		["prefixText", "172.17.0.0/16", true],
		["prefixText", "172.17.0.0/33", false],
		["prefixText", "fd00::/64", true],
		["prefixText", "172.17.0.0", false],
		["filePath", "/etc/docker/daemon.json", true],
		["filePath", "etc/docker", false],
		["sysctlKey", "net.ipv4.conf.br-1a2b3c4d5e6f.forwarding", true],
		["sysctlKey", "net/ipv4/conf/eth0.100/rp_filter", true],
		["sysctlKey", "net", false],
		["sysctlValue", "4096 87380 6291456", true],
		["sysctlValue", "-1", false],
		["ruleWord", "--dport", true],
		["ruleWord", "172.17.0.0/16", true],
		["ruleWord", "RELATED,ESTABLISHED", true],
		["ruleWord", "--flush", false],
		["ruleWord", "--modpro", false],
		["ruleWord", "--set", true],
		["ruleWord", "-F", false],
		["ruleWord", "-t", false],
		["zoneName", "docker-forwarding", true],
		["zoneName", "eighteencharacters", false],
		["unitValue", "", true],
		["unitValue", "/usr/bin/dockerd -H fd://", true],
		["routeTable", "main", true],
		["daemonKey", "live-restore", true],
		["daemonKey", "__proto__", false],
	] as const)("%s of %j is accepted: %s", (name, text, accepted) => {
		expect(TEXT_MAKERS[name](text)).toBe(accepted ? text : null);
	});

	it.each([
		[1, true],
		[65535, true],
		[0, false],
		[65536, false],
		[80.5, false],
		[Number.NaN, false],
	])("port %d is accepted: %s", (value, accepted) => {
		expect(make.port(value)).toBe(accepted ? value : null);
	});

	it("refuses a whole rule for one bad word, and a rule without words", () => {
		expect(make.ruleWords(["-p", "tcp", "-j", "DROP"])).toEqual(["-p", "tcp", "-j", "DROP"]);
		expect(make.ruleWords(["-p", "tcp", "-j", "DROP", "--policy"])).toBeNull();
		expect(make.ruleWords(["-m", "comment", "--comment", "a b"])).toBeNull();
		expect(make.ruleWords([])).toBeNull();
	});

	it("never lets through a character that a shell, YAML or a terminal reads", () => {
		// Mostly good characters, so that a bad one often stands in an otherwise good word.
		const text = fc.string({
			unit: fc.constantFrom(...Array.from("aZ09_-./:,@+%=~ !$`'\"\\\n\t;|&<>(){}[]*?#^\u0000\u001b\u202eé")),
			maxLength: 12,
		});
		fc.assert(
			fc.property(text, fc.constantFrom(...Object.values(TEXT_MAKERS)), (word, check) => {
				const value = check(word);
				if (value !== null) expect(isPlain(value)).toBe(true);
			}),
			{ numRuns: 2000 },
		);
	}, 30_000);
});

const isPlain = (text: string): boolean => text === "!" || /^[A-Za-z0-9_ ./:=,@+%~-]*$/.test(text);
