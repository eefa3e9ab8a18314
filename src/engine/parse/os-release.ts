/**
 * Which distribution: /etc/os-release, `lsb_release -a`, /etc/redhat-release, `hostnamectl`, or its pretty name alone.
 *
 *     PRETTY_NAME="Debian GNU/Linux 13 (trixie)"
 *     ID=debian
 *     VERSION_ID="13"
 *
 * Format: os-release(5). From a pretty name alone (`Debian GNU/Linux 13 (trixie)`, as a login banner prints it) the id
 * is read from its first words. Not read: support and home page addresses.
 */
import type { Artifact, Line } from "../text/evidence";
import { readFrom, remarksOnLines, textOf, writtenLines } from "./line-text";
import type { ParsedOsRelease, Read } from "./parsed";

/** First words of pretty names, and the id and families that os-release gives them. */
const FAMILIES: readonly (readonly [words: RegExp, id: string, like: readonly string[]])[] = [
	[/^Debian\b/i, "debian", []],
	[/^Ubuntu\b/i, "ubuntu", ["debian"]],
	[/^(?:Raspbian|Raspberry Pi OS)\b/i, "raspbian", ["debian"]],
	[/^Linux Mint\b|^LinuxMint\b/i, "linuxmint", ["ubuntu", "debian"]],
	[/^Pop!?_OS\b/i, "pop", ["ubuntu", "debian"]],
	[/^Kali\b/i, "kali", ["debian"]],
	[/^Armbian\b/i, "debian", []],
	[/^(?:Red Hat Enterprise Linux|RedHatEnterprise)/i, "rhel", ["fedora"]],
	[/^CentOS\b/i, "centos", ["rhel", "fedora"]],
	[/^Rocky\b/i, "rocky", ["rhel", "centos", "fedora"]],
	[/^AlmaLinux\b/i, "almalinux", ["rhel", "centos", "fedora"]],
	[/^Oracle Linux\b/i, "ol", ["fedora"]],
	[/^Fedora\b/i, "fedora", []],
	[/^Amazon Linux\b/i, "amzn", ["fedora"]],
	[/^Alpine\b/i, "alpine", []],
	[/^(?:Arch Linux|Arch)\b/i, "arch", []],
	[/^Manjaro\b/i, "manjaro", ["arch"]],
	[/^openSUSE\b/i, "opensuse", ["suse"]],
	[/^SUSE Linux Enterprise\b/i, "sles", ["suse"]],
	[/^NixOS\b/i, "nixos", []],
	[/^Gentoo\b/i, "gentoo", []],
	[/^Void\b/i, "void", []],
	[/^Flatcar\b/i, "flatcar", ["coreos"]],
	[/^Container-Optimized OS\b/i, "cos", []],
];

/** Reads the distribution. */
export function parseOsRelease(artifact: Artifact): ParsedOsRelease {
	const fields = new Map<string, Read<string>>();
	const unread: Line[] = [];
	let bare: Read<string> | null = null;
	for (const line of writtenLines(artifact.lines)) {
		const text = textOf(line).trim();
		const assignment = /^([A-Z][A-Z0-9_]{0,40})=(.{0,500})$/.exec(text);
		const labelled = /^(Distributor ID|Description|Release|Operating System):\s+(\S.{0,200})$/.exec(text);
		if (assignment?.[1]) {
			if (!fields.has(assignment[1]))
				fields.set(assignment[1], readFrom(artifact, line, unquoted(assignment[2] ?? "")));
		} else if (labelled?.[1] && labelled[2]) fields.set(labelled[1], readFrom(artifact, line, labelled[2]));
		else if (FAMILIES.some(([words]) => words.test(text)))
			bare ??= readFrom(artifact, line, text.replace(/(?: \\[a-z]){1,3}$/, ""));
		else if (!/^#|^No LSB modules|^Codename:|^\s*[A-Z][\w ]{1,30}: /.test(text)) unread.push(line);
	}
	const prettyName =
		fields.get("PRETTY_NAME") ??
		fields.get("Operating System") ??
		fields.get("Description") ??
		fields.get("DISTRIB_DESCRIPTION") ??
		bare;
	const family = prettyName ? FAMILIES.find(([words]) => words.test(prettyName.value)) : undefined;
	const number = prettyName ? /\s(\d{1,4}(?:\.\d{1,4}){0,2})(?=[\s)]|$)/.exec(prettyName.value)?.[1] : undefined;
	const stated = fields.get("ID");
	return {
		kind: "os-release",
		id: stated ?? (prettyName && family ? { value: family[1], at: prettyName.at } : null),
		idLike:
			fields
				.get("ID_LIKE")
				?.value.split(/\s+/)
				.filter((word) => word !== "") ??
			// A shortened paste leaves the line out.
			FAMILIES.find(([, id]) => id === (stated?.value ?? family?.[1]))?.[2] ??
			[],
		versionId:
			fields.get("VERSION_ID") ??
			fields.get("Release") ??
			fields.get("DISTRIB_RELEASE") ??
			(prettyName && number ? { value: number, at: prettyName.at } : null),
		prettyName,
		remarks: remarksOnLines(artifact, unread, "Not read as a name of a distribution, skipped"),
	};
}

function unquoted(value: string): string {
	const text = value.trim();
	const quote = text[0];
	return (quote === '"' || quote === "'") && text.length > 1 && text.endsWith(quote) ? text.slice(1, -1) : text;
}
