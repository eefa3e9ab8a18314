import { classes } from "../components/classes";
import styles from "./local-page.module.css";

const c = classes(styles);

/** How it stays local: what keeps a paste in the tab, and how to check each claim without trusting us. */
export function LocalPage() {
	return (
		<article className={c("page")}>
			<h1>How it stays local</h1>
			<p className={c("lead")}>
				Diagnostics hold addresses, host names, proxy passwords. They are read by code that runs in this tab and has
				nowhere to send them.
			</p>
			<h2>What keeps it in</h2>
			<ul>
				<li>
					The page comes with a Content-Security-Policy under which the browser itself refuses every connection, every
					inline script and every <code>eval</code>. It binds our code as much as anybody's.
				</li>
				<li>
					No such policy stops navigation, new windows, WebRTC or connecting ahead. Its host also sends{" "}
					<code>Connection-Allowlist</code>, and Chrome 152 and later refuse those as well. Firefox and Safari do not
					know it, and a file on a disk has no host: there the page takes these ways away from itself before any other
					code runs.
				</li>
				<li>What you paste is read in a worker, a thread without a document, started from this page's own files.</li>
				<li>
					No analytics, no fonts or scripts of others, no cookies. The theme is the only thing kept when the tab is
					closed.
				</li>
				<li>
					A reload or a crash brings your evidence back from this tab's session storage. It is encrypted there, with a
					key that stays in this browser and that scripts can use but not read. <em>Forget everything</em> drops both at
					once. A closed tab's copy goes with the tab, its key with a later visit. Somebody who copies the whole browser
					profile while the tab is open has both.
				</li>
				<li>
					A shared link carries redacted evidence after its <code>#</code>, and browsers send that part to no server.
				</li>
			</ul>
			<h2>The one part that can talk</h2>
			<p>
				<em>Ask your own model</em>, under Share, opens another page. It gets the redacted report and nothing else,
				shows each request letter by letter, and sends it when you press Send. That page can connect to nobody either: a
				frame sends, which has no storage, no origin and no way to the page around it, under a policy that names the one
				origin you chose. It gets those letters and your key, and is removed with the answer. Real names are put into
				answers by this tab, which keeps the table; they never go back.
			</p>
			<h2>How to check</h2>
			<ol>
				<li>
					Open the developer tools (F12), the tab Network, and clear the list. Paste, read, download the fix. What
					appears, if anything, are files of this page.
				</li>
				<li>
					In the same list, click the page itself and read the header <code>Content-Security-Policy</code>.
				</li>
				<li>Take the network away after the page has loaded. It goes on working.</li>
				<li>
					Build it yourself: two commands in the README. The same source gives the same bytes, so your{" "}
					<code>dist/SHA256SUMS</code> names what this host should serve; the seal shows the build's name. The same
					engine is a command line tool that opens no socket.
				</li>
				<li>
					Or take the page as one file,{" "}
					<a href="./stackengine.html" download="stackengine.html">
						stackengine.html
					</a>
					, to a machine that has no network.
				</li>
			</ol>
			<h2>What it can't keep from you</h2>
			<p>
				A browser extension that may read all pages can read this one. Use a profile without extensions for what must
				not leave, or the command line.
			</p>
			<p>
				<a href="#/">Back to your evidence</a>
			</p>
		</article>
	);
}
