/**
 * Characters a token, for an estimate. Measured with OpenAI's o200k table on the 126 samples of src/engine/text/samples:
 * 3.03 over all, 2.4 for iptables-save to 5.8 for an `iptables -L` full of blanks. Other providers cut otherwise.
 */
const CHARACTERS_A_TOKEN = 3;

/** Tokens that a text takes, about. */
export const tokensOf = (characters: number): number => Math.ceil(characters / CHARACTERS_A_TOKEN);

/** US dollars for tokens at a price for a million. */
export const dollars = (tokens: number, aMillion: number): number => (tokens * aMillion) / 1_000_000;

/** `$0.012`, `less than $0.001`, `$2.40`. */
export function money(amount: number): string {
	if (amount === 0) return "$0";
	if (amount < 0.001) return "less than $0.001";
	return `$${amount.toFixed(amount < 1 ? 3 : 2)}`;
}
