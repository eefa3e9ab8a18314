import { Component, type ReactNode } from "react";
import { Button } from "./Button";
import { classes } from "./classes";
import styles from "./region-boundary.module.css";

const c = classes(styles);

type Props = {
	/** What the person calls this part: "the packet line". */
	readonly region: string;
	/** A change of this value tries again: a new answer may draw where the old one did not. */
	readonly retryOn?: unknown;
	readonly children: ReactNode;
};
type State = { readonly error: Error | null; readonly retryOn: unknown };

/** Keeps a crash inside its region. The rest of the page, and above all what was pasted, stays. */
export class RegionBoundary extends Component<Props, State> {
	override state: State = { error: null, retryOn: this.props.retryOn };

	static getDerivedStateFromError(error: unknown): Partial<State> {
		return { error: error instanceof Error ? error : new Error(String(error)) };
	}

	static getDerivedStateFromProps(props: Props, state: State): Partial<State> | null {
		return props.retryOn === state.retryOn ? null : { error: null, retryOn: props.retryOn };
	}

	override render() {
		const { error } = this.state;
		if (!error) return this.props.children;
		return (
			<div className={c("crash")} role="alert">
				<p>
					<strong>Drawing {this.props.region} failed.</strong> This is a bug of ours; what you pasted is untouched.
				</p>
				<p className={c("says")}>{error.message}</p>
				<Button onClick={() => this.setState({ error: null })}>Try again</Button>
			</div>
		);
	}
}
