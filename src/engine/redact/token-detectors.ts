import type { Detector } from "./detector";
import { isPseudonym } from "./pseudonym";

/**
 * Secrets that are known by their own form. One row a form: what begins it, what it looks like, cut-off ones included
 * (a token that ends with the terminal's line is still a token). Nothing here needs a name beside it.
 */

const BASE62 = /[A-Za-z0-9]/;
const URL_SAFE = /[A-Za-z0-9_-]/;
const BASE64 = /[A-Za-z0-9+/=_-]/;
const DOTTED = /[A-Za-z0-9_.-]/;

// `(?<!…)` keeps a prefix from being found in the middle of a word: `task-…` holds `sk-`.
export const TOKENS: readonly Detector[] = [
	// moby/swarmkit ca/config.go: SWMTKN-1-<50 base36>-<25 base36>; FIPS clusters print SWMTKN-2-1-…
	{
		id: "swarm-token",
		literals: ["swmtkn-"],
		pattern: /SWMTKN-[0-9A-Za-z-]{2,120}/dy,
		group: 0,
		runsOn: /[0-9a-z-]/,
		whole: 85,
	},
	// moby/swarmkit manager/encryption: SWMKEY-1-<43 base64>
	{
		id: "swarm-unlock-key",
		literals: ["swmkey-"],
		pattern: /SWMKEY-[0-9A-Za-z+/=-]{2,120}/dy,
		group: 0,
		runsOn: BASE64,
		whole: 52,
	},
	{
		id: "docker-token",
		literals: ["dckr_pat_", "dckr_oat_"],
		pattern: /dckr_[po]at_[A-Za-z0-9_-]{4,200}/diy,
		group: 0,
		runsOn: URL_SAFE,
		whole: 36,
	},
	{
		id: "github-token",
		literals: ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"],
		pattern: /(?:(?<![A-Za-z0-9])|(?<=\\[nrt]))gh[pousr]_[A-Za-z0-9]{10,255}/dy,
		group: 0,
		runsOn: BASE62,
		whole: 40,
	},
	{
		id: "github-token",
		literals: ["github_pat_"],
		pattern: /github_pat_[A-Za-z0-9_]{10,255}/dy,
		group: 0,
		runsOn: /[A-Za-z0-9_]/,
		whole: 93,
	},
	{
		id: "gitlab-token",
		literals: [
			"glpat-",
			"gldt-",
			"glrt-",
			"glcbt-",
			"glptt-",
			"glft-",
			"glimt-",
			"glagent-",
			"gloas-",
			"glsoat-",
			"glffct-",
		],
		pattern: /(?:(?<![A-Za-z0-9])|(?<=\\[nrt]))gl[a-z]{2,6}-[A-Za-z0-9_.-]{10,300}/dy,
		group: 0,
		runsOn: DOTTED,
	},
	{
		id: "gitlab-token",
		literals: ["gr1348941"],
		pattern: /GR1348941[A-Za-z0-9_-]{10,60}/dy,
		group: 0,
		runsOn: URL_SAFE,
	},
	{
		id: "slack-token",
		literals: ["xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-", "xoxe-", "xoxc-", "xoxd-", "xapp-"],
		pattern: /xox[a-z]-[A-Za-z0-9%-]{8,300}|xapp-[A-Za-z0-9-]{8,300}/dy,
		group: 0,
		runsOn: /[A-Za-z0-9%-]/,
	},
	{
		id: "webhook",
		literals: ["hooks.slack.com/"],
		pattern: /hooks\.slack\.com\/(?:services|workflows|triggers)\/([A-Za-z0-9/_-]{8,200})/diy,
		group: 1,
	},
	{
		id: "webhook",
		literals: ["/api/webhooks/"],
		pattern: /\/api\/webhooks\/([0-9]{10,25}\/[A-Za-z0-9_-]{10,120})/diy,
		group: 1,
	},
	{
		id: "webhook",
		literals: [".webhook.office.com/"],
		pattern: /\.webhook\.office\.com\/([A-Za-z0-9@/_-]{10,400})/diy,
		group: 1,
	},
	{
		id: "stripe-key",
		literals: ["sk_live_", "sk_test_", "rk_live_", "rk_test_", "pk_live_", "whsec_"],
		pattern: /(?:[srp]k_(?:live|test)|whsec)_[A-Za-z0-9+/=]{8,300}/dy,
		group: 0,
		runsOn: BASE62,
	},
	{
		id: "anthropic-key",
		literals: ["sk-ant-"],
		pattern: /sk-ant-[A-Za-z0-9_-]{8,300}/dy,
		group: 0,
		runsOn: URL_SAFE,
		whole: 108,
	},
	{
		id: "openai-key",
		literals: ["sk-proj-", "sk-svcacct-", "sk-admin-", "sk-or-v1-"],
		pattern: /sk-(?:proj|svcacct|admin|or-v1)-[A-Za-z0-9_-]{8,300}/dy,
		group: 0,
		runsOn: URL_SAFE,
	},
	{
		id: "openai-key",
		literals: ["sk-"],
		pattern: /(?:(?<![A-Za-z0-9_-])|(?<=\\[nrt]))sk-(?=[a-zA-Z]{0,40}[0-9])[A-Za-z0-9]{20,120}/dy,
		group: 0,
		runsOn: BASE62,
	},
	{
		id: "npm-token",
		literals: ["npm_"],
		pattern: /(?:(?<![A-Za-z0-9])|(?<=\\[nrt]))npm_[A-Za-z0-9]{20,64}/dy,
		group: 0,
		runsOn: BASE62,
		whole: 40,
	},
	{ id: "pypi-token", literals: ["pypi-"], pattern: /pypi-[A-Za-z0-9_-]{20,400}/dy, group: 0, runsOn: URL_SAFE },
	{ id: "vendor-token", literals: ["rubygems_"], pattern: /rubygems_[a-f0-9]{20,60}/dy, group: 0 },
	{
		id: "vendor-token",
		literals: ["hf_"],
		pattern: /(?:(?<![A-Za-z0-9])|(?<=\\[nrt]))hf_[A-Za-z0-9]{20,60}/dy,
		group: 0,
		runsOn: BASE62,
	},
	{
		id: "vendor-token",
		literals: ["dop_v1_", "doo_v1_", "dor_v1_"],
		pattern: /do[opr]_v1_[a-f0-9]{20,80}/dy,
		group: 0,
		runsOn: /[a-f0-9]/,
		whole: 71,
	},
	{
		id: "vendor-token",
		literals: ["sg."],
		pattern: /(?:(?<![A-Za-z0-9])|(?<=\\[nrt]))SG\.[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9_-]{16,120}/dy,
		group: 0,
	},
	{ id: "vendor-token", literals: ["xkeysib-"], pattern: /xkeysib-[a-f0-9]{20,80}-[A-Za-z0-9]{4,40}/dy, group: 0 },
	{ id: "vendor-token", literals: ["nrak-"], pattern: /NRAK-[A-Z0-9]{20,60}/dy, group: 0 },
	{
		id: "vendor-token",
		literals: ["glsa_", "glc_"],
		pattern: /(?:(?<![A-Za-z0-9])|(?<=\\[nrt]))gl(?:sa|c)_[A-Za-z0-9_+/=]{20,300}/dy,
		group: 0,
		runsOn: BASE64,
	},
	{
		id: "vendor-token",
		literals: [
			"lin_api_",
			"shpat_",
			"shpca_",
			"shppa_",
			"shpss_",
			"pscale_tkn_",
			"atatt3",
			"ccipat_",
			"tfp_",
			"dapi",
			"pul-",
			"pmak-",
			"dp.pt.",
			"dp.st.",
			"eyjrijoi",
		],
		pattern:
			/(?:(?<![A-Za-z0-9])|(?<=\\[nrt]))(?:lin_api_|shp(?:at|ca|pa|ss)_|pscale_tkn_|ATATT3|CCIPAT_|tfp_|dapi|pul-|PMAK-|dp\.[ps]t\.|eyJrIjoi)(?=[A-Za-z_.=+/-]{0,40}[0-9])[A-Za-z0-9_.=+/-]{24,300}/dy,
		group: 0,
		runsOn: BASE64,
	},
	// Portainer's access tokens: ptr_ and base64
	{
		id: "vendor-token",
		literals: ["ptr_"],
		pattern: /(?:(?<![A-Za-z0-9])|(?<=\\[nrt]))ptr_(?=[A-Za-z_+/]{0,40}[0-9])[A-Za-z0-9+/]{30,60}={0,2}/dy,
		group: 0,
		runsOn: BASE64,
	},
	{ id: "telegram-token", literals: [":aa"], pattern: /(?<=[0-9]{8,10}):AA[A-Za-z0-9_-]{30,40}/dy, group: 0 },
	{
		id: "tailscale-key",
		literals: ["tskey-"],
		pattern: /tskey-[A-Za-z0-9-]{6,120}/dy,
		group: 0,
		runsOn: /[A-Za-z0-9-]/,
	},
	{
		id: "age-key",
		literals: ["age-secret-key-1"],
		pattern: /AGE-SECRET-KEY-1[A-Z0-9]{10,80}/diy,
		group: 0,
		runsOn: BASE62,
		whole: 74,
	},
	{
		id: "vault-token",
		literals: ["hvs.", "hvb.", "hvr."],
		pattern: /(?:(?<![A-Za-z0-9])|(?<=\\[nrt]))hv[sbr]\.[A-Za-z0-9_-]{12,300}/dy,
		group: 0,
		runsOn: URL_SAFE,
	},
	{
		id: "terraform-token",
		literals: [".atlasv1."],
		pattern: /\.atlasv1\.[A-Za-z0-9_-]{20,120}/dy,
		group: 0,
		runsOn: URL_SAFE,
	},
	{
		id: "aws-key",
		literals: ["akia", "asia", "agpa", "aida", "aroa", "aipa", "anpa", "anva", "abia", "acca"],
		pattern: /(?:(?<![A-Za-z0-9])|(?<=\\[nrt]))A(?:KIA|SIA|GPA|IDA|ROA|IPA|NPA|NVA|BIA|CCA)[A-Z0-9]{12,20}(?![a-z])/dy,
		group: 0,
		runsOn: /[A-Z0-9]/,
		whole: 20,
	},
	// The account and what it owns; the service stays, it says what went wrong.
	{
		id: "aws-arn",
		literals: ["arn:aws"],
		pattern: /arn:aws[a-z-]{0,12}:[a-z0-9-]{1,30}:[a-z0-9-]{0,20}:([^\s"',\])}\\]{1,400})/dy,
		group: 1,
	},
	{
		id: "google-key",
		literals: ["aiza"],
		pattern: /(?:(?<![A-Za-z0-9])|(?<=\\[nrt]))AIza[A-Za-z0-9_-]{20,60}/dy,
		group: 0,
		runsOn: URL_SAFE,
		whole: 39,
	},
	{
		id: "google-key",
		literals: ["ya29."],
		pattern: /(?:(?<![A-Za-z0-9])|(?<=\\[nrt]))ya29\.[A-Za-z0-9_.-]{16,400}/dy,
		group: 0,
		runsOn: DOTTED,
	},
	{ id: "google-key", literals: ["gocspx-"], pattern: /GOCSPX-[A-Za-z0-9_-]{16,60}/dy, group: 0, runsOn: URL_SAFE },
	// `eyJ` is base64 of `{"`: a JWT, an X-Registry-Auth header, a Docker config blob. Dots join a JWT's three parts.
	{
		id: "jwt",
		literals: ["eyj"],
		pattern: /(?:(?<![A-Za-z0-9+])|(?<=\\[nrt]))eyJ[A-Za-z0-9_.+/=-]{16,600}/dy,
		group: 0,
		runsOn: /[A-Za-z0-9_.+/=-]/,
	},
	// crypt(3) hashes of htpasswd and shadow; compose files double the dollar.
	{
		id: "password-hash",
		literals: ["$apr1$", "$2y$", "$2a$", "$2b$", "$6$", "$5$", "$1$", "$y$", "$argon2", "$7$"],
		pattern: /\$(?:apr1|2[aby]|[1567y]|argon2[a-z]{1,2})\${1,2}[^\s:'"`\\]{8,200}/dy,
		group: 0,
	},
	{
		id: "password-hash",
		literals: ["{sha}", "{ssha}", "{ssha512}"],
		pattern: /\{S{1,2}HA(?:512)?\}[A-Za-z0-9+/=]{16,200}/diy,
		group: 0,
	},
	{
		id: "password-hash",
		literals: ["scram-sha-256$"],
		pattern: /SCRAM-SHA-256\$[A-Za-z0-9+/=:$]{16,300}/diy,
		group: 0,
	},
	// OpenSSH public keys name their owner on every host that trusts them.
	{
		id: "ssh-key",
		literals: ["aaaab3nza", "aaaac3nza", "aaaae2vj", "aaaagnnr", "aaaainnr"],
		pattern: /(?:(?<![A-Za-z0-9+/])|(?<=\\[nrt]))AAAA(?:B3Nza|C3Nza|E2Vj|GnNr|InNr)[A-Za-z0-9+/=]{16,600}/dy,
		group: 0,
		runsOn: /[A-Za-z0-9+/=]/,
	},
	{ id: "ssh-key", literals: ["sha256:"], pattern: /SHA256:([A-Za-z0-9+/]{43})(?![A-Za-z0-9+/])/dy, group: 1 },
	// DER begins with SEQUENCE, 0x30 0x82: a key or a certificate without its PEM frame.
	{
		id: "key-bytes",
		literals: ["mii"],
		pattern: /(?:(?<![A-Za-z0-9+/])|(?<=\\[nrt]))MII[A-Za-z0-9+/]{60,600}/dy,
		group: 0,
		runsOn: /[A-Za-z0-9+/=]/,
	},
];

/** A stand-in of an earlier pass, with what punctuation a value's end may drag along. */
export function isOurs(value: string): boolean {
	return isPseudonym(value) || /^redacted-\d{1,6}[,;:.)\]}"'&=\\]*$/.test(value);
}

/** A value that says nothing: a mask, a placeholder, a variable, an empty word of some language, or our own stand-in. */
export function isPlaceholder(value: string): boolean {
	return (
		isPseudonym(value) ||
		/^(?:x{3,}(?::x{3,})?|X{3,}|\*{2,}|\.{2,}|-{2,}|_{2,}|…|\[[^\]]{0,60}\]|<[^>]{0,80}>|\{\{[^}]{0,80}\}\}|%[a-z]|\$\{[^}]{0,80}\}?|\$\([^)]{0,80}\)|\$[A-Z_][A-Z0-9_]{0,60})$/.test(
			value,
		) ||
		/^(?:null|nil|none|undefined|true|false|yes|no|0|1|redacted|hidden|masked|removed)$/i.test(value)
	);
}
