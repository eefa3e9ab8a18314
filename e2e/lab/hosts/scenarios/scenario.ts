import type { HostKind } from "../host";

/** A host that breaks for real, and what has to be said of it. */
export type Scenario = {
	readonly name: string;
	/** Done on the host as root, after `web` answers on port 8080. */
	readonly break: string;
	/** Done on this machine in the client's network namespace; `$HOST_SPACE` is the name of the host's. */
	readonly breakOutside?: string;
	/** What somebody then does and pastes; its output is evidence too. */
	readonly trigger: string;
	/** The failure modes that may stand first. */
	readonly expected: readonly string[];
	/** What the collector's output alone may give, where that is not the same: the failure is in what somebody typed. */
	readonly alone?: readonly string[];
	/** Ports that answer from outside after the repair. 8081 is that of the container the trigger tries to start. */
	readonly heals: readonly number[];
	/** A command on the host that fails while it is broken and succeeds after the repair, where no port from outside tells. */
	readonly proves?: string;
	/** What the person then tries again, having seen it fail. */
	readonly retry?: string;
	/** The repair is a person's to choose: the script says what there is to choose from, and changes nothing. */
	readonly byHand?: ByHand;
	/** A step of the repair can cut off a session: once nobody confirms, and all must go back by itself. */
	readonly cutsOff?: true;
	/** The play runs on it as well. */
	readonly play?: true;
	readonly kinds?: Partial<HostKind>;
	/** False where the break is of one backend or suite only. */
	readonly fits?: (kind: HostKind) => boolean;
	/**
	 * What an undo leaves: files of packages, as the plan says; or what firewalld and dockerd arranged between themselves
	 * (the zone that dockerd makes for good, firewalld's own tables).
	 */
	readonly leaves?: "packages" | "firewalld";
	/** What the finished host may still be said to have, in plain words why; else it must be healthy. */
	readonly stays?: readonly string[];
};

/** What a person does after having read the plan. */
export type ByHand = {
	/** Words that the plan must say: what is done is what it told. */
	readonly says: readonly string[];
	readonly does: string;
	/** Takes it back; the state must be as before then. */
	readonly undo?: string;
};

export const RUN_ANOTHER = "docker run -d --name web2 -p 8081:80 lab/web";
export const START_ANOTHER = "docker start web2";
export const LOOK = "docker ps";
/** The host's published port asked from inside a container; busybox's static wget can't resolve names there. */
export const askFromContainer = (name: string) =>
	`docker exec ${name} sh -c 'printf "GET / HTTP/1.0\\r\\n\\r\\n" | nc -w 3 192.168.56.10 8080; echo exit $?'`;
export const startDaemon =
	"service docker start; for i in $(seq 50); do docker version >/dev/null 2>&1 && break; sleep 0.2; done";
export const restartDaemon =
	"service docker restart; for i in $(seq 50); do docker version >/dev/null 2>&1 && break; sleep 0.2; done";
