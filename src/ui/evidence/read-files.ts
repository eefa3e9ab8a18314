/** A file read as text. `name` is the last part of its name; a path never enters the page. */
export type TextFile = { readonly name: string; readonly text: string };

/** Dropped or chosen files: those read at once, those that take a while, and what is to be said of the others. */
export type Dropped = {
	readonly files: readonly TextFile[];
	readonly large: readonly File[];
	readonly refusals: readonly string[];
};

/** Bytes above which a file is not read here but a piece at a time, beside the page. */
const LARGE = 4 * 1024 * 1024;

type Read = { readonly file: TextFile } | { readonly large: File } | { readonly refusal: string };

const read = async (file: File): Promise<Read> => {
	try {
		if (file.size > LARGE || (await isPacked(file))) return { large: file };
		const text = await file.text();
		// No log and no listing has a NUL in it; archives, images and core files do.
		if (text.slice(0, 65_536).includes("\0")) return { refusal: `${file.name} is not text and was not read.` };
		return { file: { name: file.name, text } };
	} catch {
		return { refusal: `${file.name} could not be read.` };
	}
};

/** Whether a file begins as gzip and zstd do, or as UTF-16 of Windows does. */
async function isPacked(file: File): Promise<boolean> {
	const [first, second, third, fourth] = new Uint8Array(await file.slice(0, 4).arrayBuffer());
	if (first === 0x1f && second === 0x8b) return true;
	if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return true;
	return first === 0x28 && second === 0xb5 && third === 0x2f && fourth === 0xfd;
}

/** Reads dropped or chosen files as far as that is done at once. */
export async function readTextFiles(files: readonly File[]): Promise<Dropped> {
	const all = await Promise.all(files.map(read));
	return {
		files: all.flatMap((one) => ("file" in one ? [one.file] : [])),
		large: all.flatMap((one) => ("large" in one ? [one.large] : [])),
		refusals: all.flatMap((one) => ("refusal" in one ? [one.refusal] : [])),
	};
}
