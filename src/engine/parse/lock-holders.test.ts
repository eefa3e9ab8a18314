import { expect, it } from "vitest";
import { artifactFromText } from "../text/span-of";
import { parseLockHolders } from "./lock-holders";

const holders = (text: string, command?: string) => {
	const read = parseLockHolders(artifactFromText("lock-holders", text, command === undefined ? {} : { command }));
	return { ...read, holders: read.holders.map(({ command, pid, locks }) => [command, pid, locks]) };
};

// lsof 4.99 and fuser of psmisc 23.7, one after the other.
const LSOF = `COMMAND  PID USER FD   TYPE DEVICE SIZE/OFF NODE NAME
flock    251 root 3rW  REG  0,106        0   20 /run/xtables.lock
sleep    252 root 3r   REG  0,106        0   20 /run/xtables.lock
iptables 262 root 3r   REG  0,106        0   20 /run/xtables.lock
`;
const FUSER = `                     USER        PID ACCESS COMMAND
/run/xtables.lock:   root        251 f.... flock
                     root        252 f.... sleep
                     root        262 f.... iptables
`;

it("tells the process that holds the lock from those that have the file open", () => {
	expect(holders(LSOF + FUSER)).toMatchObject({
		file: "/run/xtables.lock",
		holders: [
			["flock", 251, true],
			["sleep", 252, false],
			["iptables", 262, false],
		],
		answered: true,
		remarks: [],
	});
});

it("takes the file from a command line that goes on after it", () => {
	const both = holders(LSOF + FUSER, "lsof /run/xtables.lock; fuser -v /run/xtables.lock");
	expect(both).toMatchObject({ file: "/run/xtables.lock", holders: [["flock", 251, true], ["sleep", 252, false], {}] });
});

it("leaves open who locks where fuser alone was asked", () => {
	expect(holders(FUSER).holders).toEqual([
		["flock", 251, null],
		["sleep", 252, null],
		["iptables", 262, null],
	]);
	expect(holders("/run/xtables.lock:   251  252").holders).toEqual([
		["", 251, null],
		["", 252, null],
	]);
});

it("reads lslocks, where a star marks a waiter", () => {
	const read = holders(
		"COMMAND   PID  TYPE SIZE MODE   M START END PATH\niptables  262 FLOCK   0B WRITE* 0     0   0 /run/xtables.lock\nflock     251 FLOCK   0B WRITE  0     0   0 /run/xtables.lock\ncron      800 FLOCK   4B WRITE  0     0   0 /run/crond.pid\n",
	);
	expect(read.holders).toEqual([
		["iptables", 262, false],
		["flock", 251, true],
	]);
});

it("reads /proc/locks only for the inode of the lock file", () => {
	const locks =
		"1: FLOCK  ADVISORY  WRITE 251 00:6a:20 0 EOF\n1: -> FLOCK  ADVISORY  WRITE 262 00:6a:20 0 EOF\n2: POSIX  ADVISORY  WRITE 800 00:17:99 0 EOF\n";
	expect(holders(locks)).toMatchObject({ holders: [], remarks: [{}] });
	expect(holders(locks.slice(0, locks.indexOf("2:")), "grep 20 /proc/locks").holders).toEqual([
		["", 251, true],
		["", 262, false],
	]);
	expect(holders(LSOF.replace(/^sleep.*\n/m, "") + locks).holders.map(([, pid]) => pid)).toEqual([251, 262]);
});

it.each([
	["nobody", "", true],
	[
		"no such file",
		"lsof: status error on /run/xtables.lock: No such file or directory\nSpecified filename /run/xtables.lock does not exist.",
		true,
	],
	["no tool", "bash: lsof: command not found", false],
])("knows an empty answer from none: %s", (_, text, answered) => {
	expect(holders(text)).toMatchObject({ holders: [], answered });
});

it("reads a thread column and warnings of other file systems", () => {
	const read = holders(
		"lsof: WARNING: can't stat() overlay file system /var/lib/docker/overlay2/x/merged\n      Output information may be incomplete.\nCOMMAND  PID  TID TASKCMD USER FD TYPE DEVICE SIZE/OFF NODE NAME\nfw 99 100 worker root 7uW REG 0,25 0 1234 /run/xtables.lock\n",
	);
	expect(read.holders).toEqual([["fw", 99, true]]);
});
