import { valueOr } from "../facts/fact";
import { readingsOf } from "../facts/reading";
import type { Identity } from "./comparison";
import { type Side, timeOf } from "./side";

type Sign = Identity["signs"][number] & {
	/** Enough by itself: no two machines share it by chance. */
	readonly proves: boolean;
};

const for_ = (says: string, proves: boolean): Sign => ({ says, speaksFor: "same", proves });
const against = (says: string, proves: boolean): Sign => ({ says, speaksFor: "another", proves });

/**
 * Whether two pastes are of one machine. A container's or a network's id is made once. dockerd's own id is copied with
 * the image of a disk, a host name may be given twice, and containers of one machine share its boot id (two hosts of the
 * lab do): these outweigh each other, and where as many speak for as against, nobody can tell.
 */
export function identify(before: Side, after: Side): Identity {
	const signs = [
		boot(before, after),
		shared("container", containerIds(before), containerIds(after)),
		shared("network", networkIds(before), networkIds(after)),
		engine(before, after),
		names(before, after),
		distribution(before, after),
	].flatMap((sign) => sign ?? []);
	const [first, second] = [timeOf(before), timeOf(after)];
	return {
		answer: answerOf(signs),
		signs: signs.map(({ says, speaksFor }) => ({ says, speaksFor })),
		minutesLater: first === null || second === null ? null : Math.round((second - first) / 60_000),
	};
}

function answerOf(signs: readonly Sign[]): Identity["answer"] {
	if (signs.some(({ speaksFor, proves }) => proves && speaksFor === "same")) return "same";
	const balance = signs.reduce((sum, { speaksFor }) => sum + (speaksFor === "same" ? 1 : -1), 0);
	return balance === 0 ? "cannot-tell" : balance > 0 ? "same" : "another";
}

function boot(before: Side, after: Side): Sign | null {
	const ids = [before, after].map(({ facts }) => facts.sysctls.get("kernel.random.boot_id")?.value);
	// Another boot id says only that there was a reboot, or that it is another machine.
	return ids[0] && ids[0] === ids[1] ? for_("the same boot of the same kernel (boot id)", false) : null;
}

const containerIds = ({ facts }: Side) => valueOr(facts.containers, []).map(({ id }) => id);
const networkIds = ({ facts }: Side) => valueOr(facts.networks, []).map(({ id }) => id);

/** Ids as `docker ps` cuts them: twelve digits. */
function shared(
	what: "container" | "network",
	before: readonly (string | null)[],
	after: readonly (string | null)[],
): Sign | null {
	const short = (ids: readonly (string | null)[]) =>
		ids.flatMap((id) => (id !== null && /^[0-9a-f]{12}/.test(id) ? [id.slice(0, 12)] : []));
	const earlier = new Set(short(before));
	const same = [...new Set(short(after))].filter((id) => earlier.has(id));
	if (same.length === 0) return null;
	const [first = ""] = same;
	return for_(
		same.length === 1 ? `the ${what} \`${first}\` in both` : `${same.length} ${what}s in both, \`${first}\` among them`,
		true,
	);
}

function engine(before: Side, after: Side): Sign | null {
	const [first, second] = [before, after].map(
		({ readings }) =>
			readingsOf(readings, "docker-info")
				.map(({ parsed }) => parsed.engineId?.value)
				.find((id) => id !== undefined) ?? null,
	);
	if (!first || !second) return null;
	return first === second ? for_("the same engine id in `docker info`", false) : against("another engine id", false);
}

/** What a distribution's image calls every machine. */
const ANYBODY: ReadonlySet<string> = new Set(["localhost", "localhost.localdomain", "ubuntu", "debian", "alpine"]);

function names(before: Side, after: Side): Sign | null {
	const [first, second] = [before, after].map(hostName);
	if (!first || !second) return null;
	if (first !== second) return against(`the host is called \`${second}\`, not \`${first}\``, false);
	return ANYBODY.has(first) ? null : for_(`the host name \`${first}\``, false);
}

/** As docker, the kernel or a prompt calls it, short and in lower case; null where they differ or say nothing. */
function hostName({ readings }: Side): string | null {
	const docker = readingsOf(readings, "docker-info").map(({ parsed }) => parsed.hostName?.value);
	const kernel = readingsOf(readings, "uname").map(({ parsed }) => parsed.hostName?.value);
	const prompts = readings.flatMap(({ artifact }) =>
		artifact.kind.startsWith("docker-") || artifact.kind.startsWith("iptables-") ? (artifact.host ?? []) : [],
	);
	const said = [...docker, ...kernel, ...prompts].find((name) => name !== undefined && name !== "");
	return said?.toLowerCase().split(".", 1)[0] ?? null;
}

function distribution(before: Side, after: Side): Sign | null {
	const [first, second] = [before, after].map(({ facts }) => valueOr(facts.distribution, null)?.id ?? null);
	return first && second && first !== second ? against(`it runs \`${second}\`, not \`${first}\``, false) : null;
}
