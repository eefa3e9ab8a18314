/**
 * Something of our own making, in the place where docker, the system or a person leaves it. `gone` must not stand in the
 * result in any form; `stays` must, for the diagnosis or the reader needs it. No secret of these is or was valid anywhere.
 */
export type Planted = readonly [title: string, text: string, gone: readonly string[], stays?: readonly string[]];
