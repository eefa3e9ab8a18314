import { absent, failureMode, sign, undecided } from "../../diagnose/failure-mode";
import { blockOf, mainTrace, ruleWords, ruleWordsFirst } from "../../diagnose/main-trace";
import { missing } from "../../facts/docker-rules";
import { deadProbes, strayProbes } from "../../facts/engine-state";
import { isKnownToBe, placesOf, valueOr } from "../../facts/fact";
import { complaints, placesOfFailures } from "../../facts/failure-facts";
import type { HostFacts } from "../../facts/host-facts";
import type { Table } from "../../netfilter/ruleset";
import type { Decision } from "../../packet-path/trace";
import type { Step } from "../../remedy/plan";
import { alerts, byHand, habits, restartDocker, startAfter, startDocker } from "../../remedy/steps";
import { interfaceName, zoneName } from "../../remedy/validate";
import type { Span } from "../../text/span";

type Params =
	| { readonly case: "zone"; readonly interface: string | null; readonly zone: string | null }
	/** Its chains stand in iptables' own tables: the iptables backend, which flushes whole tables. */
	| { readonly case: "flushed"; readonly iptablesBackend: boolean }
	| { readonly case: "drops"; readonly decision: Decision }
	/** A bridge of Docker's that belongs to no zone. */
	| { readonly case: "unzoned"; readonly bridge: string };

export default failureMode<"firewalld-conflict", Params>({
	id: "firewalld-conflict",
	title: "firewalld and Docker get in each other’s way",
	effect: "Published ports are dead, or dockerd does not start",
	impact: "high",
	minutes: 10,
	explains: ["docker-chain-missing", "docker-filter-chain-missing", "forward-dropped", "local-path-blocked"],

	headline(params) {
		switch (params.case) {
			case "zone":
				return params.zone && params.zone !== "docker"
					? `firewalld keeps ${params.interface ? `\`${params.interface}\`` : "Docker’s bridge"} in the zone ${params.zone}, and dockerd does not get it`
					: "firewalld does not give Docker’s bridge to the zone docker";
			case "flushed":
				return "firewalld flushed Docker’s chains, and dockerd did not hear of it";
			case "drops":
				return "firewalld drops what Docker lets through";
			case "unzoned":
				return `firewalld runs and has \`${params.bridge}\` in no zone: its containers have no way out`;
			default:
				return params satisfies never;
		}
	},

	effectHere: (params) => (params.case === "unzoned" ? "Containers have no way out; published ports work" : null),

	detect(facts) {
		const zone = complaints(facts.failures, "zone-conflict");
		const invalid = complaints(facts.failures, "zone-invalid");
		if (zone.length > 0 || invalid.length > 0) {
			const first = zone[0]?.complaint;
			return {
				kind: "present",
				confidence: "certain",
				params: {
					case: "zone",
					interface: first?.interface ?? null,
					zone: first?.zone ?? invalid[0]?.complaint.zone ?? null,
				},
				signs: [
					sign("firewalld refused to give Docker’s bridge to the zone docker", placesOfFailures([...zone, ...invalid])),
				],
			};
		}
		const chains = chainsInIptables(facts);
		const native = facts.netfilter.tables.find((table) => table.native && table.name === "firewalld");
		const reloads = facts.events.filter(
			(event) =>
				event.kind === "firewalld-reloaded" || event.kind === "firewalld-started" || event.kind === "firewalld-stopped",
		);
		const gone = [...missing(facts.rules.nat), ...missing(facts.rules.filter)].filter(
			(one) => one.kind === "chain" || one.kind === "jump",
		);
		if (chains.length > 0 && gone.length > 0 && !isKnownToBe(facts.docker.running, false)) {
			// dockerd itself missed what it had made, in the very tables that firewalld fills: nobody else is needed.
			const missed = complaints(facts.failures, "chain-missing").some((one) => one.best.fromDockerd);
			return {
				kind: "present",
				confidence: missed ? "certain" : "likely",
				params: { case: "flushed", iptablesBackend: true },
				signs: [
					sign(
						"firewalld’s own chains stand in iptables’ tables: it runs with `FirewallBackend=iptables`, which flushes whole tables as it starts",
						chains,
					),
					sign(`Docker’s part is gone: ${gone[0]?.what ?? "its chains"}`, gone.flatMap((one) => one.at).slice(0, 2)),
				],
			};
		}
		const running = facts.firewalld.known && facts.firewalld.value.running;
		const here = running || native !== undefined;
		if (gone.length > 0 && reloads.length > 0) {
			return {
				kind: "present",
				confidence: "likely",
				params: { case: "flushed", iptablesBackend: chains.length > 0 },
				signs: [
					sign(
						"firewalld was started or reloaded",
						reloads.map((event) => event.at),
					),
					sign(
						`Docker’s part of the tables is gone: ${gone[0]?.what ?? "its chains"}`,
						gone.flatMap((one) => one.at).slice(0, 2),
					),
				],
			};
		}
		const block = blockOf(mainTrace(facts));
		if (block?.owner === "firewalld" && gone.length > 0 && native) {
			// Without Docker's DNAT the packet is for the host itself, and firewalld's input rules are in its way: no option
			// of firewalld repairs that. firewalld 1.3 empties the tables of iptables as it starts (seen on bookworm).
			return {
				kind: "present",
				confidence: "likely",
				params: { case: "flushed", iptablesBackend: chains.length > 0 },
				signs: [
					sign(
						`Docker’s part of the tables is gone: ${gone[0]?.what ?? "its chains"}`,
						gone.flatMap((one) => one.at).slice(0, 2),
					),
					sign(`A packet from outside is ${block.trace.outcome} by firewalld: ${ruleWords(block.decision)}`, block.at),
				],
			};
		}
		if (block?.owner === "firewalld") {
			const dead = deadProbes(facts);
			return {
				kind: "present",
				confidence: dead.length > 0 ? "likely" : "possible",
				params: { case: "drops", decision: block.decision },
				signs: [
					sign(`A packet from outside is ${block.trace.outcome} by firewalld: ${ruleWords(block.decision)}`, block.at),
					...(dead.length > 0
						? [
								sign(
									"The port does not answer",
									dead.map((probe) => probe.at),
								),
							]
						: []),
				],
			};
		}
		const unzoned = native && gone.length === 0 ? unzonedBridge(facts, native) : null;
		if (native && unzoned) {
			const strays = [...strayProbes(facts), ...deadProbes(facts).filter((probe) => probe.fromContainer)];
			return {
				kind: "present",
				confidence: "likely",
				params: { case: "unzoned", bridge: unzoned.bridge },
				signs: [
					sign(`firewalld’s table names \`${unzoned.bridge}\` nowhere, so the bridge is in no zone`, [native.at]),
					sign(
						"What belongs to no zone and was not translated is rejected or dropped at the end of its forward chain",
						[unzoned.end],
					),
					...(strays.length > 0
						? [
								sign(
									"A try that was not made from outside gets no answer",
									strays.map((probe) => probe.at),
								),
							]
						: []),
				],
			};
		}
		const shown = facts.rules.nat.kind === "shown" || facts.rules.filter.kind === "shown";
		if (here && !block && shown)
			return absent(
				"firewalld runs, and Docker’s rules stand beside its own",
				[...(native ? [native.at] : []), ...placesOf(facts.firewalld)].slice(0, 1),
			);
		if (facts.firewalld.known && !valueOr(facts.firewalld, { running: true }).running)
			return absent("firewalld does not run", placesOf(facts.firewalld));
		if (!here && facts.netfilter.listed.length > 0)
			return absent("no rule of firewalld in what was listed", facts.netfilter.listed[0]?.at ?? []);
		return undecided("rule-set", "firewalls");
	},

	explain(params) {
		switch (params.case) {
			case "zone": {
				const bridge = params.interface ? `\`${params.interface}\`` : "one of them";
				if (!params.zone || params.zone === "docker")
					return "dockerd asks firewalld to put its bridges into the zone `docker`. firewalld does not know that zone at the moment and refuses, and what dockerd was about to do fails: its start, or a new network.";
				return `dockerd asks firewalld to put its bridges into the zone \`docker\`, and ${bridge} belongs to the zone \`${params.zone}\`, in firewalld’s permanent configuration or by NetworkManager. firewalld refuses, and what dockerd was about to do fails: its start, or a new network.`;
			}
			case "flushed":
				return `firewalld flushed the tables that Docker’s rules stand in${params.iptablesBackend ? "; with its iptables backend it does so whenever it starts, stops or reloads" : ", as versions before 2.0 do when they start or reload"}. A dockerd that was started before firewalld is not connected to it and does not notice, and its chains stay gone until it is started again. docker-proxy may hide that for containers that run.`;
			case "drops":
				return `Docker’s rules are there, and firewalld stops the packet all the same. ${ruleWordsFirst(params.decision)} decides: a drop in any table is final, whatever Docker’s table accepts.`;
			case "unzoned":
				return `dockerd puts each of its bridges into firewalld’s zone \`docker\` when it makes them. Here firewalld was started or restarted after dockerd, so \`${params.bridge}\` is in no zone. Packets for published ports pass, because firewalld accepts what was translated; what containers send out, and what they send to other bridges, it rejects.`;
			default:
				return params satisfies never;
		}
	},

	fix(params) {
		const release: readonly Step[] = params.case === "zone" ? releaseSteps(params) : [];
		const backend: readonly Step[] =
			params.case === "flushed" && params.iptablesBackend
				? [
						{
							action: { kind: "set-option", option: "firewalld-backend-nftables" },
							why: "With the nftables backend firewalld keeps to a table of its own. With the iptables backend its rules stand before Docker’s in the same tables, and each start or reload wipes them all.",
							risk: "medium",
							interrupts: "nothing",
						},
					]
				: [];
		const drops: readonly Step[] =
			params.case === "drops"
				? [
						{
							action: { kind: "set-option", option: "firewalld-strict-forward-ports-no" },
							why: "With `StrictForwardPorts=yes` (firewalld 2.3 and later) firewalld stops what Docker translated.",
							risk: "low",
							interrupts: "nothing",
						},
					]
				: [];
		return {
			summary:
				params.case === "zone"
					? "Release the bridge from the other zone, then start dockerd."
					: params.case === "drops"
						? "Let firewalld pass what Docker translated, and have dockerd bind its bridges to the zone docker."
						: "Restart dockerd with firewalld running, so that each knows of the other.",
			before: [],
			steps: [
				...release,
				...backend,
				...drops,
				...(params.case === "zone"
					? startDocker("dockerd then puts the bridge into its own zone.")
					: restartDocker(
							"dockerd connects to firewalld, makes its chains again and binds its bridges to the zone docker.",
						)),
			],
			// Where firewalld only drops, Docker's chains are whole before and after: no check tells the two apart.
			after:
				params.case === "drops" || params.case === "unzoned"
					? []
					: [
							{ kind: "docker-chains-whole", table: "nat" },
							{ kind: "docker-chains-whole", table: "filter" },
							{ kind: "daemon-running" },
						],
			instead:
				params.case === "zone"
					? habits("trusted-zone", "disable-firewalld", "iptables-false")
					: habits("disable-firewalld", "trusted-zone", "create-chain-by-hand", "iptables-false"),
			proveFromOutside:
				"Open the published port from another machine, then run `firewall-cmd --reload` and open it again.",
		};
	},

	prevent() {
		return {
			summary: "Let dockerd start after firewalld.",
			before: [],
			steps: [
				byHand(
					"A dockerd that was started first never hears of firewalld’s reloads.",
					"Docker’s unit has `After=firewalld.service`: enable firewalld at boot rather than starting it later, and restart docker whenever firewalld was started by hand.",
					"Keep `FirewallBackend=nftables`, the default, and assign neither `docker0` nor `br-…` to a zone by hand.",
					"Docker 28.3.3 and later put everything back after a reload; earlier versions forget some protections (CVE-2025-54388, CVE-2025-54410).",
				),
				...startAfter("firewalld.service"),
			],
			after: [],
			keep: alerts("published-port"),
			instead: habits("disable-firewalld", "trusted-zone"),
			proveFromOutside: null,
		};
	},
});

function releaseSteps({ interface: name, zone }: Extract<Params, { case: "zone" }>): readonly Step[] {
	const bridge = interfaceName(name ?? "docker0");
	const other = zone ? zoneName(zone) : null;
	if (bridge && other && other !== "docker")
		return [
			{
				action: { kind: "release-from-zone", zone: other, interface: bridge },
				why: "dockerd assigns its bridges itself, at run time; a permanent assignment to another zone stands in its way.",
				risk: "low",
				interrupts: "nothing",
			},
		];
	return [
		byHand(
			"Which zone has the bridge was not shown.",
			"Look it up: `firewall-cmd --get-zone-of-interface=docker0`. Then `firewall-cmd --permanent --zone=ZONE --remove-interface=docker0` and `firewall-cmd --reload`.",
			"NetworkManager may hold it: `nmcli connection modify docker0 connection.zone ''`.",
			"If the zone docker itself is missing, `firewall-cmd --reload` brings it in from the permanent configuration.",
		),
	];
}

/** firewalld with its iptables backend writes chains such as INPUT_ZONES and FORWARD_direct into iptables' tables (src/firewall/core/ipXtables.py). */
/**
 * A bridge of Docker's that firewalld's own table does not name, where that table stops what belongs to no zone. Every
 * zone names its interfaces: `iifname "docker0" goto filter_FWD_docker` (1.x), `… jump filter_FWD_docker_dispatch…` (2.x).
 */
function unzonedBridge(facts: HostFacts, native: Table): { readonly bridge: string; readonly end: Span } | null {
	if (!native.complete || !native.interfacesShown || isKnownToBe(facts.docker.running, false)) return null;
	const forward = native.chains.find((chain) => chain.base?.hook === "forward" && chain.base.type === "filter");
	const last = forward?.rules.at(-1);
	if (!last || (last.verdict.kind !== "reject" && last.verdict.kind !== "drop") || last.matches.length > 0) return null;
	const named = new Set(
		native.chains.flatMap((chain) =>
			chain.rules.flatMap((rule) =>
				rule.matches.flatMap((match) => (match.kind === "iif" || match.kind === "oif" ? match.names : [])),
			),
		),
	);
	// By sources (`ip saddr 172.16.0.0/12`) a zone can take a bridge without its name.
	const bySource = native.chains.some(
		(chain) =>
			/dispatch|ZONES/.test(chain.name) &&
			chain.rules.some((rule) => rule.matches.some((match) => match.kind === "saddr")),
	);
	if (bySource) return null;
	const docker = facts.netfilter.tables.find(
		(table) => !table.native && table.name === "filter" && table.family === "ip",
	);
	const bridge = (docker?.chains ?? [])
		.filter((chain) => chain.name.startsWith("DOCKER") || chain.name === "FORWARD")
		.flatMap((chain) => chain.rules)
		.flatMap((rule) => rule.matches)
		.flatMap((match) => (match.kind === "oif" ? match.names : []))
		.find((name) => /^(?:docker0|br-[0-9a-f]{12})$/.test(name) && !named.has(name));
	return bridge ? { bridge, end: last.at } : null;
}

function chainsInIptables(facts: HostFacts): readonly Span[] {
	return facts.netfilter.tables
		.filter((table) => !table.native && (table.family === "ip" || table.family === "ip6"))
		.flatMap((table) =>
			table.chains
				.filter((chain) =>
					/^(?:INPUT|FORWARD|PREROUTING|POSTROUTING|OUTPUT)_(?:ZONES|POLICIES|dispatch)/.test(chain.name),
				)
				.map((chain) => chain.at),
		)
		.slice(0, 2);
}
