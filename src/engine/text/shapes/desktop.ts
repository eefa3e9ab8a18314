import { LIKELY, lineShape, NONE, type Shape, SURE } from "../shape";

// Docker Desktop's `com.docker.diagnose check` (docker/for-win#13273): each check is a line, a failed one with its reason.
const CHECK = /^\[(?:PASS|FAIL|WARN|SKIP|SKIPPED)\] DD\d{4}: \S/;

/** What Docker Desktop's own checks print, their stack traces and trace lines included. */
const checks = lineShape({
	kind: "desktop-checks",
	sure: CHECK,
	own: /^(?:Starting diagnostics$|Please note the following \d{1,2} |(?:Please investigate the following )?\d{1,2} issues?|\d{1,2}: Check: |\d{1,2} : The check: |The check: |Produced the following (?:failure|warning)|No fatal errors detected|Test: |Error: |\[\s{0,12}(?:common|linuxkit|cmd|main|runtime)[\w/.-]{0,80}|\[\d{4}-\d\d-\d\dT[\d:.]{8,20}Z\]\[com\.docker\.diagnose)/,
	indented: true,
	absorbs: ["dockerd-log", "docker-error"],
});

const desktopChecks: Shape = {
	...checks,
	opens: (view) => {
		const score = checks.opens(view);
		if (score > NONE || !/^Starting diagnostics$|\]\[com\.docker\.diagnose/.test(view(0)?.flat ?? "")) return score;
		return [1, 2, 3].some((ahead) => CHECK.test(view(ahead)?.flat ?? "")) ? SURE : LIKELY;
	},
};

// `wsl --version`, `wsl --status`, `wsl -l -v`. The words are translated, the product names are not.
const wsl = lineShape({
	kind: "wsl",
	sure: /^WSL[- ][\p{L}.: -]{1,24}[:：]? ?\d+\.\d+\.\d+|^\*? {0,4}NAME\s+STATE\s+VERSION$|^WSLg[- ]/u,
	own: /^[\p{L}\d -]{3,30}[:：] ?\d+\.[\d.-]{1,24}$|^\*? {0,4}[\w.-]{1,60}\s{1,40}(?:Running|Stopped|Installing|Wird ausgeführt|Beendet|Angehalten)\s{1,40}[12]$|^Default (?:Distribution|Version): |^\p{L}{2,20}-Kernelversion: |^(?:MSRDC|Direct3D|DXCore|Windows)\b.{0,40}\d/u,
});

/** What Docker Desktop and the Windows Subsystem for Linux say of themselves. */
export const DESKTOP_SHAPES: readonly Shape[] = [desktopChecks, wsl];
