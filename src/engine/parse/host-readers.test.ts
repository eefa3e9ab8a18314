import { describe, expect, it } from "vitest";
import { read } from "../read";

/** Outputs as a terminal shows them, through recognition and their parsers. */
const parsed = (text: string) => read([{ id: "s1", name: "paste", text }]).map((reading) => reading.parsed);
const only = (text: string) => {
	const [first, ...rest] = parsed(text);
	expect(rest).toEqual([]);
	return first;
};

describe("ipset", () => {
	it("reads sets with their members, timeouts and all", () => {
		const text = `root@h:~# ipset list
Name: f2b-sshd
Type: hash:ip
Revision: 5
Header: family inet hashsize 1024 maxelem 65536 timeout 600 bucketsize 12 initval 0x0a1b2c3d
Size in memory: 520
References: 1
Number of entries: 2
Members:
203.0.113.7 timeout 512
198.51.100.9 timeout 30

Name: docker-ext-bridges-v4
Type: hash:net
Revision: 7
Header: family inet hashsize 1024 maxelem 65536 bucketsize 12 initval 0x7c3
Size in memory: 504
References: 2
Number of entries: 1
Members:
172.17.0.0/16
`;
		expect(only(text)).toMatchObject({
			kind: "ipset",
			sets: [
				{ name: "f2b-sshd", type: "hash:ip", elements: ["203.0.113.7 timeout 512", "198.51.100.9 timeout 30"] },
				{ name: "docker-ext-bridges-v4", type: "hash:net", elements: ["172.17.0.0/16"] },
			],
			remarks: [],
		});
	});
	it("reads the form of ipset save, and tells an empty set from one whose members were not printed", () => {
		expect(only("create blk hash:net family inet hashsize 1024 maxelem 65536\nadd blk 203.0.113.0/24\n")).toMatchObject(
			{
				sets: [{ name: "blk", type: "hash:net", elements: ["203.0.113.0/24"] }],
			},
		);
		expect(only("create blk hash:net family inet hashsize 1024 maxelem 65536\n")).toMatchObject({
			sets: [{ elements: [] }],
		});
		expect(only("Name: blk\nType: hash:net\nRevision: 7\nNumber of entries: 4\n")).toMatchObject({
			sets: [{ elements: null }],
		});
	});
});

describe("conntrack", () => {
	it("sums what all CPUs dropped", () => {
		const text = `cpu=0   \tfound=0 invalid=12 insert=0 insert_failed=3 drop=345 early_drop=0 error=0 search_restart=0 
cpu=1   \tfound=0 invalid=1 insert=0 insert_failed=0 drop=12 early_drop=0 error=0 search_restart=0 
`;
		expect(only(text)).toMatchObject({ kind: "conntrack", count: null, dropped: { value: 357, at: { line: 1 } } });
		expect(only(text.replace(/ drop=\d+/g, " drop=0"))).toMatchObject({ dropped: null });
	});
	it.each([
		["$ conntrack -C\n262144\n", 262144],
		[
			"$ sudo conntrack -L | head -2\nconntrack v1.4.7 (conntrack-tools): 17 flow entries have been shown.\ntcp      6 98 TIME_WAIT src=10.0.0.5 dst=10.0.0.9 sport=51515 dport=8080 src=172.17.0.2 dst=10.0.0.5 sport=80 dport=51515 [ASSURED] mark=0 use=1\n",
			17,
		],
	])("counts the connections of %j", (text, count) => {
		expect(only(text)).toMatchObject({ kind: "conntrack", count: { value: count } });
	});
});

describe("modules on the disk", () => {
	const files = (text: string) => {
		const found = only(text);
		return found?.kind === "lib-modules"
			? found.files.map(({ module, state, release }) => `${module} ${state} ${release ?? "-"}`)
			: found?.kind;
	};
	it.each([
		["/lib/modules/6.1.0-50-amd64/kernel/net/netfilter/nf_nat.ko.xz\n", ["nf_nat file 6.1.0-50-amd64"]],
		[
			"kernel/net/netfilter/xt_addrtype.ko\nkernel/net/ipv4/netfilter/iptable_nat.ko\n",
			["xt_addrtype builtin -", "iptable_nat builtin -"],
		],
		["/lib/modules/6.8.0/modules.builtin:kernel/net/netfilter/nf_nat.ko\n", ["nf_nat builtin 6.8.0"]],
		[
			"filename:       /lib/modules/6.1.0-50-amd64/kernel/net/netfilter/xt_addrtype.ko\ndescription:    Xtables: address type match\nlicense:        GPL\nname:           xt_addrtype\n",
			["xt_addrtype file 6.1.0-50-amd64"],
		],
		["filename:       (builtin)\nlicense:        GPL\nname:           nf_nat\n", ["nf_nat builtin -"]],
		["$ modinfo -n nf-nat\n(builtin)\n", ["nf_nat builtin -"]],
		["modinfo: ERROR: Module iptable_nat not found.\n", ["iptable_nat absent -"]],
		["modprobe: FATAL: Module ip_tables not found in directory /lib/modules/6.1.0-50-amd64\n", "log"],
	])("reads %j", (text, expected) => {
		expect(files(text)).toEqual(expected);
	});
	it("does not take a list of some files for the list of releases", () => {
		expect(only("/lib/modules/6.1.0-50-amd64/kernel/net/netfilter/nf_nat.ko\n")).toMatchObject({
			releases: [],
			running: null,
		});
	});
});

describe("package lists", () => {
	const read1 = (text: string) => {
		const found = only(text);
		return found?.kind === "packages"
			? {
					packages: found.packages.map(({ name, version }) => `${name} ${version}`),
					kernels: found.kernels.map(({ value }) => value),
				}
			: found?.kind;
	};
	it("reads dpkg, and passes over what is removed", () => {
		expect(
			read1(`$ dpkg -l
ii  docker-ce                     5:27.3.1-1~debian.12~bookworm   amd64        Docker: the open-source application container engine
ii  libip4tc2:amd64               1.8.9-2                         amd64        netfilter libip4tc library
rc  linux-image-6.1.0-25-amd64    6.1.106-3                       amd64        Linux 6.1 for 64-bit PCs (signed)
ii  linux-image-6.1.0-26-amd64    6.1.112-1                       amd64        Linux 6.1 for 64-bit PCs (signed)
ii  linux-image-amd64             6.1.112-1                       amd64        Linux for 64-bit PCs (meta-package)
`),
		).toEqual({
			packages: [
				"docker-ce 5:27.3.1-1~debian.12~bookworm",
				"linux-image-6.1.0-26-amd64 6.1.112-1",
				"linux-image-amd64 6.1.112-1",
			],
			kernels: ["6.1.0-26-amd64"],
		});
	});
	it.each([
		[
			"$ rpm -qa\nkernel-core-5.14.0-503.11.1.el9_5.x86_64\ndocker-ce-28.3.2-1.el9.x86_64\n",
			["5.14.0-503.11.1.el9_5.x86_64"],
		],
		["$ dnf list installed\nkernel-core.x86_64      6.11.4-301.fc41      @updates\n", ["6.11.4-301.fc41.x86_64"]],
		["$ apk info -v\ndocker-engine-27.3.1-r0\nlinux-lts-6.6.63-r0\n", ["6.6.63-0-lts"]],
		["$ pacman -Q\ndocker 1:27.3.1-1\nlinux 6.11.6.arch1-1\nlinux-lts 6.6.59-1\n", ["6.11.6-arch1-1", "6.6.59-1-lts"]],
	])("names the kernels of %j as uname does", (text, kernels) => {
		expect(read1(text)).toMatchObject({ kernels });
	});
	it("reads upgrades of dpkg.log as events", () => {
		const found = only(
			"2026-11-23 06:25:11 upgrade linux-image-amd64:amd64 6.1.99-1 6.1.112-1\n2026-11-23 06:25:14 status installed linux-image-amd64:amd64 6.1.112-1\n",
		);
		expect(found).toMatchObject({ kind: "packages", events: [{ kind: "package-upgraded" }] });
	});
});

describe("compose files", () => {
	const ports = (text: string) => {
		const found = only(text);
		return found?.kind === "compose"
			? found.ports.map((one) => `${one.service} ${one.hostAddress ?? "*"}:${one.hostPort}:${one.containerPort}`)
			: found?.kind;
	};
	it("reads short and long entries, each under its service", () => {
		const text = `services:
  web:
    image: nginx
    ports:
      - "127.0.0.1:8080:80/tcp"   # behind a proxy
      - 8443:443
      - "\${PORT:-9000}:90"
      - "3000"
    environment:
      - A=1:2
  api:
    ports:
    - target: 80
      published: "9090"
      host_ip: 127.0.0.1
    - "[::1]:7000:70"
volumes:
  data:
`;
		expect(ports(text)).toEqual([
			"web 127.0.0.1:8080:80",
			"web *:8443:443",
			"web *:9000:90",
			"api 127.0.0.1:9090:80",
			"api ::1:7000:70",
		]);
	});
});

describe("docker service ls", () => {
	it("reads the ports that swarm publishes", () => {
		const text = `ID             NAME      MODE         REPLICAS   IMAGE          PORTS
x4m1yx6jr2cg   web       replicated   2/2        nginx:latest   *:8080->80/tcp, *:8443->443/tcp
k2qj8s8yvq1a   agent     global       3/3        agent:1        
`;
		expect(only(text)).toMatchObject({
			kind: "docker-services",
			answered: true,
			services: [
				{
					name: "web",
					replicas: "2/2",
					ports: [
						{ published: 8080, target: 80, protocol: "tcp" },
						{ published: 8443, target: 443, protocol: "tcp" },
					],
				},
				{ name: "agent", replicas: "3/3", ports: [] },
			],
		});
	});
	it("is no listing where the daemon refuses", () => {
		const found = parsed(
			'$ docker service ls\nError response from daemon: This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again.\n',
		);
		expect(found.some((one) => one.kind === "docker-services" && one.answered)).toBe(false);
	});
});

describe("words of errors", () => {
	const complaint = (text: string) =>
		read([{ id: "s1", name: "paste", text }]).flatMap(({ parsed: one, strays }) =>
			("failures" in one ? one.failures : strays).map((failure) => failure.complaint),
		);
	it.each([
		[
			"iptables v1.8.7 (nf_tables): Can't find library for match `addrtype'",
			{ kind: "extension-missing", extension: "addrtype", missing: "library" },
		],
		["env: ‘iptables-save’: No such file or directory", { kind: "program-missing", program: "iptables" }],
		["env: can't execute 'iptables': No such file or directory", { kind: "program-missing", program: "iptables" }],
		[
			"ERROR: problem running iptables: iptables v1.8.7 (legacy): can't initialize iptables table `filter': Table does not exist (do you need to insmod?)",
			{ kind: "table-missing", table: "filter", reason: "no-table" },
		],
	])("reads %j", (text, expected) => {
		expect(complaint(text)).toContainEqual(expected);
	});
});
