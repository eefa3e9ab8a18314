import { spawnSync } from "node:child_process";
import { ensureProgram } from "../../tests/support/machine";

/** Null when this machine can run the lab, else why not, in plain words. */
export function missing(programs: readonly string[]): string | null {
	if (process.platform !== "linux" || process.getuid?.() !== 0) return "skipped: needs root on Linux";
	const isThere = (program: string) => ensureProgram(program, PACKAGES.get(program) ?? program) !== null;
	const absent = programs.filter((program) => !isThere(program));
	if (absent.length > 0) return `skipped: needs ${absent.join(", ")} (apt-get install ${packagesOf(absent)})`;
	const tried = spawnSync("unshare", ["--net", "ip", "link", "add", "lab0", "type", "bridge"], { encoding: "utf8" });
	if (tried.status !== 0) return `skipped: may not create network namespaces and bridges here (${tried.stderr.trim()})`;
	const mounted = spawnSync("unshare", ["-m", "-p", "--fork", "mount", "-t", "tmpfs", "tmpfs", "/mnt"], {
		encoding: "utf8",
	});
	if (mounted.status !== 0) return `skipped: may not mount in a namespace of its own here (${mounted.stderr.trim()})`;
	return null;
}

const PACKAGES: ReadonlyMap<string, string> = new Map([
	["iptables-legacy-restore", "iptables"],
	["iptables-nft-restore", "iptables"],
	["nft", "nftables"],
	["ip", "iproute2"],
	["ss", "iproute2"],
	["busybox", "busybox-static"],
	["ansible-playbook", "ansible"],
	["nsenter", "util-linux"],
]);

function packagesOf(programs: readonly string[]): string {
	return [...new Set(programs.map((program) => PACKAGES.get(program) ?? program))].join(" ");
}
