import { absent, failureMode, type Sign, sign, undecided } from "../../diagnose/failure-mode";
import { failedStart, listWords } from "../../facts/engine-state";
import { isKnownToBe, placesOf, valueOr } from "../../facts/fact";
import { complaints, placesOfFailures } from "../../facts/failure-facts";
import type { HostFacts, LockHolder } from "../../facts/host-facts";
import { byHand, habits } from "../../remedy/steps";

type Params = {
	readonly holders: readonly LockHolder[];
	/** Other programs that have the file open: a child that inherited it keeps the lock after its parent is gone. */
	readonly heirs: readonly LockHolder[];
	readonly hangs: boolean;
	/** Seconds after which the caller gave up; null where it had no limit or none was said. */
	readonly gaveUpAfter: number | null;
	/** firewalld ran dockerd's command, with a limit of its own. */
	readonly throughFirewalld: boolean;
};

export default failureMode<"xtables-lock-held", Params>({
	id: "xtables-lock-held",
	title: "Another process holds the xtables lock",
	effect: "docker run hangs without a word",
	impact: "high",
	minutes: 5,
	explains: [],

	detect(facts) {
		const reports = complaints(facts.failures, "lock-held");
		const refused = reports.filter(({ complaint }) => complaint.gaveUp);
		// A daemon that fails at its start is tried again through its socket, and each docker command hangs for that long.
		const hangs = failedStart(facts).length > 0 ? [] : complaints(facts.failures, "no-answer");
		const holders = holdersOf(facts);
		const params: Params = {
			holders,
			heirs: heirsOf(facts, holders),
			hangs: hangs.length > 0,
			gaveUpAfter: refused.map(({ complaint }) => complaint.waitedSeconds).find((one) => one !== null) ?? null,
			// dockerd itself never gives a number.
			throughFirewalld: refused.some(({ best }) => best.fromDockerd && typeof best.command?.wait === "number"),
		};
		const signs: Sign[] = [];
		if (refused.length > 0)
			signs.push(sign("`iptables` did not get the lock: another program held it", placesOfFailures(refused)));
		else if (reports.length > 0)
			signs.push(sign("`iptables` had to wait for another program that held the lock", placesOfFailures(reports)));
		if (holders.length > 0)
			signs.push(
				sign(
					`\`/run/xtables.lock\` is held by ${listWords(holders.map(nameOf))}`,
					holders.map((one) => one.at),
				),
			);
		if (hangs.length > 0)
			signs.push(
				sign(
					"The command got no answer and was interrupted: dockerd waits for the lock without a limit and prints nothing",
					placesOfFailures(hangs),
				),
			);

		// The nft variant takes no lock at all (iptables 1.8.x, nft-shared): then nothing here can be about it.
		if (isKnownToBe(facts.iptables.backend, "nf_tables") && reports.length === 0)
			return absent("`iptables` uses the nft backend, which takes no lock", placesOf(facts.iptables.backend));
		if (refused.length > 0)
			return {
				kind: "present",
				confidence: "certain",
				params,
				signs,
				...(holders.length === 0 ? { ask: ["lock-holders"] as const } : {}),
			};
		if (hangs.length > 0 && holders.length > 0) return { kind: "present", confidence: "certain", params, signs };
		if (reports.length > 0) return { kind: "present", confidence: "likely", params, signs, ask: ["lock-holders"] };
		if (hangs.length > 0)
			return {
				kind: "present",
				confidence: isKnownToBe(facts.iptables.backend, "legacy") ? "likely" : "possible",
				params,
				signs,
				ask: ["lock-holders", "iptables-version"],
			};
		if (facts.lock.known && holders.length === 0) return absent("nothing holds `/run/xtables.lock`", facts.lock.at);
		const unopenable = complaints(facts.failures, "lock-file-unopenable");
		if (unopenable.length > 0)
			return absent(
				"the lock file could not be opened at all, so nobody was found holding it",
				placesOfFailures(unopenable),
			);
		// dockerd times its calls and warns after two seconds: a slow disk or a long rule set does that as well as the lock.
		const slow = complaints(facts.failures, "slow-iptables");
		if (slow.length > 0 && !facts.lock.known) return undecided("lock-holders", "iptables-version");
		if (facts.log.known)
			return absent(`no lock message in ${facts.log.value.lines} lines of log`, facts.log.at.slice(0, 1));
		return undecided("lock-holders");
	},

	explain({ holders, heirs, hangs, gaveUpAfter, throughFirewalld }, facts) {
		const who =
			holders.length > 0
				? `${listWords(holders.map(nameOf))} ${holders.length > 1 ? "hold" : "holds"}`
				: "Another program held";
		const heir =
			heirs.length > 0
				? ` ${listWords(heirs.map(nameOf))} ${heirs.length > 1 ? "have" : "has"} the same file open: a child that inherited it keeps the lock after its parent has ended.`
				: "";
		const dockers = throughFirewalld
			? `firewalld ran dockerd’s command with a limit${gaveUpAfter === null ? "" : ` of ${gaveUpAfter} seconds`}, so it failed; without firewalld dockerd waits for ever and prints nothing.`
			: `dockerd calls \`iptables --wait\` without a limit: ${hangs ? "its commands hang" : "it waits"} silently until the lock is free.`;
		return `${who} the lock that every \`iptables-legacy\` call takes.${heir} ${dockers} ${withoutLimit(facts)}`;
	},

	fix() {
		return {
			summary: "Find the holder, let it finish or end it.",
			before: [],
			steps: [
				{
					action: { kind: "release-lock" },
					why: "The lock is free the moment its holder ends: what waited goes on by itself, what was refused must be run again.",
					risk: "medium",
					interrupts: "nothing",
				},
			],
			after: [{ kind: "lock-free" }],
			instead: habits("delete-lock-file", "dockerd-wait", "private-lock-file", "kill-iptables"),
			proveFromOutside: null,
		};
	},

	prevent() {
		return {
			summary: "Keep the lock short, or use the backend that has none.",
			before: [],
			steps: [
				byHand(
					"dockerd has no setting for how long it waits.",
					"Let the job that held it take the lock only for its own iptables calls, or not at all.",
					"Give every script that calls iptables a limit: `iptables -w 5`.",
					"List with `-n`: without it a listing looks up names while it holds the lock.",
					"Use a set instead of thousands of single rules.",
					"iptables-nft takes no lock. Where the kernel supports it, move all of the host to it in one go.",
				),
			],
			after: [],
			instead: habits("daemon-json-wait"),
			proveFromOutside: null,
		};
	},
});

const nameOf = ({ command, pid }: LockHolder) => (command ? `\`${command}\` (pid ${pid})` : `the process ${pid}`);

const isIptables = ({ command }: LockHolder) => /^(?:ip6?tables|xtables)/.test(command);

/** Who keeps the lock; an `iptables` that merely has the file open is one of those that wait. */
function holdersOf(facts: HostFacts): readonly LockHolder[] {
	const open = valueOr(facts.lock, []);
	const locking = open.filter((one) => one.locks === true);
	if (locking.length > 0) return locking;
	return open.filter((one) => one.locks !== false && !isIptables(one));
}

function heirsOf(facts: HostFacts, holders: readonly LockHolder[]): readonly LockHolder[] {
	return valueOr(facts.lock, []).filter((one) => !holders.some(({ pid }) => pid === one.pid) && !isIptables(one));
}

/** What a caller without -w does: refused at once, but for 1.8.8 to 1.8.10, which wait (iptables commits 07e2107e, 63ab5b89). */
function withoutLimit(facts: HostFacts): string {
	const version = valueOr(facts.iptables.version, null);
	if (version === null) return "A caller without `-w` is refused at once; iptables 1.8.8 to 1.8.10 waits as silently.";
	return /^1\.8\.(?:8|9|10)$/.test(version)
		? `On this host’s iptables ${version} a caller without \`-w\` waits as silently.`
		: "A caller without `-w` is refused at once.";
}
