/**
 * `uname -a`, `uname -r`, /proc/version, and the kernel line of `hostnamectl`.
 *
 *     Linux docker01 6.1.0-50-amd64 #1 SMP PREEMPT_DYNAMIC Debian 6.1.176-1 (2026-07-02) x86_64 GNU/Linux
 *
 * Seen: GNU coreutils, busybox (ends in `Linux`), Red Hat (`x86_64 x86_64 x86_64 GNU/Linux`). The release may be
 * anything a builder wrote (`4.4.302+`, `5.15.153.1-microsoft-standard-WSL2`). Not read: other kernels than Linux.
 */
import type { Artifact } from "../text/evidence";
import type { Remark } from "../text/span";
import { readFrom, remark, textOf, writtenLines } from "./line-text";
import type { ParsedUname, Read } from "./parsed";

const RELEASE = /^\d{1,3}\.\d{1,4}[\w.+~-]{0,100}$/;
const ARCHITECTURE =
	/^(?:x86_64|amd64|aarch64|arm64|armv\d\w{0,3}|i[3-6]86|ppc64(?:le|el)?|s390x|riscv64|mips\w{0,6}|loongarch64)$/;

/** Reads the running kernel's release. */
export function parseUname(artifact: Artifact): ParsedUname {
	let release: Read<string> | null = null;
	let hostName: Read<string> | null = null;
	let architecture: Read<string> | null = null;
	const remarks: Remark[] = [];
	for (const line of writtenLines(artifact.lines)) {
		const words = textOf(line).trim().split(/\s+/, 60);
		const [first = "", second = "", third = ""] = words;
		if (/^(?:Darwin|FreeBSD|MINGW|MSYS|CYGWIN)/.test(first) && words.length > 2) {
			remarks.push(remark(artifact, line, "This is not a Linux kernel: Docker runs in a virtual machine here"));
			continue;
		}
		const isProcVersion = first === "Linux" && second === "version";
		if (isProcVersion) release ??= readFrom(artifact, line, third);
		else if (first === "Linux" && RELEASE.test(third)) {
			hostName ??= readFrom(artifact, line, second);
			release ??= readFrom(artifact, line, third);
		} else if (first === "Linux" && RELEASE.test(second)) release ??= readFrom(artifact, line, second);
		else if (words.length === 1 && RELEASE.test(first)) release ??= readFrom(artifact, line, first);
		else if (first === "Kernel:" && second === "Linux") release ??= readFrom(artifact, line, third);
		else if (/^(?:Static )?hostname:$/i.test(words.slice(0, -1).join(" ")))
			hostName ??= readFrom(artifact, line, words.at(-1) ?? "");
		const machine = isProcVersion ? undefined : words.findLast((word) => ARCHITECTURE.test(word));
		if (machine && (first === "Linux" || words.length === 1)) architecture ??= readFrom(artifact, line, machine);
		else if (first === "Architecture:" && second)
			architecture ??= readFrom(artifact, line, second.replace("x86-64", "x86_64"));
	}
	const [line] = writtenLines(artifact.lines);
	if (line && !release && !architecture && remarks.length === 0)
		remarks.push(remark(artifact, line, "No kernel release found"));
	return { kind: "uname", release, hostName, architecture, remarks };
}
