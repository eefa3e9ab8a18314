/** One probe: what is sent, from where, and how long an answer is waited for. */
export type Probe = {
	readonly protocol: "tcp" | "udp";
	/** Null: the kernel chooses. */
	readonly source: string | null;
	/** Its own for every probe of a rig, so that whatever the kernel says of it can be told apart. */
	readonly sourcePort: number;
	readonly to: string;
	readonly port: number;
	/** Milliseconds. */
	readonly timeout: number;
	/** Bytes must come back, not only the handshake: a proxy accepts before it knows whether anybody is behind it. */
	readonly exchange: boolean;
};

/** `open`, `timeout`, `closed` or an errno name. */
export type ProbeResult = { readonly sourcePort: number; readonly says: string };

/** A socket to answer on; `as` makes it a proxy as Docker's, or one that never answers, by the name of its process. */
export type Listen = {
	readonly protocol: "tcp" | "udp";
	readonly address: string;
	readonly port: number;
	readonly as?: { readonly name: string; readonly address: string | null; readonly port: number };
};

/** What the lab asks of an agent. */
export type AgentRequest =
	| {
			readonly id: number;
			readonly do: "run";
			readonly program: string;
			readonly args: readonly string[];
			readonly input: string;
	  }
	| { readonly id: number; readonly do: "listen"; readonly on: readonly Listen[] }
	| { readonly id: number; readonly do: "probe"; readonly probes: readonly Probe[] };

/** What it answers. */
export type AgentAnswer =
	| { readonly id: number; readonly status: number; readonly stdout: string; readonly stderr: string }
	| { readonly id: number; readonly results: readonly ProbeResult[] };
