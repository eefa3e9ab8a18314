import type { Finding } from "../../engine/diagnose/analysis";

/** How a finding looks: something broken, something whole, or no answer. */
export function toneOf(finding: Finding): "fault" | "whole" | "plain" {
	if (finding.failure === "healthy") return "whole";
	return finding.failure === "insufficient-evidence" || finding.failure === "not-networking" ? "plain" : "fault";
}
