import { COMMANDS, CONSUMERS, type CommandOption, commandAt, givenTo } from "./command-credentials";
import { type Detector, type Meter, matchAt, type Place, type Scanned, scanned } from "./detector";
import { base64Runs, percentEncodedWords } from "./encoded";
import { scanKeyBlocks } from "./key-blocks";
import { eachLiteral, indexLiterals } from "./literals";
import { VALUE_LITERALS, valueAfterName } from "./named-values";
import { PHRASES } from "./phrase-detectors";
import { isPseudonym } from "./pseudonym";
import { isOurs, isPlaceholder, TOKENS } from "./token-detectors";
import { scanUrls } from "./url-credentials";
import { wrappedViews } from "./wrapped";

/** What to ask where a literal stands. `order` numbers the detectors. */
type Question =
	| { readonly ask: "detector"; readonly detector: Detector; readonly order: number; readonly isPhrase: boolean }
	| { readonly ask: "value" }
	| { readonly ask: "command"; readonly row: CommandOption }
	| { readonly ask: "consumer"; readonly consumer: (typeof CONSUMERS)[number] };

const VALUE: Question = { ask: "value" };
const DETECTORS = [...TOKENS, ...PHRASES];
// All tables in one index, so that a text is walked once for all of them.
const QUESTIONS = indexLiterals<Question>([
	...DETECTORS.flatMap((detector, order) => {
		const question: Question = { ask: "detector", detector, order, isPhrase: order >= TOKENS.length };
		return detector.literals.map((literal) => [literal, question] as const);
	}),
	...VALUE_LITERALS.map((literal) => [literal, VALUE] as const),
	...CONSUMERS.map((consumer) => [consumer, { ask: "consumer", consumer }] as const),
	...COMMANDS.map((row) => [row.command, { ask: "command", row }] as const),
]);

/** What the search for secrets reports: `user` and `host` are identities that stood beside a secret. */
export type SecretFound = (kind: string, place: Place) => void;

/** Kinds that a token's own form tells; of two names for one place these say more. */
export const OF_FORM: ReadonlySet<string> = new Set(TOKENS.map(({ id }) => id).filter((id) => id !== "key-bytes"));

/** Kinds of `scanSecrets` that are identities. */
export const BESIDE_SECRETS: ReadonlySet<string> = new Set(["user", "host"]);

/** Every secret of a text, in no order and maybe overlapping. `depth` counts the encodings already taken off. */
export function scanSecrets(text: Scanned, found: SecretFound, meter?: Meter, depth = 0): void {
	const report: SecretFound = (kind, place) => {
		const word = text.raw.slice(place.from, place.to);
		// A token that ran on over a stand-in's line end is ours too.
		if (!isOurs(word) && !word.split(/\s+(?:> ?)?/).every(isOurs)) found(kind, place);
	};
	const command = (what: "secret" | "user", place: Place): void =>
		report(what === "secret" ? "password" : "user", place);
	scanLiterals(text, report, command, meter);
	scanKeyBlocks(text, (place) => report("private-key", place), meter);
	scanUrls(
		text,
		(part, place) => report(part === "url-password" ? "url-password" : part === "url-user" ? "user" : "host", place),
		meter,
	);
	if (depth < 2) scanEncoded(text, report, meter, depth);
	if (depth === 0) scanWrapped(text, report, meter);
}

function scanLiterals(
	text: Scanned,
	report: SecretFound,
	command: (what: "secret" | "user", place: Place) => void,
	meter: Meter | undefined,
): void {
	const { raw } = text;
	// A detector goes on behind its last match: so a run of literals costs no more than its length.
	const behind = new Int32Array(DETECTORS.length);
	let behindValue = 0;
	eachLiteral(text.lower, QUESTIONS, (question, at) => {
		if (question.ask === "command") commandAt(raw, question.row, at, command, meter);
		else if (question.ask === "consumer") givenTo(raw, question.consumer, at, command, meter);
		else if (question.ask === "value") {
			const place = at < behindValue ? null : valueAfterName(raw, at, meter);
			if (!place) return;
			behindValue = place.to;
			report(place.id, place);
		} else {
			const { detector, order, isPhrase } = question;
			if (at < (behind[order] ?? 0)) return;
			const place = matchAt(raw, detector, at, meter);
			behind[order] = Math.max(at + 1, place?.to ?? 0);
			if (place && !(isPhrase && isPlaceholder(raw.slice(place.from, place.to)))) report(detector.id, place);
		}
	});
}

/** Tokens that a terminal's hard wrap cut in two, anywhere: the lines are read as one and only what crosses counts. */
function scanWrapped(text: Scanned, report: SecretFound, meter: Meter | undefined): void {
	for (const { view, rawAt, joint } of wrappedViews(text.raw)) {
		scanSecrets(
			scanned(view),
			(kind, place) => {
				if (place.from >= joint || place.to <= joint || BESIDE_SECRETS.has(kind)) return;
				// The next line may be no continuation at all: a word, a prompt, a stand-in is not the rest of a token.
				const rest = view.slice(joint, place.to);
				const isRest =
					/^[A-Za-z0-9+/=_.~-]+$/.test(rest) &&
					!isPseudonym(rest) &&
					!isOurs(view.slice(place.from, joint)) &&
					(rest.length >= 20 || (/[0-9]/.test(rest) && /[A-Za-z]/.test(rest)) || joint - place.from < 16);
				if (isRest) report(kind, { from: rawAt(place.from), to: rawAt(place.to - 1) + 1 });
			},
			meter,
			1,
		);
	}
}

function scanEncoded(text: Scanned, report: SecretFound, meter: Meter | undefined, depth: number): void {
	percentEncodedWords(
		text,
		(word) => {
			scanSecrets(
				scanned(word.text),
				(kind, place) => report(kind, { from: word.rawAt(place.from), to: word.rawAt(place.to) }),
				meter,
				depth + 1,
			);
		},
		meter,
	);
	base64Runs(
		text,
		(run) => {
			if (run.decoded === null) {
				const key = keyBytes(text.raw, run);
				if (key) report("key-bytes", key);
				return;
			}
			if (hidesSecret(run.decoded, meter, depth)) report("encoded-secret", run);
		},
		meter,
	);
}

/** 32 random bytes, as WireGuard and Kubernetes print them: 43 characters and one `=`, also behind a path or an escape. */
function keyBytes(raw: string, run: Place): Place | null {
	const from = run.to - 44;
	const word = raw.slice(from, run.to);
	if (from < run.from || !/^[A-Za-z0-9+/]{43}=$/.test(word)) return null;
	const before = raw.charAt(from - 1);
	const alone = from === run.from || before === "/" || (before !== "" && /\\[nrt]$/.test(raw.slice(from - 2, from)));
	return alone && /[a-z]/.test(word) && /[A-Z]/.test(word) && /[0-9+/]/.test(word) ? { from, to: run.to } : null;
}

/** `user:password`, a pair with a telling name, a token, a key block: anything that would be a secret if it stood open. */
function hidesSecret(decoded: string, meter: Meter | undefined, depth: number): boolean {
	if (decoded.length < 8 || isPseudonym(decoded)) return false;
	if (/^[A-Za-z0-9_.@+-]{1,64}:[^\s:/][^\s]{2,200}$/.test(decoded)) return true;
	if (decoded.startsWith("-----BEGIN ")) return true;
	let secret = false;
	scanSecrets(
		scanned(decoded),
		(kind) => {
			if (!BESIDE_SECRETS.has(kind)) secret = true;
		},
		meter,
		depth + 1,
	);
	return secret;
}
