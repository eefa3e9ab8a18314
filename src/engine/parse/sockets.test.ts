import { expect, it } from "vitest";
import { artifactFromText } from "../text/span-of";
import { containerOf, parseSockets } from "./sockets";

const sockets = (text: string, command?: string) => {
	const read = parseSockets(artifactFromText("sockets", text, command === undefined ? {} : { command }));
	return {
		rows: read.sockets.map((one) => [one.protocol, one.address, one.port, one.process, one.pid, one.container]),
		processesShown: read.processesShown,
		remarks: read.remarks.length,
	};
};

it.each([
	[
		"ss -ltnp",
		`State  Recv-Q Send-Q Local Address:Port Peer Address:PortProcess
LISTEN 0      4096         0.0.0.0:8080      0.0.0.0:*    users:(("docker-proxy",pid=178,fd=4))
LISTEN 0      4096            [::]:8080         [::]:*    users:(("docker-proxy",pid=185,fd=4))
LISTEN 0      128    127.0.0.53%lo:53        0.0.0.0:*`,
		[
			["tcp", "0.0.0.0", 8080, "docker-proxy", 178, null],
			["tcp", "::", 8080, "docker-proxy", 185, null],
			["tcp", "127.0.0.53", 53, null, null, null],
		],
		true,
	],
	[
		"ss -lntup, with established connections and unix sockets left out",
		`Netid State  Recv-Q Send-Q Local Address:Port Peer Address:Port Process
udp   UNCONN 0      0            0.0.0.0:68        0.0.0.0:*     users:(("dhclient",pid=500,fd=7))
tcp   LISTEN 0      511                *:80              *:*     users:(("nginx",pid=800,fd=6),("nginx",pid=799,fd=6))
tcp   ESTAB  0      0       192.0.2.10:22      192.0.2.1:5555
u_str LISTEN 0      4096 /run/docker.sock 21234 * 0`,
		[
			["udp", "0.0.0.0", 68, "dhclient", 500, null],
			["tcp", "0.0.0.0", 80, "nginx", 800, null],
		],
		true,
	],
	[
		"old ss",
		'LISTEN     0      128          *:80                       *:*      users:(("nginx",1234,6))',
		[["tcp", "0.0.0.0", 80, "nginx", 1234, null]],
		true,
	],
	[
		"netstat -tulpn",
		`Active Internet connections (only servers)
Proto Recv-Q Send-Q Local Address           Foreign Address         State       PID/Program name
tcp        0      0 0.0.0.0:8080            0.0.0.0:*               LISTEN      1234/docker-proxy
tcp6       0      0 :::8080                 :::*                    LISTEN      1240/docker-proxy
tcp        0      0 127.0.0.1:80            0.0.0.0:*               LISTEN      812/nginx: master p
udp        0      0 0.0.0.0:5353            0.0.0.0:*                           -`,
		[
			["tcp", "0.0.0.0", 8080, "docker-proxy", 1234, null],
			["tcp", "::", 8080, "docker-proxy", 1240, null],
			["tcp", "127.0.0.1", 80, "nginx", 812, null],
			["udp", "0.0.0.0", 5353, null, null, null],
		],
		true,
	],
	[
		"netstat without -n",
		"tcp        0      0 *:http                  *:*                     LISTEN",
		[["tcp", "0.0.0.0", 80, null, null, null]],
		false,
	],
	[
		"lsof -i -P -n",
		"COMMAND   PID USER   FD   TYPE DEVICE SIZE/OFF NODE NAME\nnginx     800 root    6u  IPv4  21234      0t0  TCP *:8080 (LISTEN)",
		[["tcp", "0.0.0.0", 8080, "nginx", 800, null]],
		true,
	],
])("reads %s", (_, text, rows, processesShown) => {
	expect(sockets(text)).toEqual({ rows, processesShown, remarks: 0 });
});

it("knows which container a listing was made in", () => {
	const text = `$ docker exec web2 netstat -ltn
Active Internet connections (only servers)
Proto Recv-Q Send-Q Local Address           Foreign Address         State
tcp        0      0 :::80                   :::*                    LISTEN
$ docker exec web netstat -ltn
Proto Recv-Q Send-Q Local Address           Foreign Address         State
tcp        0      0 127.0.0.1:80            0.0.0.0:*               LISTEN
`;
	expect(sockets(text)).toEqual({
		rows: [
			["tcp", "::", 80, null, null, "web2"],
			["tcp", "127.0.0.1", 80, null, null, "web"],
		],
		processesShown: false,
		remarks: 0,
	});
	expect(sockets("tcp 0 0 :::80 :::* LISTEN", "docker exec -it -u root /web netstat -ltn").rows).toEqual([
		["tcp", "::", 80, null, null, "web"],
	]);
});

it("reads nothing from a container that could not be entered", () => {
	expect(
		sockets(
			"$ docker exec web netstat -ltn\nError response from daemon: Container a6bac is restarting, wait until the container is running",
		),
	).toEqual({ rows: [], processesShown: false, remarks: 0 });
});

it.each([
	["docker exec web netstat -ltn", "web"],
	["sudo docker container exec --env A=b -it web sh -c 'ss -ltn'", "web"],
	["docker exec --user=root web ss", "web"],
	["nsenter -t 1234 -n ss -ltn", "pid 1234"],
	["ss -ltnp", null],
	["docker ps", null],
])("finds the container of %j", (command, container) => {
	expect(containerOf(command)).toBe(container);
});

it("knows a whole listing from one that grep cut", () => {
	const row = "LISTEN 0 4096 0.0.0.0:8080 0.0.0.0:*";
	const complete = (text: string) => parseSockets(artifactFromText("sockets", text)).complete;
	expect([complete(`State Recv-Q Send-Q Local Address:Port Peer Address:PortProcess\n${row}`), complete(row)]).toEqual([
		true,
		false,
	]);
});
