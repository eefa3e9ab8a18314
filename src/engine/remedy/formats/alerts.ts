import { yaml } from "../ansible-text";
import type { AlertId } from "../plan";
import { headOf, type Printed } from "./format";

type Alert = {
	readonly name: string;
	readonly expr: string;
	readonly for: string;
	readonly says: string;
	readonly needs: string;
};

/** Expressions over metrics of node_exporter and blackbox_exporter as they name them. */
const ALERTS: Readonly<Record<AlertId, Alert>> = {
	"published-port": {
		name: "DockerPublishedPortDead",
		expr: 'probe_success{job="docker-ports"} == 0',
		for: "2m",
		says: "A published port does not answer from outside",
		needs: 'blackbox_exporter on another machine, module tcp_connect, job "docker-ports" with HOST:PORT as targets',
	},
	"docker-down": {
		name: "DockerdNotRunning",
		expr: 'node_systemd_unit_state{name="docker.service",state="active"} == 0',
		for: "2m",
		says: "dockerd is not running",
		needs: "node_exporter with --collector.systemd",
	},
	conntrack: {
		name: "ConntrackTableFilling",
		expr: "node_nf_conntrack_entries / node_nf_conntrack_entries_limit > 0.8",
		for: "5m",
		says: "The connection table is more than 80 % full; beyond its limit packets of new connections are dropped",
		needs: "node_exporter",
	},
	"ip-forward": {
		name: "IpForwardOff",
		expr: "node_sysctl_net_ipv4_ip_forward == 0",
		for: "1m",
		says: "The kernel forwards no IPv4 packets: no published port works",
		needs: "node_exporter with --collector.sysctl --collector.sysctl.include=net.ipv4.ip_forward",
	},
	"reboot-required": {
		name: "RebootRequired",
		expr: "node_reboot_required == 1",
		for: "1d",
		says: "An upgrade waits for a reboot; until then modules of the running kernel may be gone",
		needs: "node_exporter with the textfile script apt_info.py, or its like for other systems",
	},
};

/** Alerting rules for Prometheus (promtool checks them). Null where the plan names none. */
export function renderAlerts(of: Printed): string | null {
	const ids = [...new Set((of.plan.keep ?? []).flatMap((one) => (one.kind === "alert" ? [one.on] : [])))];
	if (ids.length === 0) return null;
	const alerts = ids.map((id) => ALERTS[id]);
	const document = {
		groups: [
			{
				name: "stackengine",
				rules: alerts.map((alert) => ({
					alert: alert.name,
					expr: alert.expr,
					for: alert.for,
					labels: { severity: "page" },
					annotations: { summary: `${alert.says} ({{ $labels.instance }}).` },
				})),
			},
		],
	};
	const head = headOf(of, ...alerts.map(({ name, needs }) => `${name} needs ${needs}.`));
	return `${head.join("\n")}\n${yaml(document)}`;
}
