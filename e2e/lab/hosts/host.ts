import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Layer, rootFiles, type Suite } from "./root-files";
import { must, type Ran, type RunOptions, run } from "./run";

/**
 * A disposable Docker host in namespaces of its own (network, mount, process, name, ipc), with a real dockerd that a real
 * init script starts, and a client outside in another network namespace. Its root is an overlay: the unpacked files stay
 * as they are. Addresses, the same in each: host eth0 192.168.56.10/24, client 192.168.56.20/24.
 */
export type Host = {
	readonly name: string;
	/** A shell command line in the host. */
	readonly sh: (command: string, options?: RunOptions) => Promise<Ran>;
	/** A program of this machine in the client's network. */
	readonly client: (program: string, args: readonly string[], options?: RunOptions) => Promise<Ran>;
	/** The host's root as this machine sees it. */
	readonly root: string;
	/** What the host wrote since it was unpacked, as this machine sees it: its overlay's upper layer and Docker's files. */
	readonly written: readonly string[];
	/** The host's first process, whose namespaces are the host. */
	readonly first: number;
	/** The name of its network namespace. */
	readonly space: string;
	readonly clientSpace: string;
	readonly down: () => Promise<void>;
};

/** What a host is made of. */
export type HostKind = {
	readonly suite: Suite;
	readonly backend: "nft" | "legacy";
	readonly layers?: readonly Layer[];
	/** Contents of /etc/docker/daemon.json. */
	readonly daemonJson?: Readonly<Record<string, unknown>>;
};

export const HOST_ADDRESS = "192.168.56.10";
const CLIENT_ADDRESS = "192.168.56.20";
const HOSTS = join(process.env["LAB_TMP"] ?? "/var/tmp/stackengine-lab", "hosts");

let count = 0;

/** Builds a host and starts nothing in it but a process that waits. */
export async function hostUp(kind: HostKind, print: (line: string) => void): Promise<Host> {
	const name = `lab${process.pid}h${++count}`;
	const folder = join(HOSTS, name);
	const lower = await rootFiles(kind.suite, kind.layers ?? [], print);
	for (const part of ["upper", "work", "root", "docker", "containerd"])
		mkdirSync(join(folder, part), { recursive: true });
	const [hostSpace, clientSpace] = [`${name}-host`, `${name}-client`];
	const ip = (...args: string[]) => must("ip", args);
	let waiting: ReturnType<typeof spawn> | null = null;
	const down = async () => {
		// The first process of the host's pid namespace: with it the kernel ends all others.
		const first = firstProcess(waiting?.pid);
		if (first !== null) process.kill(first, "SIGKILL");
		await new Promise<void>((resolve) => {
			if (!waiting || waiting.exitCode !== null || waiting.signalCode !== null) resolve();
			else waiting.once("exit", () => resolve());
		});
		for (const space of [hostSpace, clientSpace]) await run("ip", ["netns", "del", space]);
		await run("sh", [
			"-c",
			'for id in $(ls "$1/docker/containers" 2>/dev/null); do rmdir /sys/fs/cgroup/*/docker/"$id" /sys/fs/cgroup/docker/"$id" 2>/dev/null; done; for i in 1 2 3 4 5; do rm -rf "$1" && break; sleep 0.5; done',
			"sh",
			folder,
		]);
	};
	try {
		await ip("netns", "add", hostSpace);
		await ip("netns", "add", clientSpace);
		for (const space of [hostSpace, clientSpace]) await ip("-n", space, "link", "set", "lo", "up");
		await ip("-n", hostSpace, "link", "add", "eth0", "type", "veth", "peer", "name", "eth0", "netns", clientSpace);
		await ip("-n", hostSpace, "addr", "add", `${HOST_ADDRESS}/24`, "dev", "eth0");
		await ip("-n", clientSpace, "addr", "add", `${CLIENT_ADDRESS}/24`, "dev", "eth0");
		for (const space of [hostSpace, clientSpace]) await ip("-n", space, "link", "set", "eth0", "up");
		await ip("-n", hostSpace, "route", "add", "default", "via", CLIENT_ADDRESS);
		// A network namespace is a new machine's: forwarding is off until dockerd turns it on.
		await ip("netns", "exec", hostSpace, "sysctl", "-qw", "net.ipv4.ip_forward=0");
		await webImage(join(folder, "image.tar"));
		writeFileSync(join(folder, "init.sh"), initScript(folder, lower));
		const child = spawn(
			"nsenter",
			[
				`--net=/run/netns/${hostSpace}`,
				"unshare",
				"-m",
				"-u",
				"-i",
				"-p",
				"--fork",
				"--kill-child",
				"/bin/bash",
				join(folder, "init.sh"),
			],
			{ stdio: ["ignore", "ignore", "pipe"] },
		);
		waiting = child;
		let said = "";
		child.stderr?.on("data", (text: Buffer) => (said += text.toString()));
		const first = await untilUp(child, () => said);
		// Whoever stops the lab stops its hosts.
		const end = () => {
			if (firstProcess(child.pid) === first) process.kill(first, "SIGKILL");
		};
		process.once("exit", end);
		child.once("exit", () => process.off("exit", end));
		const inHost = ["-t", String(first), "-m", "-u", "-i", "-n", "-p", "--"];
		const environment = [
			"/usr/bin/env",
			"-i",
			"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
			"HOME=/root",
			"LC_ALL=C.UTF-8",
			"TERM=dumb",
		];
		const sh: Host["sh"] = (command, options) =>
			run("nsenter", [...inHost, ...environment, "/bin/bash", "-c", command], options);
		const client: Host["client"] = (program, args, options) =>
			run("nsenter", [`--net=/run/netns/${clientSpace}`, program, ...args], options);
		const program = kind.backend === "legacy" ? "legacy" : "nft";
		for (const tables of ["iptables", "ip6tables"])
			await sh(`update-alternatives --set ${tables} /usr/sbin/${tables}-${program}`);
		// The kernel's log is that of the whole machine.
		await sh("rm -f /usr/bin/dmesg");
		// In a container of its own the lab may not raise limits.
		await sh("sed -i 's/^\\([[:space:]]*\\)ulimit .*/\\1:/' /etc/init.d/docker");
		if (kind.daemonJson) {
			mkdirSync(join(`/proc/${first}/root`, "etc/docker"), { recursive: true });
			writeFileSync(
				join(`/proc/${first}/root`, "etc/docker/daemon.json"),
				`${JSON.stringify(kind.daemonJson, null, 2)}\n`,
			);
		}
		const written = [join(folder, "upper"), join(folder, "docker")];
		return { name, sh, client, root: `/proc/${first}/root`, written, first, space: hostSpace, clientSpace, down };
	} catch (problem) {
		await down();
		throw problem;
	}
}

async function untilUp(child: ReturnType<typeof spawn>, said: () => string): Promise<number> {
	for (let tries = 0; tries < 200; tries++) {
		const first = firstProcess(child.pid);
		if (first !== null && existsSync(`/proc/${first}/root/run/lab-up`)) return first;
		if (child.exitCode !== null) break;
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
	throw new Error(`the host did not come up: ${said()}`);
}

/** nsenter becomes unshare; its only child is the first process of the new namespace. */
function firstProcess(pid: number | undefined): number | null {
	if (pid === undefined) return null;
	try {
		const [child] = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ");
		return child ? Number(child) : null;
	} catch {
		return null;
	}
}

function initScript(folder: string, lower: readonly string[]): string {
	return `set -e
mount --make-rprivate /
mount -t overlay overlay -o lowerdir=${lower.join(":")},upperdir=${folder}/upper,workdir=${folder}/work ${folder}/root
cd ${folder}/root
mount -t proc proc proc
mount -t sysfs sysfs sys
mount --rbind /sys/fs/cgroup sys/fs/cgroup
mount -t tmpfs -o mode=755 tmpfs run
mkdir -p run/lock dev var/lib/docker var/lib/containerd var/log lab .old
mount --rbind /dev dev
mount --bind ${folder}/docker var/lib/docker
mount --bind ${folder}/containerd var/lib/containerd
cp ${folder}/image.tar lab/image.tar
hostname docker01
echo docker01 >etc/hostname
printf '127.0.0.1\\tlocalhost\\n${HOST_ADDRESS}\\tdocker01\\n' >etc/hosts
printf 'nameserver 127.0.0.1\\n' >etc/resolv.conf
# The init script of docker leaves cgroups alone that fstab names.
printf 'cgroup /sys/fs/cgroup tmpfs defaults 0 0\\n' >etc/fstab
pivot_root . .old
umount -l /.old
rmdir /.old
exec /bin/bash -c 'trap "exit 0" TERM; touch /run/lab-up; while :; do sleep 3600 & wait $!; done' </dev/null >/dev/null 2>&1
`;
}

/** busybox httpd as an image: it ends at once when it is told to, unlike a shell that is pid 1. */
async function webImage(file: string): Promise<void> {
	const folder = `${file}.d`;
	rmSync(folder, { recursive: true, force: true });
	for (const part of ["bin", "www", "tmp", "etc"]) mkdirSync(join(folder, part), { recursive: true });
	await must("sh", [
		"-c",
		'cp "$(command -v busybox)" "$1/bin/busybox"; for name in sh httpd sleep wget nc ip cat ls netstat; do ln -sf busybox "$1/bin/$name"; done',
		"sh",
		folder,
	]);
	writeFileSync(
		join(folder, "bin/serve"),
		'#!/bin/sh\n# serve PORT\ntrap "exit 0" TERM\nhttpd -f -p "$1" -h /www &\nwait\n',
		{ mode: 0o755 },
	);
	writeFileSync(join(folder, "www/index.html"), "hello from the container\n");
	await must("tar", ["-C", folder, "-cf", file, "."]);
	rmSync(folder, { recursive: true, force: true });
}

/** Whether the page comes to the client outside, and the line a person would paste of it. */
export async function askFromOutside(
	host: Host,
	port: number,
): Promise<{ readonly answers: boolean; readonly paste: string }> {
	const url = `http://${HOST_ADDRESS}:${port}/`;
	const { stdout, stderr } = await host.client("curl", ["-sS", "-m", "3", url]);
	return { answers: stdout.startsWith("hello"), paste: `client:~$ curl -sS -m 3 ${url}\n${stdout}${stderr}` };
}
