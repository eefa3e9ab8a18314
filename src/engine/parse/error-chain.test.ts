import { describe, expect, it } from "vitest";
import { type Said, type Unwrapped, unwrap } from "./error-chain";
import { isQuiet } from "./routine-line";

function said(text: string, more: Partial<Said> = {}): readonly Unwrapped[] {
	const found = unwrap({ text, level: null, program: null, structured: false, typed: null, ...more });
	// What can be read must not be passed over as a line that tells nothing.
	if (found.length > 0) expect(text.split("\n").every(isQuiet), `passed over: ${text}`).toBe(false);
	return found;
}

/** The main complaint of a message. */
function complaintOf(text: string, more: Partial<Said> = {}) {
	return said(text, more)[0]?.complaint;
}

const HEAD =
	"docker: Error response from daemon: driver failed programming external connectivity on endpoint web (0afb9bbb449d): ";
const START = "failed to start daemon: Error initializing network controller: error obtaining controller instance: ";
const RUN = `${HEAD} (iptables failed: iptables --wait -t nat -A DOCKER -p tcp -d 0/0 --dport 8081 -j DNAT --to-destination 172.17.0.3:80 ! -i docker0: `;
const NEW = `${START}failed to create NAT chain DOCKER: iptables failed: iptables --wait -t nat -N DOCKER: `;
const JUMP = `${START}failed to register "bridge" driver: failed to add jump rules to ipv4 NAT table: failed to append jump rules to nat-PREROUTING:  (iptables failed: iptables --wait -t nat -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER: `;

describe("the whole chain of one error", () => {
	it("says who complained, to whom, of which command, with which exit", () => {
		const [failure, ...rest] = said(
			`${START}failed to create NAT chain DOCKER: iptables failed: iptables --wait -t nat -N DOCKER: iptables v1.8.7 (legacy): can't initialize iptables table \`nat': Table does not exist (do you need to insmod?)\nPerhaps iptables or your kernel needs to be upgraded.\n (exit status 3)`,
		);
		expect(rest).toEqual([]);
		expect(failure).toEqual({
			speaker: "iptables",
			fromDockerd: true,
			during: "daemon-start",
			weight: "fatal",
			command: {
				program: "iptables",
				table: "nat",
				operation: "-N",
				chain: "DOCKER",
				jump: null,
				wait: "forever",
				text: "iptables --wait -t nat -N DOCKER",
			},
			version: "1.8.7",
			backend: "legacy",
			exit: 3,
			complaint: { kind: "table-missing", table: "nat", reason: "no-table" },
			words:
				"iptables v1.8.7 (legacy): can't initialize iptables table `nat': Table does not exist (do you need to insmod?) Perhaps iptables or your kernel needs to be upgraded.",
			subject: null,
		});
	});

	it.each([
		["docker run, 20.10 to 27", RUN, "container-start", "web"],
		[
			"docker run, 28.0.1 on",
			RUN.replace("driver failed", "failed to set up container networking: driver failed"),
			"container-start",
			"web",
		],
		[
			"docker restart",
			RUN.replace("docker: Error response from daemon: ", "Error response from daemon: Cannot restart container web: "),
			"container-start",
			"web",
		],
		[
			"compose v1",
			RUN.replace("docker: Error response from daemon: ", "ERROR: for web  Cannot start service web: "),
			"container-start",
			"web",
		],
		[
			"docker-py",
			`docker.errors.APIError: 500 Server Error for http+docker://localhost/v1.41/containers/0afb9bbb449d/start: Internal Server Error ("${RUN.slice("docker: Error response from daemon: ".length)}`,
			"container-start",
			"web",
		],
		[
			"the daemon's log",
			`Handler for POST /v1.41/containers/0afb/start returned error: ${RUN.slice("docker: Error response from daemon: ".length)}`,
			"container-start",
			"web",
		],
		[
			"a network that was stored",
			`could not create bridge network for id 7afce5f7 bridge name br-1 while booting up from persistent state: ${RUN.slice(HEAD.length)}`,
			"network-restore",
			"br-1",
		],
		[
			"a new network",
			`Error response from daemon: Failed to Setup IP tables: Unable to enable SKIP DNAT rule: ${RUN.slice(HEAD.length)}`,
			"network-create",
			null,
		],
		[
			"an endpoint, 28.2 on",
			`Error response from daemon: failed to set up container networking: failed to create endpoint web on network bridge: Unable to enable DIRECT ACCESS FILTERING - DROP rule: ${RUN.slice(HEAD.length)}`,
			"endpoint-create",
			"web",
		],
	])("unwraps %s", (_, head, during, subject) => {
		const [failure] = said(`${head}iptables: No chain/target/match by that name.\n (exit status 1)).`);
		expect(failure).toMatchObject({
			complaint: { kind: "chain-missing", table: "nat", chain: "DOCKER" },
			command: { table: "nat", operation: "-A", chain: "DOCKER", jump: "DNAT" },
			fromDockerd: true,
			during,
			exit: 1,
			subject,
		});
	});
});

describe("iptables", () => {
	const E1 = "\n (exit status 1)).";
	it.each([
		[
			"no chain after -A of a user chain",
			`${RUN}iptables: No chain/target/match by that name.${E1}`,
			{ kind: "chain-missing", table: "nat", chain: "DOCKER" },
		],
		[
			"no chain after -I, filter by default",
			"iptables failed: iptables --wait -I DOCKER-ISOLATION-STAGE-1 -i br-1 ! -o br-1 -j DOCKER-ISOLATION-STAGE-2: iptables: No chain/target/match by that name. (exit status 1)",
			{ kind: "chain-missing", table: "filter", chain: "DOCKER-ISOLATION-STAGE-1" },
		],
		[
			"ENOENT of a rule in a built-in chain with a match",
			`${JUMP}iptables: No chain/target/match by that name.${E1}`,
			{ kind: "extension-missing", extension: "addrtype", missing: "kernel" },
		],
		[
			"ENOENT of a rule in a built-in chain with a target",
			"iptables failed: iptables --wait -t nat -I POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE: iptables: No chain/target/match by that name. (exit status 1)",
			{ kind: "extension-missing", extension: "MASQUERADE", missing: "kernel" },
		],
		[
			"the sentence with no command at all",
			"Error: iptables: No chain/target/match by that name.",
			{ kind: "chain-missing", table: "unknown", chain: null },
		],
		[
			"nft, jump to a chain that is not there",
			"Failed to program FILTER chain: iptables failed: iptables --wait -I FORWARD -o br-1 -j DOCKER: iptables v1.8.9 (nf_tables): Chain 'DOCKER' does not exist Try `iptables -h' or 'iptables --help' for more information. (exit status 2)",
			{ kind: "jump-target-missing", table: "filter", chain: "DOCKER" },
		],
		[
			"legacy, the same",
			"iptables failed: iptables --wait -t nat -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER: iptables v1.8.7 (legacy): Couldn't load target `DOCKER':No such file or directory\n\nTry `iptables -h' or 'iptables --help' for more information.\n (exit status 2)",
			{ kind: "jump-target-missing", table: "nat", chain: "DOCKER" },
		],
		[
			"legacy, an isolation chain",
			"iptables failed: iptables --wait -I FORWARD -j DOCKER-ISOLATION-STAGE-1: iptables v1.8.4 (legacy): Couldn't load target `DOCKER-ISOLATION-STAGE-1':No such file or directory (exit status 2)",
			{ kind: "jump-target-missing", table: "filter", chain: "DOCKER-ISOLATION-STAGE-1" },
		],
		[
			"1.4.21, the library named by path",
			"iptables failed: iptables --wait -t filter -I FORWARD -j DOCKER-ISOLATION: iptables v1.4.21: Couldn't load target `DOCKER-ISOLATION':No such file or directory (exit status 2)",
			{ kind: "jump-target-missing", table: "filter", chain: "DOCKER-ISOLATION" },
		],
		[
			"a target of the kernel's",
			"iptables failed: iptables --wait -t nat -A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE: iptables v1.8.9 (nf_tables): Chain 'MASQUERADE' does not exist (exit status 2)",
			{ kind: "extension-missing", extension: "MASQUERADE", missing: "unknown" },
		],
		[
			"1.8.2, of the chain after -A",
			"iptables failed: iptables --wait -t nat -A DOCKER -p tcp -j DNAT: iptables v1.8.2 (nf_tables): Chain 'DOCKER' does not exist (exit status 2)",
			{ kind: "chain-missing", table: "nat", chain: "DOCKER" },
		],
		[
			"kernel without an extension, 1.8.8 on",
			`${JUMP}Warning: Extension addrtype revision 0 not supported, missing kernel module?\niptables v1.8.11 (nf_tables):  RULE_APPEND failed (No such file or directory): rule in chain PREROUTING\n (exit status 4)).`,
			{ kind: "extension-missing", extension: "addrtype", missing: "kernel" },
		],
		[
			"the same, 1.8.9 on",
			"Warning: Extension MASQUERADE is not supported, missing kernel module?\niptables: No chain/target/match by that name.",
			{ kind: "extension-missing", extension: "MASQUERADE", missing: "kernel" },
		],
		[
			"library of an extension",
			`${JUMP}iptables v1.8.13 (nf_tables): Couldn't load match \`addrtype':No such file or directory\n\nTry \`iptables -h' or 'iptables --help' for more information.\n (exit status 2))`,
			{ kind: "extension-missing", extension: "addrtype", missing: "library" },
		],
		[
			"library of a target",
			"iptables v1.8.9 (legacy): Couldn't load target `MASQUERADE':No such file or directory",
			{ kind: "extension-missing", extension: "MASQUERADE", missing: "library" },
		],
		[
			"rule refused without a hint",
			`${JUMP}iptables v1.8.7 (nf_tables):  RULE_APPEND failed (No such file or directory): rule in chain PREROUTING\n (exit status 4))`,
			{ kind: "rule-refused", chain: "PREROUTING", errno: "No such file or directory" },
		],
		[
			"rule insert refused",
			"iptables v1.8.2 (nf_tables):  RULE_INSERT failed (Invalid argument): rule in chain FORWARD",
			{ kind: "rule-refused", chain: "FORWARD", errno: "Invalid argument" },
		],
		[
			"base chain refused",
			`${NEW}iptables v1.8.9 (nf_tables):  CHAIN_ADD failed (No such file or directory): chain PREROUTING\n (exit status 4)`,
			{ kind: "chain-add-refused", chain: "PREROUTING", errno: "No such file or directory" },
		],
		[
			"base chain busy",
			"iptables v1.8.4 (nf_tables):  CHAIN_ADD failed (Device or resource busy): chain PREROUTING",
			{ kind: "chain-add-refused", chain: "PREROUTING", errno: "Device or resource busy" },
		],
		[
			"table refused",
			`${NEW}iptables v1.8.4 (nf_tables):  TABLE_ADD failed (Operation not supported): table nat\n (exit status 4)`,
			{ kind: "table-add-refused", chain: null, errno: "Operation not supported" },
		],
		[
			"no privilege, nft",
			`${NEW}iptables v1.8.13 (nf_tables): Could not fetch rule set generation id: Permission denied (you must be root)\n (exit status 4)`,
			{ kind: "permission", what: "iptables" },
		],
		[
			"no nf_tables, nft",
			`${NEW}iptables v1.8.13 (nf_tables): Could not fetch rule set generation id: Invalid argument\n (exit status 4)`,
			{ kind: "nft-unsupported", errno: "Invalid argument" },
		],
		[
			"no nf_tables at start-up",
			`${NEW}iptables: Failed to initialize nft: Protocol not supported\n (exit status 1)`,
			{ kind: "nft-unsupported", errno: "Protocol not supported" },
		],
		[
			"no nf_tables for any rule: one without an extension is refused",
			`${START}unable to add return rule in DOCKER-ISOLATION-STAGE-1 chain:  (iptables failed: iptables --wait -A DOCKER-ISOLATION-STAGE-1 -j RETURN: iptables v1.8.7 (nf_tables):  RULE_APPEND failed (No such file or directory): rule in chain DOCKER-ISOLATION-STAGE-1\n (exit status 4))`,
			{ kind: "nft-unsupported", errno: "No such file or directory" },
		],
		[
			"a rule whose head was left out",
			" -j DNAT --to-destination 172.18.0.5:9000 ! -i br-33f1a6: iptables: No chain/target/match by that name.\n (exit status 1)).",
			{ kind: "chain-missing", table: "nat", chain: null },
		],
		[
			"a kernel without bridges, as docker0 is made",
			'failed to start daemon: Error initializing network controller: error creating default "bridge" network: operation not supported',
			{ kind: "veth-unsupported", errno: "Operation not supported" },
		],
		[
			"a port that a swarm service has",
			"Error response from daemon: rpc error: code = InvalidArgument desc = port '8080' is already in use by service 'old' (abc) as an ingress port",
			{ kind: "port-allocated", address: null, port: 8080 },
		],
		[
			"no privilege, legacy",
			`${NEW}iptables v1.8.9 (legacy): can't initialize iptables table \`nat': Permission denied (you must be root)\nPerhaps iptables or your kernel needs to be upgraded.\n (exit status 3)`,
			{ kind: "permission", what: "iptables" },
		],
		[
			"sandbox kernel",
			`${NEW}iptables v1.8.7 (legacy): can't initialize iptables table \`nat': iptables who? (do you need to insmod?)\n (exit status 3)`,
			{ kind: "table-missing", table: "nat", reason: "no-ip-tables" },
		],
		[
			"kernel and program of different times",
			"iptables v1.4.21: can't initialize iptables table `filter': Module is wrong version",
			{ kind: "table-missing", table: "filter", reason: "wrong-version" },
		],
		[
			"raw, 28",
			`${HEAD}Unable to enable DIRECT ACCESS FILTERING - DROP rule:  (iptables failed: iptables --wait -t raw -A PREROUTING -d 172.17.0.2 ! -i docker0 -j DROP: iptables v1.8.13 (legacy): can't initialize iptables table \`raw': Table does not exist (do you need to insmod?)`,
			{ kind: "table-missing", table: "raw", reason: "no-table" },
		],
		[
			"ip6tables",
			`${START}failed to create NAT chain DOCKER: iptables failed: ip6tables --wait -t nat -N DOCKER: ip6tables v1.8.9 (legacy): can't initialize ip6tables table \`nat': Table does not exist (do you need to insmod?)`,
			{ kind: "table-missing", table: "nat", reason: "no-table" },
		],
		[
			"table unknown to nft",
			"iptables v1.8.4 (nf_tables): table 'nat' does not exist\nPerhaps iptables or your kernel needs to be upgraded.",
			{ kind: "table-missing", table: "nat", reason: "no-table" },
		],
		[
			"1.8.7, a chain that is not there",
			"iptables v1.8.7 (nf_tables): chain `DOCKER' in table `nat' is incompatible, use 'nft' tool.",
			{ kind: "chain-missing", table: "nat", chain: "DOCKER" },
		],
		[
			"1.8.9, the same",
			"iptables v1.8.9 (nf_tables): chain `DOCKER-USER' in table `filter' is incompatible, use 'nft' tool.",
			{ kind: "chain-missing", table: "filter", chain: "DOCKER-USER" },
		],
		[
			"1.8.10, a chain with rules of nft's own",
			"iptables v1.8.10 (nf_tables): chain `DOCKER' in table `nat' is incompatible, use 'nft' tool.",
			{ kind: "table-incompatible", table: "nat", chain: "DOCKER" },
		],
		[
			"a built-in chain is always there",
			"iptables v1.8.7 (nf_tables): chain `FORWARD' in table `filter' is incompatible, use 'nft' tool.",
			{ kind: "table-incompatible", table: "filter", chain: "FORWARD" },
		],
		[
			"a table made by nft",
			"iptables v1.8.7 (nf_tables): table `nat' is incompatible, use 'nft' tool.",
			{ kind: "table-incompatible", table: "nat", chain: null },
		],
		[
			"1.8.8 on, the same as a remark",
			"# Table `nat' contains incompatible base-chains, use 'nft' tool to list them.",
			{ kind: "table-incompatible", table: "nat", chain: null },
		],
		[
			"chain is there already",
			`${NEW}iptables: Chain already exists.\n (exit status 1)`,
			{ kind: "chain-exists", chain: "DOCKER" },
		],
		[
			"set is not there",
			"iptables failed: iptables --wait -t filter -I DOCKER-FORWARD -m set --match-set docker-ext-bridges-v4 dst -j DOCKER: iptables v1.8.7 (nf_tables): Set docker-ext-bridges-v4 doesn't exist. (exit status 2)",
			{ kind: "set-missing", set: "docker-ext-bridges-v4" },
		],
		[
			"no ipset in the kernel",
			"iptables failed: iptables --wait -m set --match-set docker-ext-bridges-v4 dst: iptables v1.8.4 (legacy): Can't open socket to ipset. (exit status 1)",
			{ kind: "ipset-unsupported", errno: null },
		],
		[
			"28.0.0 without ip_set",
			`${START}failed to register "bridge" driver: invalid argument`,
			{ kind: "ipset-unsupported", errno: "invalid argument" },
		],
		[
			"28.0.0 without ip_set_hash_net",
			`${START}failed to register "bridge" driver: invalid type`,
			{ kind: "ipset-unsupported", errno: "invalid type" },
		],
		[
			"ancient iptables",
			'iptables failed: iptables --wait -t nat -N DOCKER: iptables v1.4.7: unknown option "--wait" (exit status 2)',
			{ kind: "option-unknown", option: "--wait" },
		],
		[
			"the kernel refused an argument",
			"iptables failed: iptables --wait -t nat -A DOCKER -j DNAT: iptables: Invalid argument. Run `dmesg' for more information. (exit status 1)",
			{ kind: "invalid-argument" },
		],
		[
			"a rules file",
			"iptables-restore v1.8.4 (legacy): Couldn't load target `nope':No such file or directory Error occurred at line: 12",
			{ kind: "jump-target-missing", table: "unknown", chain: "nope" },
		],
		[
			"a line of a rules file",
			"iptables-restore: line 79 failed",
			{ kind: "rules-file-refused", by: "iptables-restore", line: 79 },
		],
		[
			"ufw's rules",
			"ERROR: problem running ufw-init\niptables-restore: line 4 failed",
			{ kind: "rules-file-refused", by: "ufw", line: 4 },
		],
		[
			"ufw after.rules with *nat before COMMIT",
			"Bad argument `*nat'\nError occurred at line: 75\nTry `iptables-restore -h' or 'iptables-restore --help' for more information.",
			{ kind: "rules-file-refused", by: "iptables-restore", line: null },
		],
	])("%s", (_, text, complaint) => {
		expect(complaintOf(text)).toEqual(complaint);
	});

	it("reads version and backend, and takes iptables before 1.8 for legacy", () => {
		expect(
			said("iptables v1.8.9 (nf_tables):  RULE_APPEND failed (Invalid argument): rule in chain FORWARD")[0],
		).toMatchObject({ version: "1.8.9", backend: "nf_tables" });
		expect(said("iptables v1.4.21: Couldn't load target `DOCKER':No such file or directory")[0]).toMatchObject({
			version: "1.4.21",
			backend: "legacy",
		});
		expect(said("iptables: No chain/target/match by that name.")[0]).toMatchObject({ version: null, backend: null });
	});
});

describe("Docker before 18", () => {
	it("says that the daemon did not start in other words", () => {
		const text =
			'Error starting daemon: Error initializing network controller: Error creating default "bridge" network: package not installed';
		expect(said(text, { level: "fatal", structured: true })[0]).toMatchObject({
			weight: "fatal",
			during: "daemon-start",
			complaint: { kind: "veth-unsupported", errno: "Package not installed" },
		});
	});
	it("quotes its probe of the nat table", () => {
		const text =
			"Running iptables --wait -t nat -L -n failed with message: `iptables v1.8.2 (legacy): can't initialize iptables table `nat': Table does not exist (do you need to insmod?)\nPerhaps iptables or your kernel needs to be upgraded.`, error: exit status 3";
		expect(said(text, { level: "warning", structured: true })[0]).toMatchObject({
			weight: "warning",
			exit: 3,
			complaint: { kind: "table-missing", table: "nat" },
			command: { operation: "-L", text: "iptables --wait -t nat -L -n" },
		});
	});
});

it("knows IPv6 by the program alone", () => {
	expect(
		said(
			"ip6tables v1.8.7 (legacy): can't initialize ip6tables table `nat': Table does not exist (do you need to insmod?)",
		)[0],
	).toMatchObject({ complaint: { kind: "table-missing", table: "nat" }, command: { program: "ip6tables" } });
});

it("reads what firewalld's own nft refuses", () => {
	expect(
		said(
			"COMMAND_FAILED: 'python-nftables' failed: internal:0:0-0: Error: Could not process rule: Operation not supported",
		)[0],
	).toMatchObject({
		complaint: { kind: "nft-unsupported", errno: "Operation not supported" },
		speaker: "nft",
		fromDockerd: false,
	});
});

describe("the same words in other clothes", () => {
	const plain = `${RUN}iptables v1.8.7 (legacy): can't initialize iptables table \`nat': Table does not exist (do you need to insmod?)`;
	it.each([
		["straight quotes", plain.replaceAll("`", "'")],
		["no quotes", plain.replaceAll("`nat'", "nat")],
		["typographic quotes", plain.replaceAll("`nat'", "“nat”").replaceAll("can't", "can’t")],
		["HTML entities", plain.replaceAll("`", "&#39;").replaceAll("'", "&#39;")],
		["HTML entities of entities", plain.replaceAll("`", "&amp;#39;").replaceAll("'", "&amp;#39;")],
		["doubled and broken blanks", plain.replaceAll(" ", "  ").replaceAll("Table does", "Table\n   does")],
		["no-break spaces", plain.replaceAll(" ", "\u00a0")],
		["JSON once", JSON.stringify({ msg: plain })],
		["JSON twice", JSON.stringify(JSON.stringify({ msg: plain }))],
		["rsyslog's newline", plain.replaceAll("): Table", "):#012Table").replaceAll("DNAT ", "DNAT#011")],
		["redacted", plain.replaceAll("172.17.0.3:80", "<ip>:<port>").replaceAll("0afb9bbb449d", "xxx")],
		["cut after the complaint", plain.slice(0, plain.indexOf(" (do you"))],
		["upper case", plain.replace("can't initialize", "Can't Initialize")],
	])("%s", (_, text) => {
		const [failure] = said(text);
		expect(failure).toMatchObject({
			complaint: { kind: "table-missing", table: "nat" },
			fromDockerd: true,
			during: "container-start",
		});
		expect(failure?.command).toMatchObject({ table: "nat", operation: "-A", chain: "DOCKER", jump: "DNAT" });
	});

	it("admits that it cannot read a cut command rather than saying nothing", () => {
		const [failure] = said(`${HEAD} (iptables failed: iptables --wait -t nat -A DOCKER -p tcp -d 0/0 --dport 80…`);
		expect(failure).toMatchObject({
			complaint: { kind: "unrecognised" },
			weight: "error",
			command: { table: "nat", chain: "DOCKER" },
		});
	});

	it("keeps at most 500 characters of words", () => {
		const [failure] = said(`${NEW}iptables: Chain already exists. ${"x".repeat(4000)}`);
		expect(failure?.words.length).toBe(500);
	});
});

describe("the xtables lock", () => {
	it.each([
		[
			"gave up at once",
			"Another app is currently holding the xtables lock. Perhaps you want to use the -w option?",
			true,
			null,
		],
		[
			"1.8.11 on, with its first line",
			"Can't lock /run/xtables.lock: Resource temporarily unavailable\nAnother app is currently holding the xtables lock. Perhaps you want to use the -w option?",
			true,
			null,
		],
		["stopped waiting", "Another app is currently holding the xtables lock. Stopped waiting after 10s.", true, 10],
		[
			"through firewalld",
			"COMMAND_FAILED: '/usr/sbin/iptables -w10 -t nat -A DOCKER -p tcp -j DNAT' failed: Another app is currently holding the xtables lock; still 9s 0us time ahead to have a chance to grab the lock...\nAnother app is currently holding the xtables lock. Stopped waiting after 10s.",
			true,
			10,
		],
		[
			"still waits",
			"Another app is currently holding the xtables lock; still 9s 0us time ahead to have a chance to grab the lock...",
			false,
			null,
		],
		["waits for it", "Another app is currently holding the xtables lock; waiting (1s) for it to exit...", false, null],
		[
			"waits for it, 1.4.21",
			"Another app is currently holding the xtables lock; waiting for it to exit...",
			false,
			null,
		],
	])("%s", (_, text, gaveUp, waitedSeconds) => {
		const [failure] = said(text);
		expect(failure?.complaint).toEqual({ kind: "lock-held", gaveUp, waitedSeconds });
		expect(failure?.weight).toBe(gaveUp ? "error" : "warning");
	});

	it("does not take dockerd's stopwatch for the lock", () => {
		const text =
			'xtables contention detected while running [--wait -t nat -C DOCKER -p tcp -d 0/0 --dport 80 -j DNAT]: Waited for 3.47 seconds and received ""';
		expect(said(text, { level: "warning", structured: true })).toMatchObject([
			{
				complaint: { kind: "slow-iptables", seconds: 3.47 },
				weight: "warning",
				command: { table: "nat", operation: "-C", chain: "DOCKER" },
			},
		]);
	});

	it("sees the lock beside the stopwatch when iptables spoke of it", () => {
		const text =
			'xtables contention detected while running [--wait -t nat -L]: Waited for 5.1 seconds and received "Another app is currently holding the xtables lock; waiting for it to exit..."';
		expect(said(text, { level: "warning", structured: true }).map((failure) => failure.complaint)).toEqual([
			{ kind: "slow-iptables", seconds: 5.1 },
			{ kind: "lock-held", gaveUp: false, waitedSeconds: null },
		]);
	});

	it.each([
		["Fatal: can't open lock file /run/xtables.lock: Permission denied", "Permission denied"],
		["Fatal: can't open lock file /run/xtables.lock: Read-only file system", "Read-only file system"],
		["Fatal: can't open lock file /var/run/xtables.lock: No such file or directory", "No such file or directory"],
	])("%s is no contention", (text, errno) => {
		expect(complaintOf(text)).toEqual({ kind: "lock-file-unopenable", errno });
	});

	it("does not take exit status 4 for the lock", () => {
		expect(
			complaintOf(
				`${RUN}iptables v1.8.7 (nf_tables):  RULE_APPEND failed (No such file or directory): rule in chain DOCKER\n (exit status 4)).`,
			),
		).toEqual({ kind: "rule-refused", chain: "DOCKER", errno: "No such file or directory" });
	});
});

describe("firewalld", () => {
	it.each([
		["-A", "error"],
		["-I", "error"],
		["-N", "error"],
		["-C", "noise"],
		["-D", "noise"],
		["-F", "noise"],
		["-X", "noise"],
	])("a refused %s weighs %s", (operation, weight) => {
		const [failure] = said(
			`ERROR: COMMAND_FAILED: '/usr/sbin/iptables -w10 -t nat ${operation} DOCKER' failed: iptables: No chain/target/match by that name.`,
			{ program: "firewalld", level: "error" },
		);
		expect(failure).toMatchObject({
			weight,
			speaker: "iptables",
			complaint: { kind: "chain-missing", table: "nat", chain: "DOCKER" },
			command: { wait: 10, operation },
			fromDockerd: true,
		});
	});

	it("reads its wrapping inside dockerd's error", () => {
		const text = `${START}failed to register "bridge" driver: failed to add jump rules to ipv4 NAT table: failed to append jump rules to nat-PREROUTING: (COMMAND_FAILED: '/sbin/iptables -w10 -t nat -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER' failed: Warning: Extension addrtype revision 0 not supported, missing kernel module?\niptables v1.8.11 (nf_tables):  RULE_APPEND failed (No such file or directory): rule in chain PREROUTING)`;
		expect(said(text)[0]).toMatchObject({
			complaint: { kind: "extension-missing", extension: "addrtype", missing: "kernel" },
			weight: "fatal",
			command: { chain: "PREROUTING", jump: "DOCKER" },
		});
	});

	it.each([
		[
			"Error creating default \"bridge\" network: Failed to program NAT chain: ZONE_CONFLICT: 'docker0' already bound to 'trusted'",
			{ kind: "zone-conflict", interface: "docker0", zone: "trusted" },
		],
		["ZONE_CONFLICT: 'docker0' already bound to a zone", { kind: "zone-conflict", interface: "docker0", zone: null }],
		["Failed to program NAT chain: INVALID_ZONE: docker", { kind: "zone-invalid", zone: "docker" }],
	])("%s", (text, complaint) => {
		expect(said(text)[0]).toMatchObject({ complaint, speaker: "firewalld" });
	});

	it.each([
		["WARNING: ALREADY_ENABLED: masquerade"],
		["WARNING: ZONE_ALREADY_SET: 'docker0'"],
		["ERROR: NAME_CONFLICT: new_policy_object(): 'docker-forwarding'"],
		["ERROR: UNKNOWN_INTERFACE: 'docker0' is not in any zone"],
	])("%s is no failure", (text) => {
		expect(said(text, { program: "firewalld" }).filter((failure) => failure.weight !== "noise")).toEqual([]);
	});
});

describe("ports, bridges, subnets, programs", () => {
	it.each([
		[
			"Bind for 0.0.0.0:8080 failed: port is already allocated",
			{ kind: "port-allocated", address: "0.0.0.0", port: 8080 },
		],
		["Bind for :::8080 failed: port is already allocated", { kind: "port-allocated", address: "::", port: 8080 }],
		["Bind for [::]:8080 failed: port is already allocated.", { kind: "port-allocated", address: "::", port: 8080 }],
		["Bind for <ip>:<port> failed: port is already allocated", { kind: "port-allocated", address: null, port: null }],
		[
			"Error starting userland proxy: listen tcp4 0.0.0.0:80: bind: address already in use",
			{ kind: "address-in-use", address: "0.0.0.0", port: 80, protocol: "tcp" },
		],
		[
			"Error starting userland proxy: listen tcp 0.0.0.0:3306: bind: address already in use.",
			{ kind: "address-in-use", address: "0.0.0.0", port: 3306, protocol: "tcp" },
		],
		[
			"error starting userland proxy: listen udp6 [::]:53: bind: address already in use",
			{ kind: "address-in-use", address: "::", port: 53, protocol: "udp" },
		],
		[
			"failed to bind port 0.0.0.0:80/tcp: Error starting userland proxy: listen tcp4 0.0.0.0:80: bind: address already in use",
			{ kind: "address-in-use", address: "0.0.0.0", port: 80, protocol: "tcp" },
		],
		[
			"failed to bind host port for 0.0.0.0:8080:172.17.0.2:80/tcp: address already in use",
			{ kind: "address-in-use", address: "0.0.0.0", port: 8080, protocol: "tcp" },
		],
		[
			"failed to bind host port 0.0.0.0:53/udp: address already in use",
			{ kind: "address-in-use", address: "0.0.0.0", port: 53, protocol: "udp" },
		],
		[
			"Ports are not available: exposing port TCP 0.0.0.0:8080 -> 127.0.0.1:0: listen tcp 0.0.0.0:8080: bind: address already in use",
			{ kind: "address-in-use", address: "0.0.0.0", port: 8080, protocol: "tcp" },
		],
		[
			"Ports are not available: listen tcp 0.0.0.0:5000: bind: An attempt was made to access a socket in a way forbidden by its access permissions.",
			{ kind: "address-in-use", address: "0.0.0.0", port: 5000, protocol: "tcp" },
		],
		[
			"Ports are not available: exposing port TCP 0.0.0.0:80 -> 0.0.0.0:0: listen tcp 0.0.0.0:80: bind: Only one usage of each socket address (protocol/network address/port) is normally permitted.",
			{ kind: "address-in-use", address: "0.0.0.0", port: 80, protocol: "tcp" },
		],
		[
			"failed to bind host port for 203.0.113.7:80:172.17.0.2:80/tcp: cannot assign requested address",
			{ kind: "address-unavailable", address: "203.0.113.7" },
		],
		[
			"Error starting userland proxy: listen tcp4 10.0.0.9:80: bind: cannot assign requested address",
			{ kind: "address-unavailable", address: "10.0.0.9" },
		],
		[
			"failed to bind host port for 0.0.0.0:80:172.17.0.2:80/tcp: listen tcp4 0.0.0.0:80: bind: permission denied",
			{ kind: "permission", what: "port" },
		],
		[
			"error while calling RootlessKit PortManager.AddPort(): cannot expose privileged port 80, you can add 'net.ipv4.ip_unprivileged_port_start=80' to /etc/sysctl.conf",
			{ kind: "permission", what: "port" },
		],
		[
			"could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network",
			{ kind: "pools-exhausted", of: "pools" },
		],
		["all predefined address pools have been fully subnetted", { kind: "pools-exhausted", of: "pools" }],
		[
			"docker: Error response from daemon: no available IPv4 addresses on this network's address pools: edge (5b0c1d2e3f4a).",
			{ kind: "pools-exhausted", of: "network" },
		],
		["Pool overlaps with other one on this address space", { kind: "subnet-overlap", with: "network" }],
		[
			"invalid pool request: Pool overlaps with other one on this address space",
			{ kind: "subnet-overlap", with: "network" },
		],
		[
			"cannot program address 172.17.0.2/16 in sandbox interface because it conflicts with existing route {Ifindex: 4 Dst: 172.17.0.0/16}",
			{ kind: "subnet-overlap", with: "route" },
		],
		[
			"cannot create network 1f2e (br-1f2e): conflicts with network 9c8d (br-9c8d): networks have overlapping IPv4",
			{ kind: "bridge-conflict", reason: "overlap" },
		],
		[
			'error creating default "bridge" network: cannot create network 5ac (docker0): conflicts with network 77b (docker0): networks have same bridge name',
			{ kind: "bridge-conflict", reason: "same-name" },
		],
		[
			"failed to create endpoint web on network bridge: failed to add the host (veth1a2b3c4) <=> sandbox (veth5d6e7f8) pair interfaces: operation not supported",
			{ kind: "veth-unsupported", errno: "Operation not supported" },
		],
		[
			"failed to add the host (veth1a2b3c4) <=> sandbox (veth5d6e7f8) pair interfaces: operation not permitted",
			{ kind: "permission", what: "netlink" },
		],
		[
			"adding interface veth756c20b to bridge docker0 failed: could not find bridge docker0: route ip+net: no such network interface",
			{ kind: "bridge-missing", bridge: "docker0" },
		],
		[
			"adding interface vethf8ac991 to bridge br-1 failed: Device does not exist",
			{ kind: "bridge-missing", bridge: "br-1" },
		],
		["bridge device with non default name br9 must be created manually", { kind: "bridge-missing", bridge: "br9" }],
		["existing interface eth1 is not a bridge", { kind: "bridge-missing", bridge: "eth1" }],
		['exec: "docker-proxy": executable file not found in $PATH.', { kind: "proxy-missing", path: null }],
		[
			"failed to start userland proxy for port mapping 0.0.0.0:8081:172.17.0.3:80/tcp: fork/exec /usr/sbin/docker-proxy: no such file or directory",
			{ kind: "proxy-missing", path: "/usr/sbin/docker-proxy" },
		],
		[
			"invalid userland-proxy-path: userland-proxy is enabled, but userland-proxy-path is not set",
			{ kind: "proxy-missing", path: null },
		],
		[
			'invalid userland-proxy-path: exec: "/usr/bin/docker-proxy": stat /usr/bin/docker-proxy: no such file or directory',
			{ kind: "proxy-missing", path: "/usr/bin/docker-proxy" },
		],
		["failed to start docker-proxy, check that the current version is in your $PATH", { kind: "proxy-failed" }],
		["timed out starting the userland proxy", { kind: "proxy-failed" }],
		["failed to create NAT chain DOCKER: Iptables not found", { kind: "program-missing", program: "iptables" }],
		[
			'failed to register "bridge" driver: failed to create NAT chain DOCKER: iptables not found',
			{ kind: "program-missing", program: "iptables" },
		],
		[
			'failed to find iptables: exec: "iptables": executable file not found in $PATH',
			{ kind: "program-missing", program: "iptables" },
		],
		["firewall-backend is set to nftables: failed to find nft tool", { kind: "program-missing", program: "nft" }],
		[
			"Enabling IP forwarding failed: open /proc/sys/net/ipv4/ip_forward: read-only file system",
			{ kind: "forwarding-refused", errno: "read-only file system" },
		],
		[
			"IPv4 forwarding is disabled: check your host's firewalling and set sysctl net.ipv4.ip_forward=1, or disable this check using daemon option --ip-forward=false",
			{ kind: "forwarding-disabled", family: 4 },
		],
		[
			"Network traffic for published ports may be dropped, iptables chain FORWARD has policy DROP.",
			{ kind: "forward-policy-drop" },
		],
		[
			'Error creating default "bridge" network: cannot restrict inter-container communication: please ensure that br_netfilter kernel module is loaded',
			{ kind: "bridge-netfilter-disabled", fatal: true },
		],
		[
			"cannot restrict inter-container communication or run without the userland proxy: stat /proc/sys/net/bridge/bridge-nf-call-iptables: no such file or directory: set environment variable DOCKER_IGNORE_BR_NETFILTER_ERROR=1 to ignore",
			{ kind: "bridge-netfilter-disabled", fatal: true },
		],
		[
			"Could not get ipvs family information from the kernel. It is possible that ipvs is not enabled in your kernel.",
			{ kind: "ipvs-missing" },
		],
		[
			'network sandbox join failed: subnet sandbox join failed for "10.0.0.0/24": error creating vxlan interface: operation not supported',
			{ kind: "overlay-failed", errno: "operation not supported" },
		],
		["Cannot program chains, EnableIPTable is disabled", { kind: "iptables-disabled" }],
	])("%s", (text, complaint) => {
		expect(complaintOf(`Error response from daemon: ${text}`)).toEqual(complaint);
	});

	it("leaves a static address that is taken without a port", () => {
		expect(
			complaintOf("docker: Error response from daemon: failed to set up container networking: Address already in use"),
		).toMatchObject({ kind: "address-in-use", port: null });
	});

	it("does not take a web server's own bind error for dockerd's", () => {
		expect(said("nginx: [emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)")).toEqual([]);
	});

	it("does not take a container that has no iptables for a host without it", () => {
		const text =
			'docker: Error response from daemon: failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "iptables": executable file not found in $PATH: unknown.';
		expect(complaintOf(text)).toEqual({ kind: "elsewhere", area: "runtime" });
	});
});

describe("configuration", () => {
	const FILE = "unable to configure the Docker daemon with file /etc/docker/daemon.json: ";
	it.each([
		[
			`${FILE}the following directives don't match any configuration option: iptables-wait, nosuch`,
			"unknown-key",
			["iptables-wait", "nosuch"],
		],
		[
			`${FILE}the following directives are specified both as a flag and in the configuration file: hosts: (from flag: [fd://], from file: [tcp://0.0.0.0:2375, fd://]), iptables: (from flag: true, from file: true)`,
			"duplicate",
			["hosts", "iptables"],
		],
		[`${FILE}invalid character '}' looking for beginning of object key string`, "syntax", []],
		[`${FILE}invalid JSON: invalid character '}' looking for beginning of object key string`, "syntax", []],
		[`${FILE}EOF`, "syntax", []],
		[`${FILE}unexpected end of JSON input`, "syntax", []],
		[`${FILE}json: cannot unmarshal string into Go struct field Config.iptables of type bool`, "type", ["iptables"]],
		[`${FILE}open /etc/docker/daemon.json: no such file or directory`, "missing-file", []],
		[`${FILE}something new`, "other", []],
		["Status: unknown flag: --wait\nSee 'dockerd --help'., Code: 125", "unknown-flag", ["wait"]],
		["unknown shorthand flag: 'w' in -w\nSee 'dockerd --help'.", "unknown-flag", ["w"]],
		[
			`${START}You specified --iptables=false with --icc=false. ICC=false uses iptables to function. Please set --icc or --iptables to true`,
			"conflict",
			["iptables", "icc"],
		],
		[
			`${START}You specified -b & --bip, mutually exclusive options. Please specify only one`,
			"conflict",
			["bridge", "bip"],
		],
		[
			"failed to start daemon: --firewall-backend=nftables is incompatible with swarm mode",
			"conflict",
			["firewall-backend"],
		],
		[
			"failed to start daemon: --live-restore daemon configuration is incompatible with swarm mode",
			"conflict",
			["live-restore"],
		],
		['invalid firewall-backend: allowed values are "iptables" and "nftables"', "type", ["firewall-backend"]],
	])("%s", (text, reason, names) => {
		expect(complaintOf(text)).toMatchObject({ kind: "config-invalid", reason, names });
	});

	it("weighs a refused file fatal, and names it", () => {
		expect(said(`${FILE}EOF`)[0]).toMatchObject({
			weight: "fatal",
			during: "daemon-start",
			complaint: { file: "/etc/docker/daemon.json" },
		});
	});

	it("does not blame the daemon for a flag the docker command does not know", () => {
		expect(complaintOf("unknown flag: --ports\nSee 'docker run --help'.")).toEqual({
			kind: "elsewhere",
			area: "other",
		});
	});

	it.each([
		[
			"docker.service: Service has more than one ExecStart= setting, which is only allowed for Type=oneshot services. Refusing.",
			"unit-invalid",
		],
		["Failed to start docker.service: Unit docker.service has a bad unit file setting.", "unit-invalid"],
		["Failed to start docker.service: Unit docker.service is masked.", "unit-invalid"],
		["docker.service: Start request repeated too quickly.", "start-limit-hit"],
		["docker.service: Failed with result 'start-limit-hit'.", "start-limit-hit"],
	])("%s", (text, kind) => {
		expect(complaintOf(text, { program: "systemd" })?.kind).toBe(kind);
	});

	it("leaves other services alone", () => {
		expect(said("nginx.service: Start request repeated too quickly.", { program: "systemd" })).toEqual([]);
	});
});

describe("modules", () => {
	it.each([
		[
			"modprobe: FATAL: Module ip_tables not found in directory /lib/modules/6.1.0-50-amd64",
			{ kind: "module-missing", module: "ip_tables", kernel: "6.1.0-50-amd64", directoryMissing: false },
		],
		[
			"modprobe: FATAL: Module nf_nat not found.",
			{ kind: "module-missing", module: "nf_nat", kernel: null, directoryMissing: false },
		],
		[
			"modprobe: ERROR: ../libkmod/libkmod.c:586 kmod_search_moddep() could not open moddep file '/lib/modules/5.10.0-8-amd64/modules.dep.bin'\nmodprobe: FATAL: Module xt_addrtype not found in directory /lib/modules/5.10.0-8-amd64",
			{ kind: "module-missing", module: "xt_addrtype", kernel: "5.10.0-8-amd64", directoryMissing: true },
		],
		[
			"modprobe: can't change directory to '5.15.0': No such file or directory",
			{ kind: "module-missing", module: "unknown", kernel: "5.15.0", directoryMissing: true },
		],
		[
			"modprobe: ERROR: could not insert 'ip_tables': Operation not permitted",
			{ kind: "module-refused", module: "ip_tables", errno: "Operation not permitted" },
		],
		[
			"modprobe: ERROR: could not insert 'iptable_nat': Exec format error",
			{ kind: "module-refused", module: "iptable_nat", errno: "Exec format error" },
		],
		[
			"insmod: ERROR: could not insert module /lib/modules/6.1/xt_nat.ko.xz: Key was rejected by service",
			{ kind: "module-refused", module: "xt_nat", errno: "Key was rejected by service" },
		],
	])("%s", (text, complaint) => {
		expect(said(text)[0]).toMatchObject({ complaint, speaker: "modprobe", fromDockerd: false });
	});

	it("takes a container without /lib/modules for what it is", () => {
		const [failure] = said("modprobe: can't change directory to '/lib/modules': No such file or directory");
		expect(failure).toMatchObject({ complaint: { kernel: null, directoryMissing: true }, weight: "noise" });
	});

	it("tells both the table and the module that iptables asked for", () => {
		const text = `${NEW}modprobe: FATAL: Module ip_tables not found in directory /lib/modules/6.17.0-1-amd64\niptables v1.8.11 (legacy): can't initialize iptables table \`nat': Table does not exist (do you need to insmod?)\n (exit status 3)`;
		expect(said(text)).toMatchObject([
			{ complaint: { kind: "table-missing", table: "nat", reason: "no-table" }, weight: "fatal" },
			{
				complaint: { kind: "module-missing", module: "ip_tables", kernel: "6.17.0-1-amd64" },
				weight: "warning",
				speaker: "modprobe",
			},
		]);
	});

	it("weighs dockerd's own modprobe a warning", () => {
		const text =
			"Running modprobe bridge br_netfilter failed with message: modprobe: WARNING: Module bridge not found in directory /lib/modules/6.1.0-50-amd64, error: exit status 1";
		expect(said(text, { level: "warning", structured: true })[0]).toMatchObject({
			complaint: { kind: "module-missing", module: "bridge", kernel: "6.1.0-50-amd64" },
			weight: "warning",
		});
	});
});

describe("what healthy hosts say", () => {
	it.each([
		[
			"level=info",
			"Deleting nftables IPv4 rules: running nft: /dev/stdin:1:17-30: Error: Could not process rule: No such file or directory\ndelete table ip docker-bridges exit status 1",
		],
		[
			"level=warning",
			'failed to load plugin io.containerd.snapshotter.v1.aufs: aufs is not supported (modprobe aufs failed: exit status 1 "modprobe: FATAL: Module aufs not found in directory /lib/modules/5.15.0\\n"): skip plugin',
		],
		[
			"level=info",
			"skip loading plugin: aufs is not supported (modprobe aufs failed: exit status 1 modprobe: FATAL: Module aufs not found)",
		],
		["level=warning", "could not use snapshotter devmapper in metadata plugin: devmapper not configured"],
		["level=error", "Failed to GetDriver graph"],
		["level=error", "failed to mount overlay: no such device"],
		["level=warning", "Your kernel does not support cgroup blkio weight"],
		["level=warning", "Your kernel does not support swap memory limit"],
		[
			"level=warning",
			"ip6tables is enabled, but cannot set up ip6tables chains: failed to create NAT chain DOCKER: iptables failed: ip6tables --wait -t nat -N DOCKER: ip6tables v1.8.9 (legacy): can't initialize ip6tables table `nat': Table does not exist",
		],
		["level=warning", "WARNING: bridge-nf-call-iptables is disabled"],
		["level=error", "2026/11/23 07:00:00 http: superfluous response.WriteHeader call from go.opentelemetry.io/contrib"],
		["level=warning", "Could not load necessary modules for IPSEC rules: protocol not supported"],
		[
			"level=error",
			"set bridge default vlan failed: failed to enable default vlan on bridge br0: open /sys/class/net/br0/bridge/default_pvid: permission denied",
		],
		["level=info", "OTEL tracing is not configured, using no-op tracer provider"],
		[
			"level=warning",
			"Failed to remove existing iptables entries in table nat chain DOCKER: iptables failed: iptables --wait -t nat -F DOCKER: iptables: No chain/target/match by that name. (exit status 1)",
		],
	])("%s %s", (level, text) => {
		const found = said(text, {
			level: level === "level=info" ? "info" : level === "level=error" ? "error" : "warning",
			structured: true,
		});
		expect(found.filter((failure) => failure.weight !== "noise")).toEqual([]);
	});

	it("keeps the reason of a failed start-up probe, which is said at info level", () => {
		const text =
			"unable to detect if iptables supports xlock: 'iptables --wait -L -n': `iptables v1.8.9 (nf_tables): Could not fetch rule set generation id: Permission denied (you must be root)`: exit status 4";
		expect(said(text, { level: "info", structured: true })[0]).toMatchObject({
			complaint: { kind: "permission", what: "iptables" },
			weight: "warning",
			during: "daemon-start",
			command: { operation: "-L", wait: "forever" },
		});
	});
});

describe("a person's own command", () => {
	it("is not dockerd's failure", () => {
		const [failure] = said("iptables: No chain/target/match by that name.", { typed: "iptables -t nat -nL DOCKER" });
		expect(failure).toMatchObject({
			complaint: { kind: "chain-missing", table: "nat", chain: "DOCKER" },
			fromDockerd: false,
			during: "listing",
			weight: "error",
			speaker: "iptables",
		});
	});

	it("does not lend its command to dockerd's error below it", () => {
		const [failure] = said(`${HEAD}Bind for 0.0.0.0:8080 failed: port is already allocated.`, {
			typed: "iptables -t nat -L",
		});
		expect(failure?.command).toBeNull();
	});

	it("knows the answer of -C for what it is", () => {
		expect(
			said("iptables: Bad rule (does a matching rule exist in that chain?).", {
				typed: "iptables -t nat -C DOCKER -j RETURN",
			})[0],
		).toMatchObject({ complaint: { kind: "rule-absent" }, weight: "noise" });
	});

	it.each([
		["iptables: command not found", { kind: "program-missing", program: "iptables" }],
		["sudo: iptables: command not found", { kind: "program-missing", program: "iptables" }],
		["-bash: iptables: command not found", { kind: "program-missing", program: "iptables" }],
		[
			"Error: Could not process rule: No such file or directory\nlist chain ip nat DOCKER\n              ^^^^^^",
			{ kind: "chain-missing", table: "nat", chain: "DOCKER" },
		],
		["netlink: Error: cache initialization failed: Operation not permitted", { kind: "permission", what: "netlink" }],
		[
			"Operation not permitted (you must be root)\nnetlink: Error: cache initialization failed: Operation not permitted",
			{ kind: "permission", what: "netlink" },
		],
		[
			"Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?",
			{ kind: "daemon-unreachable" },
		],
		[
			'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: Get "http://%2Fvar%2Frun%2Fdocker.sock/v1.24/containers/json": dial unix /var/run/docker.sock: connect: permission denied',
			{ kind: "socket-permission" },
		],
		[
			"Got permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock",
			{ kind: "socket-permission" },
		],
	])("%s", (text, complaint) => {
		expect(said(text)[0]).toMatchObject({ complaint, fromDockerd: false });
	});
});

describe("the kernel", () => {
	it.each([
		["nf_conntrack: nf_conntrack: table full, dropping packet", { kind: "conntrack-full" }, "error"],
		["nf_conntrack: table full in netns 4026532, dropping packet", { kind: "conntrack-full" }, "error"],
		[
			"IPv4: martian source 192.168.1.9 from 172.17.0.2, on dev eth0",
			{ kind: "martian-source", source: "172.17.0.2", device: "eth0" },
			"warning",
		],
		[
			"[UFW BLOCK] IN=eth0 OUT=docker0 MAC=02:42 SRC=203.0.113.9 DST=172.17.0.2 LEN=60 PROTO=TCP SPT=51001 DPT=80 WINDOW=64240",
			{ kind: "packet-blocked", by: "ufw", in: "eth0", out: "docker0", port: 80 },
			"warning",
		],
		[
			"[UFW DOCKER BLOCK] IN=eth0 OUT=docker0 SRC=203.0.113.9 DST=172.17.0.2 PROTO=TCP SPT=51001 DPT=80",
			{ kind: "packet-blocked", by: "ufw-docker", in: "eth0", out: "docker0", port: 80 },
			"warning",
		],
		[
			"[UFW BLOCK] IN=eth0 OUT= MAC=02:42 SRC=203.0.113.9 DST=192.0.2.1 PROTO=TCP SPT=51001 DPT=22",
			{ kind: "packet-blocked", by: "ufw", in: "eth0", out: null, port: 22 },
			"noise",
		],
		[
			"filter_FWD_public_REJECT: IN=eth0 OUT=docker0 SRC=203.0.113.9 DST=172.17.0.2 PROTO=TCP SPT=51001 DPT=80",
			{ kind: "packet-blocked", by: "firewalld", in: "eth0", out: "docker0", port: 80 },
			"warning",
		],
		[
			"ip_tables: version magic '6.1.0-18-amd64 SMP' should be '6.1.0-50-amd64 SMP'",
			{ kind: "module-refused", module: "ip_tables", errno: "version magic" },
			"error",
		],
	])("%s", (text, complaint, weight) => {
		expect(said(text, { program: "kernel" })[0]).toMatchObject({
			complaint,
			weight,
			speaker: "kernel",
			fromDockerd: false,
		});
	});

	it.each([
		[
			"bridge: filtering via arp/ip/ip6tables is no longer available by default. Update your scripts to load br_netfilter if you need this.",
		],
		[
			"Warning: ip_tables - this driver is not recommended for new deployments. It continues to be supported in this RHEL release",
		],
		["docker0: port 1(veth1a2b3c4) entered disabled state"],
		["nf_conntrack: nf_conntrack: expectation table full"],
		["neighbour: arp_cache: neighbor table overflow!"],
		["kvm_amd: Unknown symbol sev_guest_activate (err -2)"],
		["[UFW ALLOW] IN=eth0 OUT=docker0 SRC=203.0.113.9 DST=172.17.0.2 PROTO=TCP SPT=51001 DPT=80"],
		["IPVS: [rr] scheduler registered."],
	])("%s is normal", (text) => {
		expect(said(text, { program: "kernel" })).toEqual([]);
	});
});

describe("what is not networking", () => {
	it.each([
		[
			'docker: Error response from daemon: failed to create task for container: OCI runtime create failed: runc create failed: unable to start container process: exec: "nginxx": executable file not found in $PATH: unknown',
			"runtime",
		],
		["failed to start daemon: error initializing graphdriver: driver not supported", "storage"],
		["docker: Error response from daemon: mkdir /var/lib/docker/overlay2/1f: no space left on device.", "disk-full"],
		["failed to start daemon: Devices cgroup isn't mounted", "cgroup"],
		[
			"Error response from daemon: pull access denied for foo, repository does not exist or may require 'docker login'",
			"image",
		],
		[
			'Error response from daemon: Get "https://registry-1.docker.io/v2/": x509: certificate signed by unknown authority',
			"tls",
		],
		[
			'Error response from daemon: Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io on 127.0.0.53:53: server misbehaving',
			"dns",
		],
		["failed to start containerd: timeout waiting for containerd to start", "containerd"],
		["failed to start daemon: pid file found, ensure docker is not running or delete /var/run/docker.pid", "other"],
		[
			'docker: Error response from daemon: Conflict. The container name "/web" is already in use by container "1a2b".',
			"other",
		],
	])("%s", (text, area) => {
		expect(complaintOf(text)).toEqual({ kind: "elsewhere", area });
	});
});

it("is deaf to prose", () => {
	for (const text of [
		"hello from the container",
		"curl: (7) Failed to connect to 192.168.56.10 port 8080 after 0 ms: Couldn't connect to server",
		"nc: timed out",
		"I tried iptables and docker, nothing helps",
		"CONTAINER ID   IMAGE   COMMAND   CREATED   STATUS   PORTS   NAMES",
	])
		expect(said(text), text).toEqual([]);
});
