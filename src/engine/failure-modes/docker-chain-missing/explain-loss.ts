import type { Expectation } from "../../facts/docker-rules";
import { listWords } from "../../facts/engine-state";
import { isKnownToBe } from "../../facts/fact";
import type { HostFacts } from "../../facts/host-facts";
import { culpritOf } from "./culprit";
import { explainNativeLoss } from "./native-tables";

/** What is gone from the nat table, and what the sentences and plans need to know of it. */
export type Loss = {
	readonly gone: readonly Expectation[];
	readonly refused: boolean;
	/** Chain and jumps are there and lead to no translation. */
	readonly emptied: boolean;
	/** It is Docker's own nftables table that lost it. */
	readonly native?: true;
};

/** What went, who took it, and what follows: a missing chain fails loudly, missing jumps and rules silently. */
export function explainLoss({ gone, refused, emptied, native }: Loss, facts: HostFacts): string {
	if (native) return explainNativeLoss(gone);
	const who = `${culpritOf(facts) ?? (emptied ? "Something emptied chain `DOCKER`" : "Something flushed the nat table")} after dockerd had made its rules; dockerd does not look again.`;
	return `${whatIsGone(gone, emptied)} ${who} ${consequence(gone, refused, emptied, isKnownToBe(facts.docker.userlandProxy, false))}`;
}

function whatIsGone(gone: readonly Expectation[], emptied: boolean): string {
	if (gone.length === 0)
		return emptied
			? "Chain `DOCKER` is in the nat table and holds no rule of a port."
			: "The nat table had no chain `DOCKER` when dockerd asked for it.";
	const jumps = gone.filter((one) => one.kind === "jump");
	const chain = gone.some((one) => one.kind === "chain");
	const words = [
		...(chain ? ["chain `DOCKER`"] : []),
		...(jumps.length > 1
			? [`the jumps to ${chain ? "it" : "`DOCKER`"} from \`PREROUTING\` and \`OUTPUT\``]
			: jumps.map((one) => one.what)),
		...gone.filter((one) => one.kind === "dnat").map((one) => one.what),
		...gone.filter((one) => one.kind === "masquerade").map((one) => one.what),
	];
	const shown = words.length > 5 ? [...words.slice(0, 4), `${words.length - 4} more rules`] : words;
	return `The nat table lacks ${listWords(shown)}.`;
}

function consequence(gone: readonly Expectation[], refused: boolean, emptied: boolean, proxyOff: boolean): string {
	const survivor = proxyOff
		? "With the userland proxy off nothing else answers"
		: "For containers that run docker-proxy may still answer, so a port can look alive";
	const lacks = (kind: Expectation["kind"], chain?: string) =>
		gone.some((one) => one.kind === kind && (chain === undefined || one.chain === chain));
	if (!emptied && (gone.length === 0 || lacks("chain")))
		return refused
			? `The chain is made only when dockerd starts: until then every start of a container with a published port fails. ${survivor}.`
			: `${survivor}; the next start of a container with a published port fails.`;
	if (lacks("jump", "PREROUTING"))
		return `Chain \`DOCKER\` itself is there, so containers start without an error, and no packet from outside reaches its rules; dockerd makes the jumps only when it starts. ${survivor}.`;
	if (emptied || lacks("dnat"))
		return `Packets for the port go to the host itself${proxyOff ? ", where nothing listens" : ", where only docker-proxy may take them"}. The rule of a port is written when its container starts.`;
	if (lacks("jump"))
		return "Connections from the host to its own address miss the translation; other machines do not notice.";
	return "Published ports may work all the same; the containers of that network have no way out.";
}
