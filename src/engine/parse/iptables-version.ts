/**
 * `iptables -V` of any variant, `nft --version`, and `ls -l` of the links that choose one.
 *
 *     iptables v1.8.11 (nf_tables)
 *     lrwxrwxrwx 1 root root 26 Nov 20  2024 /usr/sbin/iptables -> /etc/alternatives/iptables
 *
 * Seen: 1.4.21 to 1.8.13. iptables before 1.8 prints no bracket and is legacy: the nft variant came with 1.8.0
 * (iptables git, 1.8.0 release notes). A link to /etc/alternatives says nothing by itself.
 */
import type { Backend } from "../netfilter/ruleset";
import type { Artifact, Line } from "../text/evidence";
import type { Remark, Span } from "../text/span";
import { programNotFound, readFrom, remark, spanOfText, textOf, writtenLines } from "./line-text";
import { parseFailures } from "./log";
import type { ParsedIptablesVersion, Read } from "./parsed";

type Program = ParsedIptablesVersion["programs"][number];

const FAMILY = /^(?:ip6?tables|arptables|ebtables|xtables|nft)(?:-[a-z0-9-]{1,20})?$/;

/** Reads version lines and link targets. */
export function parseIptablesVersion(artifact: Artifact): ParsedIptablesVersion {
	const programs: Program[] = [];
	const links: { readonly program: string; readonly backend: Backend; readonly at: Span }[] = [];
	const missing: Read<string>[] = [];
	const remarks: Remark[] = [];
	const complaints: Line[] = [];
	for (const line of writtenLines(artifact.lines)) {
		const text = textOf(line).trim();
		const version = /^(\S{1,60}) v(\d{1,3}(?:\.\d{1,3}){1,3}\S{0,20})(?: \((nf_tables|legacy|[^)]{1,60})\))?/.exec(
			text,
		);
		if (version?.[1] && version[2]) {
			const program = lastName(version[1]);
			programs.push({
				program: program === "nftables" ? "nft" : program,
				version: version[2],
				backend: backendOf(program, version[2], version[3]),
				at: spanOfText(artifact, line),
			});
			continue;
		}
		const link = /(\S{1,200}) -> (\S{1,200})$/.exec(text);
		if (link?.[1] && link[2]) {
			const backend = backendOfTarget(lastName(link[2]));
			if (backend) links.push({ program: lastName(link[1]), backend, at: spanOfText(artifact, line) });
			continue;
		}
		const absent = programNotFound(text);
		if (/not found|can't|cannot|denied|Failed|Fatal/i.test(text)) complaints.push(line);
		if (absent && FAMILY.test(absent)) missing.push(readFrom(artifact, line, absent));
		// `ls: cannot access '/usr/sbin/iptables': No such file or directory`, in any language.
		else if (/^ls: /.test(text) && /\/s?bin\/ip6?tables\b/.test(text)) {
			const name = lastName(/(\/[\w./-]{1,100}tables[\w-]{0,20})/.exec(text)?.[1] ?? "iptables");
			if (!missing.some(({ value }) => value === name)) missing.push(readFrom(artifact, line, name));
		} else if (!/^\/|^l?rw|^-rw|^which|^[+$#]|^type\b/.test(text) && !/ is (?:\/|hashed)/.test(text)) {
			remarks.push(remark(artifact, line, "Not a version of iptables, skipped"));
		}
	}
	const known = programs.map((one) => ({
		...one,
		backend: one.backend ?? links.find(({ program }) => program === one.program)?.backend ?? null,
	}));
	for (const link of links) {
		if (!known.some(({ program }) => program === link.program)) known.push({ ...link, version: "" });
	}
	return { kind: "iptables-version", programs: known, missing, failures: parseFailures(artifact, complaints), remarks };
}

function lastName(path: string): string {
	return path.slice(path.lastIndexOf("/") + 1).replace(/['"`’]$/, "");
}

function backendOf(program: string, version: string, bracket: string | undefined): Backend | null {
	if (bracket === "nf_tables" || bracket === "legacy") return bracket;
	if (!/^ip6?tables/.test(program)) return null;
	const [major = 0, minor = 0] = version.split(".").map(Number);
	return major < 1 || (major === 1 && minor < 8) ? "legacy" : null;
}

// `xtables-nft-multi`, `iptables-legacy`, `xtables-legacy-multi`; `xtables-multi` is what legacy was called before 1.8.
function backendOfTarget(name: string): Backend | null {
	if (!/tables/.test(name)) return null;
	if (/-nft\b|nft-multi/.test(name)) return "nf_tables";
	return /legacy|^xtables-multi$/.test(name) ? "legacy" : null;
}
