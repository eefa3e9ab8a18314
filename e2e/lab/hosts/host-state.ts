import type { Host } from "./host";

/** What a repair may change on a host, by part; lines are sorted where their order means nothing. */
export type HostState = ReadonlyMap<StatePart, readonly string[]>;
export type StatePart = "rules" | "native nft" | "settings" | "files";

/** What differs between two states: the part, and up to six lines with `-` (only before) and `+` (only after). */
export type Difference = { readonly part: StatePart; readonly lines: readonly string[] };

const PARTS: Readonly<Record<StatePart, string>> = {
	rules: 'for p in iptables ip6tables; do for b in legacy nft; do echo "## $p-$b"; $p-$b-save 2>/dev/null; done; done',
	// The tables of iptables-nft are among the rules.
	"native nft":
		"nft -s list ruleset 2>/dev/null | awk '/^table (ip|ip6) (filter|nat|raw|mangle|security) /{skip=1} !skip{print} /^}/{skip=0}'",
	settings:
		'for f in /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv4/conf/all/* /proc/sys/net/ipv4/conf/default/* /proc/sys/net/ipv4/conf/eth?/* /proc/sys/net/bridge/*; do printf "%s %s\\n" "$f" "$(cat "$f" 2>/dev/null | tr "\\n" " ")"; done; ip rule; ip -6 rule',
	files:
		"find /etc /usr/sbin /usr/bin /usr/lib/systemd /usr/libexec ! -type d ! -path /etc/mtab -printf '%p %m %u %s %l\\n' 2>/dev/null | sort; find /etc -type f -print0 | sort -z | xargs -0 sha256sum",
};

/** Reads the state of a host; changes nothing. */
export async function stateOf(host: Host): Promise<HostState> {
	const state = new Map<StatePart, readonly string[]>();
	for (const [part, command] of entriesOf(PARTS)) {
		const { stdout } = await host.sh(command, { seconds: 60 });
		const lines = stdout.split("\n");
		state.set(part, part === "rules" ? plainRules(lines) : lines);
	}
	return state;
}

/** Empty: the two are the same. */
export function differences(before: HostState, after: HostState): readonly Difference[] {
	return [...before].flatMap(([part, lines]) => {
		const now = after.get(part) ?? [];
		if (lines.join("\n") === now.join("\n")) return [];
		const [had, has] = [new Set(lines), new Set(now)];
		const gone = lines.filter((line) => !has.has(line)).map((line) => `- ${line}`);
		const come = now.filter((line) => !had.has(line)).map((line) => `+ ${line}`);
		return [{ part, lines: [...gone, ...come].slice(0, 6) }];
	});
}

/** In one line each, for people. */
export function differenceText(found: readonly Difference[]): string {
	return found.map(({ part, lines }) => `${part}: ${lines.join("; ") || "another order"}`).join("\n");
}

/**
 * Saved rule sets without dates and counters. A table that holds nothing and lets everything pass is as good as none:
 * listing with the nft program makes such tables, and a restore can't take one away.
 */
function plainRules(lines: readonly string[]): readonly string[] {
	const kept: string[] = [];
	let table: string[] = [];
	let program = "";
	for (const raw of lines) {
		const line = raw.replace(/ ?\[\d+:\d+\] ?/, "").trim();
		if (line.startsWith("## ")) program = line.slice(3);
		if (line.startsWith("#") || line === "") continue;
		table.push(line);
		if (line !== "COMMIT") continue;
		// `:CHAIN -` is a chain somebody made, `:CHAIN ACCEPT` the kernel's own.
		// Each rule says where it stands, so that a difference can be read by itself.
		const where = `${program} ${table[0] ?? ""}`;
		if (table.some((one) => !/^(?:\*|COMMIT$)/.test(one) && !/^:\S+ ?ACCEPT$/.test(one)))
			kept.push(...table.map((one) => `${where} ${one}`));
		table = [];
	}
	return kept;
}

function entriesOf<K extends string, V>(record: Readonly<Record<K, V>>): readonly (readonly [K, V])[] {
	const keys = Object.keys(record).filter((key): key is K => Object.hasOwn(record, key));
	return keys.map((key) => [key, record[key]]);
}
