/**
 * What Docker Desktop's own checks print: `com.docker.diagnose check`, and the same lines in diagnose.log of its archive.
 *
 *     [PASS] DD0016: is the LinuxKit VM running?
 *     [FAIL] DD0011: are the LinuxKit services running? failed to ping VM diagnosticsd with error: Get "http://ipc/ping": …
 *     [FAIL] DD0004: is the Docker engine running? prereq failed: are the LinuxKit services running?
 *
 * Seen: Docker Desktop 4.8 to 4.48 on Windows and macOS (docker/for-win#13273, #13212). A check whose prerequisite failed
 * tells nothing of its own. Not read: the stack traces between them.
 */
import type { Artifact } from "../text/evidence";
import { spanOfText, textOf, writtenLines } from "./line-text";
import type { ParsedDesktopChecks } from "./parsed";

const CHECK = /^\[(PASS|FAIL|WARN|SKIP|SKIPPED)\] (DD\d{4}): (.{1,120}?\?)(?: (.{1,600}))?$/;

/** Reads which checks failed and why. */
export function parseDesktopChecks(artifact: Artifact): ParsedDesktopChecks {
	const failed: ParsedDesktopChecks["failed"][number][] = [];
	let passed = 0;
	let at: ParsedDesktopChecks["at"] = null;
	for (const line of writtenLines(artifact.lines)) {
		const found = CHECK.exec(textOf(line).trim().slice(0, 800));
		const [, result, code, question, reason] = found ?? [];
		if (!code || !question) continue;
		at ??= spanOfText(artifact, line);
		if (result === "PASS") passed++;
		if (result === "FAIL" && !reason?.startsWith("prereq failed"))
			failed.push({ code, question, reason: reason ?? null, at: spanOfText(artifact, line) });
	}
	return { kind: "desktop-checks", failed, passed, at, remarks: [] };
}
