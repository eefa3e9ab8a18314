import { Button } from "../components/Button";
import { classes } from "../components/classes";
import { Sentence } from "../components/Sentence";
import styles from "./first-paste.module.css";

const c = classes(styles);

type FirstProps = { readonly title: string; readonly onBack: () => void; readonly onLetGo: () => void };

/** Above the editors while a second paste is made: the first one is kept, and how to return to it. */
export function FirstPaste({ title, onBack, onLetGo }: FirstProps) {
	return (
		<section className={c("first")} aria-label="The first paste">
			<p>
				<strong>The first paste is kept to compare.</strong> <Sentence text={title} />
			</p>
			<Button look="quiet" onClick={onBack}>
				Back to it
			</Button>
			<Button look="quiet" onClick={onLetGo}>
				Go on without it
			</Button>
		</section>
	);
}

type OfferProps = { readonly says: string; readonly onAccept: () => void; readonly onRefuse: () => void };

/** What came last looks like the same host later: then the two should not be read as one. */
export function OfferToCompare({ says, onAccept, onRefuse }: OfferProps) {
	return (
		<section className={c("first")} aria-label="A second paste?" role="status">
			<p>
				<strong>This looks like the same host, later.</strong> {says}
			</p>
			<Button onClick={onAccept}>Compare the two</Button>
			<Button look="quiet" onClick={onRefuse}>
				Read them together
			</Button>
		</section>
	);
}
