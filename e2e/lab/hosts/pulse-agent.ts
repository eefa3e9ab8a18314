import { connect } from "node:net";

/**
 * Runs in the client's network namespace: asks `ADDRESS PORT` every 40 ms for the page until its input ends, then prints
 * when the page came and when it did not, `[milliseconds, came]` in JSON.
 */
const [address = "", port = ""] = process.argv.slice(2);
const samples: (readonly [number, boolean])[] = [];
let open = true;
process.stdin.resume();
process.stdin.on("end", () => {
	open = false;
});

function ask(): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = connect({ host: address, port: Number(port) });
		let came = false;
		socket.setTimeout(400, () => socket.destroy());
		socket.on("connect", () => socket.write("GET / HTTP/1.0\r\n\r\n"));
		socket.on("data", () => {
			came = true;
			socket.destroy();
		});
		socket.on("error", () => {});
		socket.on("close", () => resolve(came));
	});
}

while (open) {
	const at = performance.now();
	samples.push([at, await ask()]);
	await new Promise((resolve) => setTimeout(resolve, 40));
}
process.stdout.write(JSON.stringify(samples));
