import { describe, expect, it } from "vitest";
import { redactText } from "./redact";

describe("what everybody has", () => {
	it.each([
		"iptables v1.8.11 (nf_tables)",
		"Linux version 6.18.44, Docker 20.10.24, containerd 1.7.24~ds1-6+deb13u1",
		"Kernel Version: 5.15.167.4-microsoft-standard-WSL2",
		"User-Agent: Chrome/120.0.0.0 Safari/537.36",
		"0.0.0.0:8080->80/tcp, [::]:8080->80/tcp, :::8080->80/tcp",
		"inet 127.0.0.1/8 scope host lo",
		"172.17.0.0/16 dev docker0 proto kernel scope link src 172.17.0.1",
		"MASQUERADE  all  --  172.17.0.0/16        0.0.0.0/0           ",
		"DNAT       tcp  --  anywhere             anywhere             tcp dpt:http-alt to:172.17.0.2:80",
		"nameserver 8.8.8.8",
		"dns 1.1.1.1 and 2606:4700:4700::1111",
		"255.255.255.0 255.255.255.255 224.0.0.251 169.254.169.254",
		"10.0.0.0/8 192.168.0.0/16 172.16.0.0/12 100.64.0.0/10 fd00::/8 fe80::/10 ::/0 0.0.0.0/0",
		"nginx:1.27-alpine redis:7 postgres:16 grafana/grafana:11 docker.io/library/busybox:latest",
		"eth0 ens3 wlan0 docker0 lo tun0 veth12ab34c br-lan virbr0",
		"net.ipv4.ip_forward = 1",
		"io.containerd.snapshotter.v1.overlayfs com.docker.network.bridge.name",
		"docker.service docker.socket containerd.service daemon.json /etc/docker/daemon.json",
		"https://docs.docker.com/go/ https://github.com/moby/moby/issues/1 download.docker.com",
		"root@localhost:~# ls",
		"2026-11-23T07:18:45.665754787Z 07:18:45",
		"std::string::npos Foo::Bar",
		"xt_addrtype              16384  2 - nf_tables 376832 120 nft_compat",
		"3e:  1.3.6.1.4.1.311.2",
		"  com.docker.compose.version=2.29.1",
		"Chain DOCKER-ISOLATION-STAGE-1 (1 references)",
	])("is left alone: %s", (line) => {
		expect(redactText(line)).toBe(line);
	});
});

describe("what only looks like a secret", () => {
	it.each([
		"invalid character '}' looking for beginning of object key string",
		'WWW-Authenticate: Bearer realm="https://auth.docker.io/token",service="registry.docker.io"',
		"unauthorized: incorrect username or password",
		'Error response from daemon: Get "https://registry-1.docker.io/v2/": dial tcp: i/o timeout',
		" Total Memory: 23.54GiB",
		"iptables v1.8.11 (nf_tables): Could not fetch rule set generation id: Permission denied (you must be root)",
		"-A DOCKER -d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT",
		'time="2026-11-23T07:18:42Z" level=info msg="Loading containers: start."',
		"ExecStart=/usr/bin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock --tlskey=/etc/docker/key.pem",
		"kernel: Key type dns_resolver registered",
		"  Git commit:        1.7.24~ds1-6+deb13u1",
		"password:",
		["DB_PASSWORD=$", "{DB_PASSWORD:?missing}"].join(""),
		"DB_PASSWORD_FILE=/run/secrets/db",
		" HTTP Proxy: http://xxxxx:xxxxx@127.0.0.1:3128",
		"Authorization: <redacted>",
		"token: null, retry: true",
		"docker login --password-stdin",
		"xt_conntrack 16384 1 - Live 0x0000000000000000",
		"tcp dpt:http-alt to:172.17.0.2:80",
		"modprobe: FATAL: Module ip_tables not found in directory /lib/modules/6.18.44-fc-v657",
		"security option: name=seccomp,profile=builtin",
		"net.ipv4.conf.all.rp_filter = 1",
	])("is left alone: %s", (line) => {
		expect(redactText(line)).toBe(line);
	});
});
