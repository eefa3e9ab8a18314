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
				<span className={c("count", missing > 0 && "fault")}>
					{missing === 0 ? `all ${expected.length} found` : `${missing} of ${expected.length} missing`}
				</span>
			</summary>
			<table>
				<thead>
					<tr>
						<th scope="col">Chain</th>
						<th scope="col">Expected</th>
						<th scope="col">Found</th>
					</tr>
				</thead>
				{[...groupBy(expected, ({ table, chain }) => `${table} ${chain}`)].map(([key, rows]) => (
					<tbody key={key}>
						{rows.map((row, index) => (
							<Row key={row.what} row={row} heads={index === 0 ? rows.length : 0} analysis={analysis} onShow={onShow} />
						))}
					</tbody>
				))}
			</table>
		</details>
	);
}

type RowProps = Props & {
	readonly row: Expected;
	/** How many rows the chain's name stands beside; 0 where it stands above already. */
	readonly heads: number;
};

function Row({ row, heads, analysis, onShow }: RowProps) {
	const isMissing = row.state === "missing";
	return (
		<tr className={c(isMissing && "missing")}>
			{heads > 0 ? (
				<th scope="rowgroup" rowSpan={heads}>
					<span className={c("table")}>{row.table}</span> <span className={c("chain")}>{row.chain}</span>
				</th>
			) : null}
			<td>
				<Sentence text={row.what} />
			</td>
			<td>
				{isMissing ? <span className={c("fault")}>missing</span> : null}
				<Places analysis={analysis} at={row.at.slice(0, 1)} onShow={onShow} />
			</td>
		</tr>
	);
}
