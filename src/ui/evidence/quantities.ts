const UNITS = ["KB", "MB", "GB", "TB"] as const;

/** Bytes as people say them, in powers of 1000: `512 bytes`, `1.2 GB`. */
export function bytes(amount: number): string {
	if (amount < 1_000) return `${Math.round(amount)} bytes`;
	let value = amount;
	let unit = -1;
	while (value >= 999.5 && unit < UNITS.length - 1) {
		value /= 1_000;
		unit += 1;
	}
	return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${UNITS[unit]}`;
}

/** A count with a thin space between thousands, which no country reads as a decimal point. */
export const count = (amount: number): string => String(amount).replace(/\B(?=(?:\d{3})+$)/g, "\u2009");

/** Milliseconds as a person would wait for them: `3 s`, `2 min`. */
export function seconds(milliseconds: number): string {
	const whole = Math.ceil(milliseconds / 1_000);
	return whole < 100 ? `${whole} s` : `${Math.ceil(whole / 60)} min`;
}
