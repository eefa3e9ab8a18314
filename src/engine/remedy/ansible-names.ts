import type { Task } from "./ansible-text";
import { type Blank, fillIn, MARK } from "./blanks";

// The same grammars as validate.ts and the script have: no blank, no quote, no leading dash.
const GRAMMAR = {
	container: "^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$",
	interface: "^[A-Za-z0-9_][A-Za-z0-9_.@-]{0,14}$",
	address: "^[0-9A-Fa-f:.]{2,45}$",
	name: "^[A-Za-z0-9_.:@/][A-Za-z0-9_.:@/-]{0,127}$",
	secret: "^$",
} as const;

/** `stackengine_container_1`: the play's variable for a blank. */
function variableOf(blank: Blank): string {
	return `stackengine_${blank.label.replaceAll(/[^a-z0-9]/g, "_")}`;
}

/** The questions before the play; a variable that is given with `-e` is not asked for. */
export function namePrompts(asked: readonly Blank[]): readonly Task[] {
	return asked.map((blank) => ({
		name: variableOf(blank),
		prompt: `What your hosts call the ${blank.kind} that the report calls ${blank.standIn}`,
		private: false,
	}));
}

/** Stops before anything is changed when a name is missing or none. */
export function nameTasks(asked: readonly Blank[]): readonly Task[] {
	if (asked.some(({ kind }) => kind === "secret"))
		return [
			{
				name: "Stop where a secret is needed that the report hides",
				"ansible.builtin.fail": { msg: "Make the play from the evidence of the host itself." },
			},
		];
	if (asked.length === 0) return [];
	return [
		{
			name: "Stop unless every name that the report does not tell is given",
			"ansible.builtin.assert": {
				that: asked.map((blank) => `${variableOf(blank)} is match('${GRAMMAR[blank.kind]}')`),
				fail_msg: `Give each with -e: ${asked.map(variableOf).join(", ")}`,
				quiet: true,
			},
		},
	];
}

// Where Ansible reads an expression and not a template; and where a sentence for people stands.
const EXPRESSIONS: ReadonlySet<string> = new Set(["when", "until", "that", "changed_when", "failed_when"]);
const SENTENCES: ReadonlySet<string> = new Set(["name", "msg", "fail_msg"]);

/**
 * Puts the variables in the place of the blanks: as a template in values, joined into the quoted words of expressions,
 * and as `<label>` in sentences and for those that nobody is asked for.
 */
export function withNames(play: Task, blanks: readonly Blank[]): Task {
	if (blanks.length === 0) return play;
	const fill = (text: string, key: string): string => {
		if (!MARK.test(text)) return text;
		return fillIn(text, blanks, (blank) => {
			if (!blank.asked || SENTENCES.has(key)) return `<${blank.label}>`;
			const isExpression = EXPRESSIONS.has(key) || text.startsWith("{{");
			return isExpression ? `' ~ ${variableOf(blank)} ~ '` : `{{ ${variableOf(blank)} }}`;
		});
	};
	const walk = (value: unknown, key: string): unknown => {
		if (typeof value === "string") return fill(value, key);
		if (Array.isArray(value)) return value.map((one: unknown) => walk(one, key));
		if (typeof value !== "object" || value === null) return value;
		return Object.fromEntries(Object.entries(value).map(([inner, of]: [string, unknown]) => [inner, walk(of, inner)]));
	};
	return Object.fromEntries(Object.entries(play).map(([key, value]) => [key, walk(value, key)]));
}
