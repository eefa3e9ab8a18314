import { type Blank, fillIn } from "../blanks";
import { lines, type Shell, sh } from "../shell-quote";
import type { Fragment } from "./fragment";

/** The part of a script that finds out how this host calls what a redacted report calls by a stand-in. */
export const OWN_NAMES: Fragment = {
	name: "own-names",
	needs: ["ask", "say", "place", "state"],
	shell: sh`
		# Sets offered to what this host has of kind $1, one a line.
		offer_names() { # kind
			offered=''
			case "$1" in
			container)
				ask 10 docker ps -a --format '{{.Names}}'
				if [ "$status" -eq 0 ]; then offered=$output; fi
				;;
			interface)
				ask 5 ls /sys/class/net
				if [ "$status" -eq 0 ]; then offered=$output; fi
				;;
			address)
				ask 20 iptables-save
				offered=$output
				ask 5 ip -o addr show
				offered="$offered $output"
				ask 5 ip route show
				offered=$(printf '%s\n' "$offered $output" | grep -o -E '([0-9]{1,3}\.){3}[0-9]{1,3}' | sort -u | head -n 60 || true)
				;;
			*) ;;
			esac
		}

		# May $2 be the name of a $1? No blank, no quote, no leading dash: it can never become another command.
		check_name() { # kind name
			answer=no
			case "$2" in
			'' | -* | *[!A-Za-z0-9_.:@/-]*) return 0 ;;
			*) ;;
			esac
			if [ "\${#2}" -gt 128 ]; then
				return 0
			fi
			case "$1:$2" in
			container:[!A-Za-z0-9]* | container:*[:@/]*) ;;
			interface:*[:/]* | interface:????????????????*) ;;
			address:*[!0-9A-Fa-f.:]*) ;;
			address:*[.:]*) answer=yes ;;
			address:*) ;;
			*) answer=yes ;;
			esac
		}

		# Settles what the report calls $2: as given, or by asking. Leaves it in chosen; nothing is ever guessed.
		settle_name() { # mode kind stand-in variable label given
			chosen=$6
			if [ -z "$chosen" ] && [ -t 0 ]; then
				ask_name "$2" "$3"
			fi
			if [ -z "$chosen" ]; then
				if [ "$1" = --dry-run ]; then
					names_open=yes
					chosen=$5
					return 0
				fi
				refuse "Not known: what this host calls the report's $3 ($2). Run this in a terminal to be asked, or set $4."
			fi
			check_name "$2" "$chosen"
			if [ "$answer" = no ]; then
				refuse "$4 is not the name of a thing of this kind ($2)."
			fi
			if [ "$2" = container ]; then
				ask 10 docker container inspect --format '{{.Name}}' "$chosen"
				find_text 'o such container'
				if [ "$answer" = yes ]; then
					refuse "This host has no container called $chosen."
				fi
			elif [ "$chosen" = "$3" ]; then
				# The report's own word was given back: real only where this host has it.
				offer_names "$2"
				output=$offered
				find_text "$chosen"
				if [ "$answer" = no ]; then
					refuse "$chosen is what the report calls it. What does this host call it?"
				fi
			fi
		}

		# Lists what there is and reads a number of the list, or the name itself; three tries.
		ask_name() { # kind stand-in
			name_kind=$1
			name_stand_in=$2
			offer_names "$name_kind"
			printf 'What does this host call the %s that the report calls %s?\n' "$name_kind" "$name_stand_in"
			if [ -n "$offered" ]; then
				printf '%s\n' "$offered" | awk '{ printf "  %3d  %s\n", NR, $0 }'
			fi
			tries=3
			while [ -z "$chosen" ] && [ "$tries" -gt 0 ]; do
				tries=$((tries - 1))
				printf 'A number of the list or the name; nothing to stop: '
				IFS= read -r reply || reply=''
				case "$reply" in
				'') return 0 ;;
				*[!0-9]*) chosen=$reply ;;
				*) chosen=$(printf '%s\n' "$offered" | awk -v want="$reply" 'NR == want + 0 { print; exit }' || true) ;;
				esac
				check_name "$name_kind" "$chosen"
				if [ "$answer" = no ]; then
					chosen=''
					printf 'That is none of them.\n'
				fi
			done
		}
	`,
};

const shell = (text: string): Shell => ({ kind: "shell", text });

/** `own_container_1`; the shell's variable for a blank. */
export function variableOf(blank: Blank): string {
	return `own_${blank.label.replaceAll(/[^a-z0-9]/g, "_")}`;
}

const environmentOf = (blank: Blank): string =>
	`STACKENGINE_${blank.label.replaceAll(/[^a-z0-9]/g, "_").toUpperCase()}`;

/** The variables at the top of the script: empty ones are asked for. */
export function nameSettings(blanks: readonly Blank[]): Shell {
	return lines([
		shell("# This was made from a redacted report: these names of this host are not known. What stays empty is asked"),
		shell("# for when the script runs; it can be given as $STACKENGINE_… as well, or written in here."),
		...blanks.map((blank) =>
			shell(
				`${variableOf(blank)}=\${${environmentOf(blank)}:-} # ${KIND_WORDS[blank.kind]} that the report calls ${blank.standIn}`,
			),
		),
	]);
}

/** The calls that settle, keep and read again the names of one script. */
export function nameCalls(blanks: readonly Blank[]): Shell {
	const variables = blanks.map(variableOf);
	return sh`
		settle_names() { # mode
			names_open=no
			if [ "$1" = --undo ]; then
				load_names
			fi
			${lines(
				blanks.map((blank) =>
					lines([
						sh`settle_name "$1" ${[blank.kind, blank.standIn, environmentOf(blank), `<${blank.label}>`]} "${shell(`\${${variableOf(blank)}}`)}"`,
						shell(`${variableOf(blank)}=\${chosen}`),
					]),
				),
			)}
			if [ "$names_open" = yes ]; then
				say 'Names of this host are not filled in yet (see the top of this script), so it was not looked at.'
				say ''
				before_count=0
			fi
		}

		# The undo needs the names that the change was made with.
		keep_names() {
			if [ ! -e "$state/names" ]; then
				printf '%s\n' ${shell(variables.map((name) => `"\${${name}}"`).join(" "))} >"$state/names"
			fi
		}

		load_names() {
			find_last_run
			if [ -n "$last" ] && [ -s "$last/names" ]; then
				{
					${lines(variables.map((name) => shell(`IFS= read -r ${name} || true`)))}
				} <"$last/names"
			fi
		}
		${shell("\n")}
	`;
}

/** The finished text: blanks of commands and checks become variables, the others what people read. */
export function fillInShell(text: string, blanks: readonly Blank[]): string {
	return fillIn(text, blanks, (blank) => (blank.asked ? `\${${variableOf(blank)}}` : `<${blank.label}>`));
}

const KIND_WORDS = {
	container: "the container",
	interface: "the interface",
	address: "the address",
	name: "the name",
	secret: "the secret",
} as const;
