import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { useStore } from "zustand";
import { type RequestsStore, requestCount } from "../../state/requests-store";
import type { Theme, ThemeStore } from "../../state/theme-store";
import type { UpdateStore } from "../../state/update-store";
import { Button } from "../components/Button";
import { classes } from "../components/classes";
import { Mark } from "../components/Mark";
import styles from "./header.module.css";
import type { Route } from "./routes";

const c = classes(styles);

const SealPanel = lazy(() => import("./SealPanel").then((m) => ({ default: m.SealPanel })));

const THEMES: readonly { readonly id: Theme; readonly label: string }[] = [
	{ id: "system", label: "System" },
	{ id: "light", label: "Light" },
	{ id: "dark", label: "Dark" },
];

function Sealed({ requests, onForget }: { readonly requests: RequestsStore; readonly onForget: () => void }) {
	const now = useStore(requests);
	const [shown, setShown] = useState(false);
	const popover = useRef<HTMLDivElement>(null);
	// A link in it leads to another page, which it must not cover.
	useEffect(() => {
		const hide = () => popover.current?.hidePopover?.();
		window.addEventListener("hashchange", hide);
		return () => window.removeEventListener("hashchange", hide);
	}, []);
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
			<div
				ref={popover}
				id="sealed"
				popover="auto"
				className={c("popover")}
				onToggle={(event) => setShown(event.newState === "open")}
			>
				<Suspense fallback={<p>Loading</p>}>
					<SealPanel requests={requests} shown={shown} onForget={onForget} />
				</Suspense>
			</div>
		</>
	);
}

/** Stands there quietly until the person wants it: the newer build waits as long as they like. */
function Update({ update }: { readonly update: UpdateStore }) {
	const { waiting } = useStore(update);
	return (
		<p role="status" className={c("update")}>
			{waiting ? (
				<>
					<span className={c("long")}>A newer version is here: </span>
					<Button look="link" onClick={update.take}>
						reload when you like
					</Button>
				</>
			) : null}
		</p>
	);
}

type Props = {
	readonly route: Route;
	readonly theme: ThemeStore;
	readonly requests: RequestsStore;
	readonly update: UpdateStore;
	readonly onForget: () => void;
};

/** The mark, the three pages, the seal and the theme. */
export function Header({ route, theme, requests, update, onForget }: Props) {
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
				<a href="#/help" {...current(route.page === "help")}>
					Help
				</a>
			</nav>
			<Update update={update} />
			<Sealed requests={requests} onForget={onForget} />
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
