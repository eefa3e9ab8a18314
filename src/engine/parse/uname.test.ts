import { expect, it } from "vitest";
import { artifactFromText } from "../text/span-of";
import { parseUname } from "./uname";

it.each([
	[
		"Linux docker01 6.1.0-50-amd64 #1 SMP PREEMPT_DYNAMIC Debian 6.1.176-1 (2026-07-02) x86_64 GNU/Linux",
		"6.1.0-50-amd64",
		"docker01",
		"x86_64",
	],
	[
		"Linux el9 5.14.0-427.el9.x86_64 #1 SMP Fri x86_64 x86_64 x86_64 GNU/Linux",
		"5.14.0-427.el9.x86_64",
		"el9",
		"x86_64",
	],
	["Linux alpine 6.6.58-0-virt #1-Alpine SMP 2024-10-26 x86_64 Linux", "6.6.58-0-virt", "alpine", "x86_64"],
	[
		"Linux nas 4.4.302+ #69057 SMP Fri Jan 12 17:02:28 CST 2024 aarch64 GNU/Linux synology",
		"4.4.302+",
		"nas",
		"aarch64",
	],
	["5.15.153.1-microsoft-standard-WSL2", "5.15.153.1-microsoft-standard-WSL2", undefined, undefined],
	[
		"Linux version 5.15.0-91-generic (buildd@lcy02) (gcc 11.4) #101-Ubuntu SMP",
		"5.15.0-91-generic",
		undefined,
		undefined,
	],
	[
		" Static hostname: web01\n          Kernel: Linux 6.8.0-31-generic\n    Architecture: x86-64",
		"6.8.0-31-generic",
		"web01",
		"x86_64",
	],
	["x86_64", undefined, undefined, "x86_64"],
])("reads %j", (text, release, hostName, architecture) => {
	const read = parseUname(artifactFromText("uname", text));
	expect([read.release?.value, read.hostName?.value, read.architecture?.value]).toEqual([
		release,
		hostName,
		architecture,
	]);
	expect(read.remarks).toEqual([]);
});

it("does not take the kernel of a Mac for the one that Docker runs on", () => {
	const read = parseUname(
		artifactFromText("uname", "Darwin mac.local 23.6.0 Darwin Kernel Version 23.6.0: RELEASE_ARM64 arm64"),
	);
	expect([read.release, read.remarks.length]).toEqual([null, 1]);
});
