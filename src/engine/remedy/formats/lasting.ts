import { daemonJsonPath, MODULES_FILE } from "../commands";
import { editDaemonJson } from "../daemon-json";
import { dropInText } from "../drop-in";
import type { Action } from "../plan";
import { sysctlFile } from "../sysctl-path";
import { actionTitle, OPTIONS } from "../wording";
import type { Printed } from "./format";
import { type HostFile, type HostSetting, safeguardFiles, safeguardSettings } from "./safeguards";

export type DropIn = Extract<Action, { kind: "write-drop-in" }>;
type Edit = Extract<Action, { kind: "edit-daemon-json" }>;

/** Drop-ins of docker.service, in order. */
export function dropInsOf({ plan }: Printed): readonly DropIn[] {
	return plan.steps.flatMap(({ action }) => (action.kind === "write-drop-in" ? [action] : []));
}

/** Every edit of daemon.json in one; null where there is none. */
export function daemonJsonEdit({ plan }: Printed): Edit | null {
	const edits = plan.steps.flatMap(({ action }) => (action.kind === "edit-daemon-json" ? [action] : []));
	if (edits.length === 0) return null;
	return {
		kind: "edit-daemon-json",
		set: edits.flatMap(({ set }) => set),
		remove: edits.flatMap(({ remove }) => remove),
	};
}

/**
 * daemon.json as it should be: the pasted file with the edit in its text, or the keys alone where no file was pasted.
 * Null where nothing is edited, or where only a file that was not pasted could be.
 */
export function daemonJsonText(of: Printed): string | null {
	const edit = daemonJsonEdit(of);
	if (edit === null) return null;
	// What came out of a report is redacted: its values are stand-ins, so only the keys are ours to print.
	const known = of.blanks.length === 0 ? of.platform.daemonJson : undefined;
	if (known !== undefined) {
		const edited = editDaemonJson(known, edit);
		// A paste loses the line end that the file has.
		return edited === null ? null : `${edited.trimEnd()}\n`;
	}
	return edit.set.length === 0 ? null : editDaemonJson("", { ...edit, remove: [] });
}

/** Modules for each boot; each once. */
export function modulesOf({ plan }: Printed): readonly string[] {
	return [
		...new Set(
			plan.steps.flatMap(({ action }) => (action.kind === "load-modules" && action.persist ? action.modules : [])),
		),
	];
}

/** `key = value` lines for each boot. */
export function sysctlsOf({ plan }: Printed): readonly Extract<Action, { kind: "set-sysctl" }>[] {
	return plan.steps.flatMap(({ action }) => (action.kind === "set-sysctl" && action.persist ? [action] : []));
}

/** Settings in files that firewalls and updaters own. */
export function settingsOf({ plan, platform }: Printed): readonly HostSetting[] {
	return [
		...plan.steps.flatMap(({ action }) => (action.kind === "set-option" ? [OPTIONS[action.option]] : [])),
		...(plan.keep ?? []).flatMap((safeguard) => safeguardSettings(safeguard, platform)),
	];
}

/** Whole files that belong on the host: modules, sysctls, daemon.json and what the safeguards write. */
export function hostFiles(of: Printed): readonly HostFile[] {
	const { plan, platform } = of;
	const modules = modulesOf(of);
	const json = daemonJsonText(of);
	const files: readonly HostFile[] = [
		...(modules.length > 0
			? [{ path: MODULES_FILE, content: `${modules.join("\n")}\n`, title: "Load the modules at each boot" }]
			: []),
		...sysctlsOf(of).map((action) => ({
			path: sysctlFile(action.key),
			content: `${action.key} = ${action.value}\n`,
			title: actionTitle(action),
		})),
		...(json === null ? [] : [{ path: daemonJsonPath(platform), content: json, title: "Write daemon.json" }]),
		...(plan.keep ?? []).flatMap((safeguard) => safeguardFiles(safeguard, platform)),
	];
	return [...new Map(files.map((file) => [file.path, file])).values()];
}

/** One text for several drop-ins of one unit: systemd reads their lines in this order as well. */
export function dropInTexts(of: Printed): string {
	return dropInsOf(of).map(dropInText).join("\n");
}
