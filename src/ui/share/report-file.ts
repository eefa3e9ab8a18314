/** The name of a report that is sent as a file. It tells nothing of the host. */
export const REPORT_FILE = "report.stackengine.txt";

/** The file of a link's fragment: one line that says what it is, and the fragment. */
export function reportFile(fragment: string): string {
	return `A StackEngine report. Drop this file into the page, or put the next line behind the page's address and a #.\n${fragment}\n`;
}
