import { describe, expect, it } from "vitest";
import { read } from "../read";
import { gatherFacts } from "./gather";

const factsOf = (text: string) => gatherFacts(read([{ id: "s1", name: "paste", text }]));
const RULES =
	"*nat\n:PREROUTING ACCEPT [0:0]\n:INPUT ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:POSTROUTING ACCEPT [0:0]\nCOMMIT\n";
const PS =
	'CONTAINER ID   IMAGE   COMMAND   CREATED   STATUS   PORTS   NAMES\n313f6666c9ed   nginx   "nginx"   2 minutes ago   Up 2 minutes   0.0.0.0:8080->80/tcp   web\n';

describe("rules", () => {
	it.each([
		["of the host", `root@srv:~# iptables-save\n${RULES}root@srv:~# docker ps\n${PS}`, true],
		["of a container", `root@srv:~# docker exec web iptables-save\n${RULES}`, false],
		[
			"of a container on the host’s network",
			`root@srv:~# docker run --rm --net=host img iptables-save\n${RULES}`,
			true,
		],
		["of a shell in a container", `root@313f6666c9ed:/# iptables-save\n${RULES}`, false],
		["of another namespace", `root@srv:~# ip netns exec blue iptables-save\n${RULES}`, false],
		["of a file that is loaded at boot", `root@srv:~# cat /etc/iptables/rules.v4\n${RULES}`, false],
		["of a saved listing", `root@srv:~# cat /tmp/rules.txt\n${RULES}`, true],
		["of another machine", `root@router:~# iptables-save\n${RULES}root@srv:~# docker ps\n${PS}`, false],
	])("%s count: %s", (_, text, counts) => {
		expect(factsOf(text).rules.nat.kind === "shown").toBe(counts);
	});
});

describe("a missing chain that a restart made again", () => {
	const refused =
		"root@srv:~# docker start web\nError response from daemon: driver failed programming external connectivity on endpoint web (abc):  (iptables failed: iptables --wait -t nat -A DOCKER -p tcp -d 0/0 --dport 8080 -j DNAT --to-destination 172.17.0.2:80 ! -i docker0: iptables: No chain/target/match by that name.\n (exit status 1))\n";
	const restart = "root@srv:~# systemctl restart docker\n";
	const listing = `root@srv:~# iptables-save\n${RULES}`;
	it.each([
		["restarted and looked at again", refused + restart + listing, false],
		["restarted and not looked at", refused + restart, true],
		["restarted before", restart + refused + listing, true],
		["refused again", refused + restart + listing + refused, true],
	])("is history once dockerd was %s", (_, text, current) => {
		const found = factsOf(`${text}root@srv:~# \n`).failures.filter((one) => one.complaint.kind === "chain-missing");
		expect(found.map((one) => one.current)).toEqual([current]);
	});
});

describe("a daemon.json in a text", () => {
	const FILE = '{\n  "iptables": false\n}\n';
	const config = (text: string) => factsOf(text).docker.config.known;

	it.each([
		`You could set this in /etc/docker/daemon.json:\n\n${FILE}`,
		`**Option 2**: add to daemon.json:\n${FILE}then restart docker.\n`,
		`Don’t do this:\n${FILE}`,
		`Suggested fix from the blog:\n\n\`\`\`json\n${FILE}\`\`\`\n`,
	])("is somebody’s proposal: %j", (text) => expect(config(text)).toBe(false));

	it.each([
		FILE,
		`my daemon.json is:\n\n${FILE}`,
		`/etc/docker/daemon.json:\n${FILE}`,
		`$ cat /etc/docker/daemon.json\n${FILE}`,
		`I have added this, as you suggested:\n${FILE}`,
	])("is the host’s: %j", (text) => expect(config(text)).toBe(true));
});

describe("systemd", () => {
	it.each([
		["a unit", "# /lib/systemd/system/docker.service\n[Service]\nExecStart=/usr/bin/dockerd -H fd://\n", true],
		["the collector on a host without it", "===== systemctl cat docker =====\n(not found: systemctl)\n", false],
		[
			"another init",
			"$ systemctl status docker\nSystem has not been booted with systemd as init system (PID 1). Can't operate.\n",
			false,
		],
		["nothing", "$ uname -r\n6.1.0-18-amd64\n", null],
	])("%s", (_, text, expected) => {
		const { systemd } = factsOf(text);
		expect(systemd.known ? systemd.value : null).toBe(expected);
	});
});
