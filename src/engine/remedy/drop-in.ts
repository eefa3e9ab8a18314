import type { Action } from "./plan";

/** Where a drop-in of docker.service stands. */
export function dropInPath(action: Extract<Action, { kind: "write-drop-in" }>): string {
	return `/etc/systemd/system/${action.unit}.d/${action.name}.conf`;
}

/** Text of the drop-in: settings in their order under the heads of their sections. */
export function dropInText(action: Extract<Action, { kind: "write-drop-in" }>): string {
	const text: string[] = [];
	let section: string | null = null;
	for (const setting of action.settings) {
		if (setting.section !== section) text.push(...(section === null ? [] : [""]), `[${setting.section}]`);
		section = setting.section;
		// systemd.exec(5): an assignment with a blank in it must be quoted, or it becomes two.
		const quoted = setting.key === "Environment" && setting.value.includes(" ");
		text.push(`${setting.key}=${quoted ? `"${setting.value}"` : setting.value}`);
	}
	return `${text.join("\n")}\n`;
}
