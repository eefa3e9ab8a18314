import { CLIENT, DB, HOST, WEB } from "../rig";
import type { IpsetDraft } from "./draft";

/** Values that the flows of the lab have, and some that they have not. */

type Values = readonly [string, ...string[]];

export const ADDRESSES: Values = [
	HOST,
	CLIENT,
	WEB,
	DB,
	"172.17.0.0/16",
	"172.17.0.1/32",
	"172.16.0.0/12",
	"192.168.56.0/24",
	"127.0.0.0/8",
	"10.0.0.0/8",
	"172.17.255.253",
];

export const RANGES: Values = [
	"172.17.0.2-172.17.0.9",
	"192.168.56.11-192.168.56.20",
	"192.168.56.1-192.168.56.10",
	"127.0.0.1-127.0.0.1",
	"172.17.0.1-172.18.255.254",
];

export const PORTS: Values = ["8080", "80", "8000", "9000", "443", "80:90", "8000:9000", "1:1023", "8081", "9999"];

export const PORT_LISTS: Values = [
	"80,443",
	"8080,8081",
	"9000",
	"8000:9000",
	"22,80:81,8080:8090",
	"53,9000",
	"1024:65535",
];

/** Where DNAT may lead: containers, nobody, the host. */
export const NAT_TARGETS: Values = [WEB, WEB, DB, "172.17.0.99", HOST, "10.9.9.9"];

/** ipsets of the types that firewalld, fail2ban, kube-proxy and Docker 28.0.0 make. */
export const IPSETS: readonly [IpsetDraft, ...IpsetDraft[]] = [
	{ name: "hosts", type: "hash:ip", elements: [CLIENT, WEB, "10.1.2.3"] },
	{ name: "nets", type: "hash:net", elements: ["172.17.0.0/16", "192.168.0.0/16", "192.168.56.20 nomatch"] },
	{
		name: "services",
		type: "hash:ip,port",
		elements: ["172.17.0.2,tcp:80", "192.168.56.10,udp:9000", "192.168.56.10,tcp:8080-8090"],
	},
	{ name: "ports", type: "bitmap:port range 0-65535", elements: ["80", "8000-9000"] },
];
