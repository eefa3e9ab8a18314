import { type Columns, dropFront, joined, keepFront } from "./columns";

/**
 * A program's warning that tore a line of its own output in two:
 *
 *     -A DOCKER ! -i docker0 -p t# Warning: iptables-legacy tables present, use iptables-legacy-save to see them
 *     cp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80
 *
 * iptables-nft-save writes to a pipe 4 KB at a time and warns before it writes the last piece, so `2>&1` puts the warning
 * wherever the pieces meet (iptables 1.8.9, xtables-save.c). The torn line is made whole, the warning stands behind it;
 * as many lines come out as went in.
 */
export function mended(lines: readonly Columns[]): readonly Columns[] {
	const result = [...lines];
	for (let index = 0; index + 1 < lines.length; index++) {
		const line = lines[index];
		const next = lines[index + 1];
		const at = line?.text.indexOf(WARNING) ?? -1;
		if (!line || !next || at <= 0 || !line.text.endsWith(END) || !SAVE_LINE.test(line.text)) continue;
		result[index] = joined(keepFront(line, at), "", next);
		result[index + 1] = dropFront(line, at);
		index++;
	}
	return result;
}

const WARNING = "# Warning: ip";
const END = " to see them";
/** How any line of iptables-save begins. */
const SAVE_LINE = /^[-:*[#C]/;
