import { type Confidence, type Sign, sign } from "../../diagnose/failure-mode";
import { deadProbes, listWords } from "../../facts/engine-state";
import { isKnownToBe, valueOr } from "../../facts/fact";
import { complaints, placesOfFailures } from "../../facts/failure-facts";
import type { HostFacts } from "../../facts/host-facts";

/** What the evidence says plainly, and what no rule, chain or module has to do with. */
export type Plainly =
	/** `-p ADDRESS:…` names an address that no interface has. */
	| { readonly kind: "no-such-address"; readonly address: string | null; readonly has: boolean }
	/** The process that opens the port may not open one below 1024. */
	| { readonly kind: "privileged-port"; readonly rootless: boolean }
	| {
			readonly kind: "no-own-network";
			readonly who: string | null;
			readonly mode: "host" | "container" | "none";
			readonly of: string | null;
	  }
	| { readonly kind: "desktop"; readonly question: string };

type Found = {
	readonly plainly: Plainly;
	readonly signs: readonly Sign[];
	readonly confidence: Confidence;
	/** It stops the start, so that it is the trouble; the others may only lie beside it. */
	readonly refused: boolean;
};

/** The first of these that the evidence shows; null where it shows none. */
export function plainlyElsewhere(facts: HostFacts): Found | null {
	return missingAddress(facts) ?? privilegedPort(facts) ?? desktopCheck(facts) ?? noOwnNetwork(facts);
}

function missingAddress(facts: HostFacts): Found | null {
	const refused = complaints(facts.failures, "address-unavailable");
	if (refused.length === 0) return null;
	const address = refused.map(({ complaint }) => complaint.address).find((one) => one !== null) ?? null;
	const own = valueOr(facts.interfaces, []).flatMap((one) => one.addresses.map((full) => full.split("/", 1)[0]));
	const has = address !== null && own.includes(address);
	return {
		plainly: { kind: "no-such-address", address, has },
		signs: [
			sign(
				`The kernel has no interface with ${address ? `the address ${address}` : "the address that the port is published on"}`,
				placesOfFailures(refused),
			),
		],
		confidence: has ? "possible" : "likely",
		refused: true,
	};
}

function privilegedPort(facts: HostFacts): Found | null {
	const refused = complaints(facts.failures, "permission").filter(({ complaint }) => complaint.what === "port");
	if (refused.length === 0) return null;
	const words = refused.some(({ all }) => all.some((one) => /rootless|privileged port/i.test(one.words)));
	return {
		plainly: { kind: "privileged-port", rootless: words || isKnownToBe(facts.docker.rootless, true) },
		signs: [sign("The program that opens the port for Docker may not open this one", placesOfFailures(refused))],
		confidence: "likely",
		refused: true,
	};
}

function desktopCheck(facts: HostFacts): Found | null {
	if (!facts.desktopChecks.known) return null;
	// What Docker Desktop finds wrong with names, proxies or ports is the network after all.
	const failed = facts.desktopChecks.value.filter(
		({ question }) => !/\b(?:network|dns|proxy|ports?)\b/i.test(question),
	);
	const [first] = failed;
	if (!first) return null;
	return {
		plainly: { kind: "desktop", question: first.question },
		signs: failed
			.slice(0, 3)
			.map(({ question, code, at }) => sign(`Docker Desktop’s own check ${code} failed: ${question}`, [at])),
		confidence: "likely",
		refused: false,
	};
}

function noOwnNetwork(facts: HostFacts): Found | null {
	const said = complaints(facts.failures, "ports-discarded");
	const [written] = facts.unpublished;
	const mode = said[0]?.complaint.mode ?? written?.mode;
	if (!mode) return null;
	const dead = deadProbes(facts).filter(
		({ port }) => port === null || facts.unpublished.some(({ hostPorts }) => hostPorts.includes(port)),
	);
	const names = facts.unpublished.map(({ service }) => `\`${service}\``);
	const signs: Sign[] = [];
	if (said.length > 0) signs.push(sign("Docker says that it discards the ports", placesOfFailures(said)));
	if (names.length > 0)
		signs.push(
			sign(
				`${listWords(names.slice(0, 4))} ${names.length === 1 ? "asks" : "ask"} for ports without a network of ${names.length === 1 ? "its" : "their"} own`,
				facts.unpublished.map(({ at }) => at),
			),
		);
	if (dead.length > 0)
		signs.push(
			sign(
				"The port does not answer",
				dead.map(({ at }) => at),
			),
		);
	return {
		plainly: { kind: "no-own-network", who: written?.service ?? null, mode, of: written?.of ?? null },
		signs,
		confidence: said.length > 0 || dead.length > 0 ? "likely" : "possible",
		refused: false,
	};
}

/** The headline of each. */
export function plainHeadline(plainly: Plainly): string {
	switch (plainly.kind) {
		case "no-such-address":
			return "The port is published on an address that the host does not have";
		case "privileged-port":
			return "The port is below 1024, and Docker may not open it";
		case "no-own-network":
			return plainly.mode === "host"
				? "The container uses the host’s network, so nothing is published"
				: plainly.mode === "none"
					? "The container has no network, so nothing is published"
					: "The container shares another one’s network, so its own ports are not published";
		case "desktop":
			return "Docker Desktop itself does not run as it should";
	}
}

/** What it means and what to do. */
export function plainWords(plainly: Plainly): string {
	switch (plainly.kind) {
		case "no-such-address": {
			const where = plainly.address ? `\`${plainly.address}\`` : "that address";
			if (plainly.has)
				return `\`ip addr\` shows ${where} now, so it came up after Docker asked: a VPN, DHCP, or a boot in which docker started first. Start the container again, and let docker start after the network: \`After=network-online.target\` in a drop-in of docker.service, with the unit of the VPN beside it.`;
			return `A port can be opened only on an address that an interface has, and no interface had ${where} when Docker asked. Either the address is wrong (\`ip addr\` shows the right ones; behind a cloud’s NAT the public address is not on the host), or it was not there yet, as with a VPN or DHCP at boot. Publish without an address or on 0.0.0.0, or start the container once the address is up. No rule of netfilter is involved.`;
		}
		case "privileged-port":
			return plainly.rootless
				? "Rootless Docker opens ports as an ordinary user, and Linux lets only root open those below 1024. Publish on a higher port, or allow the low ones: `net.ipv4.ip_unprivileged_port_start=80` in a file of /etc/sysctl.d, or `setcap cap_net_bind_service=ep` on rootlesskit and a restart of the user’s docker service. No rule of netfilter is involved."
				: "Linux lets only a privileged process open ports below 1024 (`net.ipv4.ip_unprivileged_port_start`), and the one that opens it for Docker here is not: rootless Docker, Docker Desktop, or a confined service. Publish on a higher port, or allow the low ones there. No rule of netfilter is involved.";
		case "no-own-network":
			if (plainly.mode === "host")
				return "With `network_mode: host` (`--network host`) the container has no network of its own: its program listens on the host itself, at the port of its own configuration, and `ports` is ignored. Docker makes no rule for it. Open the program’s own port and let the host’s firewall accept it in INPUT, or take the mode away to have the ports published. On Docker Desktop before 4.34 the host is the virtual machine.";
			if (plainly.mode === "none")
				return "With `network_mode: none` the container has a loopback and nothing else: `ports` can lead nowhere. Take the mode away to have the ports published.";
			return `A container that shares another’s network cannot publish ports; Docker refuses \`-p\` or ignores it. Write the ports into ${plainly.of ? `\`${plainly.of}\`` : "the container that owns the network"}, for they are opened there.`;
		case "desktop":
			return "The port is opened by Docker Desktop, and its own checks say that it is not whole. Nothing in the tables of this machine is involved. Restart Docker Desktop (on Windows `wsl --shutdown` before it), and if the check fails again, upgrade it or read its logs: “Troubleshoot” in its menu gathers them.";
	}
}
