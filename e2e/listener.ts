import { createSocket } from "node:dgram";
import { createServer } from "node:net";

/** Counts what arrives: every connection and every message by TCP, every packet by UDP, on one port of this machine. */
export type Listener = {
	/** `http://127.0.0.1:PORT` */
	readonly address: string;
	/** What has arrived since this was last asked. */
	taken(): { readonly tcp: number; readonly udp: number };
	close(): Promise<void>;
};

export async function listen(): Promise<Listener> {
	let tcp = 0;
	let udp = 0;
	const server = createServer((connection) => {
		tcp += 1;
		connection.on("error", () => undefined);
		connection.on("data", () => {
			// A connection that was opened ahead may be used later.
			tcp += 1;
			connection.end("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
		});
	});
	await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
	const bound = server.address();
	if (bound === null || typeof bound === "string") throw new Error("No port to listen on");
	const packets = createSocket("udp4");
	packets.on("message", () => {
		udp += 1;
	});
	await new Promise<void>((done) => packets.bind(bound.port, "127.0.0.1", done));
	return {
		address: `http://127.0.0.1:${bound.port}`,
		taken: () => {
			const taken = { tcp, udp };
			tcp = 0;
			udp = 0;
			return taken;
		},
		close: async () => {
			packets.close();
			await new Promise((done) => server.close(done));
		},
	};
}
