import { describe, expect, it } from "vitest";
import { redactText } from "./redact";

/** Names and addresses, each where docker, the system or a person leaves them. */
type Planted = readonly [title: string, text: string, gone: readonly string[], stays?: readonly string[]];

const ID = "5a54209d8e7c14412030f6b42b79f9a45481937b91bb4253622d331a03f60dad";

const PLANTED: readonly Planted[] = [
	["prompt", "marie@web01:~/shop$ docker ps\nroot@web01:~# id", ["marie", "web01"], ["$ docker ps", "root@", ":~# id"]],
	[
		"prompt of Red Hat",
		"[marie@db7 ~]$ sudo -i\n[root@db7 ~]# systemctl restart docker",
		["marie", "db7"],
		["# systemctl restart docker", "[root@"],
	],
	["prompt with an environment", "(venv) marie@web01:/srv/app$ ls", ["marie", "web01"]],
	["prompt of a container", "root@86582682f3e3:/# ip a", ["86582682f3e3"]],
	["busybox prompt", "gw-berlin:~# iptables -L", ["gw-berlin"], [":~# iptables -L"]],
	["AWS prompt", "ubuntu@ip-10-20-30-40:~$ uname -a", ["ip-10-20-30-40"], ["$ uname -a"]],
	[
		"docker info name",
		" Total Memory: 7.6GiB\n Name: shop-prod-3\n ID: 7TRN:IPZB:QYBB:VPBQ:UMPP:KARE:6ZNR:XE6T:7EWV:PKF4:ZOJD:TPYS\n Docker Root Dir: /var/lib/docker",
		["shop-prod-3", "7TRN:IPZB", "ZOJD:TPYS"],
		[" Name: host-1", "Docker Root Dir: /var/lib/docker"],
	],
	[
		"docker info username",
		" Username: marieacme\n Registry: https://index.docker.io/v1/",
		["marieacme"],
		["https://index.docker.io/v1/"],
	],
	[
		"docker info labels",
		" Labels:\n  rack=r17-left\n  datacenter=fra1x\n Experimental: false",
		["r17-left", "fra1x"],
		["  rack=", " Experimental: false"],
	],
	[
		"docker info JSON",
		'{"ID":"c0360c21-b262-4436-84a6-76786605e363","Name":"shop-prod-3","Labels":[],"ServerVersion":"27.1.1"}',
		["c0360c21-b262", "shop-prod-3"],
		['"ServerVersion":"27.1.1"'],
	],
	[
		"swarm ids",
		"  NodeID: d9itfrn55zan0eg03kb0u6xhx\n  ClusterID: 7ib1lm3e7mvhmd02ribi3c71c\n  Node Address: 10.55.1.2",
		["d9itfrn55zan0eg03kb0u6xhx", "7ib1lm3e7mvhmd02ribi3c71c", "10.55.1.2"],
	],
	[
		"journal",
		'Nov 23 07:59:53 shopsrv dockerd[324]: time="2026" level=info msg="Starting up"',
		["shopsrv"],
		["Nov 23 07:59:53 host-1 dockerd[324]: "],
	],
	[
		"journal in German",
		"Nov. 23 07:59:53 shopsrv systemd[1]: Started.\n23. Nov 07:59:54 shopsrv kernel: x",
		["shopsrv"],
	],
	["journal, ISO", "2026-11-23T07:59:53+0100 shopsrv dockerd[324]: Starting up", ["shopsrv"]],
	["syslog, RFC 5424", "<30>1 2026-11-23T07:59:53.123Z shopsrv dockerd 324 - - Starting up", ["shopsrv"]],
	[
		"uname -a",
		"Linux shopsrv 5.15.0-91-generic #101-Ubuntu SMP x86_64 GNU/Linux",
		["shopsrv"],
		["Linux host-1 5.15.0-91-generic #101-Ubuntu SMP"],
	],
	[
		"hostnamectl",
		" Static hostname: shopsrv\n      Machine ID: 1d6aba2aca4e62317805cdc11f29734b",
		["shopsrv", "1d6aba2aca4e62317805cdc11f29734b"],
	],
	[
		"a host seen elsewhere",
		"Linux shopsrv 5.15.0\nfile shopsrv-dockerd.log and shopsrv.log, http://shopsrv:8080/",
		["shopsrv"],
		["-dockerd.log", ":8080/"],
	],
	[
		"a host with its domain",
		"Linux shopsrv 5.15.0\nping shopsrv.fra.acme.corp",
		["shopsrv", "acme.corp"],
		["ping host-1.example"],
	],
	[
		"domains",
		"curl https://api.shop.acme.com/v1 and registry.acme.lan:5000/team/api:1.2 via proxy.acme.internal",
		["acme", "shop."],
		[":5000/", ":1.2", "/v1"],
	],
	[
		"registry mirrors",
		" Registry Mirrors:\n  https://mirror.acme.de/\n Insecure Registries:\n  reg.acme.lan:5000\n  127.0.0.0/8",
		["acme"],
		["127.0.0.0/8", ":5000"],
	],
	[
		"resolv.conf",
		"search acme.corp fra.acme.corp\nnameserver 10.1.1.53\nnameserver 8.8.8.8",
		["acme.corp", "10.1.1.53"],
		["nameserver 8.8.8.8"],
	],
	[
		"lookup error",
		"dial tcp: lookup registry.acme.corp on 10.1.1.53:53: no such host",
		["acme", "10.1.1.53"],
		[":53: no such host"],
	],
	["mail address", "Signed-off-by: Marie Curie <marie.curie@acme.com>", ["marie.curie@acme.com", "acme.com"]],
	[
		"home directory",
		"-v /home/marie/shop:/srv -v /Users/mcurie/x:/y C:\\Users\\Mcurie\\x",
		["marie", "mcurie", "Mcurie"],
		["/home/", ":/srv"],
	],
	[
		"sudo log",
		"Nov 23 07:59:53 web01 sudo:    marie : TTY=pts/0 ; PWD=/home/marie ; USER=root ; COMMAND=/sbin/iptables -F",
		["marie"],
		["USER=root", "COMMAND=/sbin/iptables -F"],
	],
	["sudo prompt", "[sudo] password for marie: ", ["marie"]],
	["sshd", "Accepted publickey for marie from 81.2.69.142 port 51422 ssh2", ["marie", "81.2.69.142"], ["port 51422"]],
	["id", "uid=1000(marie) gid=1000(marie) groups=1000(marie),999(docker)", ["marie"], ["999(docker)", "uid=1000("]],
	[
		"docker ps",
		`CONTAINER ID   IMAGE                 COMMAND   CREATED       STATUS       PORTS                  NAMES\n5a54209d8e7c   acme/shop-api:1.4.2   "/run"    2 hours ago   Up 2 hours   0.0.0.0:8080->80/tcp   shop-api-1\n111122223333   nginx:1.27            "/run"    2 hours ago   Up 2 hours   443/tcp                edge`,
		["5a54209d8e7c", "acme/shop-api", "shop-api-1", "edge"],
		["0.0.0.0:8080->80/tcp", "nginx:1.27", ":1.4.2", "Up 2 hours"],
	],
	[
		"docker network ls",
		"NETWORK ID     NAME           DRIVER    SCOPE\n1cda4ed572f0   bridge         bridge    local\n6735be94d16b   shop_default   bridge    local",
		["1cda4ed572f0", "6735be94d16b", "shop_default"],
		["bridge    local"],
	],
	["docker volume ls", "DRIVER    VOLUME NAME\nlocal     shop_pgdata", ["shop_pgdata"], ["local "]],
	[
		"docker compose ps",
		'NAME         IMAGE          COMMAND   SERVICE   CREATED   STATUS    PORTS\nshop-api-1   acme/shop-api  "/run"    api       1h ago    Up 1h     8080/tcp',
		["shop-api-1", "acme/shop-api"],
	],
	[
		"docker node ls",
		"ID                            HOSTNAME    STATUS    AVAILABILITY   MANAGER STATUS   ENGINE VERSION\nd9itfrn55zan0eg03kb0u6xhx *   shopnode7   Ready     Active         Leader           28.5.2",
		["shopnode7", "d9itfrn55zan0eg03kb0u6xhx"],
		["28.5.2"],
	],
	[
		"endpoint error",
		`driver failed programming external connectivity on endpoint shop-api-1 (${ID}):  (iptables failed: iptables --wait -t nat -A DOCKER -p tcp -d 0/0 --dport 8081 -j DNAT --to-destination 172.21.0.3:80 ! -i br-6735be94d16b: iptables: No chain/target/match by that name.`,
		["shop-api-1", ID, "6735be94d16b"],
		["--to-destination 172.", "--dport 8081", "No chain/target/match by that name.", "! -i br-"],
	],
	[
		"network error",
		`failed to create endpoint shop-db on network shop_backend: adding interface veth12ab34c to bridge br-6735be94d16b failed`,
		["shop-db", "shop_backend", "6735be94d16b"],
		["veth12ab34c to bridge br-"],
	],
	["name conflict", `Conflict. The container name "/shop-db" is already in use by container "${ID}".`, ["shop-db", ID]],
	[
		"compose progress",
		" ✔ Network shop_default  Created\n ✔ Container shop-db-1   Started\n ✘ Container shop-api-1  Error",
		["shop_default", "shop-db-1", "shop-api-1"],
		["Created", "Started"],
	],
	[
		"docker run",
		"$ docker run -d --name shop-api --network shop_backend -v shop_data:/data -p 8080:80 acme/shop-api:1.4",
		["shop-api", "shop_backend", "shop_data", "acme"],
		["-p 8080:80", ":/data", ":1.4"],
	],
	[
		"docker commands",
		"$ docker logs -f shopfront\n$ docker restart shopfront shopback\n$ sudo docker exec -it shopdb sh",
		["shopfront", "shopback", "shopdb"],
		["docker restart ", " sh"],
	],
	[
		"inspect",
		`[{"Id":"${ID}","Name":"/shopfront","Config":{"Hostname":"5a54209d8e7c","Domainname":"acme.corp","Image":"acme/front","Labels":{"com.docker.compose.project":"shopproj","maintainer":"Marie <marie@acme.com>","rack":"r17"}},"NetworkSettings":{"Networks":{"shop_backend":{"Aliases":["frontalias","5a54209d8e7c"],"MacAddress":"02:42:0a:14:00:03","IPAddress":"10.20.0.3"}}}}]`,
		[
			ID,
			"shopfront",
			"acme",
			"shopproj",
			"marie@",
			"r17",
			"shop_backend",
			"frontalias",
			"02:42:0a:14:00:03",
			"10.20.0.3",
		],
		['"Networks":{"', '"MacAddress":"02:42:'],
	],
	["volume path", "/var/lib/docker/volumes/shop_pgdata/_data", ["shop_pgdata"], ["/var/lib/docker/volumes/", "/_data"]],
	["short id", `docker inspect 5a54209d8e\ncontainer ${ID}`, ["5a54209d8e"]],
	[
		"private IPv4",
		"inet 10.20.30.40/24 brd 10.20.30.255 scope global eth0\ninet 192.168.178.20/24\ninet 172.22.9.8/20\ninet 100.101.102.103/32",
		["10.20.30.40", "192.168.178.20", "172.22.9.8", "100.101.102.103", "10.20.30.255"],
		["/24 brd", "/20", "/32"],
	],
	[
		"an address written with a short prefix",
		"inet 10.20.30.40/8 and 81.2.69.142/5 and 10.55.1.2/16",
		["10.20.30.40", "81.2.69.142", "10.55.1.2"],
		["/8 and", "/5 and"],
	],
	[
		"docker ps that lost its padding",
		'5a54209d8e7c acme/shop:1 "/run" 2 hours ago Up 2 hours 0.0.0.0:8080->80/tcp shopfront',
		["5a54209d8e7c", "acme", "shopfront"],
		["0.0.0.0:8080->80/tcp"],
	],
	[
		"public IPv4",
		"SRC=81.2.69.142 DST=93.184.216.34 LEN=60; from 203.0.113.45",
		["81.2.69.142", "93.184.216.34", "203.0.113.45"],
		["SRC=", "LEN=60"],
	],
	[
		"IPv4 in JSON text",
		'"msg":"a\\n10.20.30.40\\tb", "u":"http://81.2.69.142:8080/"',
		["10.20.30.40", "81.2.69.142"],
		[":8080/"],
	],
	["IPv4 percent-encoded", "next=http%3A%2F%2F81.2.69.142%3A8080", ["81.2.69.142"]],
	["IPv4 range", "--src-range 10.20.30.1-10.20.30.40", ["10.20.30.40"]],
	[
		"IPv6",
		"inet6 2a02:8106:1:2:3c4d:5eff:fe6f:7a8b/64 scope global\ninet6 fd12:3456:789a:1::5/64\ninet6 fe80::3c4d:5eff:fe6f:7a8b/64",
		["2a02:8106", "fd12:3456:789a", "3c4d:5eff:fe6f:7a8b"],
		["fe80::", "/64 scope global"],
	],
	[
		"IPv6 with a port",
		"[2a02:8106:1:2::5]:8080\ntcp6       0      0 2a02:8106:1:2::5:443   :::*   LISTEN",
		["2a02:8106"],
		["]:8080", ":443 "],
	],
	[
		"IPv6 in the kernel's long form",
		"SRC=2a02:8106:0001:0002:0000:0000:0000:0005 DST=ff02:0000:0000:0000:0000:0000:0000:0001",
		["2a02:8106"],
		["DST=ff02:0000"],
	],
	["MAC", "link/ether 3c:4d:5e:6f:7a:8b brd ff:ff:ff:ff:ff:ff", ["3c:4d:5e:6f:7a:8b"], ["brd ff:ff:ff:ff:ff:ff"]],
	["MAC of Windows", "Physical Address. . . : 3C-4D-5E-6F-7A-8B", ["3C-4D-5E-6F-7A-8B"]],
	[
		"MAC= of the kernel",
		"MAC=52:54:00:12:34:56:3c:4d:5e:6f:7a:8b:08:00 SRC=10.1.1.1",
		["52:54:00:12:34:56", "3c:4d:5e:6f:7a:8b", "10.1.1.1"],
		[":08:00 SRC="],
	],
	["serial number", "Serial Number: PF2ABC7X\n\tserial=WD-12345", ["PF2ABC7X", "WD-12345"]],
	["wireless network", 'wlan0 ESSID:"AcmeGuest" and SSID: AcmeCorp', ["AcmeGuest", "AcmeCorp"], ["wlan0"]],
	[
		"ssh target",
		"ssh marie@shopsrv 'docker ps'; scp x deploy1@81.2.69.142:/tmp",
		["marie", "shopsrv", "deploy1", "81.2.69.142"],
		["'docker ps'"],
	],
	[
		"file owner",
		"-rw-r--r-- 1 marie marie 1204 Nov 23 07:59 docker-compose.yml",
		["marie"],
		["1204 Nov 23 07:59 docker-compose.yml"],
	],
	["URL credentials", "https://mcurie@git.acme.com/x", ["mcurie", "acme.com"]],
	["systemd unit", "User=marie\nEnvironmentFile=/home/marie/x.env", ["marie"]],
	[
		"image errors",
		"pull access denied for acme/shop, repository does not exist\nUnable to find image 'acme/cart:2' locally\nmanifest for acme/pay:3 not found",
		["acme/"],
		["locally", ":2'", ":3 not found"],
	],
	[
		"compose file",
		"services:\n  api:\n    image: registry.acme.lan/shop/api:7\n    container_name: shopapi7\n    hostname: shophost",
		["acme", "shop/api", "shopapi7", "shophost"],
		["    image: ", ":7", "services:"],
	],
	[
		"several hosts",
		"Linux alpha7 6.1.0\nNov 23 07:59:53 bravo8 systemd[1]: x\ncharlie9:~# ls\nroot@delta10:~# ls\n Static hostname: echo11",
		["alpha7", "bravo8", "charlie9", "delta10", "echo11"],
	],
	[
		"several users",
		"/home/ulla/x /home/vera/y\nuid=1001(wanda)\nUSER=xaver\nsudo:   yvonne : TTY=pts/1 ; COMMAND=/bin/ls",
		["ulla", "vera", "wanda", "xaver", "yvonne"],
	],
	[
		"several addresses",
		"10.1.2.3 10.1.2.4 10.9.2.3 192.168.1.7 192.168.2.7 172.20.5.6 172.31.255.9 100.90.1.2 5.6.7.8 5.6.7.9 66.77.88.99 185.3.2.1",
		[
			"10.1.2.3",
			"10.1.2.4",
			"10.9.2.3",
			"192.168.1.7",
			"192.168.2.7",
			"172.20.5.6",
			"172.31.255.9",
			"100.90.1.2",
			"5.6.7.8",
			"5.6.7.9",
			"66.77.88.99",
			"185.3.2.1",
		],
	],
	["file names in text", "Linux web77 6.1.0\nsee web77-dockerd.log", ["web77"]],
	["a host in capitals", "Nov 23 07:59:53 SHOPSRV dockerd[324]: Starting up", ["SHOPSRV"]],
	[
		"the firm behind a domain",
		"curl https://nexus.fabrikam.de/x\ncd /opt/fabrikam/erp # Fabrikam AG, FABRIKAM_HOME",
		["fabrikam", "Fabrikam", "FABRIKAM"],
	],
	[
		"the person behind a user name",
		"jonas.weber@alpha7:~$ id\nI am Jonas Weber\njonas.we pts/0 10.1.1.1\njonas.w+ 1187 dockerd",
		["onas", "eber"],
	],
	[
		"/etc/hosts",
		"127.0.0.1 localhost\n10.44.7.20 dbmaster nexus.fabrikam.de\nping dbmaster",
		["dbmaster", "fabrikam", "10.44.7.20"],
		["127.0.0.1 localhost"],
	],
	[
		"docker ps with a format",
		"erp-web-1 0.0.0.0:8443->8443/tcp\nedge_proxy7 Up 2 hours",
		["erp-web-1", "edge_proxy7"],
		["0.0.0.0:8443->8443/tcp", "Up 2 hours"],
	],
	["a host in a URL, then bare", "jdbc:postgresql://dbmaster:5432/erp\nping dbmaster", ["dbmaster"], [":5432/erp"]],
];

describe("a planted identity", () => {
	it.each(PLANTED.map((row) => [row[0], row] as const))("is gone: %s", (_, [, text, gone, stays = []]) => {
		const result = redactText(text);
		for (const word of gone) expect(result).not.toContain(word);
		for (const word of stays) expect(result).toContain(word);
		expect(redactText(result)).toBe(result);
		expect(result.split("\n").length).toBe(text.split("\n").length);
	});

	it("plants enough of them", () => {
		expect(PLANTED.flatMap(([, , gone]) => gone).length).toBeGreaterThanOrEqual(150);
	});
});

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
