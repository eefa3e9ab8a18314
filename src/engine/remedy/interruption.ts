/**
 * How long steps interrupt, in seconds, as `npm run lab -- interruptions` measured it: Docker 20.10.24 and 26.1.5 with
 * iptables-nft, one container with a restart policy, on two busy cores; a published port was asked from outside all the
 * while. A restart of dockerd: silent for 4.3 and 4.1 s; with live-restore 0.3 to 1.1 s, while docker-proxy starts anew,
 * and docker commands for 1.7 to 4.6 s; of one container: 1.2 and 1.1 s. Where a container ignored SIGTERM dockerd was
 * silent for 22 and 23 s. A reload (SIGHUP) and a rule: 0.0 s.
 */
export const INTERRUPTION = {
	restart: 4,
	restartWithLiveRestore: 1,
	restartWithDeafContainer: 23,
	container: 1,
	dockerCommands: 4,
} as const;

/** `docker stop` and `docker restart` send SIGKILL after this many seconds (Docker's documentation of both). */
export const STOP_TIMEOUT = 10;
