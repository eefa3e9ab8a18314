import type { Detector } from "./detector";

/** What a name names. One name has one stand-in, whatever it names. */
export type NameKind =
	| "host"
	| "user"
	| "container"
	| "image"
	| "net"
	| "volume"
	| "project"
	| "label"
	| "serial"
	| "ssid"
	/** Of a firm or a person, out of a domain or a user name. */
	| "name";

/**
 * A place that shows that a word is a name. `sweep` names are then replaced wherever they stand as a whole word;
 * others only here, since the place is weaker evidence or the word means nothing elsewhere.
 */
export type NameDetector = Detector & { readonly kind: NameKind; readonly sweep: boolean };

const N = "[A-Za-z0-9][A-Za-z0-9_.-]{0,127}";

/** One row of a table of names; the name is the first group. */
export function row(
	kind: NameKind,
	id: string,
	literals: readonly string[],
	pattern: RegExp,
	sweep = true,
): NameDetector {
	return { id, kind, literals, pattern, group: 1, sweep };
}

export const NAMES: readonly NameDetector[] = [
	// moby libnetwork: `on endpoint web2 (<64 hex>)`, `failed to create endpoint web2 on network bridge`
	row("container", "endpoint", ["endpoint "], new RegExp(`endpoint (${N})(?= \\(| on network )`, "dyi")),
	row("net", "endpoint-network", ["endpoint "], new RegExp(`endpoint ${N} on network \\\\?"?(${N})`, "dyi")),
	row(
		"container",
		"name-conflict",
		['container name "', 'container name \\"'],
		new RegExp(`container name \\\\?"/?(${N})\\\\?"`, "dyi"),
	),
	row(
		"container",
		"no-such-container",
		["no such container: ", "no such object: "],
		new RegExp(`no such (?:container|object): /?(${N})`, "dyi"),
	),
	row(
		"container",
		"failed-to-start",
		[
			"failed to start containers: ",
			"cannot start container ",
			"cannot restart container ",
			"cannot stop container: ",
			"cannot kill container: ",
			"cannot remove container ",
		],
		new RegExp(
			`(?:failed to start containers:|cannot (?:re)?start container|cannot (?:stop|kill|remove) container:?) \\\\?"?/?(${N})`,
			"dyi",
		),
	),
	// docker compose: ` ✔ Container shop-web-1  Started`, ` Network shop_default  Creating`, ` Volume "shop_db"  Created`
	row(
		"container",
		"compose-progress",
		["container "],
		new RegExp(
			`(?<=^|\\n|[^A-Za-z] )Container \\\\?"?(${N})\\\\?" {0,8}(?=  |Starting|Started|Creating|Created|Running|Stopping|Stopped|Error|Recreate|Healthy|Waiting)`,
			"dy",
		),
	),
	row(
		"container",
		"compose-progress",
		["container "],
		new RegExp(
			`Container (${N})(?= {1,8}(?:Starting|Started|Creating|Created|Running|Stopping|Stopped|Removing|Removed|Error|Recreate|Recreated|Healthy|Waiting|Killed)\\b)`,
			"dy",
		),
	),
	row(
		"net",
		"compose-progress",
		["network "],
		new RegExp(
			`Network \\\\?"?(${N})\\\\?"?(?= {1,8}(?:Creating|Created|Removing|Removed|Error|with driver|Resource))`,
			"dy",
		),
	),
	row(
		"volume",
		"compose-progress",
		["volume "],
		new RegExp(`Volume \\\\?"?(${N})\\\\?"?(?= {1,8}(?:Creating|Created|Removing|Removed|Error|with ))`, "dy"),
	),
	row(
		"net",
		"network-error",
		["network "],
		new RegExp(
			// `could not create bridge network for id 7afce5f7…` names none.
			`network (?!for |with )\\\\?"?(${N})\\\\?"? (?:not found|has active endpoints|with name|already exists|id [0-9a-f])`,
			"dy",
		),
	),
	row("net", "network-exists", ["network with name "], new RegExp(`network with name \\\\?"?(${N})`, "dyi")),
	row(
		"net",
		"network-option",
		["--network ", "--network=", "--net ", "--net="],
		new RegExp(`--net(?:work)?[ =](?!container:|name=)["']?(${N})`, "dy"),
	),
	row(
		"container",
		"network-of",
		["container:"],
		new RegExp(`(?<=--net(?:work)?[ =]|"NetworkMode": ?"|network_mode: ?"?)container:(${N})`, "dy"),
	),
	row("container", "name-option", ["--name ", "--name="], new RegExp(`--name[ =]["']?(${N})`, "dy")),
	row("container", "container-name", ["container_name:"], new RegExp(`container_name:[ ]{0,4}["']?(${N})`, "dy")),
	row("host", "host-option", ["--hostname ", "--hostname="], new RegExp(`--hostname[ =]["']?(${N})`, "dy")),
	row(
		"project",
		"project-option",
		["--project-name ", "--project-name=", "compose_project_name="],
		new RegExp(`(?:--project-name[ =]|COMPOSE_PROJECT_NAME=)["']?(${N})`, "dyi"),
	),
	// logfmt and Go's %q
	row(
		"container",
		"log-field",
		["container=", "containername=", "container_name=", "endpoint=", "ep="],
		/(?<=[ ({,])(?:container|containerName|container_name|endpoint|ep)=\\?"?\/?([A-Za-z][A-Za-z0-9_.-]{0,127})(?![A-Za-z0-9_.:-])/diy,
	),
	row(
		"net",
		"log-field",
		["network=", "net="],
		/(?<=[ ({,])net(?:work)?=\\?"?([A-Za-z][A-Za-z0-9_.-]{0,127})/dy,
		false,
	),
	row("image", "log-field", ["image="], /(?<=[ ({,])image=\\?"?([A-Za-z0-9][A-Za-z0-9._/-]{0,200})/dy),
	row(
		"image",
		"pull-error",
		["pull access denied for "],
		/pull access denied for ([A-Za-z0-9][A-Za-z0-9._/:-]{0,200})(?=,)/diy,
	),
	row("image", "pull-error", ["unable to find image '"], /unable to find image '([^'\s]{1,200})'/diy),
	row("image", "pull-error", ["manifest for "], /manifest for ([A-Za-z0-9][A-Za-z0-9._/:-]{0,200}) not found/diy),
	row("image", "no-such-image", ["no such image: "], /no such image: ([A-Za-z0-9][A-Za-z0-9._/:-]{0,200})/diy),
	row(
		"image",
		"compose-image",
		["image:"],
		/(?<=\n[ \t]{1,16})image:[ ]{1,4}["']?([A-Za-z0-9][A-Za-z0-9._/:@-]{0,200})/dy,
	),
	row("volume", "volume-path", ["/docker/volumes/"], new RegExp(`/docker/volumes/(${N})`, "dy")),

	row(
		"user",
		"home",
		["/home/", "/users/", "/export/home/"],
		/\/(?:home|Users|export\/home)\/([A-Za-z_][A-Za-z0-9_.-]{0,63})/dy,
	),
	row("user", "home", [":\\users\\", ":\\\\users\\\\"], /:\\{1,2}Users\\{1,2}([A-Za-z0-9_.-]{1,64})/diy),
	row("user", "docker-info-user", ["username:"], /(?<=(?:^|\n)[ \t]{0,4})Username:[ ]([A-Za-z0-9_.@-]{1,64})/dy),
	row("user", "login-option", ["--username ", "--username="], /--username[ =]["']?([A-Za-z0-9_.@-]{1,64})/dy),
	row("user", "login-option", [" login "], / login (?:[^\n]{0,80} )?-u[ =]?["']?([A-Za-z0-9_.@-]{1,64})/dy),
	row("user", "sudo-log", ["sudo: "], /sudo: {1,12}([a-z_][a-z0-9_.-]{0,31}) : (?:TTY|PWD|command)/dy),
	row("user", "sudo-prompt", ["password for "], /password for ([A-Za-z_][A-Za-z0-9_.-]{0,31})(?=:|\n|$| on )/diy),
	row(
		"user",
		"sudoers",
		[" is not in the sudoers"],
		/(?<=(?:^|\n)([A-Za-z_][A-Za-z0-9_.-]{0,31})) is not in the sudoers/dy,
	),
	row("user", "session", ["for user "], /for user ([A-Za-z_][A-Za-z0-9_.-]{0,31})(?=[\s(.,])/dy),
	row("user", "session", [" by "], / by ([A-Za-z_][A-Za-z0-9_.-]{0,31})\(uid=\d/dy),
	row(
		"user",
		"sshd",
		["accepted ", "failed password for ", "invalid user ", "disconnected from user "],
		/(?:accepted [a-z/-]{3,30} for|failed password for(?: invalid user)?|invalid user|disconnected from user) ([A-Za-z_][A-Za-z0-9_.-]{0,31}) (?:from|[0-9])/diy,
	),
	row("user", "id", ["uid=", "gid="], /[ug]id=\d{1,10}\(([A-Za-z_][A-Za-z0-9_.-]{0,31})\)/dy),
	row(
		"user",
		"login-name",
		["user=", "logname=", "sudo_user="],
		/(?<=^|[\s"';])(?:USER|LOGNAME|SUDO_USER|User)=["']?([A-Za-z_][A-Za-z0-9_.-]{0,31})/dy,
	),
	row(
		"user",
		"telling-name",
		["_user=", "_username=", "_user:", "_username:", '"user":', '"username":', '\\"username\\":', "user:", "username:"],
		/(?:_USER(?:NAME)?[:=] {0,4}["']?|\\?"user(?:name)?\\?": {0,2}\\?"|(?<=\s)user(?:name)?: {1,4}["']?)([A-Za-z_][A-Za-z0-9_.-]{0,63})(?=["'\\\s]|$)/diy,
		false,
	),
	row(
		"user",
		"ssh-target",
		["ssh ", "scp ", "rsync ", "sftp "],
		/(?:ssh|scp|sftp|rsync) (?:[^\n@]{0,120} )?([A-Za-z_][A-Za-z0-9_.-]{0,31})@[A-Za-z0-9[]/dy,
	),
	row(
		"user",
		"query",
		["user=", "username=", "uid="],
		/(?<=[?&; ,"'])(?:user(?:name)?|uid)=([A-Za-z_][A-Za-z0-9_.-]{0,63})(?=[&; ,"'\\\s]|$)/dy,
		false,
	),
	row("user", "url-host-user", ["ssh://"], /ssh:\/\/([A-Za-z_][A-Za-z0-9_.-]{0,31})@/dy),
	row(
		"user",
		"file-owner",
		["-rw", "drwx", "srw", "lrwx"],
		/[-dslcb][r-][w-][xsS-][r-][w-][xsS-][r-][w-][xtT-][.+@]? {1,4}\d{1,6} ([A-Za-z_][A-Za-z0-9_.-]{0,31}) {1,12}[A-Za-z_]/dy,
	),
	row(
		"user",
		"file-group",
		["-rw", "drwx", "srw", "lrwx"],
		/[-dslcb][r-][w-][xsS-][r-][w-][xsS-][r-][w-][xtT-][.+@]? {1,4}\d{1,6} [A-Za-z0-9_.-]{1,32} {1,12}([A-Za-z_][A-Za-z0-9_.-]{0,31}) {1,12}\d/dy,
	),

	row(
		"host",
		"docker-info-json",
		['"name":'],
		/"Name": ?"([A-Za-z0-9][A-Za-z0-9_.-]{0,252})",? ?(?="Labels"|"ExperimentalBuild"|\n {0,8}"Labels"|\n {0,8}"ExperimentalBuild")/dy,
	),
	row("host", "hostnamectl", ["hostname:"], /hostname: {1,4}([A-Za-z0-9][A-Za-z0-9_.-]{0,252})/diy),
	row("host", "hostname-variable", ["hostname="], /(?<=^|[\s"';])HOSTNAME=["']?([A-Za-z0-9][A-Za-z0-9_.-]{0,252})/dy),
	row(
		"host",
		"inspect-hostname",
		['"hostname":', '"domainname":', '\\"hostname\\":'],
		/"(?:Hostname|Domainname)\\?": {0,2}\\?"([A-Za-z0-9][A-Za-z0-9_.-]{0,252})\\?"/diy,
	),
	row(
		"host",
		"resolver-error",
		["resolve host: ", "resolve host '", "unable to resolve host ", "resolve hostname "],
		/resolve host(?:name)?:? '?([A-Za-z0-9][A-Za-z0-9_.-]{0,252})/diy,
		false,
	),
	row("host", "lookup-error", ["lookup "], /lookup ([A-Za-z0-9][A-Za-z0-9_.-]{0,252})(?= on |: )/dy, false),
	row(
		"host",
		"ssh-target",
		["ssh ", "scp "],
		/(?:ssh|scp) (?:[^\n@]{0,120} )?[A-Za-z_][A-Za-z0-9_.-]{0,31}@([A-Za-z][A-Za-z0-9.-]{0,252})/dy,
	),
	row(
		"host",
		"search-domain",
		["search ", "domain "],
		/(?<=^|\n)(?:search|domain) {1,4}([A-Za-z0-9][A-Za-z0-9.-]{0,252})/dy,
		false,
	),
	row(
		"host",
		"probe",
		["connect to ", "connected to "],
		/connect(?:ed)? to ([A-Za-z0-9][A-Za-z0-9_.-]{0,252}) (?:port|\()/diy,
		false,
	),
	row(
		"host",
		"host-header",
		["host: "],
		/(?<=(?:^|\n|\n> )|\\n|\\r)Host: ([A-Za-z0-9][A-Za-z0-9_.-]{0,252})/diy,
		false,
	),
	row("host", "aws-host-name", ["ip-"], /(?<![A-Za-z0-9-])(ip-\d{1,3}-\d{1,3}-\d{1,3}-\d{1,3})(?![A-Za-z0-9-])/dy),

	row("container", "inspect-name", ['"name":'], new RegExp(`"Name": ?"/(${N})"`, "dy")),
	row("container", "network-member", ['"name":'], new RegExp(`"Name": ?"(${N})",\\s{0,24}"EndpointID"`, "dy")),
	row(
		"net",
		"network-name",
		['"name":'],
		new RegExp(`"Name": ?"(${N})",\\s{0,24}"Id": ?"[0-9a-z]{12,64}",\\s{0,24}"Created"`, "dy"),
	),
	row("volume", "volume-name", ['"name":'], new RegExp(`(?<="Type": ?"volume",\\s{0,24})"Name": ?"(${N})"`, "dy")),
	row(
		"volume",
		"volume-name",
		['"name":'],
		new RegExp(`"Name": ?"(${N})",\\s{0,24}"(?:Options|Scope|Mountpoint)"`, "dy"),
	),
	row("container", "ps-json", ['"names":'], new RegExp(`"Names": ?"/?(${N})`, "dy")),
	row("net", "ps-json", ['"networks":'], new RegExp(`"Networks": ?"(${N})`, "dy")),
	row("net", "inspect-networks", ['"networks":'], new RegExp(`"Networks": ?\\{\\s{0,40}"(${N})": ?\\{`, "dy")),
	row("net", "network-mode", ['"networkmode":'], new RegExp(`"NetworkMode": ?"(?!container:)(${N})"`, "dy")),
	row("image", "inspect-image", ['"image":'], /"Image": ?"(?!sha256:)([A-Za-z0-9][A-Za-z0-9._/:@-]{0,200})"/dy),
	row("image", "repo-tag", ['"repotags":'], /"RepoTags": ?\[\s{0,24}"([A-Za-z0-9][A-Za-z0-9._/:-]{0,200})"/dy),
	row(
		"serial",
		"serial",
		["serial number:", "serial no:", "serial="],
		/serial(?: number| no)?[:=] {0,8}([A-Za-z0-9][A-Za-z0-9_./-]{2,63})/diy,
		false,
	),
	row("ssid", "ssid", ["ssid:", "ssid=", 'ssid "'], /(?<=(?:^|[^a-z])e?)ssid(?:: ?|=| )"([^"\r\n]{1,32})"/diy, false),
	row("ssid", "ssid", ["ssid:", "ssid="], /(?<=(?:^|[^a-z])e?)ssid(?:: ?|=)([^"'\s]{1,32})/diy, false),
];
