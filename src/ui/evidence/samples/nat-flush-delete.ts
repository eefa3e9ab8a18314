import type { Piece } from "../../../state/workspace-store";
import info from "./nat-flush-delete/docker-info.txt?raw";
import log from "./nat-flush-delete/dockerd.log?raw";
import error from "./nat-flush-delete/error.txt?raw";
import nat from "./nat-flush-delete/iptables-nat-L.txt?raw";
import save from "./nat-flush-delete/iptables-save.txt?raw";

export const pieces: readonly Piece[] = [
	{ place: "docker-info", name: "docker info", text: info },
	{ place: "iptables", name: "iptables -t nat -L", text: nat },
	{ place: "dockerd-log", name: "dockerd log", text: log },
	{ place: "anything", name: "pasted text", text: error },
	{ place: "file", name: "iptables-save.txt", text: save },
];
