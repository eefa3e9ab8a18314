import { describe, expect, it } from "vitest";
import { isShown } from "../diagnose/shown";
import { read } from "../read";
import { missing } from "./docker-rules";
import { deadProbes, whyNoChainsExpected } from "./engine-state";
import { gatherFacts } from "./gather";

const factsOf = (...texts: readonly string[]) =>
	gatherFacts(read(texts.map((text, index) => ({ id: `s${index + 1}`, name: "paste", text }))));

const at = (time: string, rest: string) => `time="2026-11-23T07:${time}.000000000Z" ${rest}`;
const START = 'level=info msg="Starting up"';
const READY = 'level=info msg="Daemon has completed initialization"';
const REFUSED =
	'level=error msg="Handler for POST /v1.41/containers/ab/start returned error: driver failed programming external connectivity on endpoint web (0123): (iptables failed: iptables --wait -t nat -A DOCKER -p tcp -d 0/0 --dport 8080 -j DNAT --to-destination 172.17.0.2:80 ! -i docker0: iptables: No chain/target/match by that name.\\n (exit status 1))"';
const FAILED_START =
	"failed to start daemon: Error initializing network controller: error obtaining controller instance: failed to create NAT chain DOCKER: Iptables not found";

const NAT = `*nat
:PREROUTING ACCEPT [0:0]
:INPUT ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
:DOCKER - [0:0]
-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
-A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER
-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
-A DOCKER -i docker0 -j RETURN
-A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80
COMMIT
`;
const PS = `CONTAINER ID   IMAGE   COMMAND   CREATED         STATUS         PORTS                                       NAMES
313f6666c9ed   nginx   "nginx"   2 minutes ago   Up 2 minutes   0.0.0.0:8080->80/tcp, :::8080->80/tcp       web
`;

describe("history and the present", () => {
	it("takes a failure of an earlier daemon run for history once a later run does not repeat it", () => {
		const facts = factsOf(
			[at("00:00", START), at("00:01", READY), at("00:02", REFUSED), at("05:00", START), at("05:01", READY)].join("\n"),
		);
		expect(facts.failures.filter((one) => one.complaint.kind === "chain-missing").map((one) => one.current)).toEqual([
			false,
		]);
	});

	it("keeps it for the present while the same run goes on", () => {
		const facts = factsOf([at("00:00", START), at("00:01", READY), at("00:02", REFUSED)].join("\n"));
		expect(facts.failures.find((one) => one.complaint.kind === "chain-missing")?.current).toBe(true);
	});

	it("lets only a start that succeeded heal a start that failed", () => {
		const failedTwice = factsOf([at("00:00", START), FAILED_START, at("00:10", START), FAILED_START].join("\n"));
		expect(failedTwice.failures.find((one) => one.complaint.kind === "program-missing")?.current).toBe(true);
		const healed = factsOf([at("00:00", START), FAILED_START, at("00:10", START), at("00:11", READY)].join("\n"));
		expect(healed.failures.find((one) => one.complaint.kind === "program-missing")?.current).toBe(false);
	});

	it("folds one complaint that the client and the log both report", () => {
		const error = `docker: Error response from daemon: driver failed programming external connectivity on endpoint web (0123):  (iptables failed: iptables --wait -t nat -A DOCKER -p tcp -d 0/0 --dport 8080 -j DNAT --to-destination 172.17.0.2:80 ! -i docker0: iptables: No chain/target/match by that name.\n (exit status 1)).`;
		const facts = factsOf([at("00:00", START), at("00:02", REFUSED)].join("\n"), error);
		const folded = facts.failures.filter((one) => one.complaint.kind === "chain-missing");
		expect(folded).toHaveLength(1);
		expect(new Set(folded[0]?.at.map((place) => place.artifact)).size).toBe(2);
	});
});

describe("not shown is not the same as not there", () => {
	it("knows nothing of filter from a listing of nat", () => {
		const facts = factsOf(NAT);
		expect(facts.rules.nat.kind).toBe("shown");
		expect(facts.rules.filter.kind).toBe("unknown");
		expect(isShown("nat-table", facts)).toBe(true);
		expect(isShown("filter-table", facts)).toBe(false);
	});

	it("expects a translation for each port a running container publishes, and none that it does not know of", () => {
		expect(missing(factsOf(NAT, PS).rules.nat)).toEqual([]);
		expect(
			missing(factsOf(NAT.replaceAll("--dport 8080", "--dport 9999"), PS).rules.nat).map((one) => one.what),
		).toEqual(["the `DNAT` rule of port 8080/tcp"]);
		expect(missing(factsOf(NAT.replaceAll("--dport 8080", "--dport 9999")).rules.nat)).toEqual([]);
	});

	it("does not take systemctl’s word that a unit failed for the error of another program", () => {
		const job =
			'$ systemctl restart docker\nJob for docker.service failed because the control process exited with error code.\nSee "systemctl status docker.service" for details.\n';
		expect(factsOf(job).unreadErrors).toEqual([]);
		expect(factsOf(job.replace("Job for docker.service", "myapp: the job")).unreadErrors).toHaveLength(1);
		const line = "Error: writing blob: adding layer";
		expect(factsOf(line).unreadErrors).toMatchObject([{ namesNetwork: false }]);
		expect(factsOf(`${line} over the bridge`).unreadErrors).toMatchObject([{ namesNetwork: true }]);
	});

	it("does not read a refused docker ps as an empty list", () => {
		const facts = factsOf(
			"$ docker ps -a\nCannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\n",
		);
		expect(facts.containers.known).toBe(false);
		expect(facts.docker.running).toMatchObject({ known: true, value: false });
	});

	it("reads off Docker’s own rule whether docker-proxy is used", () => {
		expect(factsOf(NAT).docker.userlandProxy).toMatchObject({ known: true, value: true });
		expect(factsOf(NAT.replace("! -d 127.0.0.0/8 ", "")).docker.userlandProxy).toMatchObject({
			known: true,
			value: false,
		});
		expect(factsOf(PS).docker.userlandProxy.known).toBe(false);
	});

	it("takes Docker’s own chains for proof that iptables is enabled, and the setting before them", () => {
		expect(factsOf(NAT).docker.iptablesEnabled).toMatchObject({ known: true, value: true });
		expect(factsOf(NAT, '{ "iptables": false }').docker.iptablesEnabled).toMatchObject({ known: true, value: false });
		expect(factsOf(PS).docker.iptablesEnabled.known).toBe(false);
	});

	it("reads dockerd’s flags off a list of processes", () => {
		const line = "root 812 0.3 1.0 1523456 83456 ? Ssl Mar07 2:11 /usr/bin/dockerd -H fd:// --iptables=false\n";
		expect(factsOf(line).docker.iptablesEnabled).toMatchObject({ known: true, value: false });
	});

	it("takes the link of the alternatives for the backend in use", () => {
		const display = (path: string) =>
			`iptables - manual mode\n  link best version is /usr/sbin/iptables-nft\n  link currently points to ${path}\n  link iptables is /usr/sbin/iptables\n${path} - priority 10\n`;
		expect(factsOf(display("/usr/sbin/iptables-legacy")).iptables.backend).toMatchObject({ value: "legacy" });
		expect(factsOf(display("/usr/sbin/iptables-nft")).iptables.backend).toMatchObject({ value: "nf_tables" });
	});

	it("does not take a shell without docker for a host without containers", () => {
		expect(factsOf("root@k3s:~# docker ps\nbash: docker: command not found\n").containers.known).toBe(false);
	});
});

describe("hosts where Docker’s chains are not expected", () => {
	const podman = "*nat\n:PREROUTING ACCEPT [0:0]\n:NETAVARK-HOSTPORT-DNAT - [0:0]\nCOMMIT\n";
	it.each([
		["podman's chains and no word of a dockerd", [podman, PS], true],
		["podman's chains beside a dockerd", [podman, PS, at("00:00", START)], false],
		["neither", [NAT, PS], false],
	])("tells %s", (_, texts, says) => {
		expect(whyNoChainsExpected(factsOf(...texts)) !== null).toBe(says);
	});
});

describe("tries that count", () => {
	const refused =
		"$ curl http://127.0.0.1:8080/\ncurl: (7) Failed to connect to 127.0.0.1 port 8080 after 0 ms: Couldn't connect to server\n";
	const on = (address: string) => PS.replace("0.0.0.0:8080->80/tcp, :::8080->80/tcp      ", `${address}:8080->80/tcp`);
	it.each([
		["a port of every address", PS, 1],
		["a port of loopback", on("127.0.0.1"), 1],
		["a port of one other address", on("192.168.1.10"), 0],
	])("take a refusal by loopback of %s for what it is", (_, ps, dead) => {
		expect(deadProbes(factsOf(ps, refused))).toHaveLength(dead);
	});
});
