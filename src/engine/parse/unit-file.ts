/**
 * `systemctl cat docker`: the unit and its drop-ins; also a unit file, /etc/default/docker and /etc/conf.d/docker alone.
 *
 *     # /lib/systemd/system/docker.service
 *     [Service]
 *     ExecStart=/usr/bin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock
 *
 *     # /etc/systemd/system/docker.service.d/override.conf
 *     [Service]
 *     ExecStart=
 *     ExecStart=/usr/bin/dockerd --iptables=false
 *
 * An empty assignment is kept: it empties the list before it (systemd.service(5)). A line that ends in a backslash goes
 * on in the next. Shell files have no section. Not read: comments.
 */
import type { Artifact, Line } from "../text/evidence";
import type { Remark } from "../text/span";
import { spanOfLines } from "../text/span-of";
import { remark, remarksOnLines, textOf } from "./line-text";
import type { ParsedUnitFile } from "./parsed";

type File = ParsedUnitFile["files"][number];
type Setting = File["settings"][number];

const HEADING = /^# (\/\S{1,200}\.(?:service|socket|target|mount|timer|slice|path|conf|network))$/;

/** Reads the settings of one or more unit files. */
export function parseUnitFile(artifact: Artifact): ParsedUnitFile {
	const files: { path: string | null; settings: Setting[] }[] = [];
	const unread: Line[] = [];
	const remarks: Remark[] = [];
	let section = "";
	let file: { path: string | null; settings: Setting[] } | null = null;
	for (let index = 0; index < artifact.lines.length; index++) {
		const line = artifact.lines[index];
		if (!line) break;
		const text = textOf(line);
		const heading = HEADING.exec(text.trim());
		if (heading?.[1]) {
			file = { path: heading[1], settings: [] };
			files.push(file);
			section = "";
			continue;
		}
		if (/^\s*$|^\s*[#;]/.test(text)) continue;
		const inSection = /^\s*\[([A-Za-z-]{1,40})\]\s*$/.exec(text);
		if (inSection?.[1]) {
			section = inSection[1];
			continue;
		}
		const assignment = /^\s*(?:export )?([A-Za-z][A-Za-z0-9_-]{0,60})\s?=\s?(.*)$/.exec(text);
		if (!assignment?.[1]) {
			if (/^Warning: |changed on disk/.test(text))
				remarks.push(
					remark(artifact, line, "systemd has not read this version of the file yet: `systemctl daemon-reload`"),
				);
			else if (/^No files found for|could not be found/.test(text))
				remarks.push(remark(artifact, line, "There is no such unit"));
			else unread.push(line);
			continue;
		}
		let value = assignment[2] ?? "";
		let last = line;
		// Comments between continued lines are skipped, as systemd does.
		while (value.endsWith("\\") && index + 1 < artifact.lines.length && value.length < 65536) {
			const next = artifact.lines[++index];
			if (!next) break;
			const more = textOf(next).trim();
			if (/^[#;]/.test(more)) continue;
			value = `${value.slice(0, -1).trimEnd()} ${more}`;
			last = next;
		}
		if (!file) {
			file = { path: null, settings: [] };
			files.push(file);
		}
		file.settings.push({
			section,
			key: assignment[1],
			value: section === "" ? bareWord(value) : value.trim(),
			at: spanOfLines(artifact, line, last),
		});
	}
	return {
		kind: "unit-file",
		files,
		remarks: [...remarks, ...remarksOnLines(artifact, unread, "Not a setting of a unit, skipped")],
	};
}

// /etc/default/docker is a shell file: DOCKER_OPTS="--iptables=false".
function bareWord(value: string): string {
	const text = value.trim();
	const quote = text[0];
	return (quote === '"' || quote === "'") && text.length > 1 && text.endsWith(quote) ? text.slice(1, -1) : text;
}
