import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { must, run } from "./run";

/** A Debian suite and the Docker it has. */
export type Suite = "bookworm" | "trixie" | "forky";

/** As `docker version` says it. */
export const DOCKER_OF: Readonly<Record<Suite, string>> = { bookworm: "20.10.24", trixie: "26.1.5", forky: "28.5.2" };

/** What a host may have beside Docker. `repository`: Docker's and iptables' own packages in a folder that apt reads. */
export type Layer = "ufw" | "firewalld" | "python" | "repository";

const ROOTS = process.env["LAB_ROOTS"] ?? "/var/tmp/stackengine-lab";
const PACKAGES =
	"docker.io iptables nftables iproute2 procps kmod lsof curl busybox-static ca-certificates conntrack psmisc util-linux";
const LAYER_PACKAGES: Readonly<Record<Layer, string>> = {
	ufw: "ufw",
	firewalld: "firewalld dbus python3-gi gir1.2-nm-1.0",
	python: "python3 python3-apt",
	repository: "",
};

/** What is being made just now, by folder: hosts that come up at the same time make it once. */
const underway = new Map<string, Promise<void>>();

function once(folder: string, make: () => Promise<void>): Promise<void> {
	const made = underway.get(folder) ?? make();
	underway.set(folder, made);
	return made;
}

/** Folders from the top layer down, for an overlay mount; made first where they are not there yet (2 minutes a suite). */
export async function rootFiles(
	suite: Suite,
	layers: readonly Layer[],
	print: (line: string) => void,
): Promise<string[]> {
	const base = join(ROOTS, suite);
	if (!existsSync(join(base, ".lab-done"))) {
		print(`unpacking Debian ${suite} with Docker ${DOCKER_OF[suite]} into ${base}, once…`);
		await once(base, () => unpack(suite, base));
	}
	const folders: string[] = [];
	for (const layer of layers) {
		const folder = join(ROOTS, "layers", `${suite}-${layer}`);
		if (!existsSync(`${folder}.done`)) await once(folder, () => addLayer(suite, layer, folder));
		folders.push(folder);
	}
	return [...folders, base];
}

/** Null when the files of these suites are here or could be made, else why not, in plain words. */
export async function withoutFiles(suites: readonly Suite[], print: (line: string) => void): Promise<string | null> {
	try {
		for (const suite of new Set(suites)) await rootFiles(suite, [], print);
		return null;
	} catch (problem) {
		const [why = ""] = String(problem).split("\n");
		return `skipped: Debian's files with Docker can't be had here (needs apt sources and the network once): ${why}`;
	}
}

/** This machine's own mirror: the lab asks nobody whom apt does not ask already. */
function mirror(): string {
	for (const file of ["/etc/apt/sources.list.d/debian.sources", "/etc/apt/sources.list"]) {
		const found = existsSync(file)
			? /^(?:URIs:|deb(?: \[[^\]]*\])?) *(\S+:\/\/\S+)/m.exec(readFileSync(file, "utf8"))
			: null;
		if (found?.[1]) return found[1];
	}
	throw new Error("no Debian mirror in the apt sources");
}

async function unpack(suite: Suite, base: string): Promise<void> {
	rmSync(base, { recursive: true, force: true });
	mkdirSync(base, { recursive: true });
	const scripts = "/usr/share/debootstrap/scripts";
	const script = join(scripts, existsSync(join(scripts, suite)) ? suite : "sid");
	const keys = "--keyring=/usr/share/keyrings/debian-archive-keyring.gpg";
	await must("debootstrap", ["--variant=minbase", keys, suite, base, mirror(), script], { seconds: 900 });
	await install(suite, base, `${PACKAGES}${suite === "bookworm" ? "" : " docker-cli"}`);
	writeFileSync(join(base, ".lab-done"), "");
}

async function addLayer(suite: Suite, layer: Layer, folder: string): Promise<void> {
	const [work, merged] = [`${folder}.work`, `${folder}.merged`];
	for (const path of [folder, work, merged]) {
		rmSync(path, { recursive: true, force: true });
		mkdirSync(path, { recursive: true });
	}
	const options = `lowerdir=${join(ROOTS, suite)},upperdir=${folder},workdir=${work}`;
	await must("mount", ["-t", "overlay", "overlay", "-o", options, merged]);
	try {
		if (layer === "repository") await keepPackages(suite, merged);
		else await install(suite, merged, LAYER_PACKAGES[layer]);
	} finally {
		await run("umount", [merged]);
	}
	for (const path of [work, merged]) rmSync(path, { recursive: true, force: true });
	writeFileSync(`${folder}.done`, "");
}

/** A host of the lab has no network: what a repair installs again lies in /srv/packages. */
async function keepPackages(suite: Suite, root: string): Promise<void> {
	const names = `docker.io iptables${suite === "bookworm" ? "" : " docker-cli"}`;
	await inRootWithApt(suite, root, [
		"apt-get update",
		`mkdir -p /srv/packages && cd /srv/packages && apt-get -o APT::Sandbox::User=root download ${names}`,
		'cd /srv/packages && for f in *.deb; do dpkg-deb -f "$f"; echo "Filename: ./$f"; echo "Size: $(stat -c %s "$f")"; echo "SHA256: $(sha256sum <"$f" | cut -d" " -f1)"; echo; done >Packages',
	]);
	writeFileSync(join(root, "etc/apt/sources.list"), "deb [trusted=yes] file:/srv/packages ./\n");
	await must("chroot", [root, "apt-get", "-o", "APT::Sandbox::User=root", "update"], { seconds: 120 });
}

const install = (suite: Suite, root: string, packages: string): Promise<void> =>
	inRootWithApt(suite, root, ["apt-get update", `apt-get install -y --no-install-recommends ${packages}`]);

/** Commands inside the root, with this machine's apt settings for that time only and no daemon started. */
async function inRootWithApt(suite: Suite, root: string, commands: readonly string[]): Promise<void> {
	const inRoot = (path: string) => join(root, path);
	rmSync(inRoot("etc/apt/sources.list.d"), { recursive: true, force: true });
	mkdirSync(inRoot("etc/apt/sources.list.d"));
	writeFileSync(inRoot("etc/apt/sources.list"), `deb ${mirror()} ${suite} main\n`);
	writeFileSync(inRoot("usr/sbin/policy-rc.d"), "#!/bin/sh\nexit 101\n", { mode: 0o755 });
	await must("sh", [
		"-c",
		'n=0; for f in /etc/apt/apt.conf.d/*; do n=$((n+1)); cp -L "$f" "$1/etc/apt/apt.conf.d/99lab$n"; done; for f in resolv.conf hosts ssl/certs/ca-certificates.crt; do mkdir -p "$(dirname "$1/etc/$f")"; cp -L "/etc/$f" "$1/etc/$f" 2>/dev/null; done; mount --bind /proc "$1/proc"; mount --bind /dev "$1/dev"',
		"sh",
		root,
	]);
	const environment = {
		HOME: "/root",
		PATH: "/usr/sbin:/usr/bin:/sbin:/bin",
		DEBIAN_FRONTEND: "noninteractive",
		LC_ALL: "C.UTF-8",
	};
	try {
		for (const command of commands) await must("chroot", [root, "sh", "-c", command], { seconds: 900, environment });
	} finally {
		await run("umount", [inRoot("dev"), inRoot("proc")]);
	}
	writeFileSync(inRoot("etc/apt/sources.list"), "");
	await run("sh", [
		"-c",
		'rm -rf "$1"/etc/apt/apt.conf.d/99lab* "$1"/var/lib/apt/lists/* "$1"/var/cache/apt/archives/*.deb "$1"/var/log/apt/* "$1"/etc/resolv.conf',
		"sh",
		root,
	]);
	appendFileSync(inRoot("etc/resolv.conf"), "");
}
