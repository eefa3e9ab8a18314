/** What reads files for the engine, large ones too. Stands apart from a verdict: a paste needs none of it. */
export type { Excerpt } from "./excerpt/excerpt";
export { type FileReader, type FileText, readFile } from "./excerpt/read-file";
