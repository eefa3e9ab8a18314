import type { Piece } from "../../../state/workspace-store";
import info from "./healthy/docker-info.txt?raw";
import ps from "./healthy/docker-ps.txt?raw";
import log from "./healthy/dockerd.log?raw";
import nat from "./healthy/iptables-nat-L.txt?raw";
import save from "./healthy/iptables-save.txt?raw";

export const pieces: readonly Piece[] = [
	{ place: "docker-info", name: "docker info", text: info },
	{ place: "iptables", name: "iptables -t nat -L", text: nat },
	{ place: "dockerd-log", name: "dockerd log", text: log },
	{ place: "anything", name: "pasted text", text: ps },
	{ place: "file", name: "iptables-save.txt", text: save },
];
