import { expect, it } from "vitest";
import { artifactFromText } from "../text/span-of";
import { parseLibModules } from "./lib-modules";

const modules = (text: string, options: { command?: string; name?: string } = {}) => {
	const read = parseLibModules(artifactFromText("lib-modules", text, options));
	return [read.running?.value ?? null, read.releases.map(({ value }) => value).join(" "), read.remarks.length];
};

it.each([
	["uname and ls, as it should be", "6.1.0-50-amd64\n6.1.0-50-amd64\n", {}, ["6.1.0-50-amd64", "6.1.0-50-amd64", 0]],
	[
		"uname and ls, modules gone",
		"7.2.12+deb14-amd64\n7.2.99+deb14-amd64\n",
		{},
		["7.2.12+deb14-amd64", "7.2.99+deb14-amd64", 1],
	],
	[
		"the command that says so",
		"7.2.12+deb14-amd64\n7.2.99+deb14-amd64\n",
		{ command: "uname -r; ls /lib/modules" },
		["7.2.12+deb14-amd64", "7.2.99+deb14-amd64", 0],
	],
	[
		"ls alone, by its command",
		"6.1.0-49-amd64\n6.1.0-50-amd64\n",
		{ command: "ls /lib/modules" },
		[null, "6.1.0-49-amd64 6.1.0-50-amd64", 0],
	],
	["ls alone, on one line", "6.1.0-49-amd64  6.1.0-50-amd64\n", {}, [null, "6.1.0-49-amd64 6.1.0-50-amd64", 0]],
	[
		"uname, then ls in columns as a terminal prints it",
		"6.6.31+rpt-rpi-v8\n6.6.62+rpt-rpi-2712  6.6.62+rpt-rpi-v8\n",
		{ command: "uname -r; ls /lib/modules" },
		["6.6.31+rpt-rpi-v8", "6.6.62+rpt-rpi-2712 6.6.62+rpt-rpi-v8", 0],
	],
	["ls alone, one kernel", "6.1.0-50-amd64\n", {}, [null, "6.1.0-50-amd64", 0]],
	["ls -l", "total 8\ndrwxr-xr-x 3 root root 4096 Nov 23 06:48 6.1.0-50-amd64\n", {}, [null, "6.1.0-50-amd64", 0]],
	[
		"no folder for the running kernel",
		"ls: cannot access '/lib/modules/6.9.7-arch1-1': No such file or directory",
		{ command: "ls /lib/modules/$(uname -r)" },
		["6.9.7-arch1-1", "", 0],
	],
	[
		"the same in German",
		"ls: Zugriff auf '/lib/modules/6.9.7-arch1-1' nicht möglich: Datei oder Verzeichnis nicht gefunden",
		{},
		["6.9.7-arch1-1", "", 0],
	],
	[
		"the content of one folder",
		"kernel  modules.alias  modules.dep",
		{ command: "ls /lib/modules/6.1.0-50-amd64" },
		[null, "6.1.0-50-amd64", 0],
	],
])("reads %s", (_, text, options, expected) => {
	expect(modules(text, options)).toEqual(expected);
});
