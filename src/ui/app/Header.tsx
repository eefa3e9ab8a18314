import { useStore } from "zustand";
import { type RequestsStore, requestCount } from "../../state/requests-store";
import type { Theme, ThemeStore } from "../../state/theme-store";
import { classes } from "../components/classes";
import { Mark } from "../components/Mark";
import styles from "./header.module.css";
import type { Route } from "./routes";

const c = classes(styles);

const THEMES: readonly { readonly id: Theme; readonly label: string }[] = [
	{ id: "system", label: "System" },
	{ id: "light", label: "Light" },
	{ id: "dark", label: "Dark" },
];

function Sealed({ requests }: { readonly requests: RequestsStore }) {
	const now = useStore(requests);
	const count = requestCount(now);
	const foreign = now.seen.filter(({ own }) => !own);
	return (
		<>
			<button
				type="button"
				className={c("sealed", foreign.length > 0 && "broken")}
				popoverTarget="sealed"
				aria-label={`Sealed: ${count} ${count === 1 ? "request" : "requests"} since load. How to check`}
			>
				<span className={c("dot")} aria-hidden="true" />
				<span>
					Sealed<span className={c("long")}>: {count === 1 ? "1 request" : `${count} requests`} since load</span>
				</span>
			</button>
			<div id="sealed" popover="auto" className={c("popover")}>
				<h2>What this page asked for</h2>
				<p>
					The browser's own record counts <strong>{count === 1 ? "1 request" : `${count} requests`}</strong> since the
					page had loaded
					{count === 0
						? "."
						: foreign.length === 0
							? ", all for files of this page itself. None carried what you pasted."
							: ". Some went elsewhere: do not paste secrets, and report this."}
				</p>
				{now.seen.length > 0 ? (
					<ul>
						{now.seen.slice(-12).map(({ url }, at) => (
							// biome-ignore lint/suspicious/noArrayIndexKey: a log of requests, one may come twice
							<li key={at}>
								<code>{url.split("/").at(-1)}</code>
							</li>
						))}
					</ul>
				) : null}
				<p>
					Check it yourself: open the developer tools (F12), the tab Network, clear it, and paste. Or pull the plug: a
					loaded page works without a network. <a href="#/local">How it stays local</a>
				</p>
			</div>
		</>
	);
}

type Props = { readonly route: Route; readonly theme: ThemeStore; readonly requests: RequestsStore };

/** The mark, the three pages, the seal and the theme. */
export function Header({ route, theme, requests }: Props) {
	const chosen = useStore(theme, ({ theme: now }) => now);
	const current = (isHere: boolean) => (isHere ? { "aria-current": "page" as const } : {});
	return (
		<header className={c("header")}>
			<a className={c("brand")} href="#/" aria-label="StackEngine, to your evidence">
				<Mark />
				<span>StackEngine</span>
			</a>
			<nav className={c("nav")} aria-label="Pages">
				<a href="#/" {...current(route.page === "diagnose")}>
					Diagnose
				</a>
				<a href="#/failure-modes" {...current(route.page === "catalogue")}>
					Failure modes
				</a>
				<a href="#/local" {...current(route.page === "local")}>
					How it stays local
				</a>
			</nav>
			<Sealed requests={requests} />
			<label className={c("theme")}>
				<span className="visually-hidden">Theme</span>
				<select
					value={chosen}
					onChange={(event) => {
						const picked = THEMES.find(({ id }) => id === event.target.value);
						if (picked) theme.choose(picked.id);
					}}
				>
					{THEMES.map(({ id, label }) => (
						<option key={id} value={id}>
							{label}
						</option>
					))}
				</select>
			</label>
		</header>
	);
}
