/**
 * What a verdict needs and nothing more: the first part of the engine that the page's worker loads. The rest stands
 * behind `printing.ts` and is loaded after it; `index.ts` is both, for the command line.
 */
export { analyse, remembering, traceFlow } from "./analyse";
export { catalogue } from "./catalogue";
export { renderDiff } from "./remedy/diff";
export { VERSION } from "./version";
