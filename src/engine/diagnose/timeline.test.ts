import { describe, expect, it } from "vitest";
import { analyse } from "../analyse";

const told = (...texts: readonly string[]) =>
	analyse(texts.map((text, index) => ({ id: `s${index + 1}`, name: "paste", text }))).timeline;
const lines = (...texts: readonly string[]) => told(...texts).map(({ tone, says }) => `${tone}: ${says}`);

const up = (clock: string) =>
	`Nov 23 ${clock} web01 systemd[1]: Started docker.service - Docker Application Container Engine.`;
const refused = (clock: string) =>
	`Nov 23 ${clock} web01 dockerd[499]: time="2026-11-23T${clock}.118Z" level=error msg="Handler for POST /v1.41/containers/5e1/start returned error: driver failed programming external connectivity on endpoint web (9c5):  (iptables failed: iptables --wait -t nat -A DOCKER -p tcp -d 0/0 --dport 8081 -j DNAT --to-destination 172.17.0.3:80 ! -i docker0: iptables: No chain/target/match by that name.\\n (exit status 1))"`;
const REFUSED = "fault: A container failed to start: `iptables: No chain/target/match by that name.`";

describe("the timeline", () => {
	it("tells who touched the rules between the start of dockerd and the refusal", () => {
		const log = [
			up("08:00:14"),
			"Nov 23 08:10:02 web01 systemd[1]: Reloading firewalld.service - firewalld - dynamic firewall daemon...",
			"Nov 23 08:10:03 web01 systemd[1]: Reloaded firewalld.service - firewalld - dynamic firewall daemon.",
			refused("08:12:44"),
		].join("\n");
		expect(lines(log)).toEqual(["plain: dockerd came up", "fault: firewalld was reloaded", REFUSED]);
	});

	it("tells the last of many refusals with how many there were", () => {
		const log = [up("08:00:14"), ...["08:12:44", "08:13:10", "08:14:59"].map(refused)].join("\n");
		const moments = told(log);
		expect(moments.map(({ says }) => says)).toEqual([
			"dockerd came up",
			"A container failed to start: `iptables: No chain/target/match by that name.`",
			"The same, the last of 3 times",
		]);
		expect(moments.map(({ at }) => at.line)).toEqual([1, 2, 4]);
	});

	it("ends with the start that healed it", () => {
		const log = [up("08:00:14"), refused("08:12:44"), up("08:20:31")].join("\n");
		const again = `${log}\nNov 23 08:20:30 web01 dockerd[811]: time="2026-11-23T08:20:30.1Z" level=info msg="Starting up"\n${up("08:20:31")}`;
		expect(lines(again).at(-1)).toBe("whole: dockerd came up again, and the refusal has not come back");
	});

	it("begins with the start before the refusal, and leaves out those before it but an upgrade", () => {
		const log = [
			"Nov 23 06:12:00 web01 dpkg[77]: upgrade docker-ce:amd64 5:28.4.0 5:28.5.2",
			up("07:00:00"),
			up("08:00:14"),
			refused("08:12:44"),
		].join("\n");
		expect(lines(log).slice(-2)).toEqual(["plain: dockerd came up", REFUSED]);
		expect(told(log).filter(({ says }) => says === "dockerd came up")).toHaveLength(1);
	});

	it("keeps a typed flush before the refusal below it, and calls it what took the rules", () => {
		const paste = [
			"admin@web01:~$ sudo iptables -t nat -F",
			"admin@web01:~$ sudo iptables -t nat -X",
			"admin@web01:~$ docker run -d -p 8081:80 nginx",
			"docker: Error response from daemon: driver failed programming external connectivity on endpoint web (9c5):  (iptables failed: iptables --wait -t nat -A DOCKER -p tcp -d 0/0 --dport 8081 -j DNAT --to-destination 172.17.0.3:80 ! -i docker0: iptables: No chain/target/match by that name.",
			" (exit status 1)).",
		].join("\n");
		expect(lines(paste)).toEqual([
			"fault: Typed at the prompt: `iptables -t nat -F`",
			"fault: Typed at the prompt: `iptables -t nat -X`",
			REFUSED,
		]);
		const [flush] = told(paste);
		expect(paste.slice(flush?.at.from, flush?.at.to)).toBe("admin@web01:~$ sudo iptables -t nat -F");
	});

	it("does not accuse what was typed below the refusal", () => {
		const paste = [
			"admin@web01:~$ docker run -d -p 8081:80 nginx",
			"docker: Error response from daemon: driver failed programming external connectivity on endpoint web (9c5):  (iptables failed: iptables --wait -t nat -A DOCKER -p tcp -d 0/0 --dport 8081 -j DNAT --to-destination 172.17.0.3:80 ! -i docker0: iptables: No chain/target/match by that name.",
			" (exit status 1)).",
			"admin@web01:~$ sudo ufw reload",
			"Firewall reloaded",
		].join("\n");
		expect(lines(paste)).toEqual([REFUSED, "plain: Typed at the prompt: `ufw reload`"]);
	});

	it("calls a time as its line does, and orders a journal in the host's zone beside dockerd's own times in UTC", () => {
		const local = [
			"Nov 23 10:00:14 web01 systemd[1]: Started docker.service - Docker Application Container Engine.",
			"Nov 23 10:10:03 web01 systemd[1]: Reloaded firewalld.service - firewalld - dynamic firewall daemon.",
			refused("08:12:44").replace("Nov 23 08", "Nov 23 10"),
		].join("\n");
		expect(told(local).map(({ clock, says }) => [clock, says.slice(0, 22)])).toEqual([
			["10:00:14", "dockerd came up"],
			["10:10:03", "firewalld was reloaded"],
			["10:12:44", "A container failed to "],
		]);
		const own = 'time="2026-11-23T07:59:00.5Z" level=info msg="Daemon has completed initialization"';
		expect(told(own, local.split("\n").slice(1).join("\n")).map(({ clock }) => clock)).toEqual([
			"07:59:00 UTC",
			"08:10:03 UTC",
			"08:12:44 UTC",
		]);
	});

	it("says the day where the story takes longer than one", () => {
		const log = [up("08:00:14"), refused("08:12:44"), refused("09:00:00").replaceAll("23", "25")].join("\n");
		expect(told(log).map(({ clock }) => clock)).toEqual(["Nov 23 08:00:14", "Nov 23 08:12:44", "Nov 25 09:00:00"]);
	});

	it("tells the tries of systemd by the last of them", () => {
		const start = (clock: string) => [
			`Nov 23 ${clock}:02 web01 systemd[1]: Starting docker.service - Docker Application Container Engine...`,
			`Nov 23 ${clock}:04 web01 dockerd[811]: failed to start daemon: Error initializing network controller: error obtaining controller instance: failed to register "bridge" driver: failed to create NAT chain DOCKER: iptables failed: iptables -t nat -N DOCKER: iptables v1.8.9 (legacy): can't initialize iptables table \`nat': Table does not exist (do you need to insmod?)`,
			`Nov 23 ${clock}:04 web01 systemd[1]: docker.service: Main process exited, code=exited, status=1/FAILURE`,
		];
		const log = ["08:01", "08:02", "08:03"].flatMap(start).join("\n");
		expect(lines(log).map((one) => one.slice(0, 40))).toEqual([
			"plain: dockerd began to start",
			"fault: dockerd failed to start: `iptable",
			"fault: The same, the last of 3 times",
		]);
	});

	it("never tells more than eight moments, and never leaves out the refusal", () => {
		const busy = Array.from({ length: 40 }, (_, i) =>
			i % 2 === 0
				? `Nov 23 09:${String(i).padStart(2, "0")}:00 web01 sudo[811]:    admin : TTY=pts/0 ; PWD=/root ; USER=root ; COMMAND=/usr/sbin/iptables -t filter -F CHAIN${i}`
				: `Nov 23 09:${String(i).padStart(2, "0")}:00 web01 systemd[1]: Reloaded firewalld.service - firewalld - dynamic firewall daemon.`,
		);
		const story = lines([up("08:00:14"), ...busy, refused("10:12:44")].join("\n"));
		expect(story.length).toBeLessThanOrEqual(8);
		expect(story.at(-1)).toBe(REFUSED);
		expect(story).toContain("fault: firewalld was reloaded");
	});

	it.each([
		["one moment", refused("08:12:44")],
		["nothing but a start", up("08:00:14")],
		[
			"starts and stops without a refusal",
			`${up("08:00:14")}\nNov 23 08:01:14 web01 systemd[1]: Stopped docker.service - Docker Application Container Engine.`,
		],
		["no log", "hello"],
	])("tells no story of %s", (_, text) => {
		expect(told(text)).toEqual([]);
	});
});
