import type { Analysis, Finding } from "../../engine/diagnose/analysis";
import type { Sign } from "../../engine/diagnose/failure-mode";
import type { Span } from "../../engine/text/span";
import { type PlaceInSource, placeOf } from "../../state/marks";
import { Button } from "../components/Button";
import { classes } from "../components/classes";
import { Sentence } from "../components/Sentence";
import styles from "./signs.module.css";
import { toneOf } from "./tone";

const c = classes(styles);

/** Takes the person to the line that a sign was read from. */
export type ShowPlace = (place: PlaceInSource) => void;

/** Links to the places of one sign. More than three are counted, not listed. */
export function Places(props: {
	readonly analysis: Analysis;
	readonly at: readonly Span[];
	readonly onShow: ShowPlace;
}) {
	const places = props.at.map((span) => placeOf(props.analysis, span)).filter((place) => place !== null);
	const shown = places.slice(0, 3);
	if (shown.length === 0) return null;
	return (
		<span className={c("places")}>
			{shown.map((place) => (
				<Button key={`${place.source}:${place.from}:${place.to}`} look="link" onClick={() => props.onShow(place)}>
					{place.label}
				</Button>
			))}
			{places.length > shown.length ? <span className={c("more")}>and {places.length - shown.length} more</span> : null}
		</span>
	);
}

type Props = {
	readonly analysis: Analysis;
	readonly finding: Finding;
	readonly onShow: ShowPlace;
	/** Only the first finding's signs are numbered and marked in the editors. */
	readonly numbered: boolean;
};

/** The signs for and against a finding, each with the lines that show it. */
export function Signs({ analysis, finding, onShow, numbered }: Props) {
	const { signs, against } = finding;
	const tone = numbered ? toneOf(finding) : "plain";
	const count = `${signs.length} ${signs.length === 1 ? "sign" : "signs"}, ${against.length === 0 ? "none" : against.length} against`;
	const row = (sign: Sign, index: number, isAgainst: boolean) => (
		<li
			key={index}
			className={c("sign")}
			id={numbered && !isAgainst ? `sign-${index + 1}` : undefined}
			tabIndex={numbered && !isAgainst ? -1 : undefined}
		>
			<span className={c("number", isAgainst ? "plain" : tone)}>{isAgainst ? "but" : numbered ? index + 1 : "–"}</span>
			<span className={c("says")}>
				<Sentence text={sign.says} />
			</span>
			<Places analysis={analysis} at={sign.at} onShow={onShow} />
		</li>
	);
	if (signs.length + against.length === 0) return null;
	return (
		<section aria-label={`Because: ${count}`}>
			<header className={c("head")}>
				<h2>Because</h2>
				<p>{count}</p>
			</header>
			<ol className={c("list")}>
				{signs.map((sign, index) => row(sign, index, false))}
				{against.map((sign, index) => row(sign, index, true))}
			</ol>
		</section>
	);
}
