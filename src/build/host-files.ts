import { readdirSync } from "node:fs";
import type { Plugin } from "vite";
import { headersOf, pagePolicy } from "../headers";
import { caddyfile, headersFile, nginxConfig } from "../hosts";

/** `vite preview`, which is `npm start`, sends with each file what a host should. */
export function previewHeaders(): Plugin {
	return {
		name: "preview-headers",
		configurePreviewServer(server) {
			server.middlewares.use((request, response, next) => {
				const { pathname } = new URL(request.url ?? "/", "http://localhost");
				for (const [name, value] of Object.entries(headersOf(pathname))) response.setHeader(name, value);
				next();
			});
		},
	};
}

/** Puts the policy into each built page, before anything else there is, and writes what hosts need. */
export function hostFiles(): Plugin {
	return {
		name: "host-files",
		apply: "build",
		transformIndexHtml: {
			order: "post",
			handler: (_, { path }) => [
				{
					tag: "meta",
					attrs: { "http-equiv": "Content-Security-Policy", content: pagePolicy(path) },
					injectTo: "head-prepend",
				},
			],
		},
		generateBundle: {
			order: "post",
			handler(_, bundle) {
				const top = [...Object.keys(bundle), ...readdirSync("public")].filter((name) => !name.includes("/"));
				const emit = (fileName: string, source: string) => this.emitFile({ type: "asset", fileName, source });
				emit("_headers", headersFile(top.map((name) => `/${name}`).sort()));
				emit("hosts/nginx.conf", nginxConfig());
				emit("hosts/Caddyfile", caddyfile());
			},
		},
	};
}
