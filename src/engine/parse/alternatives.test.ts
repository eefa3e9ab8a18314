import { expect, it } from "vitest";
import { artifactFromText } from "../text/span-of";
import { parseAlternatives } from "./alternatives";

const alternatives = (text: string) => parseAlternatives(artifactFromText("alternatives", text));
const BOTH = ["/usr/sbin/iptables-legacy", "/usr/sbin/iptables-nft"];

// dpkg 1.23, Debian sid.
const DISPLAY = `iptables - manual mode
  link best version is /usr/sbin/iptables-nft
  link currently points to /usr/sbin/iptables-legacy
  link iptables is /usr/sbin/iptables
  slave iptables-restore is /usr/sbin/iptables-restore
/usr/sbin/iptables-legacy - priority 10
  slave iptables-restore: /usr/sbin/iptables-legacy-restore
/usr/sbin/iptables-nft - priority 20
  slave iptables-restore: /usr/sbin/iptables-nft-restore
`;
const GERMAN = `iptables - manueller Modus
  beste Version des Links ist /usr/sbin/iptables-nft
  Link zeigt zur Zeit auf /usr/sbin/iptables-legacy
  Link iptables ist /usr/sbin/iptables
  Slave iptables-restore ist /usr/sbin/iptables-restore
/usr/sbin/iptables-legacy - Priorität 10
  Slave iptables-restore: /usr/sbin/iptables-legacy-restore
/usr/sbin/iptables-nft - Priorität 20
`;
const QUERY = `Name: iptables
Link: /usr/sbin/iptables
Slaves:
 iptables-restore /usr/sbin/iptables-restore
Status: auto
Best: /usr/sbin/iptables-nft
Value: /usr/sbin/iptables-nft

Alternative: /usr/sbin/iptables-legacy
Priority: 10

Alternative: /usr/sbin/iptables-nft
Priority: 20
`;
const CONFIG = `There are 2 choices for the alternative iptables (providing /usr/sbin/iptables).

  Selection    Path                       Priority   Status
------------------------------------------------------------
  0            /usr/sbin/iptables-nft      20        auto mode
* 1            /usr/sbin/iptables-legacy   10        manual mode
  2            /usr/sbin/iptables-nft      20        manual mode

Press <enter> to keep the current choice[*], or type selection number:
`;
const RED_HAT = `iptables - status is auto.
 link currently points to /usr/sbin/iptables-nft
/usr/sbin/iptables-nft - priority 10
 follower ip6tables: /usr/sbin/ip6tables-nft
Current \`best' version is /usr/sbin/iptables-nft.
`;

it.each([
	["--display", DISPLAY, "iptables", "/usr/sbin/iptables-legacy", BOTH, false],
	["--display in German", GERMAN, "iptables", "/usr/sbin/iptables-legacy", BOTH, false],
	["--query", QUERY, "iptables", "/usr/sbin/iptables-nft", BOTH, true],
	["--config", CONFIG, null, "/usr/sbin/iptables-legacy", BOTH, false],
	["--list", "/usr/sbin/iptables-legacy\n/usr/sbin/iptables-nft\n", null, undefined, BOTH, null],
	["Red Hat", RED_HAT, "iptables", "/usr/sbin/iptables-nft", ["/usr/sbin/iptables-nft"], true],
])("reads %s", (_, text, name, current, choices, automatic) => {
	const read = alternatives(text);
	expect({
		name: read.name,
		current: read.current?.value,
		choices: [...read.choices].sort(),
		automatic: read.automatic,
	}).toEqual({ name, current, choices, automatic });
	expect(read.remarks).toEqual([]);
});

it("reads Red Hat's marks, where `*` is the best and `+` the current choice", () => {
	expect(
		alternatives(
			"  Selection    Command\n-----------------------------------------------\n*  1           /usr/sbin/iptables-nft\n + 2           /usr/sbin/iptables-legacy\n",
		).current?.value,
	).toBe("/usr/sbin/iptables-legacy");
});

it("remarks on choices whose file is gone", () => {
	const read =
		alternatives(`update-alternatives: warning: alternative /usr/sbin/iptables-nft (part of link group iptables) doesn't exist; removing from list of alternatives
iptables - manual mode
  link best version not available
  link currently points to /usr/sbin/iptables-nft
  link iptables is /usr/sbin/iptables
`);
	expect(read).toMatchObject({ current: { value: "/usr/sbin/iptables-nft" }, choices: [] });
	expect(read.remarks).toHaveLength(1);
});
