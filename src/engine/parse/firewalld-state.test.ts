import { expect, it } from "vitest";
import { artifactFromText } from "../text/span-of";
import { parseFirewalldState } from "./firewalld-state";

const firewalld = (text: string, command?: string) =>
	parseFirewalldState(artifactFromText("firewalld-state", text, command === undefined ? {} : { command }));

it("reads state, zones and targets of several commands in a row", () => {
	const read = firewalld(`running
docker
  interfaces: docker0
public (default)
  interfaces: eth0
public (active)
  target: default
  icmp-block-inversion: no
  interfaces: eth0
  sources:
  services: dhcpv6-client ssh
  ports: 8080/tcp
docker (active)
  target: ACCEPT
  interfaces: docker0 br-6735be94d16b
`);
	expect(read.running?.value).toBe(true);
	expect(read.zones.map(({ name, interfaces, target }) => [name, interfaces.join(" "), target])).toEqual([
		["docker", "docker0 br-6735be94d16b", "ACCEPT"],
		["public", "eth0", "default"],
	]);
	expect(read.remarks).toEqual([]);
});

it.each([
	["running", true],
	["not running", false],
	["FirewallD is not running", false],
	["public\n  interfaces: eth0", true],
])("reads from %j whether it runs", (text, running) => {
	expect(firewalld(text).running?.value).toBe(running);
});

it("reads firewalld.conf", () => {
	const read = firewalld("# comment\nDefaultZone=public\nFirewallBackend=iptables\nStrictForwardPorts=yes\n");
	expect(read.backend?.value).toBe("iptables");
	expect(read.settings.map(({ key, value }) => `${key}=${value}`)).toEqual([
		"DefaultZone=public",
		"FirewallBackend=iptables",
		"StrictForwardPorts=yes",
	]);
	expect(read.running).toBeNull();
});

it("names states in the order in which the command asked, and never guesses names", () => {
	const text = "inactive\nactive\ninactive\n";
	expect(firewalld(text, "systemctl is-active ufw firewalld nftables").running?.value).toBe(true);
	expect(firewalld(text)).toMatchObject({ running: null, zones: [], remarks: [{}] });
});

it("does not take a missing program for a stopped one", () => {
	expect(firewalld("bash: firewall-cmd: command not found")).toMatchObject({ running: null, remarks: [{}] });
});
