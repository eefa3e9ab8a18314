/** One place where text came from: an editor of the page, a dropped file, a file of the command line. */
export type Source = {
	readonly id: string;
	/** File name or the editor's label. A hint for recognition, never proof, and never a path. */
	readonly name: string;
	readonly text: string;
	/** Where the text is an excerpt of a larger file: the lines are called by their numbers there. */
	readonly numbers?: LineNumbers;
};

/** The number in its file, from 1 and rising, of each line of an excerpt. */
export type LineNumbers = readonly number[];

/** Everything that was pasted, in the order it was given. */
export type Evidence = readonly Source[];

/** What an artifact is. `unrecognised` is shown as such and never dropped. */
export type ArtifactKind =
	| "docker-info"
	| "docker-version"
	| "docker-ps"
	| "docker-inspect"
	| "docker-network-ls"
	| "docker-network-inspect"
	| "docker-error"
	| "dockerd-log"
	| "kernel-log"
	| "firewalld-log"
	| "systemctl-status"
	| "unit-file"
	| "daemon-json"
	| "iptables-list"
	| "iptables-save"
	| "nft-ruleset"
	| "nft-monitor"
	| "iptables-version"
	| "alternatives"
	| "lsmod"
	| "modprobe"
	| "lib-modules"
	| "kernel-config"
	| "lock-holders"
	| "sysctl"
	| "uname"
	| "os-release"
	| "sockets"
	| "ip-addr"
	| "bridge-ports"
	| "ip-route"
	| "ip-rule"
	| "probe"
	| "ufw-status"
	| "firewalld-state"
	| "ipset"
	| "conntrack"
	| "docker-services"
	| "compose-file"
	| "package-list"
	| "nstat"
	| "desktop-checks"
	| "wsl"
	| "process-list"
	| "unrecognised";

/** One line of an artifact after clean-up (ANSI colours, CR, prompts, mail quoting and fences gone). */
export type Line = {
	/**
	 * From 1 at the artifact’s first line, as an editor counts, or for an excerpt the file. Rising, with numbers left out: a
	 * prompt’s, a heading’s, those of lines that were joined to the one before.
	 */
	readonly number: number;
	/** Cleaned text, without a line end. */
	readonly text: string;
	/** Offsets of the raw line in the source text, without the line end. */
	readonly from: number;
	readonly to: number;
	/**
	 * Raw offset of each cleaned column, as breakpoints `[column, rawOffset]` in rising order; between two
	 * breakpoints columns advance one to one. Absent when the cleaned text is the raw text from `from` on.
	 */
	readonly map?: readonly (readonly [column: number, raw: number])[];
};

/** One piece of evidence: the output of one command, one log, one file. */
export type Artifact = {
	/** The kind, with `-2`, `-3`… for later ones of the same kind: `dockerd-log`, `iptables-list-2`. */
	readonly id: string;
	readonly kind: ArtifactKind;
	/** What a person would call it: the command if a prompt showed it, else the file name, else the kind's own words. */
	readonly name: string;
	readonly source: string;
	readonly from: number;
	readonly to: number;
	/** Line of the source on which the artifact begins, from 1. */
	readonly firstLine: number;
	readonly lines: readonly Line[];
	/** The command line as typed after a prompt (without `sudo`), when one was shown. */
	readonly command?: string;
	/** Host name of the prompt, when one was shown: two machines must not be mixed up. */
	readonly host?: string;
	/**
	 * Every command typed at a prompt since the artifact before it, in order: its own, and above it those that printed
	 * nothing (`iptables -t nat -F`). Below the last artifact of a source there may be some as well, which are the last's.
	 */
	readonly typed?: readonly TypedCommand[];
};

/** A command line as typed after a prompt (without `sudo`), with the raw offsets of its line and the line of the source, from 1. */
export type TypedCommand = {
	readonly command: string;
	readonly from: number;
	readonly to: number;
	readonly sourceLine: number;
};
