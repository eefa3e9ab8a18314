import type { Piece } from "../../../state/workspace-store";
import info from "./switched-to-other-backend/docker-info.txt?raw";
import log from "./switched-to-other-backend/dockerd.log?raw";
import error from "./switched-to-other-backend/error.txt?raw";
import nat from "./switched-to-other-backend/iptables-nat-L.txt?raw";
import nft from "./switched-to-other-backend/iptables-nft-save.txt?raw";
import version from "./switched-to-other-backend/iptables-version.txt?raw";

export const pieces: readonly Piece[] = [
	{ place: "docker-info", name: "docker info", text: info },
	{ place: "iptables", name: "iptables -t nat -L", text: nat },
	{ place: "dockerd-log", name: "dockerd log", text: log },
	{ place: "anything", name: "pasted text", text: error },
	{ place: "file", name: "iptables-version.txt", text: version },
	{ place: "file", name: "iptables-nft-save.txt", text: nft },
];
