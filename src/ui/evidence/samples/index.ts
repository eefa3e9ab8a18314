import type { Piece } from "../../../state/workspace-store";

/** One real paste, loaded with one click. The text was captured on a host of our lab and trimmed, not written. */
export type Sample = {
	readonly id: string;
	readonly title: string;
	/** What was done to the host, in a few words. */
	readonly says: string;
	readonly load: () => Promise<{ readonly pieces: readonly Piece[] }>;
};

export const SAMPLES: readonly Sample[] = [
	{
		id: "nat-flush-delete",
		title: "A firewall script flushed nat",
		says: "Debian 12, nft: docker run fails with No chain/target/match",
		load: () => import("./nat-flush-delete"),
	},
	{
		id: "lock-held-run",
		title: "docker run hangs",
		says: "Debian 12, legacy: somebody holds the xtables lock",
		load: () => import("./lock-held-run"),
	},
	{
		id: "switched-to-other-backend",
		title: "iptables was switched under dockerd",
		says: "Debian 12: rules in one backend, dockerd calls the other",
		load: () => import("./switched-to-other-backend"),
	},
	{
		id: "healthy",
		title: "A healthy host",
		says: "Debian 13, nft: how whole looks",
		load: () => import("./healthy"),
	},
];
