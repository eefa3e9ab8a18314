/**
 * Words of the trade. A container may be called `proxy` and a user `mark`; replacing these words wherever they stand
 * would take away what a diagnosis reads. They are replaced only where the text shows that they are a name.
 *
 * Collected from the output of docker, iptables, nft, ip, ss, systemd and the kernel on 138 captured hosts, and from
 * the error texts of moby, iptables, firewalld and ufw.
 */
const TRADE = `
accept accepted access accessed across action activating active add added adding address addresses addrtype admin after
again agent all allocate allocated allow allowed already alternative alternatives always among and answer any anywhere
api app append appended applied apply arch argument arp assign assigned assignments associated attach attached audit
auth auto automatic available avoid aware awslogs back backend backup bad base bash basic because become been before
below best between bind blob block blocked book boot booted both bridge bridged broadcast broute btrfs build builder
builtin burst but button bypass bytes cache call called can cannot cert certificate cgroup cgroupfs cgroupns chain
chains change changed changes check checks checksum chmod chown class classic cleaning cleanup clear client clock clone
close closed closing cluster code column command commands comment commit compat compose conf config configfs
configuration configure configured conflict conflicts connect connected connecting connection connections connectivity
conntrack console container containerd containerized containers content context continue control controller copy core
could count counter counters create created creating creation cri ctmark ctorigdst ctorigdstport ctstate ctstatus
curl current currently custom daddr daemon data database date dead debug default defaults delay delete deleted deny
denied depends deploy deprecated desc destination detach detail dev device devices devmapper dhcp dial different dir
directive directives directory disable disabled discard disconnect disconnected disk dispatcher dist dnat dns docker
dockerd does domain done down download dport dpt driver drop dropped dst dual dummy dump dynamic each edge edit either
elected else email empty enable enabled end endpoint endpoints engaged engine enter entered entries entry env
environment epoch error errors established eth evaluates event events every except exec executable execution exist
exists exit exited expected expire experimental expose extensions external extra failed failure fallback false family
fast fatal fault feature features fib field file files filesystem filter filtering find finished firewall firewalld
firewalling fix fixed flag flags floating floppy fluentd flush flushed follow following for force forever fork format
forward forwarding found free from frontend full fully function fuse fwmark gateway gcplogs gelf general generate
generation generator get getting github give given global gone goto grace graceful gracefully graph graphdriver group
grpc guest had handle home handler handling hard has hash have head header health healthy hello help here hook hop hoplimit
host hostname hosts hours hpet how hrtimer http https httpd hwclock icc icmp icmptype icmpv6 ident identifier idle ifi
iface igmp ignore ignored ignoring iif iifname image images immediate import imported inactive inbound include
incoming incompatible indicated inet info inform information ingress init initialization initialize initialized
initializing inject input insert inserted insmod inspect install installed instance instead inter interface interfaces
internal interrupt interrupted into invalid ipam ipset iptables ipvlan ipvs irq irqbypass isolated isolation issue item
its job jobs join joined journal journalctl journald json jump keep kept kernel key keys kill killed known kvm label
labels last latest layer lead leadership leave left legacy level libcontainerd libkmod libnetwork lib library like
limit line lines link linkdown linked linux list listen listener listening live load loadbalancing loaded loading
local localhost locate lock locked locking log logged logger logging logs lookup loop loopback lost low lower lrwxrwxrwx
lsmod lsof mac machine macvlan made main maintain make managed manager managers mangle manual map mapped mapping mark
masq masquerade master match matched matches matching max maximum may mbcache mem member memberlist memory message
messages meta metadata method metric migrate migrated milliseconds min mini minimum minutes missing mkfs mode model
modinfo modprobe module modules monitor monitoring month months more mount mounted mounting moved msg mtu multi
multicast must name named names namespace namespaces nameserver nameservers nat native neigh neighbour net netavark
netfilter netlink netns netstat network networking networks never new next nft nftables nid nil node nodes none
noprefixroute nor normal not note nothing notice now ntime null num number object obtain obtaining occurred off offline
oif oifname old older once one online only onto open opened operation optimization option optional options order orphan
oss other otherwise our out outbound outgoing outside over overall overlap overlaps overlay overlayfs override own owner
package packages packet packets pair panic parameter parent parse parsed parsing part partial pass passed passthrough
path pattern paused peak peer peers pending per performing permission permitted persistent physdev pick picks pid ping
pipe pkts place platform please plugin plugins podsandbox point points policy pool pools port portmap ports position
possible post postgres postrouting power pre preferred prefix prerouting present preserve preset prev prevent previous
print printing priority private privileged probe problem proc process processes processing processor profile profiles
program programming programs project prometheus prot proto protocol provided provider proxy ptp public publish
published pull pulled pulling purge push qdisc qlen query queue quit quota raft random range ranges rate raw read
readable reading ready reason reboot received receiving recent record recorded recreate recv redirect reference
references refused register registered registry reject rejected related release reload reloaded reloading remote remove
removed removing rename renamed replace replaced reply report request requested requests require required reserve reset
resolv resolve resolved resolver resource resources response restart restarted restarting restore restored restrict
result results retry return returned returning revision right root rootless round route routed routes routing rpc rule
rules run runc running runs runtime runtimes safe same sandbox sandboxer sandboxes save saved scale schedule scheduled
scope scratch script scsi sctp search seccomp second seconds section security see seen select selected self send sending
sent sequence serial serve server servers service services session sessions set sets setting settings setup several
shared shell shim should show shown shutdown side sig signal similar simple since single site size skip skipped skipping
slave sleep slice slow snapshot snapshots snapshotter snat socket sockets some source space spec specified splunk sport
spt src stable stack stale standard start started starting startup stat state statement static station stats status step
still stop stopped stopping storage store stp stream string strong sub subnet subsystem success successfully successor
such sudo suffix summary super supported suppressing swap swarm switch switched switching symbol sync syscall sysctl
syslog system systemctl systemd table tables tag take talk target targets task tasks tcp template temporarily
temporary tentative term terminate terminated test tests text than that the their them then there these they this thread
through time timed timeout timer times timestamp tls tmp tmpfs token too tool top topic topology total tproxy trace
tracer tracing track traffic transient transport trigger tried true trust try trying tun tunnel tunnels two type udev
udp uid unable unavailable unchanged under underlying undefined unexpected unfixable unicast unit units unix unknown
unless unmanaged unmet unready unreachable unset unspecified unstable unsupported until unused update updated upgrade
upgraded upper uptime use used user userland users userxattr using usr util valid value values var vendor verdict verify
version versions vers veth via video view virtio virtual visible vlan volume volumes vrf vsock vxlan wait waited waiting
waits wall want wanted warn warning was watch way weave weight were what when where whether which while who whole will
window wireguard with without word words work worker workers working works world would write writing written wrong xlock
xtables yes yet you your zero zfs zone zones
wget nmap telnet netcat ncat dig nslookup traceroute tcpdump grep awk sed cat tail less more head sort uniq wc tee vim
nano apt dnf yum apk pacman zypper snap dpkg rpm ufw fail2ban flannel calico cilium kube kubelet kubectl minikube k3s
podman buildah buildkit buildx registry-1 docker-proxy docker-init docker0 docker-compose containerd-shim
containerd-shim-runc-v2 iptables-save iptables-restore iptables-nft iptables-legacy ip6tables nf_tables nf_nat nf_conntrack
br_netfilter xt_addrtype xt_conntrack xt_masquerade ip_tables ip6_tables iptable_nat iptable_filter iptable_raw bridge-nf-call-iptables
json-file local-logs overlay2 x86_64 amd64 arm64 aarch64 armv7l armhf i386 eth0 eth1 wlan0 ens3 enp0s3 br-lan lxcbr0 virbr0 cni0
`;

/** Words that stay where they stand free in text, even when they are somebody's name too. */
export const TRADE_WORDS: ReadonlySet<string> = new Set(TRADE.split(/\s+/).filter((word) => word !== ""));

/** Names that tell nothing about anybody: never replaced, not even where they are names. */
export const COMMON_NAMES: ReadonlySet<string> = new Set(
	`root localhost localhost.localdomain localdomain docker docker-desktop debian ubuntu fedora centos rocky almalinux
	alpine arch archlinux opensuse raspberrypi raspbian nobody none host bridge default daemon bin sys sync www-data
	systemd systemd-resolve systemd-network systemd-timesync messagebus syslog sshd nogroup admin administrator user
	ec2-user core vagrant guest system service anonymous ingress docker_gwbridge null local overlay macvlan ipvlan
	nat transparent l2bridge ics host.docker.internal gateway.docker.internal kubernetes.docker.internal
	docker.service iptables kernel git runner build always no on-failure unless-stopped container private public shareable
	postgres mysql redis nginx apache httpd traefik caddy registry moby plugins.moby example test localhost4 localhost6
	ip6-localhost ip6-loopback ip6-allnodes ip6-allrouters gateway linux true false yes auto never enabled disabled sda vda`
		.split(/\s+/)
		.filter((word) => word !== ""),
);

/** Images that everybody pulls; their names say what runs, not who runs it. */
const PUBLIC_IMAGES = new Set(
	`adminer alpine amazonlinux apache archlinux bash busybox caddy cassandra centos chronograf clojure composer consul
	couchbase couchdb crate debian docker dockerd drupal eclipse-mosquitto eclipse-temurin elasticsearch elixir erlang
	fedora fluentd flink gcc ghost golang gradle groovy haproxy haskell hello-world httpd influxdb jenkins jetty joomla
	jruby julia kapacitor kibana kong logstash mariadb matomo maven mediawiki memcached mongo mongo-express mono mysql
	nats neo4j nextcloud nginx node odoo openjdk opensuse oraclelinux percona perl photon php php-zendserver phpmyadmin
	plone postfixadmin postgres pypy python r-base rabbitmq rakudo-star redis redmine registry rethinkdb rockylinux ros
	ruby rust sapmachine scratch silverpeas solr sonarqube spark spiped storm swarm swift swipl teamspeak telegraf tomcat
	tomee traefik ubuntu unit varnish vault websphere-liberty wordpress xwiki yourls zookeeper znc whoami alpinelinux`
		.split(/\s+/)
		.filter((word) => word !== ""),
);
const PUBLIC_OWNERS = new Set(
	`library docker grafana prom portainer linuxserver bitnami nginxinc nginxproxy jwilder traefik containous jc21 louislam
	vaultwarden pihole gitea drone homeassistant home-assistant netdata containrrr rancher calico flannel cilium coredns
	elastic confluentinc hashicorp mcr.microsoft.com moby tonistiigi testcontainers jenkins sonatype gitlab ollama
	selenium kindest nicolaka curlimages jellyfin plexinc wg-easy tailscale cloudflare certbot watchtower`
		.split(/\s+/)
		.filter((word) => word !== ""),
);

/** Whether an image's name, without tag, says nothing about who runs it. */
export function isPublicImage(name: string): boolean {
	const path = name.replace(
		/^(?:docker\.io|index\.docker\.io|registry-1\.docker\.io|quay\.io|ghcr\.io|lscr\.io|registry\.k8s\.io|k8s\.gcr\.io|public\.ecr\.aws)\//,
		"",
	);
	if (path.startsWith("mcr.microsoft.com/") || name.startsWith("registry.k8s.io/")) return true;
	const parts = path.split("/");
	const first = parts[0] ?? "";
	return parts.length === 1 ? PUBLIC_IMAGES.has(first) : PUBLIC_OWNERS.has(first);
}

/** Hosts of the world: registries, package mirrors, projects. What ends with one of them tells nothing about a person. */
const PUBLIC_DOMAINS =
	`docker.com docker.io github.com githubusercontent.com ghcr.io gitlab.com golang.org go.dev google.com
googleapis.com gcr.io k8s.io kubernetes.io quay.io redhat.com fedoraproject.org centos.org rockylinux.org almalinux.org
debian.org ubuntu.com launchpad.net canonical.com snapcraft.io alpinelinux.org archlinux.org opensuse.org suse.com
kernel.org netfilter.org freedesktop.org mobyproject.org opencontainers.org containerd.io linuxserver.io lscr.io
nginx.org nginx.com postgresql.org python.org pypi.org npmjs.org npmjs.com nodejs.org rust-lang.org crates.io gnu.org
microsoft.com mcr.microsoft.com windows.net cloudflare.com one.one.one.one dns.google quad9.net example.com example.org
example.net example ntp.org firewalld.org systemd.io wikipedia.org stackoverflow.com serverfault.com askubuntu.com
opendns.com letsencrypt.org raspberrypi.org raspberrypi.com host.docker.internal gateway.docker.internal
kubernetes.docker.internal opentelemetry.io grpc.io etcd.io amazonaws.com.cn public.ecr.aws docker.internal arpa json.org
nixos.org gentoo.org void-linux.org proxmox.com truenas.com synology.com qnap.com unraid.net balena.io apache.org
mozilla.org ietf.org rfc-editor.org iana.org isc.org openssl.org openssh.com cncf.io compose-spec.io`
		.split(/\s+/)
		.filter((word) => word !== "");
const PUBLIC_DOMAIN_SET: ReadonlySet<string> = new Set(PUBLIC_DOMAINS);

/** Whether a host name belongs to a public project. A customer's bucket or registry below a cloud's domain does not. */
export function isPublicDomain(host: string): boolean {
	const labels = host.toLowerCase().replace(/\.$/, "").split(".");
	for (let from = 0; from < labels.length; from++) {
		if (PUBLIC_DOMAIN_SET.has(labels.slice(from).join("."))) return true;
	}
	return false;
}

// Endings that make a dotted word a domain name. Country codes that are file endings too need a third label.
const ENDINGS = new Set(
	`com net org edu gov mil int biz io dev app cloud site online tech xyz shop blog systems solutions digital services
	agency company hosting software engineering consulting technology email studio local lan internal intranet intra corp
	home private localdomain invalid localnet onion consul`
		.split(/\s+/)
		.filter((word) => word !== ""),
);
const COUNTRIES = new Set(
	`info ac ad ae af ag ai al am ao ar at au az ba bb bd be bg bh bi bj bn bo br bs bt bw by bz ca cd ch ci cl cm cn co cr cu
	cv cy cz de dj dk dm do dz ec ee eg es et eu fi fj fm fr ga gb gd ge gf gg gi gl gm gn gr gt gu gy hk hn hr ht hu id
	ie il im in iq ir is it je jm jo jp ke kg kh kr kw kz la lb lc li lk lr lt lu lv ly ma mc me mg mk mm mn mo mt mu mv
	mw mx my mz na ng ni nl no np nz om pa pe pf pg ph pk pr pt pw py qa re ro ru rw sa sc se sg si sk sl sm sn sr st su
	sv sy tc tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk us uy uz va vc ve vn vu ws ye za zm zw`
		.split(/\s+/)
		.filter((word) => word !== ""),
);
const NOT_DOMAINS = /^(?:com|io|org|net|dev|kernel|user|vm|fs|sys|abi|debug|crypto|sunrpc|label|meta)\./;
const FILE_COUNTRIES = new Set([
	"info",
	"py",
	"sh",
	"so",
	"pl",
	"rs",
	"md",
	"ps",
	"in",
	"is",
	"it",
	"to",
	"my",
	"no",
	"do",
	"me",
	"st",
	"la",
	"im",
	"am",
	"at",
	"be",
	"by",
	"ms",
	"re",
	"cc",
	"id",
]);

/** Whether a dotted word is a host name of somebody: known ending, no reverse-DNS key, no file, no unit, no version. */
export function isDomainName(word: string): boolean {
	const last = word.slice(word.lastIndexOf(".") + 1).toLowerCase();
	if (!ENDINGS.has(last) && !COUNTRIES.has(last)) return false;
	const plain = word.toLowerCase();
	if (plain.length > 253 || NOT_DOMAINS.test(plain)) return false;
	const labels = plain.split(".");
	if (labels.length < 2 || labels.some((label) => !/^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?$/.test(label)))
		return false;
	if (/^v?\d/.test(labels[0] ?? "") && labels.slice(0, -1).every((label) => /^v?\d/.test(label))) return false;
	if (ENDINGS.has(last)) return !(labels.length === 2 && (labels[0] ?? "").length < 2);
	return labels.length >= 3 || (!FILE_COUNTRIES.has(last) && (labels[0] ?? "").length >= 3);
}
