import { ALWAYS, OTHERS, ownHeaders, SERVED } from "./headers";

/** What the build writes for hosts of static files, all from headers.ts. File name, then content. */

const SAYS = "Made by the build from src/headers.ts. The page stands at the root of its host.";

/** Netlify's and Cloudflare Pages' `_headers`. `files`: what lies at the top of the build, as paths that begin with `/`. */
export function headersFile(files: readonly string[]): string {
	const block = (path: string, headers: Readonly<Record<string, string>>) =>
		[path, ...Object.entries(headers).map(([name, value]) => `  ${name}: ${value}`)].join("\n");
	// A header that two blocks give is sent twice: what every file has stands once, and no other path overlaps.
	const others = files.filter((file) => !SERVED.some(({ path }) => path === file));
	return `${[
		`# ${SAYS}`,
		block("/*", ALWAYS),
		...SERVED.map((one) => block(one.path, ownHeaders(one))),
		...others.map((file) => block(file, OTHERS)),
	].join("\n\n")}\n`;
}

const quoted = (value: string): string => `"${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;

/** nginx: a file for /etc/nginx/conf.d, one `map` for each header in which files differ. */
export function nginxConfig(): string {
	const differing = [...new Set(SERVED.flatMap((one) => Object.keys(ownHeaders(one))))];
	const variable = (header: string) => `$stackengine_${header.toLowerCase().replaceAll("-", "_")}`;
	const key = (path: string) => (path.endsWith("*") ? `~^${path.slice(0, -1)}` : path);
	const maps = differing.map((header) =>
		[
			`map $uri ${variable(header)} {`,
			`    default ${quoted(OTHERS[header] ?? "")};`,
			...SERVED.map((one) => `    ${key(one.path)} ${quoted(ownHeaders(one)[header] ?? "")};`),
			"}",
		].join("\n"),
	);
	// An empty value is not sent.
	const adds = [
		...Object.entries(ALWAYS).map(([header, value]) => `    add_header ${header} ${quoted(value)} always;`),
		...differing.map((header) => `    add_header ${header} ${variable(header)} always;`),
	];
	return `# ${SAYS}
# nginx: put it into /etc/nginx/conf.d, and put your name, certificate and folder in.

${maps.join("\n\n")}

server {
    listen 80;
    root /srv/stackengine;
    index index.html;
    types_hash_max_size 2048;
    include /etc/nginx/mime.types;
    # Added to the file's list, which has it only in later versions.
    location ~ \\.webmanifest$ { types { } default_type application/manifest+json; }
    gzip on;
    gzip_types text/css text/javascript application/javascript application/manifest+json image/svg+xml;

${adds.join("\n")}
}
`;
}

/** Caddy 2. */
export function caddyfile(): string {
	const lines = (headers: Readonly<Record<string, string>>, tabs: string) =>
		Object.entries(headers).map(([header, value]) => `${tabs}${header} ${quoted(value)}`);
	const groups = SERVED.flatMap((one, at) => [
		`\t@file${at} path ${one.path}`,
		`\theader @file${at} {`,
		...lines(ownHeaders(one), "\t\t"),
		"\t}",
	]);
	return `# ${SAYS}
# Caddy: put your name and folder in.

:80 {
	root * /srv/stackengine
	encode gzip
	file_server
	header {
${lines(ALWAYS, "\t\t").join("\n")}
	}
${groups.join("\n")}
	@others not path ${SERVED.map(({ path }) => path).join(" ")}
	header @others {
${lines(OTHERS, "\t\t").join("\n")}
	}
}
`;
}
