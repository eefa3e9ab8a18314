import { describe, expect, it } from "vitest";
import { redactText } from "./redact";

const weeks = (text: string, shiftWeeks: number): string => redactText(text, { shiftWeeks });

describe("dates", () => {
	it.each([
		["journalctl, short", "Nov 23 07:59:53 localhost kernel: x", "Nov 30 07:59:53 localhost kernel: x"],
		["padded with a blank", "Nov  2 07:59:53 localhost kernel: x", "Nov  9 07:59:53 localhost kernel: x"],
		["from one digit to two, padded", "Nov  5 07:59:53 localhost x: y", "Nov 12 07:59:53 localhost x: y"],
		["padded with a nought", "Nov 02 07:59:53 localhost x: y", "Nov 09 07:59:53 localhost x: y"],
		["into the next month", "Nov 26 07:59:53 localhost x: y", "Dec 03 07:59:53 localhost x: y"],
		["in German", "Okt 28 07:59:53 localhost x: y", "Nov 04 07:59:53 localhost x: y"],
		["in German, day first", "28. Okt 07:59:53 localhost x: y", "04. Nov 07:59:53 localhost x: y"],
		[
			"dockerd's",
			'time="2026-12-28T07:59:53.123456789Z" level=info',
			'time="2027-01-04T07:59:53.123456789Z" level=info',
		],
		["with a zone", "2026-02-25T07:59:53+0100 localhost x: y", "2026-03-04T07:59:53+0100 localhost x: y"],
		["over a leap day", "2024-02-25 07:59:53,123 INFO", "2024-03-03 07:59:53,123 INFO"],
		["full, with a weekday", "Mon 2026-11-23 07:59:53 UTC; 3min ago", "Mon 2026-11-30 07:59:53 UTC; 3min ago"],
		["dmesg -T", "[Mon Nov 23 07:59:53 2026] x", "[Mon Nov 30 07:59:53 2026] x"],
		["dmesg -T into another year", "[Mon Dec 28 07:59:53 2026] x", "[Mon Jan 04 07:59:53 2027] x"],
		["date", "Mon Nov 23 07:59:53 UTC 2026", "Mon Nov 30 07:59:53 UTC 2026"],
		["access log", "[23/Nov/2026:07:59:53 +0100]", "[30/Nov/2026:07:59:53 +0100]"],
		["docker inspect", '"StartedAt": "2026-11-23T07:18:45.6Z"', '"StartedAt": "2026-11-30T07:18:45.6Z"'],
		["ls -l", "-rw-r--r-- 1 root root 4 Nov 23 07:59 daemon.json", "-rw-r--r-- 1 root root 4 Nov 30 07:59 daemon.json"],
		["kubelet's", "E1123 07:59:53.123456 1 x.go:1] y", "E1130 07:59:53.123456 1 x.go:1] y"],
		["compact", "X-Amz-Date=20261123T075953Z&x", "X-Amz-Date=20261130T075953Z&x"],
		["audit's", "audit(1795420793.123:456): x", "audit(1796025593.123:456): x"],
	])("are moved: %s", (_, text, moved) => {
		expect(weeks(text, 1)).toBe(moved);
		expect(moved.length).toBe(text.length);
	});

	it.each([
		"[12345.678901] br0: port 1(veth0) entered forwarding state",
		"3f2a\t2 hours ago\tUp 3 minutes",
		" 07:59:53 up 3:16,  0 user,  load average: 0.13",
		'"FinishedAt": "0001-01-01T00:00:00Z"',
		" Built:             Tue Oct  8 12:00:00 2024",
		"Linux localhost 6.1.0 #1 SMP PREEMPT_DYNAMIC Debian 6.1.128-1 (2025-02-07 10:00:00) x86_64",
		"02:42:ac:11:00:02 00:00:5e:00:53:01",
		"containerd 1.7.24 2026-11-23 alpine:2026-11-23",
		"-A DOCKER -d 172.17.0.2/32 -p tcp --dport 80 [12:3456]",
	])("are none: %s", (text) => {
		expect(weeks(text, 5)).toBe(redactText(text));
	});

	it("stay padded and in the language of their text", () => {
		expect(weeks("Nov 12 07:59:53 a\nNov  9 07:59:53 b", -1)).toBe("Nov  5 07:59:53 a\nNov  2 07:59:53 b");
		expect(weeks("Nov 04 07:59:53 a\nOkt 30 07:59:53 b", -1)).toBe("Okt 28 07:59:53 a\nOkt 23 07:59:53 b");
	});

	it("without a year move only as far as they stay in order", () => {
		const log = "Dec 20 07:59:53 localhost x: y\nDec 24 07:59:53 localhost x: z";
		expect(weeks(log, 30)).toBe("Dec 27 07:59:53 localhost x: y\nDec 31 07:59:53 localhost x: z");
		expect(weeks("Jan 03 07:59:53 localhost x: y\nDec 30 07:59:53 localhost x: z", 9)).toContain("Jan 03");
		expect(weeks("Jan 03 07:59:53 localhost x: y", -2)).toBe("Jan 17 07:59:53 localhost x: y");
		expect(weeks("Nov 23 07:59:53 localhost x: y\n2026-11-23T08:00:00Z z", 10)).toBe(
			"Feb 01 07:59:53 localhost x: y\n2027-02-01T08:00:00Z z",
		);
	});
});
