import type { SysctlKey } from "./plan";

/** File under /proc/sys. As in sysctl(8): where a slash comes first it separates, and dots belong to names (`net/ipv4/conf/eth0.100/rp_filter`). */
export function sysctlPath(key: SysctlKey): string {
	const slash = key.indexOf("/");
	const dot = key.indexOf(".");
	const slashFirst = slash >= 0 && (dot < 0 || slash < dot);
	const path = slashFirst ? key : Array.from(key, (c) => (c === "." ? "/" : c === "/" ? "." : c)).join("");
	return `/proc/sys/${path}`;
}

/** File that sets it at each boot, one for each key so that an undo takes away no other. */
export function sysctlFile(key: SysctlKey): string {
	return `/etc/sysctl.d/99-stackengine-${key.replaceAll(/[^A-Za-z0-9]/g, "-")}.conf`;
}
