// @vitest-environment jsdom
import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { flushedNat } from "../../../tests/support/fake-engine";
import type { Trace } from "../../engine/packet-path/trace";
import { PacketLine } from "./PacketLine";

const trace = flushedNat([]).trace;
if (!trace) throw new Error("the fixture has a trace");

describe("the packet line", () => {
	it("tells each station with its state in words, in order", () => {
		render(<PacketLine trace={trace} />);
		const stations = within(screen.getByRole("list")).getAllByRole("button");
		expect(stations.map((station) => station.textContent)).toEqual([
			"client, passed. Sends to port 8081.",
			"DOCKER, stops here. The chain is missing.",
			"172.17.0.3:80, not reached. The container.",
		]);
	});

	it("shows the stopped station first, and any other that the arrows reach", async () => {
		const user = userEvent.setup();
		render(<PacketLine trace={trace} />);
		expect(screen.getByRole("button", { name: /DOCKER/ })).toHaveAttribute("aria-pressed", "true");
		await user.tab();
		await user.keyboard("{ArrowRight}");
		const last = screen.getByRole("button", { name: /172/ });
		expect(last).toHaveFocus();
		expect(last).toHaveAttribute("aria-pressed", "true");
		await user.keyboard("{Home}");
		expect(screen.getByRole("button", { name: /client/ })).toHaveFocus();
	});

	it("says how to follow it further where that is unknown", () => {
		const unknown: Trace = {
			...trace,
			outcome: "unknown",
			steps: trace.steps.map((step) => (step.state === "stopped" ? { ...step, state: "unknown" } : step)),
			needs: ["sudo iptables-save"],
		};
		render(<PacketLine trace={unknown} />);
		expect(screen.getByRole("heading", { name: "As far as the packet can be followed" })).toBeVisible();
		expect(screen.getByText("sudo iptables-save")).toBeVisible();
	});

	it("names the one rule that decides", () => {
		const decidedBy = {
			backend: "nf_tables",
			family: "ip",
			table: "filter",
			chain: "DOCKER-USER",
			rule: 1,
			text: "-A DOCKER-USER -i eth0 -j DROP",
		} as const;
		render(<PacketLine trace={{ ...trace, decidedBy }} />);
		expect(screen.getByText(/^Decided by rule 1 of/)).toHaveTextContent(
			"Decided by rule 1 of DOCKER-USER, table filter: -A DOCKER-USER -i eth0 -j DROP",
		);
	});
});
