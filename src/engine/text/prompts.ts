import { isPlainlyCommand } from "./commands";

/** A line that a shell's prompt begins. */
export type Prompt = {
	/** As typed, without the prompt; empty when nothing was typed. */
	readonly typed: string;
	/** Column at which the command starts. */
	readonly column: number;
	readonly host: string | null;
	/** Whether the prompt itself is proof; `# ` and `> ` are not, and need a command behind them that can be nothing else. */
	readonly sure: boolean;
};

const HOST = "[A-Za-z\\d][A-Za-z\\d._-]{0,80}";
const USER = "[A-Za-z_][\\w.+-]{0,40}";

/** First match wins. `host` is a group's name where the prompt tells it. */
const PROMPTS: readonly { readonly pattern: RegExp; readonly sure: boolean }[] = [
	// (venv) root@host:~# cmd   user@host:/var/lib$ cmd   user@host ~ $ cmd   user@mac dir % cmd   user@host ~> cmd
	{
		pattern: new RegExp(
			`^(?:\\([\\w.-]{1,40}\\) ?)?${USER}@(?<host>${HOST})(?::| )? ?[^\\s#$%>:][^#$%>:]{0,120}?[#$%>](?: |$)`,
		),
		sure: true,
	},
	{ pattern: new RegExp(`^(?:\\([\\w.-]{1,40}\\) ?)?${USER}@(?<host>${HOST}):? ?[#$%>](?: |$)`), sure: true },
	// [root@host ~]# cmd   [user@host:~]$ cmd
	{ pattern: new RegExp(`^\\[${USER}@(?<host>${HOST})[: ][^\\]]{0,120}\\] ?[#$%>](?: |$)`), sure: true },
	// └─$ cmd (kali), the second line of a prompt of two
	{ pattern: /^\u2514\u2500{1,3}[#$%](?: |$)/, sure: true },
	{ pattern: /^\u250c\u2500{1,3}\(.*$/, sure: true },
	// host:~# cmd   host:/etc$ cmd   host:~ user$ cmd
	{ pattern: new RegExp(`^(?<host>${HOST}):[~/][^\\s#$%]{0,120}(?: ${USER})? ?[#$%](?: |$)`), sure: true },
	// bash-5.1# cmd   sh-4.4$ cmd
	{ pattern: /^-?(?:ba|da|z|k)?sh-\d[\d.]{0,8}[#$](?: |$)/, sure: true },
	// ~ # cmd   /app # cmd (busybox), ~/src $ cmd
	{ pattern: /^[~/][\w./~-]{0,120} [#$%](?: |$)/, sure: true },
	// PS C:\Users\me> cmd   PS> cmd   C:\Users\me>cmd
	{ pattern: /^PS(?: [A-Z]:\\[^>]{0,160})?> ?/, sure: true },
	{ pattern: /^[A-Z]:\\[^>]{0,160}>/, sure: true },
	// starship, oh-my-zsh, pure: ❯ cmd   ➜  ~ cmd   ➜  dir git:(main) ✗ cmd   λ cmd
	{ pattern: /^\u279c +[^\s]{1,80}(?: git:\([^)]{1,60}\))?(?: \u2717)?(?: +|$)/, sure: true },
	{ pattern: /^[\u276f\u03bb\u279c\u25b6\u00bb](?: +|$)/, sure: true },
	{ pattern: /^\$(?: +|$)/, sure: true },
	// client$ cmd   docker01# cmd: a name and nothing else, so only before a command.
	{ pattern: new RegExp(`^(?<host>${HOST})[#$] `), sure: false },
	// set -x; root's bare prompt; zsh's bare prompt: a comment, a list item or a quote as well, so only before a command.
	{ pattern: /^\+{1,4} /, sure: false },
	{ pattern: /^[#%>] +/, sure: false },
];

/** Reads a prompt at the start of a line; null where there is none. The line is taken without its indentation. */
export function promptOf(flat: string): Prompt | null {
	const head = flat.slice(0, 400);
	for (const { pattern, sure } of PROMPTS) {
		const match = pattern.exec(head);
		if (match === null) continue;
		const column = match[0].length;
		const typed = flat.slice(column).trim();
		if (!sure && !isPlainlyCommand(typed)) continue;
		// `$ 5` is money, `$ {` a template: what is typed begins with a program, an assignment or a path.
		if (/^\$ /.test(head) && !/^(?:[A-Za-z_./~({["'!\\-]|$)/.test(typed)) continue;
		return { typed, column, host: match.groups?.["host"] ?? null, sure };
	}
	return null;
}

/** The command line without `sudo` and its options. */
export function withoutSudo(typed: string): string {
	return typed.replace(/^(?:sudo|doas)(?: +-(?:[ugh] +\S+|\S+)){0,6}(?: +--)? +/, "");
}
