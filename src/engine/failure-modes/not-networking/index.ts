import { failureMode, type Sign, sign, undecided } from "../../diagnose/failure-mode";
import { crashing, deadProbes, isLooping, pressingFailures } from "../../facts/engine-state";
import { complaints, placesOfFailures } from "../../facts/failure-facts";
import type { FoldedFailure } from "../../facts/host-facts";
import { type Plainly, plainHeadline, plainlyElsewhere, plainWords } from "./no-rule-involved";

type Params = {
	readonly area: string;
	readonly container: string | null;
	/** The error could not be read; it only names nothing of Docker's network. */
	readonly unread: boolean;
	/** What the evidence says in so many words. */
	readonly plainly: Plainly | null;
};

const AREAS: Readonly<Record<string, string>> = {
	storage: "the storage driver",
	"disk-full": "a full disk",
	cgroup: "cgroups",
	runtime: "the container’s own program",
	image: "the image or its registry",
	tls: "certificates",
	memory: "memory",
	dns: "name resolution",
	permission: "permissions on files or the Docker socket",
	containerd: "containerd",
	other: "something other than the network",
};

export default failureMode<"not-networking", Params>({
	id: "not-networking",
	title: "What fails here is not the network",
	effect: "The container or dockerd fails for another reason",
	impact: "medium",
	minutes: null,
	explains: [],

	headline: ({ plainly }) => (plainly ? plainHeadline(plainly) : "What fails here is not the network"),
	effectHere: ({ plainly }) =>
		plainly ? (plainly.kind === "no-own-network" ? "The port is not published" : "The container does not start") : null,

	detect(facts) {
		const elsewhere = [
			...complaints(facts.failures, "elsewhere"),
			...complaints(facts.failures, "socket-permission"),
		].filter((one) => one.best.weight === "fatal" || one.best.weight === "error");
		const signs: Sign[] = [];
		const first = elsewhere[0];
		const area = first?.complaint.kind === "elsewhere" ? first.complaint.area : first ? "permission" : "runtime";
		if (first) signs.push(sign(`The error is about ${AREAS[area] ?? "something else"}`, placesOfFailures(elsewhere)));
		const wanted = crashing(facts).filter(
			(one) => one.state !== "exited" || (one.inspected?.wantedPorts.length ?? 0) > 0,
		);
		for (const one of wanted.slice(0, 3))
			signs.push(
				sign(
					`Container \`${one.name ?? one.id ?? "?"}\` ends by itself${one.exitCode === null ? "" : ` with exit code ${one.exitCode}`}${one.state === "restarting" || isLooping(one) ? " and is started again and again" : ""}: nothing is left behind its port`,
					one.at,
				),
			);
		const networking = pressingFailures(facts).filter(
			(one) =>
				one.complaint.kind !== "elsewhere" &&
				one.complaint.kind !== "socket-permission" &&
				one.complaint.kind !== "daemon-unreachable" &&
				one.complaint.kind !== "start-limit-hit",
		);
		const plain = plainlyElsewhere(facts);
		if (plain && (plain.refused || signs.length === 0))
			return {
				kind: "present",
				confidence: networking.every(isPlain) ? plain.confidence : "possible",
				params: { area: "other", container: null, unread: false, plainly: plain.plainly },
				signs: [...plain.signs, ...signs],
				ask: plain.plainly.kind === "no-such-address" ? ["addresses"] : [],
			};
		if (signs.length === 0) {
			const unread = facts.unreadErrors;
			if (unread.length === 0 || unread.some((one) => one.namesNetwork) || deadProbes(facts).length > 0)
				return undecided("docker-ps", "dockerd-log");
			signs.push(
				sign(
					"This error names nothing of Docker’s network",
					unread.map((one) => one.at),
				),
			);
			return {
				kind: "present",
				confidence: "possible",
				params: { area: "other", container: null, unread: true, plainly: null },
				signs,
				ask: ["docker-ps", "dockerd-log"],
			};
		}
		const params: Params = { area, container: wanted[0]?.name ?? null, unread: false, plainly: null };
		if (networking.length > 0)
			return {
				kind: "present",
				confidence: "possible",
				params,
				signs,
				against: [sign("There is an error of the network as well", placesOfFailures(networking))],
			};
		return {
			kind: "present",
			confidence: first?.best.weight === "fatal" || wanted.length > 0 ? "certain" : "likely",
			params,
			signs,
		};
	},

	explain({ area, container, unread, plainly }) {
		if (plainly) return plainWords(plainly);
		if (unread)
			return "The only error here names nothing of Docker’s network, and its words are not known here. `docker ps -a` and dockerd’s log tell whether anything of Docker failed.";
		if (container)
			return `\`${container}\` does not stay up, so there is nothing for a packet to reach. Its own output says why: \`docker logs ${container}\`. No rule of netfilter is involved.`;
		return `The failing part is ${AREAS[area] ?? "something else"}. No rule, chain or module of netfilter is involved, and no change to the firewall will help.`;
	},

	fix: () => ({
		summary: "Nothing to repair in the network.",
		before: [],
		steps: [],
		after: [],
		instead: [],
		proveFromOutside: null,
	}),
	prevent: () => null,
});

/** What is said plainly is no error of the network beside it. */
const isPlain = ({ complaint }: FoldedFailure) =>
	complaint.kind === "address-unavailable" ||
	complaint.kind === "ports-discarded" ||
	(complaint.kind === "permission" && complaint.what === "port");
