/**
 * `docker service ls`: what swarm runs and publishes.
 *
 *     ID             NAME      MODE         REPLICAS   IMAGE          PORTS
 *     x4m1yx6jr2cg   web       replicated   2/2        nginx:latest   *:8080->80/tcp
 *
 * Format: docker CLI cli/command/service/formatter.go, 17.06 to 29. Only ports of the ingress mode are in the column.
 * Not read: JSON output, `docker service ps`.
 */
import type { Artifact } from "../text/evidence";
import { spanOfText, textOf, writtenLines } from "./line-text";
import { parseFailures } from "./log";
import type { ParsedDockerServices } from "./parsed";

/** Reads services with the ports that swarm publishes for them. */
export function parseDockerServices(artifact: Artifact): ParsedDockerServices {
	const services: ParsedDockerServices["services"][number][] = [];
	let heading = false;
	for (const line of writtenLines(artifact.lines)) {
		const text = textOf(line).trim().slice(0, 1000);
		if (/^ID\s+NAME\s+MODE\s/.test(text)) heading = true;
		const row = /^[a-z\d]{12,25}\s+([\w.-]{1,120})\s+(?:replicated|global)\S{0,10}(?: job)?\s+(\d{1,6}\/\d{1,6})/.exec(
			text,
		);
		if (!row?.[1] || !row[2]) continue;
		const ports = [...text.matchAll(/\*:(\d{1,5})->(\d{1,5})\/(tcp|udp|sctp)/g)].map(
			([, published, target, protocol]) => ({
				published: Number(published),
				target: Number(target),
				protocol: protocol ?? "tcp",
			}),
		);
		services.push({ name: row[1], replicas: row[2], ports, at: spanOfText(artifact, line) });
	}
	return {
		kind: "docker-services",
		answered: heading || services.length > 0,
		services,
		failures: heading ? [] : parseFailures(artifact, artifact.lines),
		remarks: [],
	};
}
