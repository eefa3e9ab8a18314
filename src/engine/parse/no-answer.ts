/**
 * A command that hung until somebody pressed Ctrl-C.
 *
 *     $ docker run -d -p 8080:80 nginx
 *     ^C
 *
 *     (no answer for 12s, interrupted with Ctrl-C)
 *     (waits without a word, interrupted after 5s)
 *
 * Not read: ^C after a command that is meant to go on until then (`docker logs -f`, `journalctl -f`, `docker compose up`, ping).
 */

const REMARK =
	/^\s{0,8}[([{<*#-]{1,3}[^)\]}>]{0,120}(?:no answer|without a word|waits|hangs|hung|stuck|nothing happens|no output|never (?:returns|comes back))[^)\]}>]{0,120}/i;
const INTERRUPTED = /^\s{0,4}\^C(?:\s|$)|^\s{0,4}(?:canceled|got signal|interrupt)\s{0,4}$/;
const ENDLESS =
	/\b(?:logs|events|stats|attach|up|top|watch|tail|ping|tcpdump|exec|journalctl|dmesg)\b|\s-(?:f|w|it|ti)\b|--follow/;

/** Whether this line says that `typed` hung. */
export function isNoAnswer(text: string, typed: string | null): boolean {
	if (text.length > 400) return false;
	const remark = REMARK.test(text);
	if (remark) return typed === null || /docker|tables|podman|systemctl|ufw|firewall/.test(typed);
	if (!INTERRUPTED.test(text) || typed === null) return false;
	if (/(?:^|\/)ip6?tables/.test(typed)) return true;
	return /(?:^|\/)docker\b/.test(typed) && !ENDLESS.test(typed);
}

/** How long it was waited for, where the remark says so. */
export function secondsWaited(text: string): number | null {
	const read = /(\d{1,5}) ?(s|sec|seconds?|m|min|minutes?)\b/i.exec(text);
	if (read === null) return null;
	return Number(read[1]) * (read[2]?.toLowerCase().startsWith("m") ? 60 : 1);
}
