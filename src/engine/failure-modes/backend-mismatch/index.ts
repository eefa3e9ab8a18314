import { absent, failureMode, type Sign, sign, undecided } from "../../diagnose/failure-mode";
import { publishing, whyNoChainsExpected } from "../../facts/engine-state";
import { isKnownToBe, placesOf } from "../../facts/fact";
import { complaints, placesOfFailures } from "../../facts/failure-facts";
import type { HostFacts } from "../../facts/host-facts";
import { tableOf } from "../../facts/netfilter-facts";
import type { Backend } from "../../netfilter/ruleset";
import { byHand, habits, restartDocker } from "../../remedy/steps";
import type { Span } from "../../text/span";

type Params =
	/** dockerd made its rules in `made`; `iptables` now speaks to `active`. */
	| { readonly case: "switched"; readonly active: Backend; readonly made: Backend; readonly sure: boolean }
	/** Docker's chains in both; the old ones still act. */
	| { readonly case: "leftovers"; readonly active: Backend; readonly old: Backend; readonly drops: boolean }
	/** Native nft tables that iptables-nft can't work with. */
	| { readonly case: "native"; readonly active: Backend; readonly table: string | null };

const PROGRAM: Readonly<Record<Backend, string>> = { nf_tables: "iptables-nft", legacy: "iptables-legacy" };

export default failureMode<"backend-mismatch", Params>({
	id: "backend-mismatch",
	title: "Docker’s rules are split between iptables-nft and iptables-legacy",
	effect: "Published ports are dead",
	impact: "high",
	minutes: 10,
	explains: ["docker-chain-missing", "docker-filter-chain-missing", "forward-dropped"],

	headline(params) {
		if (params.case === "native") return "A native nft chain stands where Docker’s belongs";
		if (params.case === "leftovers")
			return `Docker’s rules from before the switch still stand in ${PROGRAM[params.old]}`;
		return params.sure
			? `iptables was switched to ${PROGRAM[params.active]}, and Docker’s rules are in ${PROGRAM[params.made]}`
			: "Docker’s rules may stand in the backend that iptables does not show";
	},

	detect(facts) {
		const native = nativeConflict(facts);
		if (native) return native;
		if (isKnownToBe(facts.docker.firewallBackend, "nftables"))
			return absent("Docker uses its own nftables tables here, not iptables", placesOf(facts.docker.firewallBackend));
		const { backend } = facts.iptables;
		const other = facts.rules.otherBackend;
		if (!backend.known || !other) {
			const hint = legacyBesideBareNat(facts);
			if (hint)
				return {
					kind: "present",
					confidence: "possible",
					params: { case: "switched", active: "nf_tables", made: "legacy", sure: false },
					signs: hint,
					ask: ["both-backends"],
				};
			if (facts.netfilter.legacyTablesPresent && facts.netfilter.listed.length < 2) return undecided("both-backends");
			return undecided("both-backends", "iptables-version");
		}
		if (other.chains.length === 0)
			return absent(
				`Docker’s chains are in one backend only: ${PROGRAM[other.backend]} holds none`,
				other.at.length > 0 ? other.at : backend.at,
			);
		const here = hasDockerChains(facts, backend.value);
		if (here === null) return undecided("both-backends");
		const elsewhere = sign(
			`Docker’s chains stand in the tables of \`${PROGRAM[other.backend]}\``,
			other.at.slice(0, 3),
		);
		const speaks = sign(`\`iptables\` on this host is \`${PROGRAM[backend.value]}\``, backend.at);
		if (!here.any) {
			if (isKnownToBe(facts.docker.running, false)) {
				const down = whyNoChainsExpected(facts);
				return {
					kind: "present",
					confidence: "possible",
					params: {
						case: "leftovers",
						active: backend.value,
						old: other.backend,
						drops: dropsForward(facts, other.backend) !== null,
					},
					signs: [elsewhere, speaks],
					...(down ? { against: [sign(down.says, down.at)] } : {}),
				};
			}
			return {
				kind: "present",
				confidence: "certain",
				params: { case: "switched", active: backend.value, made: other.backend, sure: true },
				signs: [
					elsewhere,
					speaks,
					sign(`The tables of \`${PROGRAM[backend.value]}\` hold no chain of Docker’s`, here.at),
				],
			};
		}
		const drop = dropsForward(facts, other.backend);
		const params: Params = { case: "leftovers", active: backend.value, old: other.backend, drops: drop !== null };
		const signs: Sign[] = [
			sign(
				`Docker’s chains stand in both backends; those of \`${PROGRAM[other.backend]}\` are leftovers`,
				other.at.slice(0, 3),
			),
			speaks,
		];
		if (drop)
			signs.push(sign(`The old \`FORWARD\` still has the policy \`DROP\`: a packet must pass both backends`, [drop]));
		return { kind: "present", confidence: drop ? "certain" : "likely", params, signs };
	},

	explain(params) {
		switch (params.case) {
			case "switched":
				if (!params.sure)
					return "The nat table of `iptables-nft` holds nothing of Docker’s, and the kernel has legacy tables beside it. If Docker’s chains stand there, `iptables` was switched to the other backend under a running dockerd; if they do not, the nat table was flushed.";
				return `dockerd made its chains with \`${PROGRAM[params.made]}\`. Since then \`iptables\` was switched to \`${PROGRAM[params.active]}\`, which has tables of its own: there dockerd finds no chain \`DOCKER\`, and every new published port fails. The old rules stay in the kernel and keep acting.`;
			case "leftovers":
				return `Docker’s chains are loaded twice, by \`${PROGRAM[params.active]}\` and from before by \`${PROGRAM[params.old]}\`. The kernel asks both${params.drops ? ", and the old `FORWARD` drops every container that it does not know" : ""}.`;
			case "native":
				return `A table or chain made by the \`nft\` program stands where \`iptables-nft\` needs its own${params.table ? ` (table \`${params.table}\`)` : ""}; iptables-nft can’t add Docker’s rules to it.`;
			default:
				return params satisfies never;
		}
	},

	fix(params) {
		switch (params.case) {
			case "switched":
				return {
					summary: `Go back to \`${PROGRAM[params.made]}\`, where Docker’s rules are.`,
					before: [
						{
							check: { kind: "no-docker-leftovers", backend: params.made },
							holds: false,
							otherwise: `${PROGRAM[params.made]} holds nothing of Docker’s: the nat table was flushed, and dockerd must be restarted instead.`,
						},
					],
					steps: [
						{
							action: { kind: "select-backend", backend: params.made },
							why: "dockerd runs the same path each time, and the link behind it decides: the next call finds the chains again, no restart needed.",
							risk: "low",
							interrupts: "nothing",
						},
					],
					after: [
						{ kind: "backend-is", backend: params.made },
						{ kind: "docker-chains-whole", table: "nat" },
						{ kind: "docker-chains-whole", table: "filter" },
					],
					instead: habits("create-chain-by-hand", "restart-container", "flush-everything", "reinstall-docker"),
					proveFromOutside: "Start a container with a published port and open it.",
				};
			case "leftovers":
				return {
					summary: `Remove Docker’s leftovers from \`${PROGRAM[params.old]}\`.`,
					before: [
						{
							check: { kind: "backend-is", backend: params.active },
							holds: true,
							otherwise: `\`iptables\` is no longer ${PROGRAM[params.active]} here: look again before anything is removed.`,
						},
					],
					steps: [
						{
							action: { kind: "remove-docker-leftovers", backend: params.old },
							why: "Only Docker’s own chains and the jumps to them go, by name; rules of other programs stay.",
							risk: "medium",
							interrupts: "nothing",
						},
						...restartDocker("dockerd then writes its rules anew in the one backend that is left.").map((step) => ({
							...step,
							unlessRepaired: true,
						})),
					],
					after: [
						{ kind: "no-docker-leftovers", backend: params.old },
						{ kind: "docker-chains-whole", table: "nat" },
						{ kind: "docker-chains-whole", table: "filter" },
					],
					instead: habits(
						"flush-everything",
						"nft-flush-ruleset",
						...(params.active === "legacy" ? [] : ["switch-to-legacy" as const]),
					),
					proveFromOutside: "Open the port of a container that was started after the repair.",
				};
			case "native":
				return {
					summary: "Give the native table another name, then restart dockerd.",
					before: [],
					steps: [
						byHand(
							"iptables-nft owns the tables `ip nat`, `ip filter`, `ip raw` and `ip mangle`.",
							"Find who loads the native table: /etc/nftables.conf and the files it includes.",
							"Rename it there (`table inet myfirewall`), load it anew and delete the old one by its name.",
						),
						...restartDocker("dockerd then makes its chains in tables that iptables-nft can work with."),
					],
					after: [{ kind: "docker-chains-whole", table: "nat" }],
					instead: habits("nft-flush-ruleset", "switch-to-legacy"),
					proveFromOutside: null,
				};
			default:
				return params satisfies never;
		}
	},

	prevent() {
		return {
			summary: "One backend for the whole host.",
			before: [],
			steps: [
				byHand(
					"Rules of both backends act at once, and each tool shows only its own.",
					"Choose iptables-nft unless the kernel can’t: legacy tables are off by default from kernel 6.17 and absent on RHEL 10.",
					"Switch only with dockerd stopped, or reboot after the switch: the old rules go with the boot.",
				),
			],
			after: [],
			instead: habits("switch-to-legacy"),
			proveFromOutside: null,
		};
	},
});

/** iptables-nft warns of legacy tables and its own nat table lacks Docker's chain: a switch under dockerd, or a flush. */
function legacyBesideBareNat(facts: HostFacts): readonly Sign[] | null {
	const { legacyTablesPresent: warning } = facts.netfilter;
	const { nat, otherBackend } = facts.rules;
	if (!warning || otherBackend || nat.kind === "unknown" || nat.anyDockerChain || whyNoChainsExpected(facts))
		return null;
	const wanted = complaints(facts.failures, "chain-missing").some(
		({ best, complaint }) => best.fromDockerd && complaint.chain?.startsWith("DOCKER") === true,
	);
	if (!wanted && publishing(facts).length === 0) return null;
	return [
		sign("`iptables-nft` warns that legacy tables are loaded as well", [warning]),
		sign("The nat table of `iptables-nft` holds no chain of Docker’s", nat.at),
	];
}

function hasDockerChains(
	facts: HostFacts,
	backend: Backend,
): { readonly any: boolean; readonly at: readonly Span[] } | null {
	const { nat, filter } = facts.rules;
	const shown = [nat, filter].filter((state) => state.kind === "shown");
	if (shown.length === 0) return null;
	const at = shown.flatMap((state) => state.at);
	if (shown.some((state) => state.anyDockerChain)) return { any: true, at };
	// The nat table alone tells: Docker keeps its chain there first of all. Of filter alone nothing follows.
	const whole =
		nat.kind === "shown" || facts.netfilter.listed.some((one) => one.backend === backend && one.family === 4);
	return whole ? { any: false, at } : null;
}

function dropsForward(facts: HostFacts, backend: Backend): Span | null {
	const answer = tableOf(facts.netfilter, backend, 4, "filter");
	if (answer.kind !== "shown" || answer.table.backend !== backend) return null;
	const forward = answer.table.chains.find((chain) => chain.name === "FORWARD");
	return forward?.base?.policy === "drop" ? forward.at : null;
}

/** Native nft content in dockerd's way: a table it can't translate, or a base chain the kernel refuses beside another. */
function nativeConflict(facts: HostFacts) {
	const incompatible = complaints(facts.failures, "table-incompatible").filter((one) => one.best.fromDockerd);
	// ENOENT here means a missing module, not a conflict; EBUSY and EOPNOTSUPP mean that the place is taken.
	const taken = complaints(facts.failures, "chain-add-refused").filter(
		({ best, complaint }) => best.fromDockerd && /busy|not supported|exists/i.test(complaint.errno),
	);
	const all = [...incompatible, ...taken];
	const best = all[0];
	if (!best) return null;
	const table =
		best.complaint.kind === "table-incompatible" ? best.complaint.table : (best.best.command?.table ?? null);
	return {
		kind: "present" as const,
		confidence: "likely" as const,
		params: { case: "native" as const, active: "nf_tables" as const, table },
		signs: [
			sign(
				"The kernel or `iptables-nft` refuses Docker’s chain because a native nft chain stands in its place",
				placesOfFailures(all),
			),
		],
		ask: ["nft-rule-set" as const],
	};
}
