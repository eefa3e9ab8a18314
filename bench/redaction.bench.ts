import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { bench, describe } from "vitest";
import { redact } from "../src/engine/redact/redact";
import { secondLook } from "../src/engine/redact/second-look";
import { secondPass } from "../src/worker/second-pass";

/**
 * Redaction beside @secretlint alone on the same text. Redaction does more: it finds identities as well as secrets,
 * replaces each by a stand-in that stays the same everywhere, and keeps columns; @secretlint reports places.
 */
const folder = "src/ui/evidence/samples/nat-flush-delete";
const files = readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8"));
const SECRETS = [
	"HTTP Proxy: http://deploy:Xk9mQ2vLp77@proxy.acme-corp.net:3128",
	"$ docker login ghcr.io -u bot -p 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",
	"DATABASE_URL=postgres://shop:Xk9mQ2vLp77@db7.acme-corp.net:5432/shop",
].join("\n");
const paste = `${files.join("\n")}\n${SECRETS}\n`;

const sizes = [
	["a paste of 20 KB", 20_000],
	["a paste of 100 KB", 100_000],
	["a log of 1 MB", 1_000_000],
] as const;

for (const [title, size] of sizes) {
	const text = paste.repeat(Math.ceil(size / paste.length)).slice(0, size);
	const evidence = [{ id: "s1", name: "paste", text }];
	const redacted = redact(evidence).evidence;
	describe(title, () => {
		bench("redaction: secrets and identities found and replaced", () => {
			redact(evidence);
		});
		bench("the engine's own second look", () => {
			secondLook(redacted);
		});
		bench("@secretlint alone: secrets found", async () => {
			await secondPass(text);
		});
	});
}
