import { type Sign, sign } from "../../diagnose/failure-mode";
import { portInQuestion } from "../../diagnose/main-trace";
import { dnatRulesFor, isWhole } from "../../facts/docker-rules";
import { deadProbes } from "../../facts/engine-state";
import type { HostFacts } from "../../facts/host-facts";

/** How a try ended that met a whole nat table: it tells who answered, or that nobody did. */
export type Narrowed = "dropped" | "refused" | "unreachable";

/**
 * What remains where Docker's nat table is whole and the port is dead all the same. A time-out is a drop: a rule's, the
 * kernel's own, or one before the host. A refusal is an answer: of a rule with REJECT (icmp-port-unreachable, tcp-reset) or of
 * the container's own kernel. "No route to host" is icmp-host-prohibited, or an address that nobody answers for
 * (net/ipv4/icmp.c, icmp_err_convert; iptables-extensions(8), REJECT).
 */
export function narrowed(facts: HostFacts): { readonly to: Narrowed; readonly signs: readonly Sign[] } | null {
	const { nat, filter } = facts.rules;
	const port = portInQuestion(facts);
	if (!port || nat.kind !== "shown" || !nat.table || !isWhole(nat) || filter.kind === "shown") return null;
	const rules = dnatRulesFor(nat.table, port.port, port.protocol);
	const dead = deadProbes(facts);
	const to = new Set(dead.map(({ outcome }) => ENDS[outcome] ?? null));
	const [only] = to;
	if (rules.length === 0 || to.size !== 1 || !only) return null;
	return {
		to: only,
		signs: [
			sign(
				`The nat table is whole: it translates port ${port.port}`,
				rules.map(({ rule }) => rule.at),
			),
			sign(
				SAYS[only],
				dead.map(({ at }) => at),
			),
		],
	};
}

const ENDS: Readonly<Partial<Record<string, Narrowed>>> = {
	"timed-out": "dropped",
	refused: "refused",
	unreachable: "unreachable",
};

const SAYS: Readonly<Record<Narrowed, string>> = {
	dropped: "The try got no answer at all: the packet, or its answer, was dropped",
	refused: "The try was refused: something answered it",
	unreachable: "The try was answered with “unreachable”",
};

/** The headline of each. */
export const NARROWED_TITLES: Readonly<Record<Narrowed, string>> = {
	dropped: "Docker’s nat rules are whole; what drops the packet was not pasted",
	refused: "Docker’s nat rules are whole; what refuses the connection was not pasted",
	unreachable: "Docker’s nat rules are whole; what answers “unreachable” was not pasted",
};

/** What can still be it, the usual first. */
export const NARROWED_WORDS: Readonly<Record<Narrowed, string>> = {
	dropped:
		"The nat table translates the port, so a flush of nat is not it. A time-out means that a packet was dropped: in `FORWARD` or `DOCKER-USER`, by the policy `DROP` after Docker’s filter chains were flushed, by the kernel itself (`net.ipv4.ip_forward` is 0, reverse path filter), or before the host (security group, router). `iptables-save` shows the first three.",
	refused:
		"The nat table translates the port, so a flush of nat is not it. A refusal is an answer: either nothing listens on the port in the container, whose kernel then says no, or a rule with `REJECT` stands before Docker’s in `FORWARD`. `iptables-save` shows the rule; a listing of sockets in the container shows the other.",
	unreachable:
		"The nat table translates the port, so a flush of nat is not it. “No route to host” comes from a rule with `REJECT --reject-with icmp-host-prohibited`, as firewalld and RHEL’s iptables.service have it, or from a container address that nobody has any more. `iptables-save` and `docker inspect` tell which.",
};
