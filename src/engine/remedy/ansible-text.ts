import { dump } from "js-yaml";
import { onePlainLine } from "./shell-quote";

/** A task or play as plain data, in the order in which its keys are printed. */
export type Task = { readonly [key: string]: unknown };

/** Block style, folded at 120 columns where a blank allows it, with quoting that YAML 1.1 (PyYAML) reads the same. */
export function yaml(value: unknown): string {
	return dump(value, { lineWidth: 120, noRefs: true });
}

/** The same for documents that hold scripts: each line of theirs stands as it is, in a block that keeps line ends. */
export function yamlWithScripts(value: unknown): string {
	return dump(value, { lineWidth: -1, noRefs: true });
}

/** A script without tabs at the heads of its lines, which a block of YAML can't hold. */
export const withoutTabs = (script: string): string =>
	script.replaceAll(/^\t+/gm, (tabs) => "  ".repeat(tabs.length)).replaceAll(/[ \t]+$/gm, "");

/** Names of tasks and plays begin with a capital letter (ansible-lint name[casing]) and hold no Jinja. */
export function named(text: string): string {
	const line = literal(text).replaceAll("`", "'");
	return line.charAt(0).toUpperCase() + line.slice(1);
}

/** Prose that Ansible must not read as a template. */
export function literal(text: string): string {
	return onePlainLine(text).replaceAll("{{", "{ {").replaceAll("{%", "{ %").replaceAll("{#", "{ #");
}
