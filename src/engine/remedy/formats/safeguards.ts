import type { Platform, Safeguard } from "../plan";

/** A whole file that may be written to a host: nothing of the person's own stands in it. */
export type HostFile = {
	readonly path: string;
	readonly content: string;
	/** What it is for, as an order. */
	readonly title: string;
};

/** What a safeguard is called, as an order. */
export function safeguardTitle(safeguard: Safeguard): string {
	switch (safeguard.kind) {
		case "own-nft-table":
			return "Declare only tables of your own in /etc/nftables.conf, without `flush ruleset`";
		case "ufw-in-docker-user":
			return "Let `ufw route` rule published ports, by `DOCKER-USER`";
		case "unmanaged-bridges":
			return "Keep NetworkManager and systemd-networkd away from Docker's bridges";
		case "reboot-after-upgrade":
			return "Let unattended upgrades reboot the host";
		case "save-no-rules":
			return "Let `netfilter-persistent save` store nothing";
		case "alert":
			return "Watch for it from outside (Prometheus)";
		default:
			return safeguard satisfies never;
	}
}

/** The files of a safeguard on this host; none where the file is the person's own and can only be added to. */
export function safeguardFiles(safeguard: Safeguard, platform: Platform): readonly HostFile[] {
	const title = safeguardTitle(safeguard);
	switch (safeguard.kind) {
		case "unmanaged-bridges":
			return [
				// NetworkManager.conf(5): unmanaged-devices of [keyfile]; names may hold `*`.
				{
					path: "/etc/NetworkManager/conf.d/90-docker-bridges.conf",
					content: "[keyfile]\nunmanaged-devices=interface-name:docker0;interface-name:br-*;interface-name:veth*\n",
					title,
				},
				// systemd.network(5): the first file by name that matches wins.
				{
					path: "/etc/systemd/network/05-docker-bridges.network",
					content: "[Match]\nName=docker0 br-* veth*\n\n[Link]\nUnmanaged=yes\n",
					title,
				},
			];
		case "reboot-after-upgrade":
			if (platform.readOnly) return [];
			return platform.packages === "apt" || platform.packages === "unknown"
				? [
						{
							path: "/etc/apt/apt.conf.d/52stackengine-reboot",
							content:
								'Unattended-Upgrade::Automatic-Reboot "true";\nUnattended-Upgrade::Automatic-Reboot-Time "04:00";\n',
							title,
						},
					]
				: [];
		case "own-nft-table":
		case "ufw-in-docker-user":
		case "save-no-rules":
		case "alert":
			return [];
		default:
			return safeguard satisfies never;
	}
}

/** A setting in a file that another program owns: `key=value`, the rest of the file stays. */
export type HostSetting = { readonly file: string; readonly key: string; readonly value: string };

/** The settings of a safeguard on this host. */
export function safeguardSettings(safeguard: Safeguard, platform: Platform): readonly HostSetting[] {
	if (safeguard.kind === "save-no-rules")
		// Plugins 15-ip4tables and 25-ip6tables of iptables-persistent read these (Debian's package, 1.0.15 and later).
		return [
			{ file: "/etc/default/netfilter-persistent", key: "IPTABLES_SKIP_SAVE", value: "yes" },
			{ file: "/etc/default/netfilter-persistent", key: "IP6TABLES_SKIP_SAVE", value: "yes" },
		];
	// dnf-automatic 4.15 and later; dnf5 has the same key.
	if (safeguard.kind === "reboot-after-upgrade" && platform.packages === "dnf" && !platform.readOnly)
		return [{ file: "/etc/dnf/automatic.conf", key: "reboot", value: "when-needed" }];
	return [];
}
