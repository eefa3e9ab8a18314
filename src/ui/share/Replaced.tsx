import type { Replacement } from "../../state/workspace-store";
import { classes } from "../components/classes";
import { groupBy } from "../components/group-by";
import styles from "./share-dialog.module.css";

const c = classes(styles);

/** What was replaced, by kind and count; secrets first. */
export function Replaced({ replaced }: { readonly replaced: readonly Replacement[] }) {
	if (replaced.length === 0)
		return <p>No secret and no identity was found. Look through the text before you send it.</p>;
	const secretsFirst = [...replaced].sort((a, b) => Number(b.category === "secret") - Number(a.category === "secret"));
	const byKind = [...groupBy(secretsFirst, ({ kind }) => kind)];
	const places = replaced.reduce((sum, { count }) => sum + count, 0);
	return (
		<details className={c("carried")}>
			<summary>
				Replaced: {replaced.length} things in {places} places (
				{byKind.map(([kind, of]) => `${of.length}× ${kind}`).join(", ")})
			</summary>
			<table className={c("replaced")}>
				<caption className="visually-hidden">What was replaced</caption>
				<thead>
					<tr>
						<th scope="col">Kind</th>
						<th scope="col">Stands for it</th>
						<th scope="col">Places</th>
					</tr>
				</thead>
				<tbody>
					{byKind.map(([kind, of]) => (
						<tr key={kind}>
							<th scope="row">{kind}</th>
							<td>
								{of.slice(0, 8).map(({ pseudonym }) => (
									<span key={pseudonym} className={c("pseudonym")} title={pseudonym}>
										{pseudonym}
									</span>
								))}
								{of.length > 8 ? <span>and {of.length - 8} more</span> : null}
							</td>
							<td>{of.reduce((sum, { count }) => sum + count, 0)}</td>
						</tr>
					))}
				</tbody>
			</table>
		</details>
	);
}
