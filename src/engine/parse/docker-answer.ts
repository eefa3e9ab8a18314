/**
 * What the docker client prints in place of a listing when the daemon does not answer or refuses it.
 *
 *     Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?
 *     permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: Get "http://…
 *     failed to connect to the docker API at unix:///var/run/docker.sock; check if the path is correct …   (CLI 29)
 *     error during connect: this error may indicate that the docker daemon is not running: …   (Windows)
 *
 * `Error response from daemon: …` is the opposite: the daemon did answer. What the words mean beyond that is read by
 * `log.ts`.
 */
import type { Artifact, Line } from "../text/evidence";
import { readFrom, textOf } from "./line-text";
import type { Read } from "./parsed";

const NO_ANSWER =
	/(?:cannot|can't|failed to|while trying to|unable to) connect to (?:the )?docker (?:daemon|api|engine)|error during connect:|is the docker daemon running|docker daemon is not running|dial unix [^ ]{1,200}docker[^ ]{0,80}: connect: /i;
const DAEMON_SPOKE = /Error response from daemon: |^Error: No such (?:object|container|network)/;

/** False at the line in which the client says that nobody answered; true where the daemon refused; null for neither. */
export function daemonAnswer(artifact: Artifact, lines: readonly Line[]): Read<boolean> | null {
	let spoke: Read<boolean> | null = null;
	for (const line of lines) {
		const text = textOf(line);
		if (NO_ANSWER.test(text)) return readFrom(artifact, line, false);
		if (DAEMON_SPOKE.test(text)) spoke ??= readFrom(artifact, line, true);
	}
	return spoke;
}

/** Whether a line is part of such a message, or of what the client prints around it. */
export function isClientMessage(text: string): boolean {
	return (
		NO_ANSWER.test(text) ||
		DAEMON_SPOKE.test(text) ||
		/^(?:ERROR|Error|error|errors pretty printing info|WARNING|Got permission denied|See 'docker|Run 'docker)\b/.test(
			text,
		) ||
		// `docker: command not found`, and what a collector writes for a command that hung.
		/not found\b|^\(?no answer|^\^C|Killed$|^(?:exit|signal)\b/.test(text)
	);
}
