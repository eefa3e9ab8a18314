/** A file read as text. `name` is the last part of its name; a path never enters the page. */
export type TextFile = { readonly name: string; readonly text: string };

/** A larger file would fill the tab's memory before it is read. */
const LARGEST = 128 * 1024 * 1024;

const refusalOf = async (file: File): Promise<TextFile | string> => {
	if (file.size > LARGEST) return `${file.name} is larger than 128 MB and was not read.`;
	try {
		const text = await file.text();
		// No log and no listing has a NUL in it; archives, images and core files do.
		if (text.slice(0, 65_536).includes("\0")) return `${file.name} is not text and was not read.`;
		return { name: file.name, text };
	} catch {
		return `${file.name} could not be read.`;
	}
};

/** Reads dropped or chosen files; those that can't be taken come back as sentences. */
export async function readTextFiles(
	files: readonly File[],
): Promise<{ readonly files: readonly TextFile[]; readonly refusals: readonly string[] }> {
	const read = await Promise.all(files.map(refusalOf));
	return {
		files: read.filter((one) => typeof one !== "string"),
		refusals: read.filter((one) => typeof one === "string"),
	};
}
