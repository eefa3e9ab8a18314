import { absent, failureMode, type Sign, sign, undecided } from "../../diagnose/failure-mode";
import { mainTrace, passesRules } from "../../diagnose/main-trace";
import { deadProbes } from "../../facts/engine-state";
import { valueOr } from "../../facts/fact";
import type { HostFacts, PolicyRule } from "../../facts/host-facts";
import { type AddressRange, inRange, overlap, parseAddress, parsePrefix, rangeOf } from "../../netfilter/address";
import { alerts, byHand, habits } from "../../remedy/steps";
import { interfaceName } from "../../remedy/validate";
import type { Span } from "../../text/span";

/**
 * How answers go astray: the rule looks at the host's own address, which an answer does not bear yet when it is routed;
 * or it takes what containers send away from the uplink; or it takes all that has no mark, as wg-quick's does.
 */
type Astray = {
	readonly by: "host-address" | "containers" | "everything";
	/** What the rule looks at: an address, a subnet, an interface, a mark. */
	readonly selector: string;
	readonly table: string;
	readonly priority: number;
	readonly at: Span;
};
type Params = {
	readonly astray: Astray;
	/** Where the question comes in, and the table whose default route leads back that way. */
	readonly entry: string | null;
	readonly answerTable: string;
	/** Interface of the main table's default route. */
	readonly main: string | null;
};

export default failureMode<"reply-route-asymmetric", Params>({
	id: "reply-route-asymmetric",
	title: "Answers of containers leave by another interface than the question came in",
	effect: "The port answers on one of the host’s addresses only, or on none while a VPN is up",
	impact: "medium",
	minutes: 15,
	explains: ["outside-host"],

	detect(facts) {
		if (!facts.policyRules.known) return undecided("routes");
		const rules = facts.policyRules.value;
		const astray = astrayRules(facts);
		if (astray.length === 0)
			return absent("no routing rule treats the answers of containers apart", facts.policyRules.at.slice(0, 1));
		const byMark = rules.find((rule) => rule.mark !== null && !rule.inverted && leadsBack(rule, astray));
		if (byMark) return absent("the answers are routed by a mark", [byMark.at]);

		const dead = deadProbes(facts).filter((probe) => probe.outcome === "timed-out" || probe.outcome === "unreachable");
		const tried = new Set(dead.flatMap((probe) => probe.address ?? []));
		const first = astray.find((one) => tried.has(bare(one.selector))) ?? astray[0];
		if (!first) return undecided("routes");
		const ofAnAddress = first.by === "host-address";
		const answering = facts.probes.filter(
			(probe) => probe.outcome === "answered" && probe.address === bare(first.selector),
		);
		if (ofAnAddress && dead.length === 0 && answering.length > 0)
			return absent(
				"the port answers by the address that has a table of its own",
				answering.map((probe) => probe.at),
			);
		// The other address of the same host is dead: a rule for this one does not explain that.
		const own = ownAddresses(facts);
		if (ofAnAddress && dead.length > 0 && dead.every(({ address }) => address !== null && own.has(address)))
			if (!astray.some((one) => tried.has(bare(one.selector))))
				return absent(
					"the dead address is not the one that has a table of its own",
					dead.map((probe) => probe.at),
				);

		const signs: Sign[] = [sign(whatTheRuleDoes(first), [first.at])];
		if (dead.length > 0)
			signs.push(
				sign(
					ofAnAddress && tried.has(bare(first.selector))
						? `The port does not answer by ${first.selector}`
						: "The port does not answer from outside",
					dead.map((probe) => probe.at),
				),
			);
		const main = defaultDevice(facts);
		const params: Params = {
			astray: first,
			entry: ofAnAddress ? deviceOf(facts, bare(first.selector)) : main,
			answerTable: ofAnAddress ? first.table : "main",
			main,
		};
		const arrives = passesRules(mainTrace(facts));
		if (dead.length > 0 && arrives) return { kind: "present", confidence: "likely", params, signs };
		return { kind: "present", confidence: "possible", params, signs, ask: ["probe-outside", "rule-set"] };
	},

	explain({ astray: { by, selector, table }, entry, main }) {
		const lost =
			"What stands on that way drops it: a stateful firewall that never saw the question, or a provider that checks source addresses.";
		if (by === "host-address")
			return `A routing rule sends what comes from ${selector} by table ${table}${entry ? `, out of \`${entry}\`` : ""}. When the answer of a container is routed, its source is still the container’s address: it becomes ${selector} only on the way out. So the rule does not match, and the answer leaves by the main table${main ? `, out of \`${main}\`` : ""}. ${lost}`;
		if (by === "containers")
			return `A routing rule sends everything that ${selectorWords(selector)} by table ${table}, the answers to questions from outside among it${main ? `, though those came in by \`${main}\`` : ""}. ${lost}`;
		return `A routing rule sends everything without the mark ${selector} by table ${table}, as wg-quick does for a tunnel that takes all traffic. The answers of containers have no mark, so they leave by the tunnel${main ? `, though the question came in by \`${main}\`` : ""}. ${lost}`;
	},

	fix({ astray, entry, answerTable }) {
		const inward = (entry && interfaceName(entry)) ?? "INTERFACE";
		return {
			summary: `Mark connections that come in${entry ? ` by ${entry}` : ""} and route their answers by the mark.`,
			before: [],
			steps: [
				byHand(
					"The mark stays with the connection, so the answer goes back the way the question came.",
					...(inward !== "INTERFACE"
						? []
						: ["`INTERFACE` is the one by which the question comes in: see `ip addr` and `ip route`."]),
					`Mark what comes in: \`iptables -w 5 -t mangle -A PREROUTING -i ${inward} -m conntrack --ctstate NEW -j CONNMARK --set-mark 2\`.`,
					`Give answers the mark: \`iptables -w 5 -t mangle -A PREROUTING ! -i ${inward} -m connmark --mark 2 -j CONNMARK --restore-mark\`.`,
					`Route by it, before the rule of priority ${astray.priority}: \`ip rule add fwmark 2 lookup ${answerTable} priority ${Math.max(1, astray.priority - 10)}\`.`,
					`If \`sysctl net.ipv4.conf.all.rp_filter net.ipv4.conf.${inward}.rp_filter\` shows 1 and no 2, set the second to 2: the strict filter drops the question, for it does not see the mark.`,
				),
				...(astray.by === "host-address"
					? []
					: [
							byHand(
								"The tunnel may not be needed for all traffic.",
								astray.by === "containers"
									? `If the containers need not use table ${astray.table}, take the rule away where it is set: in the VPN’s own configuration.`
									: "If only some networks lie behind the tunnel, name them in `AllowedIPs` instead of `0.0.0.0/0`.",
							),
						]),
			],
			after: [],
			instead: habits("rp-filter-off"),
			proveFromOutside: "Open the port on each of the host’s addresses, from a network behind each uplink.",
		};
	},

	prevent({ entry, answerTable }) {
		return {
			summary: "Keep the marks and the rule over a reboot.",
			before: [],
			steps: [
				byHand(
					"`ip rule` and `iptables` forget at each boot.",
					`Put the routing rule where the interface is configured: \`routing-policy\` in netplan, \`[RoutingPolicyRule]\` with \`FirewallMark=2\` and \`Table=${answerTable}\` in systemd-networkd, \`ipv4.routing-rules\` in NetworkManager.`,
					`Put the two mangle rules where the host’s own firewall rules are kept; Docker has no rules in mangle on ${entry ? `\`${entry}\`` : "that interface"} and leaves them alone.`,
				),
			],
			after: [],
			keep: alerts("published-port"),
			instead: [],
			proveFromOutside: null,
		};
	},
});

const BUILT_IN: readonly string[] = ["local", "main", "default"];

/** Rules that take answers of containers elsewhere, the host's own addresses first. */
function astrayRules(facts: HostFacts): readonly Astray[] {
	const networks = dockerRanges(facts);
	const own = [...ownAddresses(facts)].flatMap((text) => parseAddress(text) ?? []);
	return valueOr(facts.policyRules, []).flatMap((rule): readonly Astray[] => {
		const { from, iif, table, priority, at } = rule;
		if (table === "" || BUILT_IN.includes(table) || !/^[\w.-]{1,64}$/.test(table)) return [];
		const found = (by: Astray["by"], selector: string) => [{ by, selector, table, priority, at }];
		if (rule.inverted)
			return rule.mark !== null && from === "all" && iif === null ? found("everything", rule.mark) : [];
		if (rule.mark !== null) return [];
		if (iif !== null) return isBridge(facts, iif) ? found("containers", iif) : [];
		const range = from === null ? null : rangeOfText(from);
		if (range === null || from === null) return [];
		if (networks.some((network) => overlap(network, range))) return found("containers", from);
		const isOwn = own.length > 0 ? own.some((address) => inRange(range, address)) : parseAddress(bare(from)) !== null;
		return isOwn ? found("host-address", from) : [];
	});
}

const bare = (selector: string) => selector.replace(/\/32$/, "");

function rangeOfText(text: string): AddressRange | null {
	const prefix = parsePrefix(text);
	if (prefix) return rangeOf(prefix);
	const address = parseAddress(text);
	return address ? { from: address, to: address } : null;
}

/** Subnets of containers: those of Docker's networks, of its bridges, and the default one where neither was shown. */
function dockerRanges(facts: HostFacts): readonly AddressRange[] {
	const shown = valueOr(facts.networks, []).flatMap((network) => network.subnets);
	const linked = valueOr(facts.routes, []).flatMap((route) =>
		route.device && isBridge(facts, route.device) ? [route.destination] : [],
	);
	const known = [...shown, ...linked].flatMap((text) => rangeOfText(text) ?? []);
	const usual = known.length > 0 ? null : rangeOfText("172.17.0.0/16");
	return usual ? [usual] : known;
}

function isBridge(facts: HostFacts, name: string): boolean {
	return (
		/^(?:docker0|br-[0-9a-f]{12})$/.test(name) || valueOr(facts.networks, []).some((network) => network.bridge === name)
	);
}

/** Addresses of the host that are not those of its bridges. */
function ownAddresses(facts: HostFacts): ReadonlySet<string> {
	return new Set(
		valueOr(facts.interfaces, [])
			.filter(({ name }) => name !== "lo" && !isBridge(facts, name))
			.flatMap(({ addresses }) => addresses.map((address) => address.split("/")[0] ?? "")),
	);
}

/** The interface that has the address, by `ip addr` or by the source of a route. */
function deviceOf(facts: HostFacts, address: string): string | null {
	const found = valueOr(facts.interfaces, []).find(({ addresses }) =>
		addresses.some((one) => one.split("/")[0] === address),
	);
	return found?.name ?? valueOr(facts.routes, []).find((route) => route.source === address)?.device ?? null;
}

function defaultDevice(facts: HostFacts): string | null {
	const routes = valueOr(facts.routes, []).filter(
		({ destination, table }) => destination === "default" && (table === null || table === "main"),
	);
	return routes.toSorted((a, b) => (a.metric ?? 0) - (b.metric ?? 0))[0]?.device ?? null;
}

/** tailscaled marks its own packets with it, not those of containers (tailscale util/linuxfw). */
const TAILSCALE = "0x80000/0xff0000";

/** Whether a rule by mark stands before the others and leads where the answers belong. */
function leadsBack(rule: PolicyRule, astray: readonly Astray[]): boolean {
	return astray.some(
		(one) =>
			rule.priority < one.priority &&
			rule.mark !== TAILSCALE &&
			(one.by === "host-address" ? rule.table === one.table : !BUILT_IN.includes(one.table) && rule.table === "main"),
	);
}

const selectorWords = (selector: string) =>
	/^[\d.:/a-f]+$/i.test(selector) && /[.:]/.test(selector)
		? `comes from ${selector}, the addresses of containers,`
		: `comes in by the bridge \`${selector}\``;

function whatTheRuleDoes({ by, selector, table }: Astray): string {
	if (by === "host-address")
		return `Packets from ${selector} take table ${table}; answers of containers have another source and do not`;
	if (by === "containers") return `Everything that ${selectorWords(selector)} takes table ${table}`;
	return `Everything without the mark ${selector} takes table ${table}`;
}
