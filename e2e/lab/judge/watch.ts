import type { Agent, Place } from "./rig";

/**
 * What the kernel says of a probe beside its socket's error: a reset and a refusal look the same to `connect`.
 * A table of nft in each namespace notes the source ports of packets that arrive at the end of their way (`arrived`),
 * of ICMP errors (the port stands in the packet that the error quotes) and of resets. It decides nothing about packets
 * of the host; in the client and the containers it lets TCP segments out only with SYN: the first packet and its answer
 * are what `walk` follows.
 */
const TABLE = "lab-watch";

const SETS = ["tcp-arrived", "udp-arrived", "errors", "resets"] as const;

/** Source ports seen since the last reading. */
export type Watched = Readonly<Record<(typeof SETS)[number], ReadonlySet<number>>>;

/** Ports from here on belong to probes that exchange bytes. */
export const EXCHANGING = 50_000;

function tableText(place: Place): string {
	const set = (name: string, type: string) => `set ${name} { ${type}; flags dynamic; size 65535; }`;
	const quiet =
		place === "host"
			? ""
			: `chain output {
				type filter hook output priority 1000; policy accept;
				tcp sport >= 30000 tcp sport < ${EXCHANGING} tcp flags & (syn | ack) == ack counter drop
				tcp sport >= 30000 tcp sport < ${EXCHANGING} tcp flags & rst == rst counter drop
			}`;
	return `table ip ${TABLE} {
		${set("tcp-arrived", "type inet_service")}
		${set("udp-arrived", "type inet_service")}
		${set("errors", "typeof @th,224,16")}
		${set("resets", "type inet_service")}
		chain input {
			type filter hook input priority 1000; policy accept;
			tcp flags & (syn | ack) == syn add @tcp-arrived { tcp sport }
			meta l4proto udp add @udp-arrived { udp sport }
			icmp type destination-unreachable add @errors { @th,224,16 }
			tcp flags & rst == rst add @resets { tcp dport }
		}
		${quiet}
	}`;
}

/** Puts the table into a namespace. On the host it is done again for each rule set, after the rules were listed. */
export async function startWatching(agent: Agent, place: Place): Promise<void> {
	const { status, stderr } = await agent.run("nft", ["-f", "-"], tableText(place));
	if (status !== 0) throw new Error(`watch table at ${place}: ${stderr}`);
}

/** What was seen since the last reading. */
export async function readWatch(agent: Agent): Promise<Watched> {
	// In one batch the flush would come before the listing.
	const flush = SETS.map((name) => `flush set ip ${TABLE} ${name}`).join("; ");
	const { stdout } = await agent.run("sh", ["-c", `nft -n list table ip ${TABLE}; nft '${flush}'`]);
	const found = new Map<string, ReadonlySet<number>>();
	for (const name of SETS) found.set(name, portsOf(stdout, name));
	const of = (name: string) => found.get(name) ?? new Set<number>();
	return {
		"tcp-arrived": of("tcp-arrived"),
		"udp-arrived": of("udp-arrived"),
		errors: of("errors"),
		resets: of("resets"),
	};
}

function portsOf(text: string, name: string): ReadonlySet<number> {
	const from = text.indexOf(`set ${name} {`);
	const block = text.slice(from, text.indexOf("\n\t}", from));
	const elements = /elements = \{([^}]*)\}/.exec(block)?.[1] ?? "";
	return new Set((elements.match(/0x[0-9a-f]+|\d+/g) ?? []).map(Number));
}
