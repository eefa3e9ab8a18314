import type { AddressFound, MacFound } from "./addresses";
import type { Edit } from "./columns";
import type { Category, Place } from "./detector";
import type { LearnedName } from "./learned-names";
import type { Mark } from "./marks";
import type { Naming } from "./naming";

const KINDS = new Map<string, string>([
	["ipv4", "IPv4 address"],
	["ipv6", "IPv6 address"],
	["mac", "MAC address"],
	["host", "host name"],
	["user", "user name"],
	["mail", "mail address"],
	["container", "container name"],
	["image", "image name"],
	["net", "network name"],
	["volume", "volume name"],
	["project", "project name"],
	["label", "label"],
	["name", "name"],
	["serial", "serial number"],
	["ssid", "wireless network"],
	["id", "id"],
	["uuid", "id"],
	["engine-id", "id"],
	["word", "hidden word"],
	["named-secret", "secret"],
	["repeated-secret", "secret"],
	["encoded-secret", "secret in base64"],
	["url-password", "password"],
	["dsn-password", "password"],
	["proxy-password", "password"],
	["smb-password", "password"],
	["pgpass", "password"],
]);

/** A kind as the preview says it: `host name`, `swarm token`. */
export function kindInWords(kind: string): string {
	return KINDS.get(kind) ?? kind.replaceAll("-", " ");
}

/** How often one thing was replaced. */
export type ReplacedThing = {
	/** In words, for the preview. */
	readonly kind: string;
	readonly pseudonym: string;
	readonly count: number;
	readonly category: Category;
};

/** What was replaced so far, over all sources. */
export type Ledger = {
	readonly naming: Naming;
	readonly originals: Map<string, string>;
	readonly things: Map<string, ReplacedThing>;
	/** What each name names, so that a container that is reached by its name as a host has one stand-in. */
	readonly names: ReadonlyMap<string, LearnedName>;
};

/** Asks the naming for each mark, in order, and counts what is replaced. */
export function editsOf(
	ledger: Ledger,
	raw: string,
	marks: readonly Mark[],
	addresses: ReadonlyMap<number, AddressFound | MacFound>,
): readonly MarkedEdit[] {
	const edits: MarkedEdit[] = [];
	for (const mark of marks) {
		const original = raw.slice(mark.from, mark.to);
		const pseudonym = pseudonymOf(ledger, mark, original, addresses.get(mark.from));
		if (pseudonym === original) continue;
		for (const piece of linesOf(raw, mark)) edits.push({ ...piece, with: pseudonym, mark });
		if (!ledger.originals.has(pseudonym)) ledger.originals.set(pseudonym, original);
		const thing = ledger.things.get(pseudonym);
		if (thing) ledger.things.set(pseudonym, { ...thing, count: thing.count + 1 });
		else ledger.things.set(pseudonym, { kind: kindInWords(mark.kind), pseudonym, count: 1, category: mark.category });
	}
	return edits;
}

/** A key or a wrapped token covers lines; each is replaced by itself, so that line numbers stay what they were. */
function linesOf(raw: string, mark: Mark): readonly Place[] {
	const text = raw.slice(mark.from, mark.to);
	if (!text.includes("\n")) return [{ from: mark.from, to: mark.to }];
	const pieces: Place[] = [];
	let at = mark.from;
	for (const line of text.split("\n")) {
		const lead = at === mark.from ? 0 : (/^[\s>]*/.exec(line)?.[0].length ?? 0);
		const tail = line.endsWith("\r") ? 1 : 0;
		if (line.length - tail > lead) pieces.push({ from: at + lead, to: at + line.length - tail });
		at += line.length + 1;
	}
	return pieces;
}

function pseudonymOf(
	{ naming, names }: Ledger,
	mark: Mark,
	original: string,
	address: AddressFound | MacFound | undefined,
): string {
	if (mark.category === "secret") return naming.secret(original);
	switch (mark.kind) {
		case "ipv4":
		case "ipv6":
			return naming.address(original, address && address.kind !== "mac" ? address.length : null);
		case "mac":
			return naming.mac(original);
		case "id":
			return naming.id(original);
		case "uuid":
			return naming.uuid(original);
		case "engine-id":
			return naming.engineId(original);
		case "host":
		case "container":
		case "user":
		case "net":
		case "volume":
		case "project":
		case "name": {
			const learned = names.get(original)?.kind ?? mark.kind;
			return naming.name(learned === "image" ? mark.kind : learned, original);
		}
		default:
			return naming.name(mark.kind, original);
	}
}

/** A replacement and what it replaces. */
export type MarkedEdit = Edit & { readonly mark: Mark };
