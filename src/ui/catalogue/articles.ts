/** Articles and example pastes of the failure modes, as text, each loaded when it is opened. */
const ARTICLES = import.meta.glob<string>("../../engine/failure-modes/*/article.md", {
	query: "?raw",
	import: "default",
});
const CASES = import.meta.glob<string>("../../engine/failure-modes/*/cases/*/evidence.txt", {
	query: "?raw",
	import: "default",
});

const loaders = (files: Readonly<Record<string, () => Promise<string>>>) => new Map(Object.entries(files));
const articles = loaders(ARTICLES);
const cases = loaders(CASES);

/** The article of one failure mode; null when it has none. The id may come from an address: it is looked up, not joined into a path that is fetched. */
export async function loadArticle(id: string): Promise<string | null> {
	return (await articles.get(`../../engine/failure-modes/${id}/article.md`)?.()) ?? null;
}

/** The paste of one case; null when there is none. */
export async function loadCase(id: string, slug: string): Promise<string | null> {
	return (await cases.get(`../../engine/failure-modes/${id}/cases/${slug}/evidence.txt`)?.()) ?? null;
}
