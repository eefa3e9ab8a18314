import { expect, it } from "vitest";
import { artifactFromText } from "../text/span-of";
import { parseKernelConfig } from "./kernel-config";

it.each([
	["CONFIG_NF_TABLES=m", ["CONFIG_NF_TABLES", "m"]],
	["CONFIG_BRIDGE=y", ["CONFIG_BRIDGE", "y"]],
	["# CONFIG_IP_NF_IPTABLES_LEGACY is not set", ["CONFIG_IP_NF_IPTABLES_LEGACY", "n"]],
	["/boot/config-6.1.0-50-amd64:CONFIG_IP_NF_RAW=m", ["CONFIG_IP_NF_RAW", "m"]],
	["- CONFIG_NETFILTER_XT_MATCH_ADDRTYPE: enabled (as module)", ["CONFIG_NETFILTER_XT_MATCH_ADDRTYPE", "m"]],
	["  - CONFIG_VXLAN: enabled", ["CONFIG_VXLAN", "y"]],
	["- CONFIG_IP_NF_NAT: missing", ["CONFIG_IP_NF_NAT", "n"]],
])("reads %j", (text, expected) => {
	const read = parseKernelConfig(
		artifactFromText("kernel-config", `info: reading kernel config\n${text}\nCONFIG_HZ=250\n`),
	);
	expect(read.options.map(({ name, value }) => [name, value])).toEqual([expected]);
	expect(read.remarks).toEqual([]);
});

it("remarks where nothing is an option", () => {
	expect(parseKernelConfig(artifactFromText("kernel-config", "hello")).remarks).toHaveLength(1);
});
