import type { HostKind } from "./host";

/** A host that breaks for real, and what has to be said of it. */
export type Scenario = {
	readonly name: string;
	/** Done on the host as root, after `web` answers on port 8080. */
	readonly break: string;
	/** What somebody then does and pastes; its output is evidence too. */
	readonly trigger: string;
	/** The failure modes that may stand first. */
	readonly expected: readonly string[];
	/** Ports that answer from outside after the repair. 8081 is that of the container the trigger tries to start. */
	readonly heals: readonly number[];
	/** What the person then tries again, having seen it fail. */
	readonly retry?: string;
	/** The repair is a person's to choose: the script says what there is to choose from, and changes nothing. */
	readonly byHand?: true;
	readonly kinds?: Partial<HostKind>;
	/** False where the break is of one backend only. */
	readonly fits?: (kind: HostKind) => boolean;
};

const RUN_ANOTHER = "docker run -d --name web2 -p 8081:80 lab/web";
const START_ANOTHER = "docker start web2";
const LOOK = "docker ps";

/** The first handful; each is a way in which hosts of the captures broke. */
export const SCENARIOS: readonly Scenario[] = [
	{ name: "healthy", break: "true", trigger: LOOK, expected: ["healthy"], heals: [8080] },
	{
		name: "nat-flushed",
		break: "iptables -t nat -F; iptables -t nat -X",
		trigger: RUN_ANOTHER,
		retry: START_ANOTHER,
		expected: ["docker-chain-missing"],
		heals: [8080, 8081],
	},
	{
		name: "filter-flushed",
		break: "iptables -F; iptables -X",
		trigger: RUN_ANOTHER,
		retry: START_ANOTHER,
		expected: ["docker-filter-chain-missing"],
		heals: [8080, 8081],
	},
	{
		name: "docker-user-drop",
		break: "iptables -I DOCKER-USER -i eth0 -j DROP",
		trigger: LOOK,
		expected: ["blocked-in-docker-user"],
		heals: [8080],
		byHand: true,
	},
	{
		name: "ip-forward-off",
		break: "sysctl -w net.ipv4.ip_forward=0",
		trigger: LOOK,
		expected: ["ip-forward-off"],
		heals: [8080],
	},
	{
		name: "switched-backend",
		break:
			'case "$(iptables -V)" in *legacy*) other=nft ;; *) other=legacy ;; esac; update-alternatives --set iptables /usr/sbin/iptables-$other; update-alternatives --set ip6tables /usr/sbin/ip6tables-$other',
		trigger: RUN_ANOTHER,
		retry: START_ANOTHER,
		expected: ["backend-mismatch"],
		heals: [8080, 8081],
	},
	{
		name: "forward-reject",
		break: "iptables -I FORWARD -i eth0 -j REJECT --reject-with icmp-host-prohibited",
		trigger: LOOK,
		expected: ["forward-dropped"],
		heals: [8080],
	},
	{
		name: "bad-daemon-json",
		break:
			"mkdir -p /etc/docker; printf '{\\n  \"iptables\": true,\\n}\\n' >/etc/docker/daemon.json; service docker restart",
		trigger: LOOK,
		expected: ["daemon-config-invalid"],
		heals: [],
		byHand: true,
	},
	{
		name: "stale-dnat",
		break:
			"iptables-save >/root/rules.v4; docker rm -f web; docker run -d --name db lab/web; docker run -d --name web -p 8080:80 lab/web; iptables-restore </root/rules.v4; docker rm -f db",
		trigger: LOOK,
		expected: ["dnat-target-stale"],
		heals: [8080],
	},
];
