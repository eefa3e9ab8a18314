import { useEffect, useRef } from "react";
import { Button } from "../ui/components/Button";
import { classes } from "../ui/components/classes";
import styles from "./assist.module.css";
import type { Chosen } from "./Connection";
import { CutText } from "./CutText";
import { dollars, money, tokensOf } from "./estimate";
import { shownHeaders, type Unsigned } from "./request";
import type { Sendable } from "./sendable";

const c = classes(styles);

type Props = {
	/** Null where what was chosen since makes no request. */
	readonly request: Unsigned | null;
	readonly question: Sendable;
	readonly hasKey: boolean;
	readonly chosen: Chosen;
	readonly onCut: (left: string) => void;
	readonly onBack: () => void;
	readonly onSend: () => void;
};

const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

/** The last look: the request letter by letter, what it may cost, and only then the button that sends it. */
export function Review({ request, question, hasKey, chosen, onCut, onBack, onSend }: Props) {
	const heading = useRef<HTMLHeadingElement>(null);
	useEffect(() => heading.current?.focus(), []);
	return (
		<section aria-labelledby="review" className={c("review")}>
			<h2 id="review" ref={heading} tabIndex={-1}>
				What will be sent
			</h2>
			<p className={c("small")}>Your question in stand-ins. Take out what should not go.</p>
			<CutText label="The question as it will be sent" text={question} rows={3} onCut={onCut} />
			{request === null ? (
				<p role="alert" className={c("problem")}>
					Whom you ask is not complete: look at address and model.
				</p>
			) : (
				<>
					<Cost request={request} chosen={chosen} />
					<h3>The request, letter by letter</h3>
					{/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to take focus */}
					<pre tabIndex={0} className={c("bytes")} data-is="head">
						{`POST ${request.url}\n`}
						{shownHeaders(request, hasKey).map(([name, value]) => `${name}: ${value}\n`)}
					</pre>
					{/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to take focus */}
					<pre tabIndex={0} className={c("bytes")} data-is="body">
						{request.body}
					</pre>
					<p className={c("small")}>
						{bytesOf(request.body).toLocaleString("en")} bytes. The key stands where the dots are. The browser adds the
						headers that it adds to everything (its own name, <code>Origin: null</code>, lengths); cookies and referrer
						are off.
					</p>
				</>
			)}
			<div className={c("actions")}>
				<Button look="main" disabled={request === null} onClick={onSend}>
					Send
				</Button>
				<Button onClick={onBack}>Back to the question</Button>
			</div>
		</section>
	);
}

function Cost({ request, chosen }: { readonly request: Unsigned; readonly chosen: Chosen }) {
	const tokens = tokensOf(request.body.length);
	const { input, output, most } = chosen;
	return (
		<p className={c("cost")}>
			<strong>About {tokens.toLocaleString("en")} tokens</strong>
			{input === null || output === null
				? ""
				: `, ${money(dollars(tokens, input))}; the answer adds ${money(dollars(most, output))} at most`}
			. An estimate: three characters a token, as logs and listings take; your provider counts.
		</p>
	);
}
