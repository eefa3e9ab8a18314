import { expect, it } from "vitest";
import { artifactFromText } from "../text/span-of";
import { parseDesktopChecks } from "./desktop-checks";
import { parseWsl } from "./wsl";

it("reads which of Docker Desktop’s checks failed, without those that failed for another’s sake", () => {
	const read = parseDesktopChecks(
		artifactFromText(
			"desktop-checks",
			'Starting diagnostics\n[PASS] DD0027: is there available disk space on the host?\n[FAIL] DD0011: are the LinuxKit services running? failed to ping VM diagnosticsd with error: Get "http://ipc/ping": context deadline exceeded\n[FAIL] DD0004: is the Docker engine running? prereq failed: are the LinuxKit services running?\n[SKIP] DD0028: is there available VM disk space?\n',
		),
	);
	expect(read.passed).toBe(1);
	expect(read.failed.map(({ code, question }) => [code, question])).toEqual([
		["DD0011", "are the LinuxKit services running?"],
	]);
	expect(read.failed[0]?.reason).toContain("deadline exceeded");
});

it("reads wsl --version and wsl -l -v", () => {
	const version = parseWsl(
		artifactFromText("wsl", "WSL version: 2.4.13.0\nKernel version: 5.15.167.4-1\nWSLg version: 1.0.65\n"),
	);
	expect([version.version?.value, version.kernel?.value]).toEqual(["2.4.13.0", "5.15.167.4-1"]);
	const german = parseWsl(artifactFromText("wsl", "WSL-Version: 2.4.13.0\nKernelversion: 5.15.167.4-1\n"));
	expect([german.version?.value, german.kernel?.value]).toEqual(["2.4.13.0", "5.15.167.4-1"]);
	const list = parseWsl(
		artifactFromText(
			"wsl",
			"  NAME              STATE           VERSION\n* Ubuntu-22.04      Running         2\n  docker-desktop    Stopped         2\n",
		),
	);
	expect(list.distributions.map(({ value }) => [value.name, value.running])).toEqual([
		["Ubuntu-22.04", true],
		["docker-desktop", false],
	]);
});
