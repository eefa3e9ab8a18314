import { useEffect, useMemo, useState } from "react";
import type { Impact } from "../../engine/diagnose/failure-mode";
import type { CatalogueEntry, Piece } from "../../state/workspace-store";
import { classes } from "../components/classes";
import { Sentence } from "../components/Sentence";
import { Article, type Diagnose } from "./Article";
import styles from "./catalogue.module.css";

const c = classes(styles);

const IMPACTS: readonly { readonly id: Impact | "all"; readonly label: string }[] = [
	{ id: "all", label: "All" },
	{ id: "high", label: "High impact" },
	{ id: "medium", label: "Medium" },
	{ id: "low", label: "Low" },
];

type Props = {
	/** The failure mode whose article is open; null for the list alone. */
	readonly open: string | null;
	readonly catalogue: () => Promise<readonly CatalogueEntry[]>;
	readonly onTry: (pieces: readonly Piece[]) => void;
	readonly diagnose: Diagnose;
};

/** All failure modes: search, filter, and each one's article under an address of its own. */
export function Catalogue({ open, catalogue, onTry, diagnose }: Props) {
	const [entries, setEntries] = useState<readonly CatalogueEntry[] | null>(null);
	const [failed, setFailed] = useState(false);
	const [search, setSearch] = useState("");
	const [impact, setImpact] = useState<Impact | "all">("all");
	useEffect(() => {
		catalogue().then(setEntries, () => setFailed(true));
	}, [catalogue]);
	const shown = useMemo(() => {
		const words = search.toLowerCase().split(/\s+/).filter(Boolean);
		return (entries ?? []).filter((entry) => {
			const text = `${entry.id} ${entry.title} ${entry.effect}`.toLowerCase();
			return (impact === "all" || entry.impact === impact) && words.every((word) => text.includes(word));
		});
	}, [entries, impact, search]);
	const entry = entries?.find(({ id }) => id === open);
	return (
		<div className={c("catalogue", open !== null && "opened")}>
			<section className={c("index")} aria-label="List of failure modes">
				{open === null ? <h1>Failure modes</h1> : <p className={c("title")}>Failure modes</p>}
				<p className={c("lead")}>What can be wrong and be repaired. Each has an id that never changes.</p>
				<input
					type="search"
					aria-label="Search failure modes"
					placeholder="Search: a message, a chain, a word"
					value={search}
					onChange={(event) => setSearch(event.target.value)}
				/>
				<fieldset className={c("filter")}>
					<legend className="visually-hidden">Impact</legend>
					{IMPACTS.map(({ id, label }) => (
						<label key={id}>
							<input type="radio" name="impact" checked={impact === id} onChange={() => setImpact(id)} />
							<span>{label}</span>
						</label>
					))}
				</fieldset>
				<p role="status" className="visually-hidden">
					{entries ? `${shown.length} of ${entries.length} failure modes` : ""}
				</p>
				{failed ? <p role="alert">The list could not be read: the engine did not answer.</p> : null}
				<ul className={c("list")}>
					{shown.map(({ id, title, effect, impact: of }) => (
						<li key={id}>
							<a href={`#/failure-modes/${id}`} aria-current={id === open ? "page" : undefined}>
								<span className={c("name")}>
									<Sentence text={title} />
								</span>
								<span className={c("effect")}>
									{effect}
									{of === "none" ? "" : ` · ${of} impact`}
								</span>
								<code>{id}</code>
							</a>
						</li>
					))}
				</ul>
				{entries && shown.length === 0 ? <p className={c("lead")}>None matches. Try one word of the message.</p> : null}
			</section>
			{open === null ? null : (
				<article className={c("reader")}>
					<p className={c("back")}>
						<a href="#/failure-modes">All failure modes</a>
					</p>
					{entry ? (
						<>
							<p className={c("facts")}>
								<span className={c("effect")}>{entry.effect}</span>
								{entry.impact === "none" ? null : <span>{entry.impact} impact</span>}
								{entry.minutes === null ? null : <span>about {entry.minutes} minutes</span>}
							</p>
							<h1>
								<Sentence text={entry.title} />
							</h1>
							<p className={c("id")}>
								<code>{entry.id}</code>
							</p>
							<Article id={entry.id} onTry={onTry} diagnose={diagnose} />
						</>
					) : entries ? (
						<>
							<h1>No such failure mode</h1>
							<p>
								There is none with the id <code>{open}</code>.
							</p>
						</>
					) : null}
				</article>
			)}
		</div>
	);
}
