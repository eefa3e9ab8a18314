import { type NameDetector, NAMES as OF_DOCKER, row } from "./name-detectors";

/**
 * Places where programs other than docker print names: logins, certificates, wireless networks, serial numbers, leases,
 * cloud consoles. Same form as the table of `name-detectors.ts`.
 */
const SYSTEM_NAMES: readonly NameDetector[] = [
	// systemd-logind: New session 12 of user alice.
	row("user", "logind-session", ["of user "], /of user ([A-Za-z_][A-Za-z0-9_.-]{0,31})(?=[\s.,]|$)/dy),
	row(
		"user",
		"database-login",
		["mysql", "mariadb", "psql ", "mongosh "],
		/(?:mysql[a-z]{0,8}|mariadb(?:-dump)?|psql|mongosh)[^\n|;]{0,120}? -[uU] ?([A-Za-z_][A-Za-z0-9_.-]{0,31})/dy,
	),
	// ADO.NET and ODBC connection strings
	row(
		"user",
		"connection-string",
		["user id=", "uid="],
		/(?<=[;"' ]|^)(?:User ID|UID) ?= ?([^;"'\s]{1,64})(?=;)/diy,
		false,
	),
	// The field behind the group in /etc/passwd, of people only
	row(
		"name",
		"full-name",
		[":x:"],
		/:x:[1-9]\d{3,5}:\d{1,6}:([^:,\n]{2,64})(?=[,:][^\n]{0,200}:\/[^\n:]{0,100}\n?)/dy,
		false,
	),
	row(
		"name",
		"certificate-owner",
		["o=", "o = "],
		/(?<=(?:subject|issuer)[^\n]{0,120}[ ,/:=])O ?= ?"?([^,/\n"]{2,64})(?=[,/\n"]|$)/dy,
		false,
	),
	row("name", "cloud-account", ["accountname="], /(?<=[;"'\s]|^)AccountName=([A-Za-z0-9][A-Za-z0-9_.-]{1,63})/diy),
	row(
		"name",
		"cloud-project",
		['"project_id":', "--project ", "--project="],
		/(?:"project_id": {0,2}"|(?<=gcloud [^\n]{0,120})--project[ =])([a-z][a-z0-9-]{3,62})/dy,
	),
	row(
		"host",
		"lease",
		["dhcpack("],
		/DHCPACK\([^)\s]{1,16}\) [0-9a-f.:]{3,45} [0-9a-f:]{17} ([A-Za-z0-9][\w.-]{0,62})/dy,
	),
	row("host", "ipconfig", ["host name . "], /Host Name (?:\. ){1,30}\.?: ([A-Za-z0-9][\w.-]{0,62})/dy),
	row("serial", "board-serial", ["serial\t", "serial  "], /(?<=^|\n)Serial[ \t]{1,12}: ([0-9a-f]{16})/dy, false),
	// iw, nmcli, NetworkManager, iwctl
	row("ssid", "iw-ssid", ["ssid "], /(?<=\n[ \t]{1,8})ssid ([^\r\n]{1,32})(?=\r?\n|$)/dy, false),
	row(
		"ssid",
		"wifi-connection",
		["connect ", "connection ", "access point ", "ssid "],
		/(?<=wi-?fi[^\n]{0,40})(?:connect|connection|access point|ssid) {1,2}["']([^"'\n]{1,40})["']/diy,
		false,
	),
	row("ssid", "wifi-connection", ["connect "], /(?<=wifi )connect ([^\s'"]{1,40})/dy, false),
	// The folder of a compose project is the project's name.
	row(
		"project",
		"compose-folder",
		["project.working_dir"],
		/project\.working_dir\\?"?[=:] {0,2}\\?"?[^"'\s,]{0,200}[/\\]([A-Za-z0-9_][A-Za-z0-9_.-]{0,63})(?=\\?["'\s,]|$)/dy,
	),
	row(
		"project",
		"compose-folder",
		["project.config_files"],
		/project\.config_files\\?"?[=:] {0,2}\\?"?[^"'\s,]{0,200}[/\\]([A-Za-z0-9_][A-Za-z0-9_.-]{0,63})[/\\][^/\\"'\s,]{1,64}(?=\\?["'\s,]|$)/dy,
	),
	// .pgpass, as in `token-detectors.ts`
	row(
		"user",
		"pgpass-user",
		[":543", ":*:", ":3306:", ":6432:"],
		/(?<=(?:^|\n)[^\s:]{1,70}):(?:\d{1,5}|\*):[^\s:]{1,64}:([A-Za-z_][^\s:]{1,63}):[^\s:]{1,200}(?=\r?\n|$)/dy,
	),
	// docker events: `container die <id> (exitCode=137, image=nginx, name=web)`
	row("container", "event-name", ["name="], /(?<=[(,] ?)name=([A-Za-z0-9][A-Za-z0-9_.-]{0,127})(?=[,)])/dy),
];

/** Every table of places where names stand. */
export const NAMES: readonly NameDetector[] = [...OF_DOCKER, ...SYSTEM_NAMES];
