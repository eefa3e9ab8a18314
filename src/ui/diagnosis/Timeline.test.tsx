// @vitest-environment jsdom
import { cleanup, render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { analyse } from "../../engine/analyse";
import { ExpectedRules } from "./ExpectedRules";
import { Timeline } from "./Timeline";

afterEach(cleanup);

const LOG = `Nov 23 08:00:14 web01 systemd[1]: Started docker.service - Docker Application Container Engine.
Nov 23 08:10:03 web01 systemd[1]: Reloaded firewalld.service - firewalld - dynamic firewall daemon.
Nov 23 08:12:44 web01 dockerd[499]: time="2026-11-23T08:12:44.1Z" level=error msg="Handler for POST /v1.41/containers/5e1/start returned error: driver failed programming external connectivity on endpoint web (9c5):  (iptables failed: iptables --wait -t nat -A DOCKER -p tcp -d 0/0 --dport 8081 -j DNAT --to-destination 172.17.0.3:80 ! -i docker0: iptables: No chain/target/match by that name.\\n (exit status 1))"
`;
const RULES = `$ docker info
Server:
 Containers: 0
 Server Version: 26.1.5
$ iptables-save
*nat
:PREROUTING ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:DOCKER - [0:0]
-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
COMMIT
*filter
:FORWARD DROP [0:0]
COMMIT
`;
const read = (text: string) => analyse([{ id: "s1", name: "paste", text }]);

describe("Timeline", () => {
	it("lists the moments with their times and leads to the line of each", async () => {
		const onShow = vi.fn();
		render(<Timeline analysis={read(LOG)} onShow={onShow} />);
		const moments = within(screen.getByRole("region", { name: "What happened" })).getAllByRole("listitem");
		expect(moments.map((moment) => moment.textContent)).toEqual([
			expect.stringMatching(/^08:00:14dockerd came up/),
			expect.stringMatching(/^08:10:03firewalld was reloaded \(fault\)/),
			expect.stringMatching(/^08:12:44A container failed to start/),
		]);
		await userEvent.click(screen.getByRole("button", { name: /line 2$/ }));
		expect(onShow).toHaveBeenCalledWith(expect.objectContaining({ source: "s1", from: LOG.indexOf("Nov 23 08:10") }));
	});

	it("is not there without a story", () => {
		const { container } = render(<Timeline analysis={read("hello")} onShow={vi.fn()} />);
		expect(container.textContent).toBe("");
	});
});

describe("ExpectedRules", () => {
	it("counts what is missing, and tells of a missing chain once", () => {
		render(<ExpectedRules analysis={read(RULES)} onShow={vi.fn()} />);
		expect(screen.getByText(/^\d+ of \d+ missing$/)).toBeTruthy();
		const group = (name: string) =>
			screen.getByText((_, element) => element?.tagName === "H3" && element.textContent === name).parentElement
				?.textContent;
		expect(group("nat PREROUTING")).toMatch(/^nat PREROUTINGfoundthe jump from PREROUTING to DOCKER/);
		expect(group("nat OUTPUT")).toMatch(/^nat OUTPUTmissingthe jump from OUTPUT to DOCKER/);
		expect(group("filter DOCKER-USER")).toMatch(/^filter DOCKER-USERmissingthe chain/);
	});

	it("is not there where nothing was listed", () => {
		const { container } = render(<ExpectedRules analysis={read("hello")} onShow={vi.fn()} />);
		expect(container.textContent).toBe("");
	});
});
