/**
 * The key of this tab's draft: AES-256-GCM, made in this browser and not extractable, kept in IndexedDB under a name
 * that only this tab's session storage knows. A living tab holds a lock of that name.
 *
 * What that gives, and what not: the draft in session storage (which browsers write to the disk to bring tabs back) is
 * unreadable without the key; the key goes with "Forget everything" at once, and otherwise when a later visit finds
 * that no tab has held its lock for a day, which leaves time to bring a crashed browser's tabs back. Until then,
 * somebody who copies the whole browser profile has both: "not extractable" binds scripts, not the disk.
 */
export type TabKey = {
	/** The text, compressed and encrypted. */
	seal(text: string): Promise<string>;
	/** Null where it was not sealed with this key. */
	open(sealed: string): Promise<string | null>;
	/** Drops the key; the next `seal` makes another. What was sealed before can't be opened by anybody. */
	forget(): Promise<void>;
};

const DATABASE = "stackengine";
const KEYS = "tab-keys";
const TAB = "stackengine.tab";
const IV_BYTES = 12;
/** How long the key of a tab that is gone is left for the browser to bring it back. */
const GRACE = 24 * 60 * 60 * 1000;

/** What is kept of a tab. `seen`: milliseconds since 1970, when it was last opened. */
type Kept = { readonly key: CryptoKey; readonly seen: number };

const isKept = (value: unknown): value is Kept =>
	value instanceof Object && "key" in value && value.key instanceof CryptoKey && "seen" in value;

const lockName = (id: string): string => `${DATABASE}.${id}`;

const settled = <T>(request: IDBRequest<T>): Promise<T> =>
	new Promise((resolve, reject) => {
		request.onsuccess = () => resolve(request.result);
		request.onerror = () => reject(request.error);
	});

/** The store of keys, for one request or several at once. */
async function store(mode: IDBTransactionMode): Promise<IDBObjectStore> {
	const opening = indexedDB.open(DATABASE, 1);
	opening.onupgradeneeded = () => opening.result.createObjectStore(KEYS);
	const database = await settled(opening);
	const transaction = database.transaction(KEYS, mode);
	transaction.oncomplete = () => database.close();
	return transaction.objectStore(KEYS);
}

/** Holds the lock until the tab is gone. False: another tab holds it. */
function hold(id: string): Promise<boolean> {
	return new Promise((resolve, reject) => {
		navigator.locks
			.request(lockName(id), { ifAvailable: true }, (lock) => {
				resolve(lock !== null);
				return lock === null ? undefined : new Promise(() => undefined);
			})
			.catch(reject);
	});
}

/** Drops the keys of tabs that have been gone for a day. */
async function sweep(own: string): Promise<void> {
	const { held = [] } = await navigator.locks.query();
	const living = new Set(held.map(({ name }) => name));
	const keys = await store("readwrite");
	const ids = await settled(keys.getAllKeys());
	for (const id of ids) {
		if (id === own || living.has(lockName(String(id)))) continue;
		const kept: unknown = await settled(keys.get(id));
		if (!isKept(kept) || Date.now() - kept.seen > GRACE) keys.delete(id);
	}
}

/** All bytes that come out of a stream's transformation of some bytes. */
async function through(
	bytes: Uint8Array<ArrayBuffer>,
	by: CompressionStream | DecompressionStream,
): Promise<ArrayBuffer> {
	return new Response(new Blob([bytes]).stream().pipeThrough(by)).arrayBuffer();
}

const CHUNK = 0x8000;
function toBase64(bytes: Uint8Array): string {
	let text = "";
	for (let at = 0; at < bytes.length; at += CHUNK) text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
	return btoa(text);
}

/**
 * This tab's key, and whether the tab is a copy of one that is still open: a duplicated tab inherits the session
 * storage, so it reads with the other's key once and writes with its own from then on.
 * Rejects where the browser has no cryptography, database or locks: on plain http, or as its settings say.
 */
export async function openTabKey(session: Pick<Storage, "getItem" | "setItem">): Promise<TabKey> {
	if (globalThis.crypto?.subtle === undefined || !("locks" in navigator)) throw new Error("No cryptography here");
	const inherited = session.getItem(TAB);
	const mine = inherited !== null && (await hold(inherited));
	const id = mine ? inherited : crypto.randomUUID();
	if (!mine) {
		await hold(id);
		session.setItem(TAB, id);
	}
	const read = async (of: string): Promise<CryptoKey | null> => {
		const kept: unknown = await settled((await store("readonly")).get(of));
		return isKept(kept) ? kept.key : null;
	};
	const write = async (kept: CryptoKey): Promise<CryptoKey> => {
		await settled((await store("readwrite")).put({ key: kept, seen: Date.now() } satisfies Kept, id));
		return kept;
	};
	const make = async () =>
		write(await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]));

	const before = inherited === null ? null : await read(inherited);
	let key: Promise<CryptoKey> | null = mine && before !== null ? write(before) : null;
	const opener = before;
	void sweep(id).catch(() => undefined);

	return {
		seal: async (text) => {
			key ??= make();
			const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
			const plain = await through(new TextEncoder().encode(text), new CompressionStream("deflate-raw"));
			const cipher = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await key, plain));
			const whole = new Uint8Array(IV_BYTES + cipher.length);
			whole.set(iv);
			whole.set(cipher, IV_BYTES);
			return toBase64(whole);
		},
		open: async (sealed) => {
			if (opener === null) return null;
			try {
				const whole = Uint8Array.from(atob(sealed), (character) => character.charCodeAt(0));
				const iv = whole.subarray(0, IV_BYTES);
				const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, opener, whole.subarray(IV_BYTES));
				return new TextDecoder().decode(await through(new Uint8Array(plain), new DecompressionStream("deflate-raw")));
			} catch {
				// Sealed with another key, or not by us.
				return null;
			}
		},
		forget: async () => {
			key = null;
			await settled((await store("readwrite")).delete(id));
		},
	};
}
