import type { Source } from "../../../src/engine/text/evidence";
import { collect, hostSource, outsideSource } from "./collect";
import { askFromOutside, type Host } from "./host";
import type { Scenario } from "./scenarios/scenario";

/** Breaks the host, lets somebody fail, and brings what a person would paste. */
export async function breakAndCollect(host: Host, scenario: Scenario): Promise<readonly Source[]> {
	await host.sh(scenario.break, { seconds: 120 });
	if (scenario.breakOutside) {
		const { status, stderr } = await host.client("sh", ["-c", scenario.breakOutside], {
			environment: { PATH: process.env["PATH"] ?? "", HOST_SPACE: host.space },
		});
		if (status !== 0) throw new Error(`breaking from outside: ${stderr}`);
	}
	const trigger = await host.sh(`${scenario.trigger} 2>&1`, { seconds: 120 });
	// A client that waits too long leaves its trace before somebody collects.
	const outside = await outsideSource(host, scenario.heals.length > 0 ? scenario.heals : [8080]);
	const { text } = await collect(host);
	return [
		hostSource(text),
		outside,
		{ id: "terminal", name: "terminal.txt", text: `root@docker01:~# ${scenario.trigger}\n${trigger.stdout}` },
	];
}

/** dockerd by its init script, and a container that answers. */
export async function startHealthy(host: Host, answers = true): Promise<void> {
	const commands = [
		"service docker start",
		"for i in $(seq 100); do docker version >/dev/null 2>&1 && break; sleep 0.2; done; docker version >/dev/null",
		'docker import --change \'CMD ["/bin/serve","80"]\' /lab/image.tar lab/web >/dev/null',
		"docker run -d --name web --restart unless-stopped -p 8080:80 lab/web",
	];
	for (const command of commands) {
		const { status, stdout, stderr } = await host.sh(command, { seconds: 90 });
		if (status !== 0) {
			const log = await host.sh("tail -5 /var/log/docker.log");
			throw new Error(`the host did not start: ${command}: ${stdout}${stderr}${log.stdout}`);
		}
	}
	if (answers && !(await answersSoon(host, 8080))) throw new Error("the healthy host does not answer from outside");
}

export async function answersSoon(host: Host, port: number): Promise<boolean> {
	for (let tries = 0; tries < 10; tries++) {
		if ((await askFromOutside(host, port)).answers) return true;
		await new Promise((resolve) => setTimeout(resolve, 300));
	}
	return false;
}
