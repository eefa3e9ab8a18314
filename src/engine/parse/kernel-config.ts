/**
 * How the kernel was built: /boot/config-…, `zcat /proc/config.gz`, a grep of either, and moby's check-config.sh.
 *
 *     CONFIG_NF_TABLES=m
 *     # CONFIG_IP_NF_IPTABLES_LEGACY is not set
 *     - CONFIG_NETFILTER_XT_MATCH_ADDRTYPE: enabled (as module)
 *
 * An option that is not listed may depend on one that is off; it is not the same as `n`. Not read: values that are
 * numbers or strings.
 */
import type { Artifact } from "../text/evidence";
import { spanOfText, textOf, writtenLines } from "./line-text";
import type { ParsedKernelConfig } from "./parsed";

type Option = ParsedKernelConfig["options"][number];

/** Reads build options. Lines that are none are common (headings of both formats) and not remarked on. */
export function parseKernelConfig(artifact: Artifact): ParsedKernelConfig {
	const options: Option[] = [];
	const written = writtenLines(artifact.lines);
	for (const line of written) {
		const text = textOf(line);
		const set = /(?:^|:)\s*(CONFIG_[A-Z0-9_a-z]{1,80})=(y|m|n)\s*$/.exec(text);
		const unset = /#\s?(CONFIG_[A-Z0-9_a-z]{1,80}) is not set/.exec(text);
		const checked = /^\s*-\s+(CONFIG_[A-Z0-9_a-z]{1,80}): (enabled \(as module\)|enabled|missing)/.exec(text);
		const name = set?.[1] ?? unset?.[1] ?? checked?.[1];
		if (!name) continue;
		const value =
			unset || checked?.[2] === "missing" || set?.[2] === "n"
				? "n"
				: set?.[2] === "m" || checked?.[2]?.includes("module")
					? "m"
					: "y";
		options.push({ name, value, at: spanOfText(artifact, line) });
	}
	const [first] = written;
	const remarks =
		first && options.length === 0
			? [{ says: "No option of a kernel configuration found", at: spanOfText(artifact, first) }]
			: [];
	return { kind: "kernel-config", options, remarks };
}
