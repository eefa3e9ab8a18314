import { yaml } from "../ansible-text";
import { dropInText } from "../drop-in";
import { hasHostNetwork, headOf, type Printed } from "./format";
import { dropInsOf, hostFiles } from "./lasting";

// Flatcar's Butane 1.1.0 is Ignition 3.4.0 (coreos.github.io/butane/config-flatcar-v1_1); for Fedora CoreOS the same
// document is `variant: fcos`, `version: 1.5.0`.
const IGNITION = "3.4.0";
const MODE = 0o644;

/** Files and drop-ins for a machine that is provisioned anew, as Butane's YAML. */
export function renderButane(of: Printed): string | null {
	const parts = partsOf(of);
	if (parts === null) return null;
	const document = {
		variant: "flatcar",
		version: "1.1.0",
		...(parts.files.length > 0
			? {
					storage: {
						files: parts.files.map(({ path, content }) => ({
							path,
							mode: MODE,
							overwrite: true,
							contents: { inline: content },
						})),
					},
				}
			: {}),
		...(parts.dropIns.length > 0 ? { systemd: { units: [{ name: "docker.service", dropins: parts.dropIns }] } } : {}),
	};
	const head = headOf(
		of,
		"butane --strict docker.bu > docker.ign; read at the first boot only. Mode 420 is 0644.",
		"For Fedora CoreOS say `variant: fcos` and `version: 1.5.0`.",
	);
	return `${head.join("\n")}\n${yaml(document)}`;
}

/** The same as Ignition's JSON, as Butane translates it: contents become data URLs. */
export function renderIgnition(of: Printed): string | null {
	const parts = partsOf(of);
	if (parts === null) return null;
	const document = {
		ignition: { version: IGNITION },
		...(parts.files.length > 0
			? {
					storage: {
						files: parts.files.map(({ path, content }) => ({
							overwrite: true,
							path,
							contents: { source: `data:,${encodeURIComponent(content)}` },
							mode: MODE,
						})),
					},
				}
			: {}),
		...(parts.dropIns.length > 0 ? { systemd: { units: [{ dropins: parts.dropIns, name: "docker.service" }] } } : {}),
	};
	return `${JSON.stringify(document, null, 2)}\n`;
}

/** Null where this host is surely none that Ignition made, or nothing of the plan lasts. */
function partsOf(of: Printed) {
	const { platform } = of;
	const other = platform.packages !== "unknown" || platform.appliance !== null;
	const foreign = platform.services !== "systemd" && platform.services !== "unknown";
	if (!hasHostNetwork(platform) || (other && platform.readOnly !== true) || foreign) return null;
	const files = hostFiles(of).filter(({ path }) => path.startsWith("/etc/") && !path.startsWith("/etc/apt/"));
	const dropIns = dropInsOf(of).map((action) => ({ name: `${action.name}.conf`, contents: dropInText(action) }));
	return files.length === 0 && dropIns.length === 0 ? null : { files, dropIns };
}
