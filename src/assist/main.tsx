import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Assistant } from "./Assistant";
import { sendFromFrame } from "./frame-client";
import { takeSeat } from "./seat";

const root = document.getElementById("root");
// The theme that was chosen on the workbench; the page writes nothing to storage.
const chosen = (): string | null => {
	try {
		return window.localStorage.getItem("stackengine.theme");
	} catch {
		return null;
	}
};
const theme = chosen();
if (theme === "light" || theme === "dark") document.documentElement.dataset["theme"] = theme;

if (root) {
	const key = window.location.hash.slice(1);
	createRoot(root).render(
		<StrictMode>
			<Assistant
				connect={(events) => takeSeat(key, events, { origin: window.location.origin })}
				send={sendFromFrame}
				isOpenedByReport={/^[0-9a-f]{32}$/.test(key)}
			/>
		</StrictMode>,
	);
}
