import { dnatRulesFor, findChain, isDockerChain, isWhole, jumps, type TableState } from "../facts/docker-rules";
import type { Fact } from "../facts/fact";
import type { HostFacts } from "../facts/host-facts";
import { tableOf } from "../facts/netfilter-facts";
import type { Complaint } from "../parse/failure";
import type { Check, RuleAddress } from "../remedy/plan";
import type { Span } from "../text/span";
import type { ExpectedChange } from "./comparison";

/** True of the host as the paste shows it, false, or not shown. */
export type Held = Pick<ExpectedChange, "state" | "at">;

const CANNOT_TELL: Held = { state: "cannot-tell", at: [] };
const held = (yes: boolean, at: readonly Span[]): Held => ({ state: yes ? "done" : "not-done", at });
const ofFact = <T>(fact: Fact<T>, yes: (value: T) => boolean): Held =>
	fact.known ? held(yes(fact.value), fact.at) : CANNOT_TELL;

/** Whether a check of a plan holds, from what was pasted: the script asks the same of the host itself. */
export function checkHolds(check: Check, facts: HostFacts): Held {
	switch (check.kind) {
		case "chain-exists":
			return inTable(facts, check, (table) => findChain(table, check.chain));
		case "jump-exists":
			return inTable(facts, check, (table) => jumps(findChain(table, check.from), check.to));
		case "docker-chains-whole":
			return dockersPart(facts, check.table);
		case "table-usable": {
			const refused = current(facts, (one) => one.kind === "table-missing" && one.table === check.table);
			if (refused) return held(false, refused);
			const answer = tableOf(facts.netfilter, backendOf(facts), check.family, check.table);
			return answer.kind === "shown" ? held(true, [answer.table.at]) : CANNOT_TELL;
		}
		case "backend-is":
			return ofFact(facts.iptables.backend, (backend) => backend === check.backend);
		case "no-docker-leftovers": {
			const tables = facts.netfilter.tables.filter(({ backend, native }) => backend === check.backend && !native);
			const left = tables.flatMap(({ chains }) => chains.filter(({ name }) => isDockerChain(name)));
			if (left.length > 0)
				return held(
					false,
					left.map(({ at }) => at),
				);
			const listed = facts.netfilter.listed.find(({ backend }) => backend === check.backend);
			return listed ? held(true, listed.at) : CANNOT_TELL;
		}
		case "lock-free":
			return ofFact(facts.lock, (holders) => holders.length === 0);
		case "program-present": {
			const refused = current(facts, (one) => one.kind === "program-missing" && one.program.endsWith(check.program));
			if (refused) return held(false, refused);
			if (check.program === "iptables") return ofFact(facts.iptables.version, () => true);
			if (check.program === "nft")
				return facts.netfilter.native[0] ? held(true, facts.netfilter.native[0].at) : CANNOT_TELL;
			const proxy = facts.sockets.known
				? facts.sockets.value.find((one) => one.process?.startsWith("docker-pr"))
				: null;
			return proxy ? held(true, [proxy.at]) : CANNOT_TELL;
		}
		case "extension-usable": {
			const refused = current(facts, (one) => one.kind === "extension-missing" && one.extension === check.extension);
			if (refused) return held(false, refused);
			// Docker's nat rules need addrtype and MASQUERADE: where they stand, both could be used.
			const { nat } = facts.rules;
			return isWhole(nat) && nat.kind === "shown" ? held(true, nat.at) : CANNOT_TELL;
		}
		case "modules-of-running-kernel": {
			const { kernel, moduleReleases } = facts;
			if (!kernel.known || !moduleReleases.known) return CANNOT_TELL;
			return held(moduleReleases.value.includes(kernel.value), moduleReleases.at);
		}
		case "module-loaded": {
			const file = facts.moduleFiles.get(check.module);
			if (file?.state === "builtin") return held(true, [file.at]);
			const loaded = facts.loadedModules;
			if (!loaded.known) return CANNOT_TELL;
			if (loaded.value.has(check.module)) return held(true, loaded.at);
			return file?.state === "file" ? held(false, loaded.at) : CANNOT_TELL;
		}
		case "sysctl-is":
			return sysctl(facts, check.key, (value) => value === check.value);
		case "sysctl-at-least":
			return sysctl(facts, check.key, (value) => Number(value) >= check.least);
		case "daemon-running":
			return ofFact(facts.docker.running, (running) => running);
		case "daemon-config-valid": {
			const { configError, running } = facts.docker;
			if (configError) return held(false, [configError.at]);
			return running.known && running.value ? held(true, running.at) : CANNOT_TELL;
		}
		case "iptables-enabled":
			return ofFact(facts.docker.iptablesEnabled, (enabled) => enabled);
		case "port-free":
			return ofFact(facts.sockets, (sockets) =>
				// Docker's own proxy is there once the container could be started.
				sockets.every(
					({ port, protocol, process }) =>
						port !== check.port || protocol !== check.protocol || (process?.startsWith("docker-pr") ?? false),
				),
			);
		case "port-published":
			return inTable(
				facts,
				{ family: 4, table: "nat" },
				(table) =>
					dnatRulesFor(table, check.port, "tcp")[0]?.rule ?? dnatRulesFor(table, check.port, "udp")[0]?.rule ?? null,
			);
		case "interface-exists":
			return ofFact(facts.interfaces, (all) => all.some(({ name }) => name === check.interface));
		case "container-running":
			return ofFact(facts.containers, (all) =>
				all.some(({ name, state }) => name === check.container && state === "running"),
			);
		case "rule-exists":
			return rule(facts, check);
		case "rule-absent":
			return contrary(rule(facts, check));
		case "forward-policy-is": {
			const answer = tableOf(facts.netfilter, backendOf(facts), check.family, "filter");
			const chain = answer.kind === "shown" ? findChain(answer.table, "FORWARD") : null;
			const policy = chain?.base?.policy;
			return chain && policy ? held(policy.toUpperCase() === check.policy, [chain.at]) : CANNOT_TELL;
		}
		case "firewalld-running":
			return ofFact(facts.firewalld, ({ running }) => running);
		case "option-set": {
			const { firewalld } = facts;
			if (check.option !== "firewalld-backend-nftables" || !firewalld.known || firewalld.value.backend === null)
				return CANNOT_TELL;
			return held(firewalld.value.backend === "nftables", firewalld.at);
		}
		default:
			return check satisfies never;
	}
}

const contrary = ({ state, at }: Held): Held =>
	state === "done" ? { state: "not-done", at } : state === "not-done" ? { state: "done", at } : { state, at };

const backendOf = ({ iptables }: HostFacts) => (iptables.backend.known ? iptables.backend.value : null);

/** Where a complaint of the present stands, if there is one. */
function current({ failures }: HostFacts, is: (complaint: Complaint) => boolean): readonly Span[] | null {
	const found = failures.find((one) => one.current && one.best.weight !== "noise" && is(one.complaint));
	return found ? found.at : null;
}

function sysctl({ sysctls }: HostFacts, key: string, yes: (value: string) => boolean): Held {
	const shown = sysctls.get(key);
	return shown && shown.value !== null ? held(yes(shown.value), [shown.at]) : CANNOT_TELL;
}

type TableAsked = { readonly family: 4 | 6; readonly table: string };
type ShownTable = Extract<ReturnType<typeof tableOf>, { kind: "shown" }>["table"];

function inTable(
	facts: HostFacts,
	{ family, table: name }: TableAsked,
	find: (table: ShownTable) => { readonly at: Span } | null,
): Held {
	const answer = tableOf(facts.netfilter, backendOf(facts), family, name);
	if (answer.kind === "empty") return held(false, answer.at);
	if (answer.kind === "unknown") return CANNOT_TELL;
	const found = find(answer.table);
	if (found) return held(true, [found.at]);
	return answer.table.complete ? held(false, [answer.table.at]) : CANNOT_TELL;
}

/** Docker's own nftables backend keeps both halves in tables of its own. */
function dockersPart({ rules, docker }: HostFacts, table: "nat" | "filter"): Held {
	if (docker.firewallBackend.known && docker.firewallBackend.value === "nftables") {
		if (rules.native === null) return CANNOT_TELL;
		return held(
			rules.native.length > 0 && rules.native.every(({ state }) => state === "there"),
			rules.native.flatMap(({ at }) => at).slice(0, 1),
		);
	}
	const state: TableState = rules[table];
	return state.kind === "shown" ? held(isWhole(state), state.at) : CANNOT_TELL;
}

function rule(facts: HostFacts, { backend, family, table, chain, spec }: RuleAddress): Held {
	const answer = tableOf(facts.netfilter, backend ?? backendOf(facts), family, table);
	if (answer.kind === "empty") return held(false, answer.at);
	if (answer.kind === "unknown") return CANNOT_TELL;
	const shown = findChain(answer.table, chain);
	const wanted = `-A ${chain} ${spec.join(" ")}`;
	const found = shown?.rules.find(({ text }) => text === wanted);
	if (found) return held(true, [found.at]);
	// Other listings than iptables-save spell a rule in another way.
	const spelled = shown === null || shown.rules.every(({ words }) => words !== undefined);
	return answer.table.complete && answer.table.interfacesShown && spelled
		? held(false, [answer.table.at])
		: CANNOT_TELL;
}
