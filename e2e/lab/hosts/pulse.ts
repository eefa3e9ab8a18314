import { spawn } from "node:child_process";
import { HOST_ADDRESS, type Host } from "./host";

/** Watches a published port from outside while something is done. */
export type Pulse = { readonly stop: () => Promise<Silence | null> };

/** How long the port was silent between two answers, in seconds. Null where it did not answer before or after. */
export type Silence = { readonly longest: number; readonly total: number };

/** `agentFile`: pulse-agent.ts built for Node. */
export function pulse(host: Host, port: number, agentFile: string): Pulse {
	const child = spawn(
		"nsenter",
		[`--net=/run/netns/${host.clientSpace}`, process.execPath, agentFile, HOST_ADDRESS, String(port)],
		{ stdio: ["pipe", "pipe", "inherit"] },
	);
	let text = "";
	child.stdout.on("data", (part: Buffer) => (text += part.toString()));
	const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
	return {
		stop: async () => {
			child.stdin.end();
			await ended;
			return silenceOf(samplesOf(text));
		},
	};
}

function samplesOf(text: string): readonly (readonly [number, boolean])[] {
	const read: unknown = JSON.parse(text);
	if (!Array.isArray(read)) return [];
	return read.flatMap((one) => (Array.isArray(one) ? [[Number(one[0]), one[1] === true] as const] : []));
}

function silenceOf(samples: readonly (readonly [number, boolean])[]): Silence | null {
	const answers = samples.filter(([, came]) => came).map(([at]) => at);
	if (samples[0]?.[1] !== true || samples.at(-1)?.[1] !== true) return null;
	let [longest, total] = [0, 0];
	for (const [index, at] of answers.entries()) {
		const before = answers[index - 1] ?? at;
		const missed = samples.some(([when, came]) => !came && when > before && when < at);
		if (!missed) continue;
		longest = Math.max(longest, at - before);
		total += at - before;
	}
	return { longest: longest / 1000, total: total / 1000 };
}
