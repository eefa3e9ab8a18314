import { useId } from "react";
import type { Offered } from "../../state/workspace-store";
import { classes } from "../components/classes";
import styles from "./remedy.module.css";

const c = classes(styles);

type Props = {
	readonly formats: readonly Offered[];
	readonly chosen: Offered;
	readonly onChoose: (id: Offered["id"]) => void;
};

/** Which of the further formats is shown, and what it is for. */
export function MoreFormats({ formats, chosen, onChoose }: Props) {
	const id = useId();
	return (
		<div className={c("more")}>
			<label htmlFor={id}>Format</label>
			<select
				id={id}
				className={c("select")}
				value={chosen.id}
				onChange={({ target }) => {
					const picked = formats.find((one) => one.id === target.value);
					if (picked) onChoose(picked.id);
				}}
			>
				{formats.map((one) => (
					<option key={one.id} value={one.id}>
						{one.name}
					</option>
				))}
			</select>
			<span>{chosen.says}</span>
		</div>
	);
}
