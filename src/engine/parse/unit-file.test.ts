import { expect, it } from "vitest";
import { artifactFromText } from "../text/span-of";
import { parseUnitFile } from "./unit-file";

const unit = (text: string) => parseUnitFile(artifactFromText("unit-file", text));

// systemd 252; the drop-in is the usual way to change dockerd's flags.
const CAT = `# /lib/systemd/system/docker.service
[Unit]
Description=Docker Application Container Engine
After=network-online.target docker.socket firewalld.service
Requires=docker.socket

[Service]
Type=notify
# the default is not to use systemd for cgroups
ExecStart=/usr/bin/dockerd -H fd:// \\
    # a comment between
    --containerd=/run/containerd/containerd.sock \\
    $DOCKER_OPTS
LimitNOFILE=infinity

# /etc/systemd/system/docker.service.d/override.conf
[Service]
ExecStart=
ExecStart=/usr/bin/dockerd --iptables=false
Environment="DOCKER_INSECURE_NO_IPTABLES_RAW=1"
`;

it("reads the unit and its drop-ins, in order, with sections", () => {
	const read = unit(CAT);
	expect(read.files.map(({ path }) => path)).toEqual([
		"/lib/systemd/system/docker.service",
		"/etc/systemd/system/docker.service.d/override.conf",
	]);
	const starts = read.files.flatMap(({ settings }) => settings.filter(({ key }) => key === "ExecStart"));
	expect(starts.map(({ section, value }) => [section, value])).toEqual([
		["Service", "/usr/bin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock $DOCKER_OPTS"],
		["Service", ""],
		["Service", "/usr/bin/dockerd --iptables=false"],
	]);
	expect([starts[0]?.at.line, starts[0]?.at.lastLine]).toEqual([10, 13]);
	expect(read.remarks).toEqual([]);
});

it("reads the shell files that units and OpenRC take options from", () => {
	expect(
		unit("# comment\nDOCKER_OPTS=\"--iptables=false --dns 8.8.8.8\"\nexport HTTP_PROXY='x'\n").files,
	).toMatchObject([
		{
			path: null,
			settings: [
				{ section: "", key: "DOCKER_OPTS", value: "--iptables=false --dns 8.8.8.8" },
				{ key: "HTTP_PROXY", value: "x" },
			],
		},
	]);
});

it.each([
	["No files found for docker.service.", 1],
	[
		"Warning: docker.service changed on disk, the version systemd has loaded is outdated.\n# /lib/systemd/system/docker.service\n[Service]\nType=notify",
		1,
	],
	["[Service]\nthis is no setting", 1],
])("remarks on %j", (text, count) => {
	expect(unit(text).remarks).toHaveLength(count);
});

it("stops a continuation at the end of the text", () => {
	expect(unit("[Service]\nExecStart=/usr/bin/dockerd \\").files[0]?.settings).toHaveLength(1);
});
