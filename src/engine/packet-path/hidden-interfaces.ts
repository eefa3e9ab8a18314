import type { Chain, Rule, Table } from "../netfilter/ruleset";
import { NO_INTERFACE, type Packet } from "./packet";
import { certain, type Ternary } from "./ternary";
import type { Topology } from "./topology";

/**
 * `iptables -L` without `-v` prints no interfaces. Docker's own rules and ufw's framework have a fixed form, so what
 * was left out can be filled in for them; for anybody else's rule the answer stays open.
 * Forms: moby 17.06 … 29 libnetwork/drivers/bridge/setup_ip_tables_linux.go and iptabler/*.go; ufw 0.36 before.rules.
 */
export function hiddenInterfaces(rule: Rule, table: Table, chain: Chain, packet: Packet, topology: Topology): Ternary {
	const from = isBridge(packet.iif, topology);
	const to = isBridge(packet.oif, topology);
	const jump = rule.verdict.kind === "jump" || rule.verdict.kind === "goto" ? rule.verdict.chain : null;
	if (table.name === "nat") {
		if (jump !== null) return jump === "DOCKER" || jump === "DOCKER-INGRESS" ? "yes" : "maybe";
		if (chain.name !== "DOCKER") return "maybe";
		// -A DOCKER -i BR -j RETURN (proxy on, up to 28)
		if (rule.verdict.kind === "return") return certain(from);
		// -A DOCKER ! -i BR -p tcp --dport HP -j DNAT; with the proxy off there is no -i, and then a bridge may pass.
		if (rule.verdict.kind === "dnat") return from ? "maybe" : "yes";
		return "maybe";
	}
	if (table.name !== "filter") return "maybe";
	const ufw = inUfw(rule, chain, jump, packet);
	if (ufw) return ufw;
	if (jump === "DOCKER") return certain(to);
	// -A DOCKER-ISOLATION-STAGE-1 -i BR ! -o BR -j DOCKER-ISOLATION-STAGE-2
	if (jump === "DOCKER-ISOLATION-STAGE-2") return certain(from && packet.oif !== packet.iif);
	if (jump?.startsWith("DOCKER-")) return "yes";
	switch (chain.name) {
		case "DOCKER":
			// -A DOCKER -d CIP ! -i BR -o BR … -j ACCEPT, -A DOCKER ! -i BR -o BR -j DROP
			return certain(to && packet.iif !== packet.oif);
		case "DOCKER-ISOLATION-STAGE-2":
			return rule.verdict.kind === "drop" ? certain(to) : "yes";
		case "DOCKER-ISOLATION-STAGE-1":
			return rule.verdict.kind === "return" ? "yes" : "maybe";
		case "DOCKER-CT":
			return certain(to);
		case "DOCKER-FORWARD":
			return rule.verdict.kind === "accept" ? certain(from) : "maybe";
		case "FORWARD":
			return inForward(rule, chain, packet, from, to);
		default:
			return "maybe";
	}
}

/** -o BR ESTABLISHED ACCEPT; -o BR -j DOCKER; -i BR ! -o BR ACCEPT; -i BR -o BR ACCEPT, in this order, once for each bridge. */
function inForward(rule: Rule, chain: Chain, packet: Packet, from: boolean, to: boolean): Ternary {
	if (rule.verdict.kind !== "accept") return "maybe";
	const next = chain.rules[rule.number];
	if (rule.matches.length === 1 && rule.matches[0]?.kind === "ctstate" && jumpsToDocker(next))
		return to ? "yes" : "maybe";
	if (rule.matches.length > 0) return "maybe";
	if (jumpsToDocker(chain.rules[rule.number - 2])) return certain(from && packet.iif !== packet.oif);
	if (jumpsToDocker(chain.rules[rule.number - 3])) return certain(from && packet.iif === packet.oif);
	return "maybe";
}

/** Only ufw's user chains take interfaces from a person; in the framework there is `lo` alone. */
function inUfw(rule: Rule, chain: Chain, jump: string | null, packet: Packet): Ternary | null {
	if (jump !== null && /^ufw6?-/.test(jump) && chain.base !== null) return "yes";
	if (!/^ufw6?-(?!user-(?:input|output|forward)$)/.test(chain.name)) return null;
	const bare = rule.verdict.kind === "accept" && rule.matches.length === 0 && rule.number === 1;
	if (bare && /^ufw6?-before-input$/.test(chain.name)) return certain(packet.iif === "lo");
	if (bare && /^ufw6?-before-output$/.test(chain.name)) return certain(packet.oif === "lo");
	return "yes";
}

function jumpsToDocker(rule: Rule | undefined): boolean {
	return rule?.verdict.kind === "jump" && rule.verdict.chain === "DOCKER";
}

function isBridge(name: string, topology: Topology): boolean {
	return name !== NO_INTERFACE && topology.bridges.some((bridge) => bridge.name === name);
}
