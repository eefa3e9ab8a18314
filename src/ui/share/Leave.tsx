import { useEffect, useId, useRef, useState } from "react";
import type { Shared } from "../../state/workspace-store";
import { Button } from "../components/Button";
import { CopyButton } from "../components/CopyButton";
import { classes } from "../components/classes";
import { download } from "../components/download";
import { REPORT_FILE, reportFile } from "./report-file";
import styles from "./share-dialog.module.css";

const c = classes(styles);

const FITS: Readonly<Record<Shared["length"]["fits"], string>> = {
	short: "short enough for mail, chat and tickets",
	long: "long: some mail and chat programs cut a link at 2,000 or 4,000; check that it arrives whole, or send the file",
	file: "too long for a link: send the file",
};
// The engine's limits of a fragment; a sealed one is measured here, since the engine never sees it.
const SHORT = 2_000;
const LONGEST = 262_144;

/** What stands before the `#` where the page is a file: its own address would tell this machine's folders and opens nowhere else. */
export const FILE_ADDRESS = "stackengine.html";

/** Makes links that only a passphrase opens; null where the browser can't. */
export type Sealing = {
	readonly seal: (fragment: string, passphrase: string) => Promise<string>;
	readonly make: () => string;
	/** Fewer characters are guessed too soon. */
	readonly shortest: number;
};

type Props = {
	readonly shared: Shared;
	/** The page that opens the link: everything before the `#`. */
	readonly address: string;
	readonly sealing: Sealing | null;
	/** Null until everything that warns has looked: then nothing may leave yet. */
	readonly ready: boolean;
	/** What the person should read before anything leaves; it stands further up, where it may not be seen. */
	readonly warnings: readonly string[];
	readonly report: () => Promise<string>;
	readonly ask: (() => void) | null;
	readonly onProblem: (says: string) => void;
};

function lengthOf(address: string, fragment: string): Shared["length"] {
	const characters = address.length + 1 + fragment.length;
	return { characters, fits: fragment.length > LONGEST ? "file" : characters <= SHORT ? "short" : "long" };
}

type Locked = { readonly of: string; readonly fragment: string };

/** The ways out: link, file, report. Each carries what the preview shows and nothing else. */
export function Leave({ shared, address, sealing, ready, warnings, report, ask, onProblem }: Props) {
	const [locks, setLocks] = useState(false);
	const [passphrase, setPassphrase] = useState<string | null>(null);
	const [locked, setLocked] = useState<Locked | null>(null);
	const sealed = locks ? (locked?.of === shared.fragment ? locked.fragment : null) : shared.fragment;
	const seal = sealing?.seal;
	useEffect(() => {
		setLocked(null);
		if (!locks || passphrase === null || !seal) return;
		let isGone = false;
		const of = shared.fragment;
		// Not for every key: stretching the passphrase takes a third of a second.
		const timer = setTimeout(() => {
			seal(of, passphrase).then(
				(fragment) => isGone || setLocked({ of, fragment }),
				() => isGone || onProblem("The link could not be encrypted."),
			);
		}, 300);
		return () => {
			isGone = true;
			clearTimeout(timer);
		};
	}, [locks, passphrase, seal, shared.fragment, onProblem]);

	const fragment = ready ? sealed : null;
	const { characters, fits } = locks && sealed !== null ? lengthOf(address, sealed) : shared.length;
	const saveReport = async () => {
		try {
			download("stackengine-report.md", await report());
		} catch {
			onProblem("The report could not be made: the engine did not answer.");
		}
	};
	if (!shared.opens)
		return (
			<div className={c("leave")}>
				<p>This is more than a link or a report file can hold. The Markdown report still can be sent.</p>
				<Button look="main" disabled={!ready} onClick={saveReport}>
					Download report (Markdown)
				</Button>
			</div>
		);
	return (
		<div className={c("leave")}>
			{warnings.length === 0 ? null : (
				<p className={c("beware")}>
					<strong>Before you send: {warnings.join("; ")}.</strong>
				</p>
			)}
			<Passphrase
				sealing={sealing}
				chosen={locks}
				onChosen={(on) => {
					setLocks(on);
					setPassphrase(null);
				}}
				onPassphrase={setPassphrase}
			/>
			<div className={c("actions")}>
				{fits === "file" ? null : (
					<CopyButton look="main" text={fragment === null ? null : `${address}#${fragment}`} label="Copy link" />
				)}
				<Button
					look={fits === "file" ? "main" : "plain"}
					disabled={fragment === null}
					onClick={() => fragment !== null && download(REPORT_FILE, reportFile(fragment))}
				>
					Save as file
				</Button>
				<Button disabled={!ready} onClick={saveReport}>
					Download report (Markdown)
				</Button>
			</div>
			<p className={c("size")}>
				<strong>{characters.toLocaleString("en")} characters</strong>, {FITS[fits]}. The file is dropped into this page
				to be read.{locks ? " The Markdown report is plain text: no passphrase protects it." : ""}
			</p>
			{address === FILE_ADDRESS ? (
				<p className={c("size")}>
					This page is a file, so the link names no place on the web. The reader puts what begins with # behind the
					address of their own StackEngine, or drops the saved file into it.
				</p>
			) : null}
			{ask === null ? null : (
				<div className={c("actions")}>
					<Button disabled={!ready} onClick={ask}>
						Ask your own model
					</Button>
					<span className={c("size")}>
						A page of its own, for a provider and a key of yours. Nothing leaves before you press Send there.
					</span>
				</div>
			)}
			<p className={c("size")}>
				A link never expires: it holds the report itself, nobody stores it, and nobody can take it back.
			</p>
		</div>
	);
}

type PassphraseProps = {
	readonly sealing: Sealing | null;
	readonly chosen: boolean;
	readonly onChosen: (on: boolean) => void;
	/** Null while it is too short. */
	readonly onPassphrase: (passphrase: string | null) => void;
};

function Passphrase({ sealing, chosen, onChosen, onPassphrase }: PassphraseProps) {
	const id = useId();
	const field = useRef<HTMLInputElement>(null);
	const [isShort, setIsShort] = useState(true);
	if (sealing === null)
		return <p className={c("size")}>This browser gives no cryptography here, so no link can have a passphrase.</p>;
	const say = (text: string) => {
		setIsShort(text.length < sealing.shortest);
		onPassphrase(text.length < sealing.shortest ? null : text);
	};
	return (
		<div className={c("passphrase")}>
			<label className={c("check")}>
				<input type="checkbox" checked={chosen} onChange={(event) => onChosen(event.target.checked)} />
				Only with a passphrase
			</label>
			{chosen ? (
				<>
					<label htmlFor={id}>Passphrase</label>
					{/* No value from state: React would write what is typed into an attribute. */}
					<input
						ref={field}
						id={id}
						type="text"
						autoComplete="off"
						spellCheck={false}
						maxLength={1000}
						onInput={(event) => say(event.currentTarget.value)}
					/>
					<Button
						onClick={() => {
							if (!field.current) return;
							field.current.value = sealing.make();
							say(field.current.value);
						}}
					>
						Make one
					</Button>
					<span className={c("size")}>
						{isShort
							? `At least ${sealing.shortest} characters: whoever has the link can guess for ever. `
							: "Send it another way than the link. "}
						Nobody can recover it.
					</span>
				</>
			) : null}
		</div>
	);
}
