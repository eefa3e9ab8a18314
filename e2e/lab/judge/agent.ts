import { spawnSync } from "node:child_process";
import { createSocket, type Socket as Datagrams } from "node:dgram";
import { connect, createServer } from "node:net";
import { createInterface } from "node:readline";
import type { AgentAnswer, AgentRequest, Listen, Probe, ProbeResult } from "./agent-protocol";

/**
 * One process inside one network namespace: listens, sends probes, runs programs. It reads a request a line on standard
 * input and prints an answer a line. It ends with its standard input.
 */

const log = (answer: AgentAnswer) => process.stdout.write(`${JSON.stringify(answer)}\n`);

createInterface({ input: process.stdin })
	.on("line", (line) => {
		const request: AgentRequest = JSON.parse(line);
		switch (request.do) {
			case "run": {
				const { status, stdout, stderr, error } = spawnSync(request.program, [...request.args], {
					input: request.input,
					encoding: "utf8",
					timeout: 20_000,
					maxBuffer: 64 << 20,
				});
				const says = error ? `${stderr ?? ""}${error.message}` : (stderr ?? "");
				log({ id: request.id, status: status ?? -1, stdout: stdout ?? "", stderr: says });
				break;
			}
			case "listen":
				Promise.all(request.on.map(listen)).then(() => log({ id: request.id, results: [] }));
				break;
			case "probe":
				Promise.all(request.probes.map(probe)).then((results) => log({ id: request.id, results }));
				break;
			default:
				request satisfies never;
		}
	})
	.on("close", () => process.exit(0));

function listen({ protocol, address, port, as }: Listen): Promise<void> {
	return new Promise((resolve) => {
		if (protocol === "udp") {
			const socket = createSocket("udp4");
			socket.on("message", (message, from) => socket.send(message, from.port, from.address));
			socket.on("error", () => {});
			socket.bind(port, address, () => resolve());
			return;
		}
		if (as) process.title = as.name;
		const server = createServer((client) => {
			client.on("error", () => {});
			if (!as) {
				client.pipe(client);
				return;
			}
			if (as.address === null) return;
			const inner = connect(as.port, as.address);
			inner.on("error", () => client.destroy());
			inner.on("close", () => client.destroy());
			client.on("close", () => inner.destroy());
			client.pipe(inner).pipe(client);
		});
		server.on("error", () => resolve());
		server.listen({ port, host: address, backlog: 4096 }, () => resolve());
	});
}

function probe(one: Probe): Promise<ProbeResult> {
	return one.protocol === "tcp" ? connectTcp(one) : askUdp(one);
}

/** `open` once the handshake is done, or with `exchange` once a byte has come back. */
function connectTcp({ source, sourcePort, to, port, timeout, exchange }: Probe): Promise<ProbeResult> {
	return new Promise((resolve) => {
		const socket = connect({ host: to, port, localPort: sourcePort, ...(source ? { localAddress: source } : {}) });
		const finish = (says: string) => {
			clearTimeout(timer);
			socket.resetAndDestroy();
			socket.destroy();
			resolve({ sourcePort, says });
		};
		const timer = setTimeout(() => finish("timeout"), timeout);
		socket.on("connect", () => {
			if (exchange) socket.write("x");
			else finish("open");
		});
		socket.on("data", () => finish("open"));
		socket.on("close", () => finish("closed"));
		socket.on("error", (error: NodeJS.ErrnoException) => finish(error.code ?? "error"));
	});
}

function askUdp({ source, sourcePort, to, port, timeout }: Probe): Promise<ProbeResult> {
	return new Promise((resolve) => {
		const socket: Datagrams = createSocket("udp4");
		let done = false;
		const finish = (says: string) => {
			if (done) return;
			done = true;
			clearTimeout(timer);
			try {
				socket.close();
			} catch {}
			resolve({ sourcePort, says });
		};
		const timer = setTimeout(() => finish("timeout"), timeout);
		socket.on("message", () => finish("open"));
		socket.on("error", (error: NodeJS.ErrnoException) => finish(error.code ?? "error"));
		// Connected: an answer from an address that was not asked, or to one that did not ask, is none.
		socket.bind(sourcePort, source ?? undefined, () =>
			socket.connect(port, to, (error?: Error) => {
				if (error) finish("error");
				else socket.send("x", (problem) => problem && finish("error"));
			}),
		);
	});
}
