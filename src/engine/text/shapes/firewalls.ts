import { LIKELY, lineShape, NONE, type Shape, SURE, type View, WEAK } from "../shape";

// ufw/src/backend_iptables.py get_status(); the word after `Status:` is translated, so any single word will do.
const ufw: Shape = (() => {
	const lines = lineShape({
		kind: "ufw-status",
		sure: /^# \/etc\/(?:default\/ufw|ufw\/ufw\.conf)$|^DEFAULT_(?:INPUT|OUTPUT|FORWARD|APPLICATION)_POLICY=|^ERROR: problem running|^Default: \w+ \(incoming\)|^To\s+Action\s+From$|^Firewall (?:is active and enabled|stopped and disabled|reloaded|not enabled)/,
		own: /^(?:(?:DEFAULT|IPT|MANAGE)_\w+|IPV6|ENABLED|LOGLEVEL)=|^#(?: |$)|^(?:Logging|New profiles|Default|Status): ?|^-{2,}\s+-{2,}|^\S+(?: \(v6\)| on \S+| \S+\/\w+)?\s{2,}(?:ALLOW|DENY|REJECT|LIMIT)\b|^\[ ?\d+\] |^(?:Anywhere|Skipping|Rules? (?:added|updated|deleted)|WARN: |ERROR: )/,
		may: /\b(?:ALLOW|DENY|REJECT|LIMIT)(?: (?:IN|OUT|FWD))?\s/,
		absorbs: ["docker-error"],
	});
	return {
		...lines,
		opens: (view) => {
			const score = lines.opens(view);
			if (score > NONE) return score;
			const flat = view(0)?.flat ?? "";
			if (
				/^Status: (?:active|inactive|aktiv|inaktiv|actif|inactif|activo|inactivo|attivo|inattivo|ativo|inativo)$/i.test(
					flat,
				)
			)
				return SURE;
			// `Status: Downloaded newer image…` and dpkg's `Status: install ok installed` have more words.
			return /^\p{L}{4,12}: \p{L}{4,12}$/u.test(flat) && /^(?:Logging|Default|To {4,})/.test(view(1)?.flat ?? "")
				? LIKELY
				: NONE;
		},
	};
})();

const ZONE_DETAIL =
	/^(?:target|icmp-block-inversion|interfaces|sources|services|ports|protocols|forward|masquerade|forward-ports|source-ports|icmp-blocks|rich rules|priority|ingress-zones|egress-zones|ingress-priority|egress-priority):(?: |$)/;

const opensZone = (view: View): boolean =>
	/^[\w-]{1,40}(?: \((?:\w+(?:, \w+){0,3})\))?$/.test(view(0)?.flat ?? "") && ZONE_DETAIL.test(view(1)?.flat ?? "");

/** `firewall-cmd --state`, `--get-active-zones`, `--list-all`, `--info-zone`. */
const firewalld: Shape = {
	kind: "firewalld-state",
	opens: (view) => {
		const flat = view(0)?.flat ?? "";
		if (/^FirewallD is (?:not )?running$/i.test(flat) || opensZone(view)) return SURE;
		if (ZONE_DETAIL.test(flat) && ZONE_DETAIL.test(view(1)?.flat ?? "")) return LIKELY;
		if (/^FirewallBackend=\w+$/.test(flat)) return LIKELY;
		return /^(?:not )?running$/.test(flat) ? (opensZone((ahead) => view(ahead + 1)) ? LIKELY : WEAK) : NONE;
	},
	absorbs: new Set(["docker-error"]),
	reader: () => ({
		take: (view) => {
			const seen = view(0);
			if (seen === null) return "no";
			if (ZONE_DETAIL.test(seen.flat) || opensZone(view)) return "own";
			if (/^(?:rule (?:family|priority|protocol)|(?:not )?running$|FirewallD is|FirewallBackend=|#)/.test(seen.flat))
				return "own";
			return seen.indent > 0 ? "may" : "no";
		},
	}),
};

/** What firewall front ends print about themselves. */
export const FIREWALL_SHAPES: readonly Shape[] = [ufw, firewalld];
