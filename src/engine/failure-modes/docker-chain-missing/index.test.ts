import { expect, it } from "vitest";
import { analyse } from "../../analyse";

const WHOLE = `*nat
:PREROUTING ACCEPT [0:0]
:INPUT ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
:DOCKER - [0:0]
-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
-A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER
-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
-A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80
COMMIT`;

const PS = `CONTAINER ID   IMAGE   COMMAND        CREATED       STATUS       PORTS                  NAMES
6f183f086ab9   web     "/bin/serve"   2 hours ago   Up 2 hours   0.0.0.0:8080->80/tcp   web`;

/** The finding where these lines are gone from the nat table of a host that is whole otherwise. */
function without(...gone: readonly RegExp[]) {
	const lines = WHOLE.split("\n").filter((line) => !gone.some((pattern) => pattern.test(line)));
	const text = `===== docker ps =====\n${PS}\n\n===== iptables-save =====\n${lines.join("\n")}\n`;
	const { findings } = analyse([{ id: "s1", name: "paste", text }]);
	return findings.find((finding) => finding.failure === "docker-chain-missing");
}

const actions = (...gone: readonly RegExp[]) => without(...gone)?.plan?.steps.map((step) => step.action.kind);

it("restarts the container where only the rule of its port is gone, and dockerd only after that", () => {
	expect(actions(/DNAT/)).toEqual([
		"reload-firewalld",
		"restart-container",
		"enable-live-restore",
		"restart-docker",
		"start-stopped-containers",
	]);
});

it("never restarts a container while the chain or the jumps to it are missing", () => {
	expect(actions(/DOCKER/)).not.toContain("restart-container");
	expect(actions(/-j DOCKER$/)).not.toContain("restart-container");
});

it.each([
	["the chain", [/DOCKER/], "the next start of a container with a published port fails"],
	["the jumps", [/-j DOCKER$/], "containers start without an error"],
	["the jump for the host itself", [/OUTPUT !/], "other machines do not notice"],
	["the rule of a port", [/DNAT/], "The rule of a port is written when its container starts"],
])("says what follows when %s went", (_, gone, consequence) => {
	expect(without(...gone)?.explanation).toContain(consequence);
});
