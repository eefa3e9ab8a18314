import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { analyse } from "../src/engine";

/**
 * Following the advice: of each whole host among the cases only what everybody pastes first is given (what failed, docker
 * info, the nat table, dockerd's log), then whatever "paste next" asks for, twice at most. By then the answer is certain,
 * and right.
 */
const MODES = "src/engine/failure-modes";
const FIRST = /^(?:docker info|journalctl -u docker)/;
const MANY = 6;

type Section = { readonly command: string; readonly text: string };

/** A bundle's sections: `===== command =====` and what it printed. */
function sectionsOf(text: string): readonly Section[] {
	const parts = text.split(/^===== (.+) =====$/m);
	const sections: Section[] = [];
	for (let at = 1; at + 1 < parts.length; at += 2)
		sections.push({ command: parts[at] ?? "", text: parts[at + 1] ?? "" });
	return sections;
}

/** Words that name a program's output whatever else stands in the command line. */
const NAMES = [
	"iptables-save",
	"iptables-legacy-save",
	"iptables-nft-save",
	"nft list ruleset",
	"iptables --version",
	"docker ps -a",
	"docker inspect",
	"docker network ls",
	"lsof",
	"uname -r",
	"lsmod",
	"daemon.json",
	"sysctl",
	"nstat",
	"ss -ltnp",
	"netstat -ltn",
	"ip addr",
	"ip route",
	"curl",
	"dmesg",
	"ufw status",
	"firewall-cmd",
	"systemctl status",
	"systemctl cat",
];

const answers = (asked: string, { command }: Section) =>
	NAMES.some((name) => asked.includes(name) && command.includes(name) && !command.endsWith("-t nat"));

/** What is at hand before anybody asks: whatever was typed and is no listing, and the listings that everybody makes. */
function firstOf(sections: readonly Section[]): readonly Section[] {
	const own = sections.filter(
		({ command }) =>
			FIRST.test(command) || command.startsWith("tries") || !NAMES.some((name) => command.includes(name)),
	);
	const save = sections.find(({ command }) => /^iptables(?:-nft)?-save$/.test(command));
	const nat = /^\*nat$[\s\S]*?^COMMIT$/m.exec(save?.text ?? "")?.[0];
	return nat ? [...own, { command: "iptables-save -t nat", text: `\n${nat}\n` }] : own;
}

const hosts = readdirSync(MODES, { withFileTypes: true })
	.filter((entry) => entry.isDirectory() && !entry.name.startsWith("_") && existsSync(join(MODES, entry.name, "cases")))
	.flatMap((entry) =>
		readdirSync(join(MODES, entry.name, "cases")).flatMap((slug) => {
			const folder = join(MODES, entry.name, "cases", slug);
			const told: unknown = JSON.parse(readFileSync(join(folder, "case.json"), "utf8"));
			const expected = typeof told === "object" && told !== null && "expect" in told && told.expect === "present";
			const sections = sectionsOf(readFileSync(join(folder, "evidence.txt"), "utf8"));
			const whole = analyse([{ id: "s1", name: "paste", text: join_(sections) }]).findings[0];
			// A host that is not certain even when everything is shown has nothing to be led to.
			const logged = sections.some(({ command }) => command.startsWith("journalctl"));
			const isHost = expected && logged && sections.length >= MANY && whole?.confidence === "certain";
			return isHost ? [{ name: `${entry.name}/${slug}`, sections, verdict: whole.failure }] : [];
		}),
	);

function join_(sections: readonly Section[]): string {
	return sections.map(({ command, text }) => `===== ${command} =====${text}`).join("\n");
}

type End = {
	readonly name: string;
	readonly path: string;
	readonly end: "certain" | "certain of another" | "not certain" | "nothing to give";
};

function follow({ name, sections, verdict }: (typeof hosts)[number]): End {
	let shown = firstOf(sections);
	let path = "";
	for (let step = 0; ; step++) {
		const { findings, next } = analyse([{ id: "s1", name: "paste", text: join_(shown) }]);
		const head = findings[0];
		path += `${head?.failure} (${head?.confidence}) `;
		if (head?.confidence === "certain")
			return { name, path, end: head.failure === verdict ? "certain" : "certain of another" };
		const asked = sections.filter(
			(section) => !shown.includes(section) && next.some((one) => answers(one.command, section)),
		);
		// A case is cut to what it needs: what is asked for may not be in it.
		if (asked.length === 0) return { name, path, end: "nothing to give" };
		if (step === 2) return { name, path, end: "not certain" };
		path += `→ ${next.map((one) => one.command.slice(0, 24)).join(" | ")} → `;
		shown = [...shown, ...asked];
	}
}

describe("following what to paste next", () => {
	const ends = hosts.map(follow);

	it("leads to certain in two steps at most, and never to a wrong certainty", () => {
		expect(ends.filter(({ end }) => end === "not certain" || end === "certain of another")).toEqual([]);
	});

	it("was followed to its end on enough whole hosts to mean something", () => {
		expect(ends.filter(({ end }) => end === "certain").length).toBeGreaterThanOrEqual(10);
	});
});
