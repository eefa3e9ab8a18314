import { expect, it } from "vitest";
import { artifactFromText } from "../text/span-of";
import { parseLsmod } from "./lsmod";

const lsmod = (text: string) => {
	const { modules, complete, remarks } = parseLsmod(artifactFromText("lsmod", text));
	return { modules: modules?.map(({ value }) => value) ?? null, complete, remarks: remarks.length };
};

const withoutModules = (text: string) => parseLsmod(artifactFromText("lsmod", text)).withoutModules !== null;

it.each([
	[
		"lsmod",
		"Module                  Size  Used by\nbr_netfilter           36864  0\nbridge                319488  1 br_netfilter\n",
		["br_netfilter", "bridge"],
		true,
	],
	[
		"busybox",
		"Module                  Size  Used by    Not tainted\nxt_nat 16384 1 - Live 0x0000000000000000\n",
		["xt_nat"],
		true,
	],
	["lsmod | grep", "iptable_nat            16384  1\nnf-nat 1 0", ["iptable_nat", "nf_nat"], false],
	["/proc/modules", "ip_tables 28672 2 iptable_nat,iptable_filter, Live 0x0000000000000000", ["ip_tables"], false],
	["an empty listing", "Module                  Size  Used by\n", [], true],
	[
		"kmod 30 without /proc/modules",
		"libkmod: ERROR ../libkmod/libkmod-module.c:1725 kmod_module_new_from_loaded: could not open /proc/modules: No such file or directory\nError: could not get list of modules: No such file or directory",
		null,
		false,
	],
	[
		"kmod 34 without /proc/modules",
		"lsmod: ERROR: could not open /proc/modules: No such file or directory",
		null,
		false,
	],
	[
		"busybox without /proc/modules",
		"lsmod: /proc/modules: No such file or directory\nModule                  Size  Used by    Not tainted\n",
		null,
		false,
	],
	["a shell without lsmod", "bash: lsmod: command not found", null, false],
])("reads %s", (_, text, modules, complete) => {
	expect(lsmod(text)).toEqual({ modules, complete, remarks: 0 });
});

it("remarks on lines that are no modules", () => {
	expect(lsmod("Module Size Used by\nhello").remarks).toBe(1);
});

it("says where a kernel has no modules at all, and not where only lsmod is missing", () => {
	for (const text of [
		"libkmod: ERROR ../libkmod/libkmod-module.c:1725 kmod_module_new_from_loaded: could not open /proc/modules: No such file or directory",
		"lsmod: ERROR: could not open /proc/modules: No such file or directory",
		"lsmod: /proc/modules: No such file or directory",
	])
		expect(withoutModules(text)).toBe(true);
	expect(withoutModules("bash: lsmod: command not found")).toBe(false);
	expect(withoutModules("lsmod: ERROR: could not open /proc/modules: Permission denied")).toBe(false);
});
