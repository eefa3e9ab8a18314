import type { Detector } from "./detector";

const URL_SAFE = /[A-Za-z0-9_-]/;

/** Forms that a name beside them gives away: headers, command words, ini keys with a blank instead of a sign. */
export const PHRASES: readonly Detector[] = [
	{
		id: "auth-header",
		literals: [
			"authorization",
			"x-registry-auth",
			"x-registry-config",
			"x-vault-token",
			"x-api-key",
			"x-auth-token",
			"private-token",
			"job-token",
			"x-amz-security-token",
			"x-goog-api-key",
		],
		pattern:
			/(?:proxy-)?(?:authorization|x-registry-auth|x-registry-config|x-vault-token|x-api-key|x-auth-token|private-token|job-token|x-amz-security-token|x-goog-api-key)[\\"']{0,4}\]?[ \t]{0,4}[:=][ \t]{0,4}\[?[\\"']{0,4}(?:(?:bearer|basic|token|digest|negotiate|ntlm|apikey|splunk|aws4-hmac-sha256)[ \t]{1,4})?([^\s"'\\\]]{3,600})/diy,
		group: 1,
		runsOn: /[A-Za-z0-9_.+/=~-]/,
	},
	{
		id: "auth-header",
		literals: ["bearer ", "basic "],
		pattern: /(?<![A-Za-z])(?:bearer|basic)[ \t]{1,4}([A-Za-z0-9_.+/~-]{12,600}={0,2})(?![A-Za-z0-9=,])/diy,
		group: 1,
		runsOn: /[A-Za-z0-9_.+/=~-]/,
		accepts: (value) => /[0-9=]/.test(value) || (/[a-z]/.test(value) && /[A-Z]/.test(value.slice(1))),
	},
	{
		id: "cookie",
		literals: ["cookie:", 'cookie":', "cookie="],
		pattern: /cookie[\\"']{0,4}[:=][ \t]{0,4}[\\"']{0,4}([^\r\n"'\\]{4,600})/diy,
		group: 1,
		accepts: (value) => value.includes("="),
	},
	{
		id: "password",
		literals: ["identified by", "identified with"],
		pattern: /identified (?:with [a-z0-9_'"]{1,40} )?by (?:password )?[\\]{0,2}['"]([^'"\r\n]{1,200})['"]/diy,
		group: 1,
	},
	{
		id: "password",
		literals: ["requirepass", "masterauth"],
		pattern: /(?:requirepass|masterauth)[ \t]{1,8}[\\"']{0,3}([^\s"'\\]{1,200})/diy,
		group: 1,
	},
	// .netrc
	{
		id: "password",
		literals: ["login "],
		pattern: /(?<=^|\s)login[ \t]{1,8}[^\s]{1,100}\s{1,8}password[ \t]{1,8}([^\s]{1,200})/diy,
		group: 1,
	},
	{
		id: "password",
		literals: ["passwd ", "password ", "passphrase "],
		pattern: /(?:password|passwd|passphrase)[ \t]{1,4}is[ \t]{0,2}:?[ \t]{1,4}[\\"'`]{0,3}([^\s"'`\\]{3,200})/diy,
		group: 1,
		accepts: (value) =>
			!/^(?:incorrect|wrong|invalid|required|empty|expired|not|missing|too|set|unset|stored|read|sent|in|the|a|an|being|also)$/i.test(
				value,
			),
	},
	{ id: "password", literals: ["pass:"], pattern: /(?<=[\s"'])pass:([^\s"'\\]{3,200})/dy, group: 1 },
	// user:password@tcp(host:3306)/db, https://github.com/go-sql-driver/mysql#dsn-data-source-name
	{
		id: "dsn-password",
		literals: ["@tcp(", "@tcp6(", "@udp(", "@unix(", "@cloudsql("],
		pattern: /(?<=[^\s:"'=]{1,64}:([^\s"'`\\]{1,100}))@(?:tcp6?|udp|unix|cloudsql)\(/dy,
		group: 1,
	},
	// A proxy without a scheme: HTTPS_PROXY=user:pass@proxy:3128
	{
		id: "proxy-password",
		literals: ["proxy"],
		pattern: /proxy[\\"']{0,4}[ \t]{0,2}[:=][ \t]{0,2}[\\"']{0,4}[^\s"'/:@\\]{1,64}:([^\s"'/@\\]{1,128})@/diy,
		group: 1,
	},
	// .pgpass: host:port:database:user:password and nothing else on the line
	{
		id: "pgpass",
		literals: [":543", ":*:", ":3306:", ":6432:"],
		pattern:
			/(?<=(?:^|\n)[^\s:]{1,70}):(?:\d{1,5}|\*):[^\s:]{1,64}:[^\s:]{1,64}:((?:[^\s:\\]|\\.){1,200})(?=\r?\n|$)/dy,
		group: 1,
	},
	{ id: "smb-password", literals: ["-u"], pattern: /-U[ ]?[A-Za-z0-9._\\-]{1,40}%([^\s"']{1,100})/dy, group: 1 },
	{
		id: "aws-secret",
		literals: ["aws_secret_access_key ", "aws_session_token "],
		pattern: /aws_(?:secret_access_key|session_token)[ \t]{1,4}([A-Za-z0-9/+=]{12,600})/diy,
		group: 1,
		runsOn: /[A-Za-z0-9/+=]/,
	},
	{
		id: "s3-secret",
		literals: ["mc alias set", "mc config host add"],
		pattern:
			/mc (?:alias set|config host add)[ ]{1,2}[^\s]{1,60}[ ]{1,2}[^\s]{1,200}[ ]{1,2}([^\s]{3,100}[ ]{1,2}[^\s]{3,100})/diy,
		group: 1,
	},
	// fluentd's and others' files: a name, blanks, a value, and nothing else on the line
	{
		id: "named-secret",
		literals: ["shared_key ", "aws_sec_key ", "password ", "passphrase "],
		pattern:
			/(?<=(?:^|\n)[ \t]{0,16})(?:shared_key|aws_sec_key|password|passphrase)[ \t]{1,8}["']?([^\s"']{3,200})["']?(?=[ \t]{0,8}(?:\r?\n|$))/dy,
		group: 1,
		accepts: (value) =>
			!/^(?:required|expired|incorrect|changed|updated|prompt|auth|authentication|login)[.:]?$/i.test(value),
	},
	{
		id: "password",
		literals: ["nmcli "],
		pattern: /nmcli [^\n]{0,200}? password ["']([^"'\n]{1,64})["']/dy,
		group: 1,
	},
	{ id: "password", literals: ["nmcli "], pattern: /nmcli [^\n]{0,200}? password ([^\s"']{1,64})/dy, group: 1 },
	{
		id: "named-secret",
		literals: ["authtoken "],
		pattern: /authtoken[ \t]{1,4}([A-Za-z0-9_-]{20,80})/dy,
		group: 1,
		runsOn: URL_SAFE,
	},
	{
		id: "snmp-community",
		literals: ["rocommunity", "rwcommunity"],
		pattern: /(?<=(?:^|\n)[ \t]{0,8})r[ow]community6?[ \t]{1,8}([^\s]{1,64})/dy,
		group: 1,
	},
	// strongSwan's ipsec.secrets
	{ id: "password", literals: ["psk "], pattern: /(?<=: )(?:PSK|EAP|XAUTH)[ \t]{1,4}"([^"\n]{1,128})"/dy, group: 1 },
	// A service account's file: the name ends like an id's, the value finds the key.
	{
		id: "named-secret",
		literals: ["private_key_id"],
		pattern: /private_key_id\\?"?[:=] {0,2}\\?"?([0-9a-f]{16,64})/dy,
		group: 1,
	},
	{
		id: "vault-token",
		literals: ["vault login", "vault operator unseal"],
		pattern: /vault (?:login|operator unseal)[ ]{1,2}([A-Za-z0-9+/=._-]{8,200})/dy,
		group: 1,
	},
];
