import { classes } from "../components/classes";
import styles from "./local-page.module.css";

const c = classes(styles);

/** The page's own help: the three ways in, what comes out, and what to do after the repair. */
export function HelpPage() {
	return (
		<article className={c("page")}>
			<h1>Help</h1>
			<p className={c("lead")}>
				A published port is dead, or docker says that iptables failed. Give the page what the host says; it answers at
				once.
			</p>
			<h2>Three ways in</h2>
			<ul>
				<li>
					<strong>Paste.</strong> Anything, in any editor and any order: an error, a terminal with ten commands, a whole
					issue. What a text is, is recognised by its shape.
				</li>
				<li>
					<strong>Drop.</strong> Files, anywhere on the page: logs, a collected host.txt, a report that somebody sent.
				</li>
				<li>
					<strong>Collect.</strong> <em>Collect from a host</em> shows a script that runs everything worth asking and
					only reads: as a file, as one paste for a shell, as an Ansible play for a fleet.
				</li>
			</ul>
			<h2>What comes out</h2>
			<p>
				The cause, the lines that show it, where the packet stops, and a repair as a script that changes nothing until
				it is run with <code>--apply</code> and can be taken back. Where the evidence is too little, the answer is the
				command to paste next.
			</p>
			<h2>After the repair</h2>
			<p>
				<em>Paste again</em> keeps the first paste and holds the next one beside it: fixed, better, unchanged, worse or
				something else, with every expected change ticked off.
			</p>
			<h2>By keyboard</h2>
			<p>
				Ctrl K (on a Mac Cmd K) opens every action and failure mode; <code>?</code> lists the keys.
			</p>
			<p>
				<a href="#/">Back to your evidence</a>
			</p>
		</article>
	);
}
