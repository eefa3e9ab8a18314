import { expect, it } from "vitest";
import { artifactFromText } from "../text/span-of";
import { parseOsRelease } from "./os-release";

const release = (text: string) => {
	const read = parseOsRelease(artifactFromText("os-release", text));
	return [read.id?.value, read.idLike.join(" "), read.versionId?.value, read.prettyName?.value, read.remarks.length];
};

it.each([
	[
		'PRETTY_NAME="Ubuntu 22.04.3 LTS"\nNAME="Ubuntu"\nVERSION_ID="22.04"\nID=ubuntu\nID_LIKE=debian\nHOME_URL="https://www.ubuntu.com/"',
		["ubuntu", "debian", "22.04", "Ubuntu 22.04.3 LTS", 0],
	],
	[
		"NAME='Alpine Linux'\nID=alpine\nVERSION_ID=3.20.3\nPRETTY_NAME='Alpine Linux v3.20'",
		["alpine", "", "3.20.3", "Alpine Linux v3.20", 0],
	],
	["Debian GNU/Linux 13 (trixie)", ["debian", "", "13", "Debian GNU/Linux 13 (trixie)", 0]],
	["Debian GNU/Linux forky/sid", ["debian", "", undefined, "Debian GNU/Linux forky/sid", 0]],
	[
		"Red Hat Enterprise Linux release 9.4 (Plow)",
		["rhel", "fedora", "9.4", "Red Hat Enterprise Linux release 9.4 (Plow)", 0],
	],
	[
		"Distributor ID:\tUbuntu\nDescription:\tUbuntu 20.04.6 LTS\nRelease:\t20.04\nCodename:\tfocal",
		["ubuntu", "debian", "20.04", "Ubuntu 20.04.6 LTS", 0],
	],
	["Ubuntu 22.04.3 LTS \\n \\l", ["ubuntu", "debian", "22.04.3", "Ubuntu 22.04.3 LTS", 0]],
	[
		'PRETTY_NAME="Rocky Linux 9.3 (Blue Onyx)"',
		["rocky", "rhel centos fedora", "9.3", "Rocky Linux 9.3 (Blue Onyx)", 0],
	],
	["ID=ubuntu", ["ubuntu", "debian", undefined, undefined, 0]],
	["something else", [undefined, "", undefined, undefined, 1]],
])("reads %j", (text, expected) => {
	expect(release(text)).toEqual(expected);
});
