import { expect, it } from "vitest";
import { recognise } from "../text/recognise";
import { artifactFromText } from "../text/span-of";
import { parseUfwStatus } from "./ufw-status";

const ufw = (text: string) => parseUfwStatus(artifactFromText("ufw-status", text));

it("reads state, defaults and rules of the verbose form", () => {
	const read = ufw(`Status: active
Logging: on (low)
Default: deny (incoming), allow (outgoing), deny (routed)
New profiles: skip

To                         Action      From
--                         ------      ----
22/tcp                     ALLOW IN    Anywhere
22/tcp (v6)                ALLOW IN    Anywhere (v6)
`);
	expect(read).toMatchObject({
		active: { value: true },
		defaults: { value: { incoming: "deny", outgoing: "allow", routed: "deny" } },
		failures: [],
		remarks: [],
	});
	expect(read.rules.map(({ at }) => at.line)).toEqual([8, 9]);
});

it.each([
	["Status: inactive", false],
	["Status: active", true],
	["Status: Inaktiv", false],
	["Status: Aktiv", true],
	["État : inactif", false],
	["Estado: activo", true],
	["状态： 不活动", false],
])("reads %j", (text, active) => {
	expect(ufw(text)).toMatchObject({ active: { value: active }, remarks: [] });
});

// As Debian 12's ufw 0.36.2 installs them, comments shortened.
const DEFAULT_UFW = `# /etc/default/ufw
#

# Set to yes to apply rules to support IPv6 (no means only IPv6 on loopback
IPV6=yes

# Set the default input policy to ACCEPT, DROP, or REJECT. Please note that if
DEFAULT_INPUT_POLICY="DROP"
DEFAULT_OUTPUT_POLICY="ACCEPT"
# you change this you will most likely want to adjust your rules
DEFAULT_FORWARD_POLICY="DROP"
DEFAULT_APPLICATION_POLICY="SKIP"
MANAGE_BUILTINS=no
IPT_SYSCTL=/etc/ufw/sysctl.conf
IPT_MODULES=""
`;

it("reads the files that ufw is told by", () => {
	expect(ufw(DEFAULT_UFW)).toMatchObject({
		active: null,
		defaults: { value: { incoming: "deny", outgoing: "allow", routed: "deny" } },
		remarks: [],
	});
	const conf = "# /etc/ufw/ufw.conf\n#\n\n# Set to yes to start on boot.\nENABLED=yes\n\nLOGLEVEL=low\n";
	expect(ufw(conf)).toMatchObject({ active: { value: true }, defaults: null, remarks: [] });
	const artifacts = recognise([
		{ id: "s", name: "paste", text: `$ cat /etc/default/ufw\n${DEFAULT_UFW}$ cat /etc/ufw/ufw.conf\n${conf}` },
	]);
	expect(artifacts.map(({ kind }) => kind)).toEqual(["ufw-status", "ufw-status"]);
	expect(recognise([{ id: "s", name: "paste", text: DEFAULT_UFW }]).at(-1)?.kind).toBe("ufw-status");
});

it("reads numbered rules", () => {
	expect(
		ufw(
			"Status: active\n\n     To                         Action      From\n     --                         ------      ----\n[ 1] 8080/tcp                   DENY IN     Anywhere",
		).rules,
	).toHaveLength(1);
});

it.each([
	"ERROR: problem running iptables: iptables v1.8.13 (nf_tables): Could not fetch rule set generation id: Invalid argument",
	"ERROR: You need to be root to run this script",
	"bash: ufw: command not found",
])("does not take an error for an inactive firewall: %j", (text) => {
	expect(ufw(text)).toMatchObject({ active: null, remarks: [{}] });
});
