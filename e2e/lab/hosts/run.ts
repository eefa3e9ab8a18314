import { spawn } from "node:child_process";

/** How a program ended; `status` is null when it was stopped for taking too long. */
export type Ran = { readonly status: number | null; readonly stdout: string; readonly stderr: string };

/** Runs a program to its end. Its input is empty unless given. */
export function run(
	program: string,
	args: readonly string[],
	{ input = "", seconds = 60, environment }: RunOptions = {},
): Promise<Ran> {
	return new Promise((resolve) => {
		const child = spawn(program, [...args], { stdio: "pipe", ...(environment ? { env: { ...environment } } : {}) });
		let stdout = "";
		let stderr = "";
		let late = false;
		const timer = setTimeout(() => {
			late = true;
			child.kill("SIGKILL");
			// A grandchild may keep the pipes open.
			child.stdout.destroy();
			child.stderr.destroy();
		}, seconds * 1000);
		child.stdout.on("data", (text: Buffer) => (stdout += text.toString()));
		child.stderr.on("data", (text: Buffer) => (stderr += text.toString()));
		child.stdin.on("error", () => {});
		child.on("error", (error) => (stderr += error.message));
		child.on("close", (status) => {
			clearTimeout(timer);
			resolve({ status: late ? null : (status ?? -1), stdout, stderr });
		});
		child.stdin.end(input);
	});
}

/** What may be said of a run. */
export type RunOptions = {
	readonly input?: string;
	readonly seconds?: number;
	readonly environment?: Readonly<Record<string, string>>;
};

/** Runs a program that must succeed. */
export async function must(program: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
	const { status, stdout, stderr } = await run(program, args, options);
	if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${status ?? "took too long"}: ${stderr || stdout}`);
	return stdout;
}
