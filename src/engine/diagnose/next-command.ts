import { COMMANDS, type CommandId } from "../facts/commands";
import { valueOr } from "../facts/fact";
import type { HostFacts } from "../facts/host-facts";
import type { NextCommand } from "./analysis";
import { portInQuestion } from "./main-trace";
import { platformOf } from "./platform";

/** A command to paste next, as it is typed on this host: its own log, its own service manager, its own address and port. */
export function nextCommand(id: CommandId, facts: HostFacts): NextCommand {
	return { id, command: onThisHost(id, facts) ?? COMMANDS[id].run, why: COMMANDS[id].shows };
}

/** Null where the command is the same everywhere. */
function onThisHost(id: CommandId, facts: HostFacts): string | null {
	const { services, rootless } = platformOf(facts);
	switch (id) {
		case "dockerd-log":
			if (rootless) return "journalctl --user -u docker --no-pager -o short-iso -n 400";
			if (services === "snap") return "journalctl -u snap.docker.dockerd --no-pager -o short-iso -n 400";
			return services === "openrc" || services === "runit" ? "tail -n 400 /var/log/docker.log" : null;
		case "unit":
			if (rootless) return "systemctl --user cat docker";
			if (services === "snap") return "systemctl cat snap.docker.dockerd";
			return services === "openrc" ? "cat /etc/init.d/docker /etc/conf.d/docker" : null;
		case "unit-status":
			if (rootless) return "systemctl --user status docker --no-pager -l";
			if (services === "snap") return "systemctl status snap.docker.dockerd --no-pager -l";
			return services === "openrc" ? "rc-service docker status" : null;
		case "daemon-json":
			return services === "snap" ? "cat /var/snap/docker/current/config/daemon.json" : null;
		case "firewalls":
			if (facts.ufw.known) return "firewall-cmd --list-all-zones";
			return facts.firewalld.known ? "ufw status verbose" : null;
		case "probe-outside": {
			const [port, address] = [portInQuestion(facts), outerAddress(facts)];
			// What was pasted goes into a command only as a number and as digits and dots.
			if (port?.protocol !== "tcp" || address === null) return null;
			return `curl -sS -m 3 http://${address}:${port.port}/   # on the host, and from another machine`;
		}
		default:
			return null;
	}
}

/** The host's address on the interface of its default route, else on the first that is no bridge of Docker's. */
function outerAddress({ interfaces, routes }: HostFacts): string | null {
	const way = valueOr(routes, []).find(({ destination }) => destination === "default" || destination === "0.0.0.0/0");
	const outer = valueOr(interfaces, []).filter(({ name }) => !/^(?:lo$|docker|br-|veth)/.test(name));
	const chosen = outer.find(({ name }) => name === way?.device) ?? outer[0];
	const [address] = (chosen?.addresses ?? []).flatMap((one) => /^\d{1,3}(?:\.\d{1,3}){3}(?=\/|$)/.exec(one)?.[0] ?? []);
	return address ?? null;
}
