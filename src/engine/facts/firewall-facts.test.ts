import { expect, it } from "vitest";
import { ufwOnPort } from "./firewall-facts";

it.each([
	["allowed", "8080/tcp                   ALLOW IN    Anywhere"],
	["allowed", "8080                       ALLOW       Anywhere"],
	["allowed", "[ 2] 8080/tcp                   LIMIT IN    Anywhere"],
	["allowed", "8000:8100/tcp              ALLOW IN    Anywhere"],
	["allowed", "80,443,8080/tcp            ALLOW IN    Anywhere"],
	["allowed", "8080/tcp (v6)              ALLOW IN    Anywhere (v6)"],
	["allowed", "Anywhere                   ALLOW IN    Anywhere"],
	["not-named", "22/tcp                     ALLOW IN    Anywhere"],
	["not-named", "8080/udp                   ALLOW IN    Anywhere"],
	["not-named", "8080/tcp                   DENY IN     Anywhere"],
	["not-named", "172.17.0.2 8080/tcp        ALLOW FWD   Anywhere"],
	["not-named", "8080/tcp                   ALLOW OUT   Anywhere"],
	["open", "Nginx Full                 ALLOW IN    Anywhere"],
	["open", "8080/tcp                   ALLOW IN    10.0.0.0/8"],
	["open", "Anywhere on docker0        ALLOW IN    Anywhere"],
	["open", "8080/tcp on wg0            ALLOW IN    Anywhere"],
])("says %s of port 8080 by %j", (answer, rule) => {
	expect(ufwOnPort(["22/tcp                     ALLOW IN    Anywhere", rule], 8080)).toBe(answer);
});

it("lets one rule that allows outweigh one that can't be told", () => {
	expect(
		ufwOnPort(
			["OpenSSH                    ALLOW       Anywhere", "8080/tcp                   ALLOW       Anywhere"],
			8080,
		),
	).toBe("allowed");
});
