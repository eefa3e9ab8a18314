/**
 * Lists of installed packages: dpkg, apt, rpm, dnf, apk, pacman and snap; and the upgrades that /var/log/dpkg.log tells.
 *
 *     ii  docker-ce   5:27.3.1-1~debian.12~bookworm   amd64   Docker: the open-source application container engine
 *     docker-ce/bookworm,now 5:27.3.1-1~debian.12~bookworm amd64 [installed]
 *     kernel-core-5.14.0-503.11.1.el9_5.x86_64
 *     docker-ce.x86_64          3:28.3.2-1.el9          @docker-ce-stable
 *     docker-engine-27.3.1-r0                                                     (apk)
 *     linux 6.11.6.arch1-1                                                        (pacman)
 *     2026-11-23 06:25:11 upgrade linux-image-amd64:amd64 6.1.99-1 6.1.112-1      (dpkg.log)
 *
 * Kept are packages of Docker, of the packet filters and of the kernel. A kernel's package names the release that
 * `uname -r` would print. Not read: what is only available, `apt-cache policy`.
 */
import type { Artifact, Line } from "../text/evidence";
import { readFrom, spanOfText, textOf, writtenLines } from "./line-text";
import { parseLog } from "./log";
import type { ParsedPackages } from "./parsed";

type Found = { readonly name: string; readonly version: string };

const KEPT = /^(?:docker|moby|containerd|podman|iptables|nftables|firewalld|ufw|linux|kernel)/;
const DATED = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d /;

/** Reads the packages that matter here, with the kernels among them. */
export function parsePackages(artifact: Artifact): ParsedPackages {
	const packages: ParsedPackages["packages"][number][] = [];
	const kernels: ParsedPackages["kernels"][number][] = [];
	const dated: Line[] = [];
	for (const line of writtenLines(artifact.lines)) {
		const text = textOf(line).trim().slice(0, 400);
		if (DATED.test(text)) {
			dated.push(line);
			continue;
		}
		const found = installedIn(text);
		if (found === null || !KEPT.test(found.name)) continue;
		packages.push({ ...found, at: spanOfText(artifact, line) });
		const release = kernelOf(found, text);
		if (release !== null) kernels.push(readFrom(artifact, line, release));
	}
	const events = dated.length > 0 ? parseLog({ ...artifact, lines: dated }).events : [];
	return { kind: "packages", packages, kernels, events, remarks: [] };
}

function installedIn(text: string): Found | null {
	const pair = (match: RegExpExecArray | null): Found | null =>
		match?.[1] && match[2] ? { name: match[1], version: match[2] } : null;
	// dpkg -l: wanted, state (only `i` is unpacked and configured), error.
	if (/^[hiupr][a-zA-Z] /.test(text))
		return pair(/^[hip]i {1,3}([\w.+-]{1,80})(?::\w{1,10})? {1,40}(\S{1,80})/.exec(text));
	return (
		pair(/^([\w.+-]{1,80})\/\S{1,60} (\S{1,80}) \w{1,10} \[(?:installed|upgradable|residual)?/.exec(text)) ??
		pair(
			/^([\w+.-]{1,80}?)-(\d[\w.+~:^]{0,60}-[\w.~+^]{1,60})\.(?:x86_64|aarch64|noarch|i[3-6]86|armv7hl|ppc64le|s390x)$/.exec(
				text,
			),
		) ??
		pair(/^([\w+-]{1,80})\.(?:x86_64|aarch64|noarch|i[3-6]86|armv7hl) {1,60}(\S{1,60}) {1,60}\S/.exec(text)) ??
		pair(/^([a-z][\w.+-]{1,80}?)-(\d[\w.]{0,40}-r\d{1,4})(?: |$)/.exec(text)) ??
		pair(/^([a-z][\w.+-]{1,60}) ((?:\d+:)?\d[\w.+:~]{0,60}(?:-\d[\w.]{0,8})?)$/.exec(text)) ??
		pair(/^(docker) {1,20}(\d{1,3}\.\d[\w.+~-]{0,30}) {1,20}\d{1,6} {1,20}\S/.exec(text))
	);
}

/** The release that a kernel's package installs, as `uname -r` prints it; null for other packages and metapackages. */
function kernelOf({ name, version }: Found, text: string): string | null {
	const debian = /^linux-(?:image|modules)-(?:unsigned-)?(\d[\w.+-]{3,60})$/.exec(name)?.[1];
	if (debian) return debian.endsWith("-dbg") ? null : debian;
	if (/^kernel(?:-default|-core|-modules|-modules-core|-lt|-ml|-uek|-uek-core)?$/.test(name)) {
		const arch = /[. ](x86_64|aarch64|ppc64le|s390x)(?: |$)/.exec(text)?.[1];
		return arch ? `${version.replace(/^\d+:/, "")}.${arch}` : null;
	}
	// Alpine: package linux-lts 6.6.63-r0 runs as 6.6.63-0-lts.
	const alpine = /^linux-(lts|virt|edge|rpi|stable)$/.exec(name)?.[1];
	const build = /^([\d.]{3,20})-r(\d{1,4})$/.exec(version);
	if (alpine && build) return `${build[1]}-${build[2]}-${alpine}`;
	// Arch: linux 6.11.6.arch1-1 runs as 6.11.6-arch1-1, linux-lts 6.6.59-1 as 6.6.59-1-lts.
	const arch = /^([\d.]{3,20})\.(arch\d{1,3}-\d{1,3})$/.exec(version);
	if (name === "linux" && arch) return `${arch[1]}-${arch[2]}`;
	const archLts = /^linux-(lts|zen|hardened)$/.exec(name)?.[1];
	const plain = /^[\d.]{3,20}-\d{1,3}$/.exec(version)?.[0];
	return archLts === "lts" && plain ? `${plain}-lts` : null;
}
