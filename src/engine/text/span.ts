/**
 * Where something stands in what was pasted.
 *
 * `from` and `to` are UTF-16 offsets into the raw text of the artifact's source (as in CodeMirror, so an editor
 * needs no conversion); `to` is one past the last character. `line` and `lastLine` count from 1 within the artifact.
 */
export type Span = {
	readonly artifact: string;
	readonly from: number;
	readonly to: number;
	readonly line: number;
	readonly lastLine: number;
};

/** A remark of a parser about text it could not use: what, where. Never fatal. */
export type Remark = { readonly says: string; readonly at: Span };
