import { answersSoon, startHealthy } from "./break";
import { type Host, type HostKind, hostUp } from "./host";
import { pulse } from "./pulse";
import { DOCKER_OF } from "./root-files";

/** What a step interrupts, measured: how long a published port is silent while it is done on a healthy host. */
type Measure = {
	readonly what: string;
	readonly kinds?: Partial<HostKind>;
	/** Done before the clock runs. */
	readonly prepare?: string;
	readonly does: string;
};

const WAIT = "for i in $(seq 100); do docker version >/dev/null 2>&1 && break; sleep 0.1; done";
const STOPS_LATE =
	"docker rm -f web; docker run -d --name web --restart unless-stopped -p 8080:80 lab/web sh -c 'trap \"\" TERM; httpd -p 80 -h /www; while :; do sleep 1; done'; sleep 1";

const MEASURES: readonly Measure[] = [
	{ what: "restart dockerd, containers end when told", does: `service docker restart; ${WAIT}` },
	{
		what: "restart dockerd, a container that ignores SIGTERM",
		prepare: STOPS_LATE,
		does: `service docker restart; ${WAIT}`,
	},
	{
		what: "restart dockerd with live-restore",
		kinds: { daemonJson: { "live-restore": true } },
		does: `service docker restart; ${WAIT}`,
	},
	{
		what: "restart dockerd with live-restore, userland proxy off",
		kinds: { daemonJson: { "live-restore": true, "userland-proxy": false } },
		does: `service docker restart; ${WAIT}`,
	},
	{ what: "reload dockerd (SIGHUP)", does: "kill -HUP $(cat /run/docker.pid); sleep 1" },
	{ what: "restart one container", does: "docker restart web" },
	{ what: "restart one container that ignores SIGTERM", prepare: STOPS_LATE, does: "docker restart web" },
	{
		what: "insert and delete one rule",
		does: "iptables -w 5 -I FORWARD -i eth9 -j DROP; iptables -w 5 -D FORWARD -i eth9 -j DROP; sleep 0.5",
	},
];

/** Measures each on a fresh host of the kind; prints a Markdown table: the port, and the Docker API. */
export async function measureInterruptions(
	kinds: readonly HostKind[],
	agentFile: string,
	print: (line: string) => void,
): Promise<void> {
	print("| step | host | port silent for | dockerd silent for |");
	print("| --- | --- | --- | --- |");
	for (const kind of kinds) {
		for (const measure of MEASURES) {
			const host = await hostUp({ ...kind, ...measure.kinds }, print);
			try {
				await startHealthy(host);
				if (measure.prepare) await host.sh(measure.prepare, { seconds: 60 });
				const [port, api] = await silences(host, measure.does, agentFile);
				print(`| ${measure.what} | ${DOCKER_OF[kind.suite]} ${kind.backend} | ${port} | ${api} |`);
			} finally {
				await host.down();
			}
		}
	}
}

async function silences(host: Host, does: string, agentFile: string): Promise<readonly [string, string]> {
	const api = host.sh(
		'while [ ! -e /run/measured ]; do if curl -s -m 1 --unix-socket /run/docker.sock http://d/_ping >/dev/null; then echo "$(date +%s.%N) yes"; else echo "$(date +%s.%N) no"; fi; sleep 0.05; done',
		{ seconds: 120 },
	);
	const watch = pulse(host, 8080, agentFile);
	await new Promise((resolve) => setTimeout(resolve, 500));
	await host.sh(does, { seconds: 100 });
	// A container comes back some time after dockerd answers, and the host asks for its address once a second.
	await answersSoon(host, 8080);
	await new Promise((resolve) => setTimeout(resolve, 1500));
	const silence = await watch.stop();
	await host.sh("touch /run/measured");
	return [
		silence ? `${silence.total.toFixed(1)} s` : "did not come back",
		`${apiSilence((await api).stdout).toFixed(1)} s`,
	];
}

/** Seconds between the last answer before a refusal and the next answer, summed. */
function apiSilence(text: string): number {
	let [total, answered, refused] = [0, 0, false];
	for (const line of text.split("\n")) {
		const [at = "", word] = line.split(" ");
		if (word === "no") refused = true;
		if (word !== "yes") continue;
		if (refused && answered > 0) total += Number(at) - answered;
		answered = Number(at);
		refused = false;
	}
	return total;
}
