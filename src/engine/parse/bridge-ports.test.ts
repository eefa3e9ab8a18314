import { expect, it } from "vitest";
import { artifactFromText } from "../text/span-of";
import { parseBridgePorts } from "./bridge-ports";

const read = (text: string) => parseBridgePorts(artifactFromText("bridge-ports", text));
const namesOf = (text: string) => read(text).bridges.map(({ name, ports }) => [name, ...ports]);

it("reads brctl show, the ports on lines of their own too, and knows that it names every bridge", () => {
	const text =
		"bridge name\tbridge id\t\tSTP enabled\tinterfaces\nbr-2f1e0d9c8b7a\t\t8000.0242d1a2b3c4\tno\t\tvethd4e5f60\n\t\t\t\t\t\t\tveth1234567\nvirbr0\t\t8000.5254001a2b3c\tyes\n";
	expect(namesOf(text)).toEqual([["br-2f1e0d9c8b7a", "vethd4e5f60", "veth1234567"], ["virbr0"]]);
	expect(read(text)).toMatchObject({ complete: true, remarks: [] });
});

// iproute2 6.1 and 6.15, the latter with -d.
it("reads bridge link, which names only bridges with a port", () => {
	const text =
		"5: veth3a1b2c3@if4: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 master docker0 state forwarding priority 32 cost 2 \n    hairpin off guard off root_block off fastleave off learning on flood on\n7: vethd4e5f60@if6: <BROADCAST,MULTICAST,UP> mtu 1500 master docker0 state disabled priority 32 cost 2\n";
	expect(namesOf(text)).toEqual([["docker0", "veth3a1b2c3", "vethd4e5f60"]]);
	expect(read(text)).toMatchObject({ complete: false, remarks: [] });
});

it("keeps what it cannot read as a remark", () => {
	expect(read("can't get info: No such device\n").remarks).toHaveLength(1);
});
