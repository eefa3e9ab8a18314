import { expect, it } from "vitest";
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
