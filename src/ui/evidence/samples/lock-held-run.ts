import type { Piece } from "../../../state/workspace-store";
import info from "./lock-held-run/docker-info.txt?raw";
import log from "./lock-held-run/dockerd.log?raw";
import error from "./lock-held-run/error.txt?raw";
import nat from "./lock-held-run/iptables-nat-L.txt?raw";
import holders from "./lock-held-run/lsof-lock.txt?raw";

export const pieces: readonly Piece[] = [
	{ place: "docker-info", name: "docker info", text: info },
	{ place: "iptables", name: "iptables -t nat -L", text: nat },
	{ place: "dockerd-log", name: "dockerd log", text: log },
	{ place: "anything", name: "pasted text", text: error },
	{ place: "file", name: "lsof-lock.txt", text: holders },
];
