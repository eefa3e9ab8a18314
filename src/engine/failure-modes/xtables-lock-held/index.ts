import { absent, failureMode, type Sign, sign, undecided } from "../../diagnose/failure-mode";
import { isKnownToBe, placesOf, valueOr } from "../../facts/fact";
import { complaints, placesOfFailures } from "../../facts/failure-facts";
import type { HostFacts, LockHolder } from "../../facts/host-facts";
import { byHand, habits } from "../../remedy/steps";

type Params = { readonly holders: readonly LockHolder[]; readonly hangs: boolean };

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
		const hangs = complaints(facts.failures, "no-answer");
		const holders = holdersOf(facts);
		const params = { holders, hangs: hangs.length > 0 };
		const signs: Sign[] = [];
		if (refused.length > 0)
			signs.push(sign("`iptables` gave up waiting: another program holds the lock", placesOfFailures(refused)));
		else if (reports.length > 0)
			signs.push(sign("`iptables` had to wait for another program that holds the lock", placesOfFailures(reports)));
		if (holders.length > 0)
			signs.push(
				sign(
					`\`/run/xtables.lock\` is held by ${holders.map((one) => `${one.command} (pid ${one.pid})`).join(", ")}`,
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
		const slow = complaints(facts.failures, "slow-iptables");
		if (slow.length > 0 && !facts.lock.known)
			return {
				kind: "present",
				confidence: "possible",
				params,
				signs: [
					sign(
						"A call of `iptables` took more than two seconds; that is dockerd’s stopwatch, not a report of the lock",
						placesOfFailures(slow),
					),
				],
				ask: ["lock-holders"],
			};
		if (facts.lock.known && holders.length === 0) return absent("nothing holds `/run/xtables.lock`", facts.lock.at);
		if (facts.log.known)
			return absent(`no lock message in ${facts.log.value.lines} lines of log`, facts.log.at.slice(0, 1));
		return undecided("lock-holders");
	},

	explain({ holders, hangs }) {
		const who =
			holders.length > 0
				? `${holders.map((one) => `\`${one.command}\` (pid ${one.pid})`).join(" and ")} keeps`
				: "Another program keeps";
		return `${who} the lock that every \`iptables-legacy\` call takes. dockerd calls \`iptables --wait\` without a limit, so ${hangs ? "its commands hang" : "it waits"} silently until the lock is free; callers without \`-w\` refuse at once.`;
	},

	fix() {
		return {
			summary: "Find the holder, let it finish or end it.",
			before: [],
			steps: [
				{
					action: { kind: "release-lock" },
					why: "The lock is free the moment its holder ends; what waited goes on by itself.",
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

/** Who keeps the lock; an `iptables` that merely has the file open is one of those that wait. */
function holdersOf(facts: HostFacts): readonly LockHolder[] {
	const open = valueOr(facts.lock, []);
	const locking = open.filter((one) => one.locks === true);
	if (locking.length > 0) return locking;
	return open.filter((one) => one.locks !== false && !/^(?:ip6?tables|xtables)/.test(one.command));
}
