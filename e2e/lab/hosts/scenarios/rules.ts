import { askFromContainer, LOOK, RUN_ANOTHER, restartDaemon, type Scenario, START_ANOTHER } from "./scenario";

const INPUT_DROP =
	"iptables -A INPUT -i lo -j ACCEPT; iptables -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT; iptables -A INPUT -p tcp --dport 22 -j ACCEPT; iptables -P INPUT DROP";
const SWITCH =
	'case "$(iptables -V)" in *legacy*) other=nft ;; *) other=legacy ;; esac; update-alternatives --set iptables /usr/sbin/iptables-$other; update-alternatives --set ip6tables /usr/sbin/ip6tables-$other';

/** Somebody's rules, or the loss of Docker's. */
export const RULES: readonly Scenario[] = [
	{ name: "healthy", break: "true", trigger: LOOK, expected: ["healthy"], heals: [8080] },
	{
		name: "nat-flushed",
		break: "iptables -t nat -F; iptables -t nat -X",
		trigger: RUN_ANOTHER,
		retry: START_ANOTHER,
		expected: ["docker-chain-missing"],
		heals: [8080, 8081],
		play: true,
	},
	{
		name: "nat-flushed-live-restore",
		break: "iptables -t nat -F; iptables -t nat -X",
		trigger: RUN_ANOTHER,
		retry: START_ANOTHER,
		expected: ["docker-chain-missing"],
		heals: [8080, 8081],
		kinds: { daemonJson: { "live-restore": true } },
	},
	{
		name: "nat-flushed-python",
		break: "iptables -t nat -F; iptables -t nat -X",
		trigger: RUN_ANOTHER,
		retry: START_ANOTHER,
		expected: ["docker-chain-missing"],
		heals: [8080, 8081],
		kinds: { layers: ["python"], daemonJson: { "log-level": "info" } },
	},
	{
		name: "nat-chain-emptied",
		break: `${INPUT_DROP}; iptables -t nat -F DOCKER`,
		trigger: LOOK,
		expected: ["docker-chain-missing"],
		heals: [8080],
	},
	{
		name: "ruleset-flushed",
		break: "nft flush ruleset",
		trigger: RUN_ANOTHER,
		retry: START_ANOTHER,
		expected: ["docker-chain-missing", "docker-filter-chain-missing"],
		heals: [8080, 8081],
		fits: ({ backend }) => backend === "nft",
	},
	{
		name: "nftables-service",
		break:
			"printf '#!/usr/sbin/nft -f\\nflush ruleset\\ntable inet filter {\\n\\tchain input { type filter hook input priority 0; }\\n\\tchain forward { type filter hook forward priority 0; }\\n\\tchain output { type filter hook output priority 0; }\\n}\\n' >/etc/nftables.conf; nft -f /etc/nftables.conf",
		trigger: RUN_ANOTHER,
		retry: START_ANOTHER,
		expected: ["docker-chain-missing", "docker-filter-chain-missing"],
		heals: [8080, 8081],
		fits: ({ backend }) => backend === "nft",
	},
	{
		name: "old-rules-restored",
		break:
			"mkdir -p /etc/iptables; printf '*filter\\n:INPUT ACCEPT [0:0]\\n:FORWARD ACCEPT [0:0]\\n:OUTPUT ACCEPT [0:0]\\n-A INPUT -i lo -j ACCEPT\\nCOMMIT\\n*nat\\n:PREROUTING ACCEPT [0:0]\\n:INPUT ACCEPT [0:0]\\n:OUTPUT ACCEPT [0:0]\\n:POSTROUTING ACCEPT [0:0]\\nCOMMIT\\n' >/etc/iptables/rules.v4; iptables-restore </etc/iptables/rules.v4",
		trigger: RUN_ANOTHER,
		retry: START_ANOTHER,
		expected: ["docker-chain-missing", "docker-filter-chain-missing"],
		heals: [8080, 8081],
	},
	{
		name: "filter-flushed",
		break: "iptables -F; iptables -X",
		trigger: RUN_ANOTHER,
		retry: START_ANOTHER,
		expected: ["docker-filter-chain-missing"],
		heals: [8080, 8081],
		play: true,
	},
	{
		name: "filter-emptied",
		break: "iptables -F",
		trigger: LOOK,
		expected: ["docker-filter-chain-missing"],
		heals: [8080],
	},
	{
		name: "docker-user-drop",
		break: "iptables -I DOCKER-USER -i eth0 -j DROP",
		trigger: LOOK,
		expected: ["blocked-in-docker-user"],
		heals: [8080],
		byHand: {
			says: ["iptables -w 5 -I DOCKER-USER -p tcp -m conntrack --ctorigdstport 8080 -j RETURN"],
			does: "iptables -w 5 -I DOCKER-USER -p tcp -m conntrack --ctorigdstport 8080 -j RETURN",
			undo: "iptables -w 5 -D DOCKER-USER -p tcp -m conntrack --ctorigdstport 8080 -j RETURN",
		},
	},
	{
		name: "forward-reject",
		break: "iptables -I FORWARD -i eth0 -j REJECT --reject-with icmp-host-prohibited",
		trigger: LOOK,
		expected: ["forward-dropped"],
		heals: [8080],
		cutsOff: true,
		play: true,
	},
	{
		name: "nft-forward-drop",
		break:
			"nft add table inet filter; nft 'add chain inet filter forward { type filter hook forward priority 0; policy drop; }'",
		trigger: LOOK,
		expected: ["forward-dropped"],
		heals: [8080],
		cutsOff: true,
	},
	{
		name: "stale-dnat",
		break:
			"iptables-save >/root/rules.v4; docker rm -f web; docker run -d --name db lab/web; docker run -d --name web -p 8080:80 lab/web; iptables-restore </root/rules.v4; docker rm -f db",
		trigger: LOOK,
		expected: ["dnat-target-stale"],
		heals: [8080],
	},
	{
		name: "switched-backend",
		break: SWITCH,
		trigger: RUN_ANOTHER,
		retry: START_ANOTHER,
		expected: ["backend-mismatch"],
		heals: [8080, 8081],
		cutsOff: true,
		play: true,
	},
	{
		name: "switched-and-restarted",
		break: `${SWITCH}; ${restartDaemon}; ${RUN_ANOTHER}`,
		trigger: LOOK,
		expected: ["backend-mismatch"],
		heals: [8081],
	},
	{
		name: "bridge-cannot-reach-host",
		break: "iptables -I INPUT -i docker0 -j DROP",
		trigger: askFromContainer("web"),
		proves: `${askFromContainer("web")} | grep -q hello`,
		expected: ["local-path-blocked"],
		alone: ["local-path-blocked", "healthy"],
		heals: [8080],
		byHand: {
			says: ["iptables -w 5 -I INPUT -i docker0 -p tcp --dport 8080 -j ACCEPT"],
			does: "iptables -w 5 -I INPUT -i docker0 -p tcp --dport 8080 -j ACCEPT",
			undo: "iptables -w 5 -D INPUT -i docker0 -p tcp --dport 8080 -j ACCEPT",
		},
	},
];
