import { bareName, type ComplaintRule, errnoOf, type Heard } from "./complaint-rule";

/**
 * What modprobe and insmod say: kmod 9 to 34, and busybox (docker:dind, Alpine).
 *
 *     modprobe: FATAL: Module ip_tables not found in directory /lib/modules/6.1.0-50-amd64
 *     modprobe: ERROR: could not insert 'ip_tables': Operation not permitted
 *     modprobe: can't change directory to '6.1.0': No such file or directory
 *
 * Not read: `insmod /lib/modules/…` lines of modprobe -v, which name modules that did load; `ip: can't find device`.
 */

/** Release in a path below /lib/modules. */
function releaseOf(heard: Heard): string | null {
	return bareName(/\/lib\/modules\/([\w.+~<>-]{1,120})/i.exec(heard.plain)?.[1]);
}

/** The module asked for: the message's own word, or the one of the command before it. */
function moduleOf(name: string | undefined, heard: Heard): string {
	const asked = /(?:running |[#$%] )modprobe (?:-[a-z]{1,6} ){0,3}([\w-]{1,60})/i.exec(heard.plain)?.[1];
	return bareName(name) ?? asked ?? "unknown";
}

export const MODPROBE_COMPLAINTS: readonly ComplaintRule[] = [
	{
		anchors: ["could not insert", "can't load module", "key was rejected"],
		pattern:
			/could not insert (?:module )?'?([\w./-]{1,120}?)'?: ([A-Za-z][\w ]{2,60})|can.?t load module '?([\w-]{1,60})'?.{0,80}?: ([A-Za-z][\w ]{2,60})$/i,
		speaker: "modprobe",
		read: (match, heard) => {
			const path = match[1] ?? match[3];
			const name = path
				?.split("/")
				.at(-1)
				?.replace(/\.ko\b.*$/, "");
			return { kind: "module-refused", module: moduleOf(name, heard), errno: errnoOf(match[2] ?? match[4]) };
		},
	},
	{
		anchors: ["not found in directory", "not found in modules.dep", "fatal: module "],
		pattern: /module '?([\w./-]{1,60}?)'? not found(?: in (?:directory|modules\.dep))?/i,
		speaker: "modprobe",
		read: (match, heard) => ({
			kind: "module-missing",
			module: moduleOf(match[1], heard),
			kernel: releaseOf(heard),
			directoryMissing: /could not open moddep|can.?t change directory/i.test(heard.plain),
		}),
	},
	{
		anchors: ["change directory to", "could not open moddep", "could not search"],
		pattern:
			/can.?t change directory to '?(?:\/lib\/modules\/?)?([\w.+-]{0,120})|could not open moddep|fatal: could not search/i,
		speaker: "modprobe",
		read: (match, heard) => {
			if (!/modprobe|moddep|kmod|lib\/modules/.test(heard.lower)) return null;
			return {
				kind: "module-missing",
				module: moduleOf(undefined, heard),
				kernel: releaseOf(heard) ?? bareName(match[1]),
				directoryMissing: true,
			};
		},
	},
];
