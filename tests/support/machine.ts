import { execFileSync, spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** The path of a program on PATH, or null. */
export function programOnPath(name: string): string | null {
	for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
		const path = join(folder, name);
		try {
			accessSync(path, constants.X_OK);
			return path;
		} catch {
			// not in this folder
		}
	}
	return null;
}

/**
 * Installs a Debian package when a program is missing and this machine lets us (root or passwordless sudo, and apt).
 * Returns whether the program is there afterwards; says in words what it did and why it could not.
 */
export function ensureProgram(name: string, packageName = name): string | null {
	const there = programOnPath(name);
	if (there) return there;
	const apt = programOnPath("apt-get");
	const asRoot = process.getuid?.() === 0 ? [] : programOnPath("sudo") ? ["sudo", "-n"] : null;
	if (!apt || !asRoot) {
		console.warn(
			`${name} is not installed and can't be installed here (no apt-get, or no root): install the package ${packageName}.`,
		);
		return null;
	}
	console.warn(`${name} is missing: installing Debian's package ${packageName} (once).`);
	const run = (...words: string[]) => {
		const [program = "", ...rest] = [...asRoot, ...words];
		return (
			spawnSync(program, rest, {
				stdio: ["ignore", "ignore", "inherit"],
				env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
			}).status === 0
		);
	};
	if (!run("apt-get", "install", "-y", "--no-install-recommends", packageName)) {
		run("apt-get", "update");
		run("apt-get", "install", "-y", "--no-install-recommends", packageName);
	}
	return programOnPath(name);
}

/** Version line of a program, for messages. */
export function versionOf(program: string): string {
	try {
		return execFileSync(program, ["--version"], { encoding: "utf8" }).trim();
	} catch {
		return "unknown version";
	}
}
