import { describe, expect, it } from "vitest";
import { artifactFromText } from "../text/span-of";
import { parseProcessList } from "./process-list";

const daemons = (text: string) =>
	parseProcessList(artifactFromText("process-list", text)).daemons.map((one) => one.value);

describe("a list of processes", () => {
	it.each([
		[
			"ps aux",
			"root       812  0.3  1.0 1523456 83456 ?       Ssl  Mar07   2:11 /usr/bin/dockerd -H fd:// --iptables=false\nme        9999  0.0  0.0   6480  2304 pts/0    S+   21:14   0:00 grep --color=auto dockerd\n",
			["/usr/bin/dockerd -H fd:// --iptables=false"],
		],
		[
			"ps -ef",
			"UID          PID    PPID  C STIME TTY          TIME CMD\nroot         812       1  0 Mar07 ?        00:02:11 dockerd --icc=false\n",
			["dockerd --icc=false"],
		],
		["pgrep -a", "812 /usr/bin/dockerd\n", ["/usr/bin/dockerd"]],
		["another process that only speaks of it", "root 99 vi /etc/dockerd.conf\n", []],
	])("shows dockerd's flags: %s", (_, text, expected) => {
		expect(daemons(text)).toEqual(expected);
	});
});
