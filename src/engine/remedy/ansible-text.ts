import { dump } from "js-yaml";
import { onePlainLine } from "./shell-quote";

/** A task or play as plain data, in the order in which its keys are printed. */
export type Task = { readonly [key: string]: unknown };

/** Block style, folded at 120 columns where a blank allows it, with quoting that YAML 1.1 (PyYAML) reads the same. */
export function yaml(value: unknown): string {
	return dump(value, { lineWidth: 120, noRefs: true });
}

/** Names of tasks and plays begin with a capital letter (ansible-lint name[casing]) and hold no Jinja. */
export function named(text: string): string {
	const line = literal(text).replaceAll("`", "'");
	return line.charAt(0).toUpperCase() + line.slice(1);
}

/** Prose that Ansible must not read as a template. */
export function literal(text: string): string {
	return onePlainLine(text).replaceAll("{{", "{ {").replaceAll("{%", "{ %").replaceAll("{#", "{ #");
}
