import type { Flow } from "../../engine/packet-path/trace";
import type { Exposed, Place, Reach, WhoReaches } from "../../engine/reach";
import { classes } from "../components/classes";
import { Changes } from "./Changes";
import { type Cell, type Group, Matrix } from "./Matrix";
import styles from "./reach.module.css";

const c = classes(styles);

type Props = { readonly reach: WhoReaches; readonly onFollow: (flow: Flow) => void };

/** Published ports by who asks, and networks by where they lead. */
export function ReachTables({ reach, onFollow }: Props) {
	const { ports, networks, changes } = reach;
	if (ports.length === 0 && networks.length === 0)
		return <p className={c("soft")}>No published port and no network of Docker’s is in what was shown.</p>;
	return (
		<>
			{ports.length > 0 ? (
				<Matrix title="Published ports, and who gets an answer now" groups={portGroups(ports)} onFollow={onFollow} />
			) : null}
			{networks.length > 0 ? (
				<Matrix
					title="Networks, by the containers’ own addresses"
					note="A connection to a port that no rule names; whether anything listens is not asked."
					groups={networkGroups(networks)}
					onFollow={onFollow}
				/>
			) : null}
			{changes.length > 0 ? <Changes changes={changes} /> : null}
		</>
	);
}

function portGroups(ports: readonly Exposed[]): readonly Group[] {
	const groups = new Map<string, { title: string; leadsTo: string | null; cells: Cell[] }>();
	for (const port of ports) {
		const title = bindingOf(port);
		const group = groups.get(title) ?? { title, leadsTo: port.container ?? port.containerAddress, cells: [] };
		groups.set(title, group);
		group.cells.push({
			label: askerOf(port),
			outcome: port.outcome,
			note: port.via === null ? null : port.via === "dnat" ? "by DNAT" : "by docker-proxy",
			says: port.says,
			decidedBy: port.decidedBy,
			needs: port.needs,
			flow: port.flow,
		});
	}
	return [...groups.values()];
}

function bindingOf({ address, family, port, protocol }: Exposed): string {
	const host = address ?? (family === 4 ? "0.0.0.0" : "::");
	return `${family === 6 ? `[${host}]` : host}:${port}/${protocol}`;
}

function askerOf({ asker, family, networks }: Exposed): string {
	switch (asker) {
		case "outside":
			return "outside";
		case "loopback":
			return family === 4 ? "this host, 127.0.0.1" : "this host, ::1";
		case "own-address":
			return "this host, its address";
		case "same-network":
		case "other-network":
			return networks.length === 0 ? "a container" : `container on ${networks.join(", ")}`;
		default:
			return asker satisfies never;
	}
}

function networkGroups(networks: readonly Reach[]): readonly Group[] {
	const groups = new Map<string, { title: string; leadsTo: null; cells: Cell[] }>();
	const both = networks.some(({ family }) => family === 6);
	for (const one of networks) {
		const title = `from ${nameOf(one.from)}${both ? `, IPv${one.family}` : ""}`;
		const group = groups.get(title) ?? { title, leadsTo: null, cells: [] };
		groups.set(title, group);
		const [first] = one.except;
		const names = one.except.map(
			({ container, port, protocol }) => `${container ?? "port "}${container ? ":" : ""}${port}/${protocol}`,
		);
		group.cells.push({
			label: `to ${nameOf(one.to)}`,
			outcome: one.outcome,
			note: first
				? `but ${names.join(", ")}: ${one.except.every(({ outcome }) => outcome === first.outcome) ? wordOf(first.outcome) : "otherwise"}`
				: null,
			says: one.says,
			decidedBy: one.decidedBy,
			needs: one.needs,
			flow: one.flow,
		});
	}
	return [...groups.values()];
}

const nameOf = (place: Place): string => (place.kind === "network" ? place.name : "outside");
const wordOf = (outcome: Reach["outcome"]): string => (outcome === "delivered" ? "gets through" : outcome);
