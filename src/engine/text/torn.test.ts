import { describe, expect, it } from "vitest";
import { recognise } from "./recognise";
import { spanOfLine } from "./span-of";

const WARNING = "# Warning: iptables-legacy tables present, use iptables-legacy-save to see them";
const SAVE = `*nat
:PREROUTING ACCEPT [0:0]
:DOCKER - [0:0]
-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
-A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80
COMMIT
`;

const linesOf = (text: string) => {
	const [artifact] = recognise([{ id: "save", name: "iptables-save.txt", text }]);
	if (!artifact) throw new Error("nothing recognised");
	return { artifact, lines: artifact.lines.filter((line) => line.text.trim() !== "") };
};

describe("a warning in the middle of a line", () => {
	it.each([...Array(SAVE.length).keys()].filter((at) => SAVE[at] !== "\n" && at > 0 && SAVE[at - 1] !== "\n"))(
		"torn at character %i: the save is whole, and the warning is a line of its own",
		(at) => {
			const { lines } = linesOf(`${SAVE.slice(0, at)}${WARNING}\n${SAVE.slice(at)}`);
			const texts = lines.map((line) => line.text);
			expect(texts.filter((text) => text !== WARNING)).toEqual(SAVE.trimEnd().split("\n"));
			expect(texts).toContain(WARNING);
		},
	);

	it("keeps both parts' places", () => {
		const at = SAVE.indexOf("cp -m tcp --dport");
		const text = `${SAVE.slice(0, at)}${WARNING}\n${SAVE.slice(at)}`;
		const { artifact, lines } = linesOf(text);
		const rule = lines.find((line) => line.text.startsWith("-A DOCKER"));
		const warning = lines.find((line) => line.text === WARNING);
		if (!rule || !warning) throw new Error("not found");
		const of = (line: typeof rule) => {
			const { from, to } = spanOfLine(artifact, line);
			return text.slice(from, to);
		};
		expect(of(rule)).toBe(
			`-A DOCKER ! -i docker0 -p t${WARNING}\ncp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80`,
		);
		expect(of(warning)).toBe(WARNING);
	});

	it("on a line of its own it stays where it is", () => {
		const { lines } = linesOf(`${WARNING}\n${SAVE}`);
		expect(lines[0]?.text).toBe(WARNING);
	});
});
