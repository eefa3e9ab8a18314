import type { Scanned } from "./detector";
import { eachWord } from "./shape";

/**
 * What our stand-ins look like. A second pass must know them, so every form is one that nobody else writes by chance,
 * and that the tools' own grammars still accept: a container name, a DNS name, hex digits.
 */
const NUMBERED = /^(?:redacted|host|user|mail|container|image|net|volume|project|label|serial|ssid|word|name)-\d{1,6}$/;
const HOST = /^host-\d{1,6}\.example$/;
const MAIL = /^mail-\d{1,6}@mail\.example$/;
const HEX_ID = /^ed[0-9a-f]{4}0{4}[0-9a-f]{2}0{0,52}$/;
const SWARM_ID = /^sw[0-9a-f]{6}0{4,17}$/;
const UUID = /^00000000-0000-4000-8000-[0-9a-f]{12}$/;
const ENGINE_ID = /^ED00(?::0000){7}(?::[0-9A-F]{4}){4}$/;

/** Whether the word is a stand-in that an earlier pass has put in. Addresses have no such form, see `address-map.ts`. */
export function isPseudonym(word: string): boolean {
	// Asked for every word of a text: most have no digit, and all stand-ins have one.
	if (word.length < 5 || word.length > 64 || !/\d/.test(word)) return false;
	return (
		NUMBERED.test(word) ||
		HOST.test(word) ||
		MAIL.test(word) ||
		HEX_ID.test(word) ||
		SWARM_ID.test(word) ||
		UUID.test(word) ||
		ENGINE_ID.test(word)
	);
}

/** Stand-in of the n-th hex id; `length` digits of it, at least 8. The first 8 tell ids apart, as Docker's short forms need. */
export function hexPseudonym(n: number, length: number): string {
	const low = (n % 65536).toString(16).padStart(4, "0");
	const high = Math.floor(n / 65536)
		.toString(16)
		.padStart(2, "0");
	return `ed${low}0000${high}`.padEnd(64, "0").slice(0, length);
}

/** Stand-in of the n-th swarm id (25 characters of base 36, or its 12-character short form). */
export function swarmPseudonym(n: number, length: number): string {
	return `sw${n.toString(16).padStart(6, "0")}`.padEnd(25, "0").slice(0, length);
}

/** Stand-in of the n-th UUID. */
export function uuidPseudonym(n: number): string {
	return `00000000-0000-4000-8000-${n.toString(16).padStart(12, "0")}`;
}

/** Stand-in of an engine id of the old form: twelve groups of four. */
export function engineIdPseudonym(n: number): string {
	const tail = n.toString(16).toUpperCase().padStart(16, "0");
	return `ED00${":0000".repeat(7)}:${tail.slice(0, 4)}:${tail.slice(4, 8)}:${tail.slice(8, 12)}:${tail.slice(12)}`;
}

const NUMBERED_PARTS =
	/\b(redacted|host|user|container|image|net|volume|project|label|serial|ssid|word|name|mail)-(\d{1,6})\b/g;

/** Highest number in use per numbered form, so that new stand-ins never collide with words of the paste. */
export function numbersInUse(texts: readonly Scanned[]): Map<string, number> {
	const used = new Map<string, number>();
	const note = (form: string, n: number): void => {
		if (n > (used.get(form) ?? 0)) used.set(form, n);
	};
	for (const { raw, lower, shape } of texts) {
		eachWord(shape, (from, to, _, dashes) => {
			if (dashes === 0) return;
			for (const match of raw.slice(from, to).matchAll(NUMBERED_PARTS)) note(match[1] ?? "", Number(match[2]));
		});
		for (const { from, to } of shape.runs) {
			if (to - from < 12 || (raw[from] !== "e" && raw[from] !== "s")) continue;
			const word = raw.slice(from, to);
			const hex = /^ed([0-9a-f]{4})0000([0-9a-f]{2})/.exec(word);
			if (hex) note("hex", Number.parseInt(hex[1] ?? "0", 16) + 65536 * Number.parseInt(hex[2] ?? "0", 16));
			const swarm = /^sw([0-9a-f]{6})0000/.exec(word);
			if (swarm) note("swarm", Number.parseInt(swarm[1] ?? "0", 16));
		}
		for (const [form, head, digits] of FIXED_HEADS) {
			for (let at = lower.indexOf(head); at >= 0; at = lower.indexOf(head, at + 1)) {
				const tail = digits.exec(raw.slice(at + head.length, at + head.length + 16))?.[0].replaceAll(":", "");
				if (tail !== undefined) note(form, Number.parseInt(tail, 16));
			}
		}
	}
	return used;
}

const FIXED_HEADS: readonly (readonly [form: string, head: string, digits: RegExp])[] = [
	["uuid", "00000000-0000-4000-8000-", /^[0-9a-f]{12}\b/],
	["mac-vendor", "00:00:5e:00:53:", /^[0-9a-f]{2}\b/],
	["mac-local", "02:00:00:00:", /^[0-9a-f]{2}:[0-9a-f]{2}\b/],
	["mac-local", "02:42:00:00:", /^[0-9a-f]{2}:[0-9a-f]{2}\b/],
];
