import type { LineNumbers } from "./evidence";

/** The line of the file that a line of its excerpt is; the same number where the text is no excerpt. Both count from 1. */
export function fileLine(numbers: LineNumbers | undefined, excerptLine: number): number {
	if (numbers === undefined) return excerptLine;
	let low = 0;
	let high = numbers.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((numbers[middle]?.[0] ?? 0) <= excerptLine) low = middle + 1;
		else high = middle;
	}
	const [from, to] = numbers[low - 1] ?? [1, 1];
	return to + excerptLine - from;
}
