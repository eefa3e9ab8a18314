/**
 * The fragment in a report file (`….stackengine.txt`), or null for any other text. A line of its own that begins with a
 * version and holds nothing but base64url; only the head of a text is looked at, so that a log of a gigabyte costs
 * nothing. What the fragment holds is for the engine to judge.
 */
export function fragmentInFile(text: string): string | null {
	const lines = text
		.slice(0, LONGEST)
		.split("\n", 4)
		.map((line) => line.trim());
	return lines.find((line) => /^v\d{1,4}e?\.[A-Za-z0-9_-]{8,}$/.test(line)) ?? null;
}

// A little more than the engine reads of a file.
const LONGEST = 6_100_000;
