import { describe, expect, it } from "vitest";
import { traceFlow } from "../analyse";

const HOST = `$ iptables-save
*nat
:PREROUTING ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
:DOCKER - [0:0]
-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
-A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80
COMMIT
*filter
:INPUT ACCEPT [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:DOCKER - [0:0]
:DOCKER-USER - [0:0]
-A FORWARD -j DOCKER-USER
-A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -o docker0 -j DOCKER
-A FORWARD -i docker0 ! -o docker0 -j ACCEPT
-A DOCKER -d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT
-A DOCKER-USER -m set --match-set blocked src -j DROP
COMMIT
$ sysctl net.ipv4.ip_forward
net.ipv4.ip_forward = 1
`;
const set = (...members: readonly string[]) =>
	`$ ipset list\nName: blocked\nType: hash:net\nRevision: 7\nNumber of entries: ${members.length}\nMembers:\n${members.join("\n")}\n`;
const outcome = (text: string) =>
	traceFlow([{ id: "s1", name: "paste", text }], { from: "outside", protocol: "tcp", port: 8080 }).outcome;

describe("a rule that asks an ipset", () => {
	it.each([
		["is open while the set is not shown", HOST, "unknown"],
		["drops a client among its members", HOST + set("0.0.0.0/1", "128.0.0.0/1"), "dropped"],
		["lets a client through that is none of them", HOST + set("10.66.0.0/16"), "delivered"],
	])("%s", (_, text, expected) => {
		expect(outcome(text)).toBe(expected);
	});
});
