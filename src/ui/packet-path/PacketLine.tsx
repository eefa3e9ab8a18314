import { type CSSProperties, Fragment, type KeyboardEvent, useRef, useState } from "react";
import type { Decision, Flow, Outcome, Step, Trace } from "../../engine/packet-path/trace";
import { classes } from "../components/classes";
import { Sentence } from "../components/Sentence";
import styles from "./packet-line.module.css";

const c = classes(styles);

const HEADINGS: Readonly<Record<Outcome, string>> = {
	delivered: "The packet's way",
	dropped: "Where the packet stops",
	rejected: "Where the packet stops",
	refused: "Where the packet stops",
	unknown: "As far as the packet can be followed",
};

const OUTCOMES: Readonly<Record<Outcome, string>> = {
	delivered: "arrives",
	dropped: "dropped without an answer",
	rejected: "rejected",
	refused: "refused: it reaches the host, where nothing listens",
	unknown: "unknown from the first dashed station on",
};

const STATES: Readonly<Record<Step["state"], string>> = {
	passed: "passed",
	stopped: "stops here",
	unknown: "not shown",
	"not-reached": "not reached",
};

const OWNERS = {
	docker: "Docker",
	ufw: "ufw",
	firewalld: "firewalld",
	fail2ban: "fail2ban",
	kubernetes: "Kubernetes",
	you: "you or a script of yours",
} as const;

/** Where a packet to the same port can come from. */
type Origin = Pick<Flow, "from" | "ownAddress">;

const ORIGINS: readonly { readonly key: string; readonly origin: Origin; readonly label: string }[] = [
	{ key: "outside", origin: { from: "outside" }, label: "outside" },
	{ key: "loopback", origin: { from: "host" }, label: "the host itself, by loopback" },
	{ key: "own", origin: { from: "host", ownAddress: true }, label: "the host itself, by its own address" },
	{ key: "container", origin: { from: "container" }, label: "a container" },
];

/** Where the packet comes from, for the list of choices; what was asked elsewhere on the page has a line of its own. */
function originOf({ from, ownAddress, bridge, to, family }: Flow): { readonly key: string; readonly label: string } {
	const same = ORIGINS.find(
		({ origin }) => origin.from === from && (origin.ownAddress ?? false) === (ownAddress ?? false),
	);
	const label = same?.label ?? from;
	if (bridge === undefined && to === undefined && family !== 6) return { key: same?.key ?? "asked", label };
	const six = family === 6 ? ", IPv6" : "";
	return { key: "asked", label: bridge === undefined ? `${label}${six}` : `a container on ${bridge}${six}` };
}

/** `:8080`, or with the address where one was asked for. */
function toOf({ to, port }: Flow): string {
	if (to === undefined) return `:${port}`;
	return to.includes(":") ? `[${to}]:${port}` : `${to}:${port}`;
}

/** The line that leads to a station takes the look of what is known about reaching it. */
const segment = (to: Step | undefined): string | undefined => {
	if (!to) return undefined;
	return to.state === "unknown" ? "dashed" : to.state === "not-reached" ? "dotted" : "solid";
};

// A label may break where a reader would: after a blank, and before a port or a slash.
function Label({ station }: { readonly station: string }) {
	const parts = station.split(/(?=[:/])/);
	return parts.map((part, at) => (
		// biome-ignore lint/suspicious/noArrayIndexKey: the parts of one label never move
		<Fragment key={at}>
			{at > 0 ? <wbr /> : null}
			{part}
		</Fragment>
	));
}

function Node({ state }: { readonly state: Step["state"] }) {
	return (
		<svg className={c("node", state)} width="24" height="24" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
			<circle cx="12" cy="12" r={state === "stopped" ? 10.5 : 7} />
			{state === "stopped" ? <path d="M8.2 8.2l7.6 7.6M15.8 8.2l-7.6 7.6" /> : null}
			{state === "unknown" ? (
				<text x="12" y="15.5" textAnchor="middle">
					?
				</text>
			) : null}
		</svg>
	);
}

function Detail({ step }: { readonly step: Step }) {
	const { chain, rule } = step;
	// A sentence that quotes the rule has said it.
	const isQuoted = rule !== null && rule !== undefined && step.says.includes(rule.text);
	return (
		<>
			<p className={c("says")}>
				<Sentence text={step.says} />
			</p>
			{rule && !isQuoted ? (
				<p className={c("rule")}>
					<code>{rule.text}</code>
				</p>
			) : null}
			{chain || rule ? (
				<p className={c("where")}>
					{chain ? `${chain.table} table, chain ${chain.chain}` : null}
					{rule
						? `${rule.number === "policy" ? ", policy" : `, rule ${rule.number}`} · set by ${OWNERS[rule.owner]}`
						: null}
				</p>
			) : null}
		</>
	);
}

/** The one rule or policy that decides, in words that stand without the drawing. */
function Decides({ decision: { backend, family, table, chain, rule, text } }: { readonly decision: Decision }) {
	const where = family === "ip" ? table : `${family} ${table}`;
	return (
		<p className={c("needs")}>
			Decided by {rule === "policy" ? "the policy" : `rule ${rule}`} of <code>{chain}</code>, table {where}
			{backend === "legacy" ? " (iptables-legacy)" : null}: <code>{text}</code>
		</p>
	);
}

type Props = {
	readonly trace: Trace;
	/** The person wants to see the same port asked from elsewhere. Without it the origin is only told. */
	readonly onFrom?: (origin: Origin) => void;
};

/**
 * The packet's way as a transit line: one station a step. The list is the text equal for screen readers, each
 * station with its state and sentence. One tab stop; arrows move along the line and show each station's rule.
 */
export function PacketLine({ trace, onFrom }: Props) {
	const { steps, flow, outcome } = trace;
	const stop = steps.findIndex((step) => step.state === "stopped");
	const unknown = steps.findIndex((step) => step.state === "unknown");
	const telling = stop >= 0 ? stop : unknown >= 0 ? unknown : steps.length - 1;
	const [picked, setPicked] = useState<{ readonly of: readonly Step[]; readonly index: number } | null>(null);
	const pick = (index: number) => setPicked({ of: steps, index });
	const list = useRef<HTMLOListElement>(null);
	if (steps.length === 0) return null;
	const shown = picked?.of === steps ? picked.index : telling;
	const step = steps[shown];
	const origin = originOf(flow);

	const move = (event: KeyboardEvent) => {
		const to =
			event.key === "ArrowRight" || event.key === "ArrowDown"
				? Math.min(shown + 1, steps.length - 1)
				: event.key === "ArrowLeft" || event.key === "ArrowUp"
					? Math.max(shown - 1, 0)
					: event.key === "Home"
						? 0
						: event.key === "End"
							? steps.length - 1
							: -1;
		if (to < 0) return;
		event.preventDefault();
		pick(to);
		list.current?.querySelectorAll("button")[to]?.focus();
	};

	// Two columns a station, so that the middle of a station is a grid line and the callout can hang from it.
	const middle = 2 * shown + 2;
	const leans = shown < steps.length / 2 ? "start" : "end";
	const size = { "--columns": 2 * steps.length } as CSSProperties;

	return (
		<section className={c("way")} aria-label={HEADINGS[outcome]}>
			<header className={c("head")}>
				<h2>{HEADINGS[outcome]}</h2>
				<p>
					{flow.protocol} to <code>{toOf(flow)}</code> from{" "}
					{onFrom ? (
						<select
							aria-label="Where the packet comes from"
							value={origin.key}
							onChange={(event) => {
								const chosen = ORIGINS.find(({ key }) => key === event.target.value);
								if (chosen) onFrom(chosen.origin);
							}}
						>
							{(origin.key === "asked" ? [...ORIGINS, origin] : ORIGINS).map(({ key, label }) => (
								<option key={key} value={key}>
									{label}
								</option>
							))}
						</select>
					) : (
						origin.label
					)}
					{trace.translatedTo ? (
						<>
							{" "}
							· translated to <code>{trace.translatedTo}</code>
						</>
					) : null}
					{trace.viaProxy ? " · carried by docker-proxy" : null}
					{` · ${OUTCOMES[outcome]}`}
					{outcome === "unknown" && trace.possible.length > 1 ? ` (${trace.possible.join(" or ")})` : null}
				</p>
			</header>
			<div className={c("scroll")}>
				<div className={c("map")} style={size}>
					<ol className={c("stations")} ref={list} aria-label="Stations of the packet" onKeyDown={move}>
						{steps.map((at, index) => (
							<li
								// biome-ignore lint/suspicious/noArrayIndexKey: a station is its place on the way
								key={index}
								className={c("station", at.state, index === shown && "shown")}
								data-left={index > 0 ? segment(at) : undefined}
								data-right={segment(steps[index + 1])}
							>
								<button
									type="button"
									tabIndex={index === shown ? 0 : -1}
									aria-pressed={index === shown}
									onClick={() => pick(index)}
									onFocus={() => pick(index)}
								>
									<span className={c("label")}>
										<Label station={at.station} />
									</span>
									<Node state={at.state} />
									<span className="visually-hidden">
										, {STATES[at.state]}. {at.says}
									</span>
								</button>
								<div className={c("inline")} aria-hidden="true">
									<Detail step={at} />
								</div>
							</li>
						))}
					</ol>
					{step ? (
						<div
							className={c("callout", leans, step.state)}
							style={{ gridColumn: leans === "start" ? `${middle} / -1` : `1 / ${middle}` }}
						>
							<Detail step={step} />
						</div>
					) : null}
				</div>
			</div>
			{trace.decidedBy ? <Decides decision={trace.decidedBy} /> : null}
			{trace.needs.length > 0 ? (
				<p className={c("needs")}>
					To follow it further, paste{" "}
					{trace.needs.map((command, at) => (
						<Fragment key={command}>
							{at > 0 ? " or " : null}
							<code>{command}</code>
						</Fragment>
					))}
				</p>
			) : null}
		</section>
	);
}
