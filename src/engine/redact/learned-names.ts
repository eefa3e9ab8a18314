import type { NameKind } from "./name-detectors";
import { isPseudonym } from "./pseudonym";
import { COMMON_NAMES, TRADE_WORDS } from "./vocabulary";

/** A word that was seen to be a name. `sweep`: to be replaced wherever it stands as a whole word. */
export type LearnedName = { readonly kind: NameKind; readonly sweep: boolean };

/** What a word that names several things is taken for where it stands free in text. */
const PRECEDENCE: readonly NameKind[] = [
	"container",
	"host",
	"user",
	"net",
	"volume",
	"project",
	"image",
	"name",
	"label",
	"serial",
	"ssid",
];

/** Notes a name, and what of it may stand somewhere by itself: `contoso` of `srv.contoso.de`, `jonas` of `jonas.weber`. */
export function learnName(names: Map<string, LearnedName>, kind: NameKind, word: string, sweep: boolean): void {
	note(names, kind, word, sweep && kind !== "label" && isDistinct(word));
	if (kind === "host" && word.includes(".")) learnOwner(names, word);
	if (kind === "user" && sweep) {
		// last and ps cut a name to eight characters, or to seven and a plus.
		if (word.length > 8)
			for (const short of [word.slice(0, 8), word.slice(0, 7)]) note(names, "user", short, isDistinct(short));
		if (word.includes(".")) for (const part of word.split(".")) learnSpellings(names, part);
	}
}

/** The people and the firm of a mail address. */
export function learnMail(names: Map<string, LearnedName>, mail: string): void {
	const at = mail.lastIndexOf("@");
	learnName(names, "user", mail.slice(0, at), true);
	learnOwner(names, mail.slice(at + 1));
}

/** Whether a name may be looked for in free text: long enough, and no word that means something there. */
function isDistinct(word: string): boolean {
	return (
		word.length >= 2 &&
		!TRADE_WORDS.has(word.toLowerCase()) &&
		/[A-Za-z]/.test(word) &&
		(word.length >= 3 || /\d/.test(word))
	);
}

function note(names: Map<string, LearnedName>, kind: NameKind, word: string, sweep: boolean): void {
	const known = names.get(word);
	const first = known && PRECEDENCE.indexOf(known.kind) <= PRECEDENCE.indexOf(kind) ? known.kind : kind;
	names.set(word, { kind: first, sweep: sweep || (known?.sweep ?? false) });
}

// Second levels that are no name of anybody: acme.co.uk.
const SECOND_LEVELS = new Set(["co", "com", "org", "net", "ac", "gov", "edu", "or", "ne", "go"]);
const EVERYBODYS = new Set([
	"prod",
	"stage",
	"staging",
	"cloud",
	"cluster",
	"mail",
	"smtp",
	"office",
	"intra",
	"intern",
	"corp",
	"home",
	"test",
	"demo",
	"backup",
	"web",
	"shop",
	"amazonaws",
	"azure",
	"azurecr",
	"windows",
	"cloudapp",
	"digitalocean",
	"hetzner",
	"linode",
	"contabo",
	"github",
	"gitlab",
	"docker",
	"svc",
	"default",
]);

/** The firm in a host name: the label before the ending. */
function learnOwner(names: Map<string, LearnedName>, host: string): void {
	const labels = host.toLowerCase().split(".");
	const second = labels.at(-2) ?? "";
	learnSpellings(names, SECOND_LEVELS.has(second) ? (labels.at(-3) ?? "") : second);
}

function learnSpellings(names: Map<string, LearnedName>, word: string): void {
	const plain = word.toLowerCase();
	if (
		!/^[a-z][a-z0-9-]{3,40}$/.test(plain) ||
		EVERYBODYS.has(plain) ||
		COMMON_NAMES.has(plain) ||
		TRADE_WORDS.has(plain) ||
		isPseudonym(plain)
	)
		return;
	for (const spelling of [plain, plain.charAt(0).toUpperCase() + plain.slice(1), plain.toUpperCase()])
		note(names, "name", spelling, true);
}
