import type { ArtifactKind } from "./evidence";

/**
 * Which kind of artifact a command prints. It is a hint, never proof: it decides only what the shape of the output
 * can't. First match wins, so the narrower row stands above the wider.
 */
const COMMANDS: readonly (readonly [pattern: RegExp, kind: ArtifactKind | null])[] = [
	// Docker. What a container logged is not the daemon's word.
	[/^docker(?:-compose| compose| container)? logs\b/, null],
	[/^docker (?:system )?info\b|docker\.sock\S* \S*\/info\b/, "docker-info"],
	[/^docker (?:version|--version|-v)\b/, "docker-version"],
	[/^docker(?:-compose| compose)? ps\b|^docker container (?:ls|list|ps)\b/, "docker-ps"],
	[/^docker network (?:ls|list)\b/, "docker-network-ls"],
	[/^docker network inspect\b/, "docker-network-inspect"],
	[/^docker (?:container )?inspect\b/, "docker-inspect"],
	[/^docker service (?:ls|list)\b/, "docker-services"],
	[
		/^docker(?:-compose| compose)? (?:--?\S+ )*(?:run|start|restart|create|up|down|service|stack|swarm|network|container|build|pull|stop|rm)\b/,
		"docker-error",
	],
	[/^dockerd .*--validate\b/, "docker-error"],
	[/^dockerd(?:-rootless\S*)?\b/, "dockerd-log"],
	[/^(?:ansible|ansible-playbook|terraform|vagrant|podman|kubectl|helm)\b/, "docker-error"],
	// Logs.
	[/^journalctl .*(?:-k\b|--dmesg\b|_TRANSPORT=kernel)/, "kernel-log"],
	[/^journalctl .*firewalld\b/, "firewalld-log"],
	[/^journalctl\b/, "dockerd-log"],
	[/^dmesg\b/, "kernel-log"],
	// systemd and its elders.
	[/^systemctl (?:-\S+ )*cat\b/, "unit-file"],
	[
		/^systemctl (?:-\S+ )*(?:status|show|is-\w+|list-units|list-unit-files)\b|^service \S+ status\b|^rc-service \S+ status\b|^rc-status\b/,
		"systemctl-status",
	],
	[/^(?:systemctl|service|rc-service|\/etc\/init\.d\/\S+)\b/, "docker-error"],
	// Netfilter.
	[/^ip6?tables\S* (?:-V|--version)\b/, "iptables-version"],
	[/^ip6?tables(?:-nft|-legacy)?-save\b|^ip6?tables\S* .*(?:--list-rules\b|-[a-z]*S\b)/, "iptables-save"],
	[/^ip6?tables\S* .*(?:--list\b|-[a-z]*L)/, "iptables-list"],
	[/^ip6?tables\S*/, "docker-error"],
	[/^nft (?:-\S+ )*list\b/, "nft-ruleset"],
	[/^nft (?:-\S+ )*monitor\b/, "nft-monitor"],
	[/^nft\b/, "docker-error"],
	[/^(?:update-)?alternatives\b|^eselect iptables\b/, "alternatives"],
	[/^(?:ls|readlink|realpath|file|which|type|command)\b.*\b(?:ip6?tables|xtables)/, "iptables-version"],
	[/^ufw\b/, "ufw-status"],
	[/^firewall-cmd\b/, "firewalld-state"],
	[/^ipset\b/, "ipset"],
	[/^conntrack\b/, "conntrack"],
	// Kernel.
	[/^(?:ls|find|tree)\b.* \/(?:usr\/)?lib\/modules\b/, "lib-modules"],
	[/^uname\b/, "uname"],
	[/^lsmod\b|^cat \/proc\/modules\b/, "lsmod"],
	[/^(?:modprobe|insmod|depmod|modinfo)\b/, "modprobe"],
	[/^(?:z?grep|zcat|cat|bash|sh|\.)?.*(?:\/boot\/config|config\.gz|check-config|CONFIG_)/, "kernel-config"],
	[/^(?:lsof|fuser|cat|flock|lslocks)\b.*(?:xtables\.lock|\/proc\/locks)|^lslocks\b/, "lock-holders"],
	[/^sysctl\b|^(?:cat|head|tail|grep)\b.* \/(?:proc\/sys|etc\/sysctl)/, "sysctl"],
	// Network.
	[/^(?:ss|netstat) .*-[a-z]*r|^route\b|^ip (?:-\S+ )*r(?:oute)?\b/, "ip-route"],
	[/^netstat .*-[a-z]*s\b|^nstat\b/, "nstat"],
	[/^(?:ss|netstat)\b|^lsof .*-i|^fuser .*\/(?:tcp|udp)\b/, "sockets"],
	[/^ip (?:-\S+ )*ru(?:le)?\b/, "ip-rule"],
	[/^brctl show\b|^bridge (?:-\S+ )*(?:link|vlan)\b/, "bridge-ports"],
	[/^ip (?:-\S+ )*(?:a|ad|addr|address|l|link)\b|^ifconfig\b/, "ip-addr"],
	[/^(?:curl|wget|nc|ncat|netcat|telnet|nmap|http|Test-NetConnection|tnc|Invoke-WebRequest|iwr)\b/, "probe"],
	// System.
	[/\bcom\.docker\.diagnose\b.{0,40}\bcheck\b/, "desktop-checks"],
	[/^wsl (?:--?(?:version|v|list|l|status)\b)/, "wsl"],
	[/^(?:dpkg|dpkg-query|rpm|apk|pacman|apt|apt-cache|dnf|yum|zypper|snap)\b/, "package-list"],
	[/^lsb_release\b|^hostnamectl\b|PRETTY_NAME/, "os-release"],
];

/** Kinds by the file that a command reads or that was dropped, as the end of its path. */
const FILES: readonly (readonly [pattern: RegExp, kind: ArtifactKind])[] = [
	[/\bdaemon\.json\b/, "daemon-json"],
	[/\b(?:os-release|debian_version|redhat-release|lsb-release)\b/, "os-release"],
	[/\.(?:service|socket|timer)\b|\boverride\.conf\b|\bsystemd\/\S+\.conf\b|\bdefault\/docker\b/, "unit-file"],
	[/\b(?:docker-)?compose[\w.-]*\.ya?ml\b/, "compose-file"],
	[/\bkern(?:el)?\.log\b|\bdmesg\b/, "kernel-log"],
	[/\blog\/firewalld\b|\bfirewalld\.log\b/, "firewalld-log"],
	[/\bdockerd?[\w.-]*\.log\b|\b(?:syslog|daemon\.log)\b|\blog\/messages\b|\bjournal[\w.-]*\.log\b/, "dockerd-log"],
	[
		/\brules\.v[46]\b|\b(?:before|after|user)6?\.rules\b|\bsysconfig\/ip6?tables\b|\bip6?tables\.rules\b/,
		"iptables-save",
	],
	[/\bnftables\.conf\b|\.nft\b/, "nft-ruleset"],
	[/\bsysctl[\w.-]*\.conf\b|\bproc\/sys\//, "sysctl"],
	[/\bdpkg\.log\b/, "package-list"],
];

/** The file readers: what they print is what the file holds. */
const READERS = /^(?:cat|bat|less|more|tail|head|grep|zgrep|sed|jq|nl|vi|vim|nano)\b/;

const WRAPPERS =
	/^(?:(?:\/usr)?(?:\/local)?\/s?bin\/|(?:[A-Z_][A-Z\d_]*=\S* +)|(?:sudo|doas)(?: +-(?:[A-Zbeiks]+|[ugh] +\S+)){0,6}(?: +--)? +|(?:time|env|nice|nohup|exec|command|busybox|watch) +(?:-\S+ +)*|timeout +(?:-\S+ +)*\d+\w? +|ip +netns +exec +\S+ +|nsenter +(?:-\S+ +(?:\d+ +)?)*|docker +exec +(?:-\S+ +)*[\w.-]+ +|chroot +\S+ +|(?:ba|da|z)?sh +-c +["']?|ssh +(?:-\S+ +)*[\w.@-]+ +["']?|colima +ssh +(?:-- +)?|minikube +ssh +(?:-- +)?["']?|wsl(?:\.exe)? +(?!-))/;

const DOCKER_GLOBALS =
	/^docker (?:(?:--(?:context|host|config|log-level)[= ]\S+|-[Hcl] \S+|-D|--debug|--tls\S*) ){1,6}/;

/** `sudo`, `timeout 5`, `docker exec web`, `LANG=C`, `/usr/sbin/` before the program are taken off. */
export function bareCommand(command: string): string {
	let rest = command.slice(0, 500).trim();
	for (let rounds = 0; rounds < 8; rounds++) {
		const wrapper = WRAPPERS.exec(rest);
		if (wrapper === null || wrapper[0].length === 0) break;
		rest = rest.slice(wrapper[0].length);
	}
	return rest
		.replace(/[ \t]+/g, " ")
		.replace(/\.exe\b/, "")
		.replace(DOCKER_GLOBALS, "docker ");
}

/** Kind of what a whole command line prints: of its first part (`a; b`, `a && b`, `a | b`) that prints a known kind. */
export function kindsOfCommand(command: string): readonly ArtifactKind[] {
	const kinds: ArtifactKind[] = [];
	for (const part of command.slice(0, 1000).split(/;|&&|\|\|?|\$\(/, 12)) {
		const bare = bareCommand(part);
		if (bare === "") continue;
		const file = READERS.test(bare) ? FILES.find(([pattern]) => pattern.test(bare))?.[1] : undefined;
		const kind = file ?? COMMANDS.find(([pattern]) => pattern.test(bare))?.[1];
		if (kind !== undefined && kind !== null && !kinds.includes(kind)) kinds.push(kind);
	}
	return kinds;
}

/** What a program's arguments must begin with for a line to be taken for that command without a prompt before it. */
const PROGRAMS: ReadonlyMap<string, RegExp> = new Map([
	[
		"docker",
		/^(?:(?:--?[\w-]+(?:=\S+)? )*(?:info|version|ps|run|start|stop|restart|create|inspect|network|logs|exec|rm|compose|container|service|stack|swarm|system|images?|pull|build|port|top|events|context|volume|node)(?: |$)|--version$|-v$)/,
	],
	["docker-compose", /^(?:-\S+ )*(?:up|down|ps|start|stop|restart|logs|config|run|build|pull|version)(?: |$)/],
	["dockerd", /^(?:$|-)/],
	["journalctl", /^(?:$|-|_)/],
	["dmesg", /^(?:$|[-|])/],
	[
		"systemctl",
		/^(?:-\S+ )*(?:status|start|stop|restart|reload|cat|show|enable|disable|daemon-reload|is-\w+|list-\S+|edit|reset-failed|mask|unmask)(?: |$)/,
	],
	["service", /^[\w.-]+ (?:start|stop|restart|status|reload)$/],
	["rc-service", /^[\w.-]+ /],
	["nft", /^(?:-\S+ )*(?:list|add|delete|flush|insert|monitor)(?: |$)|^-[vfV]/],
	["update-alternatives", /^--/],
	["alternatives", /^--/],
	["ufw", /^(?:status|enable|disable|reload|allow|deny|route|show|version)(?: |$)/],
	["firewall-cmd", /^--/],
	["ipset", /^(?:list|save|-L|-S)(?: |$)/],
	["conntrack", /^-[CLS](?: |$)|^--(?:count|dump|stats)$/],
	["uname", /^(?:$|-[a-z]+$|-[a-z]+ ?[;|&])/],
	["lsmod", /^(?:$|[|;&])/],
	["modprobe", /^(?:-\S+ )*[\w-]*$/],
	["lsof", /^[-/]/],
	["fuser", /^[-/]/],
	["lslocks", /^$/],
	["sysctl", /^(?:-\S+ )*(?:-\w+$|[\w-]+\.[\w./*-]+|\|)/],
	["ss", /^-[a-zA-Z\d]+(?: |$)/],
	["netstat", /^(?:$|-[a-zA-Z]+)(?: |$)/],
	[
		"ip",
		/^(?:-\S+ )*(?:a|ad|addr|address|l|link|r|ro|route|ru|rule|n|neigh|netns)(?: (?:s|show|ls|list|get|add|del|dev|table|set)\b|$| [|;&])/,
	],
	["brctl", /^show(?: |$)/],
	["bridge", /^(?:-\S+ )*(?:link|vlan|fdb)(?: |$)/],
	["wsl", /^--?(?:version|v|list|l|status)(?: |$)/],
	["ifconfig", /^(?:$|-a$|[\w.-]+$)/],
	["route", /^(?:$|-\w+$)/],
	["nstat", /^(?:$|-)/],
	["curl", /^(?:-\S+ |https?:|[\w.-]+:\d|localhost|\d+\.)/],
	["wget", /^(?:-\S+ |https?:|[\w.-]+:\d|localhost|\d+\.)/],
	["nc", /^-\S+ |^[\w.-]+ \d+$/],
	["telnet", /^[\w.:-]+ \d+$/],
	["nmap", /^-/],
	["dpkg", /^-/],
	["rpm", /^-/],
	["apk", /^(?:info|list|add|version)(?: |$)/],
	["apt", /^(?:list|show|policy|install)(?: |$)/],
	["apt-cache", /^policy /],
	["snap", /^(?:list|info|services|logs)(?: |$)/],
	["cat", /^[-/~.]/],
	["grep", /^[-"'/]|^\S+ \//],
	["zgrep", /^[-"'/]|^\S+ \//],
	["ls", /^(?:$|[-/~])/],
	["readlink", /^[-/]/],
	["which", /^[\w-]+$/],
	["hostnamectl", /^$/],
	["lsb_release", /^-/],
	["tail", /^[-/]/],
	["head", /^[-/]/],
	["ping", /^(?:-\S+ )*[\d.]+$/],
]);

const IPTABLES = /^(?:x|ip6?|eb|arp)tables(?:-nft|-legacy)?(?:-save|-restore)?$/;

/** Words that may stand before a program's name, in a command or in a label for its output. */
const FOREWORDS: ReadonlySet<string> = new Set(
	"sudo doas time timeout env nice nohup exec command busybox watch nsenter chroot sh bash dash zsh ssh colima minikube wsl usr sbin bin the output outputs result results".split(
		" ",
	),
);

/** A quick no for a text that is neither a command nor a label of one: its first word is no program and goes before none. */
export function maybeCommand(label: string): boolean {
	const word = /^[^A-Za-z]{0,12}([A-Za-z][\w-]{0,40})/.exec(label)?.[1];
	if (word === undefined) return false;
	return PROGRAMS.has(word) || IPTABLES.test(word) || FOREWORDS.has(word.toLowerCase()) || label.startsWith(`${word}=`);
}

/** Whether a text with no prompt before it can hardly be anything but a command line that a person typed. */
export function isPlainlyCommand(text: string): boolean {
	if (!maybeCommand(text)) return false;
	const bare = bareCommand(text);
	const [program = "", ...rest] = bare.split(" ");
	const start = rest.join(" ");
	if (IPTABLES.test(program)) return program.endsWith("-save") ? /^(?:$|-|[|>;&])/.test(start) : /^--?\w/.test(start);
	return PROGRAMS.get(program)?.test(start) ?? false;
}

/** Kinds by the name of a file or of an editor: `iptables-nat-L.txt`, `docker info`, `dockerd log`. First match wins. */
const NAMES: readonly (readonly [pattern: RegExp, kind: ArtifactKind])[] = [
	[/\bdaemon json\b/, "daemon-json"],
	[/\bip6?tables\b.*\bv(?:ersion)?\b/, "iptables-version"],
	[/\bip6?tables\b.*\b(?:save|s|rules)\b|\b(?:before|after|user)6? rules\b|\brules v[46]\b/, "iptables-save"],
	[/\bip6?tables\b.*\b(?:l|list|lnv|nvl|nl|vl|nat|filter|mangle|raw|forward|docker user)\b/, "iptables-list"],
	[/\bnft(?:ables)?\b/, "nft-ruleset"],
	[/\balternatives\b/, "alternatives"],
	[/\bip6?tables\b/, "iptables-list"],
	[/\b(?:lsof|fuser|lock|locks|lock holders)\b/, "lock-holders"],
	[/\bdocker info\b/, "docker-info"],
	[/\bdocker version\b/, "docker-version"],
	[/\b(?:docker|compose) ps\b|\bcontainers\b/, "docker-ps"],
	[/\bnetwork inspect\b/, "docker-network-inspect"],
	[/\bdocker networks?\b/, "docker-network-ls"],
	[/\bdocker inspect\b|\binspect\b/, "docker-inspect"],
	[/\bcompose\b/, "compose-file"],
	[/\bsystemctl cat\b|\b(?:unit|drop in|override conf)\b|\bdocker (?:service|socket)$/, "unit-file"],
	[/\bsystemctl\b|\bstatus docker\b|\bservice status\b/, "systemctl-status"],
	[/\b(?:dmesg|kern|kernel) ?(?:log)?$|\bjournalctl (?:\w+ )?k\b|\bdmesg\b/, "kernel-log"],
	[/\bfirewalld log\b/, "firewalld-log"],
	[
		/\b(?:dockerd|docker|daemon)\b.*\b(?:log|logs|journal)\b|\bdockerd\b|\bjournal(?:ctl)?\b|\bsyslog\b|^messages\b/,
		"dockerd-log",
	],
	[/\blsmod\b|\bproc modules\b/, "lsmod"],
	[/\blib modules\b/, "lib-modules"],
	[/\bmodprobe\b/, "modprobe"],
	[/\bkernel config\b|\bconfig gz\b|\bcheck config\b/, "kernel-config"],
	[/\bsysctl\b/, "sysctl"],
	[/\bos release\b|\bhostnamectl\b|\blsb release\b/, "os-release"],
	[/\buname\b/, "uname"],
	[/\bnstat\b/, "nstat"],
	[/\b(?:ss|netstat|sockets|listening)\b/, "sockets"],
	[/\bip (?:addr|address|a|link)\b|\bifconfig\b/, "ip-addr"],
	[/\bip rules?\b/, "ip-rule"],
	[/\bip r(?:oute)?s?\b|\broutes?\b/, "ip-route"],
	[/\b(?:curl|wget|telnet|probe)\b/, "probe"],
	[/\bufw\b/, "ufw-status"],
	[/\bfirewall(?:d| cmd)\b/, "firewalld-state"],
	[/\bipset\b/, "ipset"],
	[/\b(?:dpkg|rpm|apk|packages?|apt)\b/, "package-list"],
	[/\b(?:error|errors|stderr|docker run)\b/, "docker-error"],
];

/** Kinds that a file name or an editor's label promises. */
export function kindsOfName(name: string): readonly ArtifactKind[] {
	const base = name.slice(-200);
	const asCommand = isPlainlyCommand(base) ? kindsOfCommand(base) : [];
	if (asCommand.length > 0) return asCommand;
	const file = FILES.find(([pattern]) => pattern.test(base))?.[1];
	if (file !== undefined) return [file];
	const words = base
		.replace(/\.(?:txt|out|md)$/i, "")
		.toLowerCase()
		.replace(/[^a-z\d]+/g, " ")
		.trim();
	const kind = NAMES.find(([pattern]) => pattern.test(words))?.[1];
	return kind === undefined ? [] : [kind];
}
