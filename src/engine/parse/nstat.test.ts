import { expect, it } from "vitest";
import { artifactFromText } from "../text/span-of";
import { parseNstat } from "./nstat";

it("reads counters and remarks on the rest", () => {
	const read = parseNstat(
		artifactFromText(
			"nstat",
			"#kernel\nIpForwDatagrams                 4                  0.0\nTcpExtIPReversePathFilter       3                  0.0\nhello\n",
		),
	);
	expect(read.counters.map(({ name, value }) => [name, value])).toEqual([
		["IpForwDatagrams", 4],
		["TcpExtIPReversePathFilter", 3],
	]);
	expect(read.remarks).toHaveLength(1);
});
