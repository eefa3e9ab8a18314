import { describe, expect, it } from "vitest";
import { isPlainlyCommand, kindsOfCommand, kindsOfName } from "./commands";

describe("kindsOfCommand", () => {
	it.each<[string, string[]]>([
		["docker info", ["docker-info"]],
		["docker --context prod run -d nginx", ["docker-error"]],
		["docker compose up -d", ["docker-error"]],
		["docker logs web", []],
		["docker compose ps -a", ["docker-ps"]],
		["/usr/sbin/iptables -t nat -nvL DOCKER", ["iptables-list"]],
		["iptables -t nat -S", ["iptables-save"]],
		["iptables -nL --line-numbers -t nat", ["iptables-list"]],
		["ip6tables-legacy-save -c", ["iptables-save"]],
		["iptables -V", ["iptables-version"]],
		["iptables -t nat -A DOCKER -j RETURN", ["docker-error"]],
		["nft -a list ruleset", ["nft-ruleset"]],
		["journalctl -k -b", ["kernel-log"]],
		["journalctl -u firewalld", ["firewalld-log"]],
		["journalctl -xeu docker.service", ["dockerd-log"]],
		["systemctl cat docker", ["unit-file"]],
		["systemctl status docker --no-pager -l", ["systemctl-status"]],
		["systemctl restart docker", ["docker-error"]],
		["uname -r; ls /lib/modules", ["uname", "lib-modules"]],
		['uname -a; . /etc/os-release; echo "$PRETTY_NAME"', ["uname", "os-release"]],
		["cat /etc/docker/daemon.json", ["daemon-json"]],
		["cat /proc/sys/net/ipv4/ip_forward", ["sysctl"]],
		["grep -E 'ADDRTYPE|NAT' /boot/config-6.1.0", ["kernel-config"]],
		["docker exec web netstat -ltn", ["sockets"]],
		["LANG=C timeout 5 lsof /run/xtables.lock", ["lock-holders"]],
		["ip -br addr", ["ip-addr"]],
		["ip r get 172.17.0.2", ["ip-route"]],
		["ip rule", ["ip-rule"]],
		["ss -ltnp | grep 8080", ["sockets"]],
		["curl -m 3 http://127.0.0.1:8080/", ["probe"]],
		["update-alternatives --display iptables", ["alternatives"]],
		["ls -l /usr/sbin/iptables", ["iptables-version"]],
		["vim notes.txt", []],
	])("%s", (command, kinds) => {
		expect(kindsOfCommand(command)).toEqual(kinds);
	});
});

describe("kindsOfName", () => {
	it.each<[string, string[]]>([
		["iptables-nat-L-DOCKER.txt", ["iptables-list"]],
		["ip6tables-save.txt", ["iptables-save"]],
		["nft-list-ruleset.txt", ["nft-ruleset"]],
		["iptables-version.txt", ["iptables-version"]],
		["dockerd.log", ["dockerd-log"]],
		["dockerd log", ["dockerd-log"]],
		["docker info", ["docker-info"]],
		["iptables -t nat -L", ["iptables-list"]],
		["docker-compose.yml", ["compose-file"]],
		["docker.service", ["unit-file"]],
		["systemctl-status-docker.txt", ["systemctl-status"]],
		["dmesg.txt", ["kernel-log"]],
		["/var/log/syslog", ["dockerd-log"]],
		["container-netstat.txt", ["sockets"]],
		["paste", []],
		["notes.txt", []],
		["", []],
	])("%s", (name, kinds) => {
		expect(kindsOfName(name)).toEqual(kinds);
	});
});

describe("isPlainlyCommand", () => {
	it.each(["docker info", "sudo iptables -t nat -L", "iptables-save", "LANG=C ip a", "ss -ltnp", "lsmod | grep nf"])(
		"%s is",
		(text) => {
			expect(isPlainlyCommand(text)).toBe(true);
		},
	);

	it.each([
		"docker",
		"docker is broken",
		"iptables v1.8.9 (nf_tables)",
		"iptables - manual mode",
		"ip_tables 32768 0",
		"curl: (28) timed out",
		"nft: not found",
		"the docker info",
		"modprobe: FATAL: x",
		"iptables 1.8.10-2",
	])("%s is not", (text) => {
		expect(isPlainlyCommand(text)).toBe(false);
	});
});
