import { useEffect, useRef, useState } from "react";
import type { Offered, Printable, PrintFormat } from "../../state/workspace-store";

export type Print = (of: Printable, format: PrintFormat) => Promise<string>;

/** The text of a plan in one form, or null until the engine has printed it. What was printed once is kept. */
export function usePrinted(of: Printable | null, format: PrintFormat | null, print: Print) {
	const [printed, setPrinted] = useState<ReadonlyMap<Printable, ReadonlyMap<PrintFormat, string>>>(new Map());
	const [failed, setFailed] = useState(false);
	const ask = useRef(print);
	ask.current = print;
	const text = of && format ? printed.get(of)?.get(format) : undefined;
	useEffect(() => {
		if (!of || !format || text !== undefined) return;
		let isGone = false;
		setFailed(false);
		ask.current(of, format).then(
			(made) => {
				if (isGone) return;
				// Only the plans shown now are kept: an earlier paste's are never asked for again.
				setPrinted((before) => new Map([[of, new Map([...(before.get(of) ?? []), [format, made]])]]));
			},
			() => {
				if (!isGone) setFailed(true);
			},
		);
		return () => {
			isGone = true;
		};
	}, [of, format, text]);
	return { text: text ?? null, failed };
}

/** The further formats of a repair; null until the engine has told. Asked only while `wanted`. */
export function useOffered(
	of: Printable | null,
	wanted: boolean,
	offered: (of: Printable) => Promise<readonly Offered[]>,
): readonly Offered[] | null {
	const [told, setTold] = useState<{ readonly of: Printable; readonly formats: readonly Offered[] } | null>(null);
	const ask = useRef(offered);
	ask.current = offered;
	const isTold = told !== null && told.of === of;
	useEffect(() => {
		if (!of || !wanted || isTold) return;
		let isGone = false;
		ask.current(of).then(
			(formats) => {
				if (!isGone) setTold({ of, formats });
			},
			() => {
				if (!isGone) setTold({ of, formats: [] });
			},
		);
		return () => {
			isGone = true;
		};
	}, [of, wanted, isTold]);
	return isTold ? told.formats : null;
}
