import type { Analysis, Expected } from "../../engine/diagnose/analysis";
import { classes } from "../components/classes";
import { groupBy } from "../components/group-by";
import { Sentence } from "../components/Sentence";
import styles from "./expected-rules.module.css";
import { Places, type ShowPlace } from "./Signs";

const c = classes(styles);

type Props = { readonly analysis: Analysis; readonly onShow: ShowPlace };

/** What Docker keeps in the tables, chain by chain, and whether the listing has it. Closed until asked for. */
export function ExpectedRules({ analysis, onShow }: Props) {
	const { expected } = analysis;
	const missing = expected.filter(({ state }) => state === "missing").length;
	if (expected.length === 0) return null;
	return (
		<details className={c("rules")}>
			<summary>
				<span className={c("title")}>Docker’s rules, expected and found</span>
				<span className={c(missing > 0 ? "fault" : "count")}>
					{missing === 0 ? `all ${expected.length} found` : `${missing} of ${expected.length} missing`}
				</span>
			</summary>
			{[...groupBy(expected, ({ table, chain }) => `${table} ${chain}`)].map(([key, rows]) => (
				<Chain key={key} rows={rows} analysis={analysis} onShow={onShow} />
			))}
		</details>
	);
}

/** One chain with what stands in it. Of a chain that is not there the listing can say no more. */
function Chain({ rows, analysis, onShow }: Props & { readonly rows: readonly Expected[] }) {
	const [first] = rows;
	if (!first) return null;
	const whole = rows.find(({ what, chain }) => what === `chain \`${chain}\``);
	const inside = rows.length - 1;
	const shown: readonly Expected[] =
		whole?.state === "missing"
			? [
					{
						...whole,
						what: inside === 0 ? "the chain" : `the chain with ${inside === 1 ? "its rule" : `its ${inside} rules`}`,
					},
				]
			: rows;
	return (
		<div className={c("group")}>
			<h3>
				<span className={c("table")}>{first.table}</span> {first.chain}
			</h3>
			<ul>
				{shown.map(({ what, state, at }) => (
					<li key={what}>
						<span className={c(state === "missing" ? "fault" : "count")}>
							{state === "missing" ? "missing" : "found"}
						</span>
						<span>
							<Sentence text={what} />
						</span>
						<Places analysis={analysis} at={at.slice(0, 1)} onShow={onShow} />
					</li>
				))}
			</ul>
		</div>
	);
}
