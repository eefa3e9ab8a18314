import type { RefObject } from "react";
import { classes } from "../ui/components/classes";
import styles from "./assist.module.css";
import { addressOf, PROVIDERS, type ProviderId } from "./providers";
import { isKey } from "./request";
import { modelName } from "./sendable";
import type { Protocol } from "./talk/exchange";

const c = classes(styles);

/** Whom the person asks, and on what terms. Everything but the key. */
export type Chosen = {
	readonly provider: ProviderId;
	readonly protocol: Protocol;
	readonly address: string;
	readonly model: string;
	/** Most tokens of an answer. */
	readonly most: number;
	/** US dollars for a million tokens; null where the person has not said. */
	readonly input: number | null;
	readonly output: number | null;
};

const chosenOf = (id: ProviderId): Chosen => {
	const provider = PROVIDERS.find((one) => one.id === id);
	const model = provider?.models[0];
	return {
		provider: id,
		protocol: provider?.protocol ?? "openai",
		address: provider?.address ?? "",
		model: model?.name ?? "",
		most: 4_096,
		input: model?.price.input ?? null,
		output: model?.price.output ?? null,
	};
};

export const FIRST: Chosen = chosenOf("anthropic");

/** What keeps these choices from being sent, as a sentence; null when nothing does. */
export function problemOf(chosen: Chosen, key: string): string | null {
	const address = addressOf(chosen.address, chosen.protocol);
	if (address.kind === "wrong") return address.says;
	if (modelName(chosen.model) === null) return "Write the name of the model, as your provider spells it.";
	if (key === "" && chosen.provider !== "own") return "Put your key in. It stays in this page's memory.";
	if (key !== "" && !isKey(key)) return "The key holds a blank or a character that no key has.";
	return null;
}

type Props = {
	readonly chosen: Chosen;
	readonly onChoose: (chosen: Chosen) => void;
	readonly keyField: RefObject<HTMLInputElement | null>;
	readonly onKey: (hasKey: boolean) => void;
	readonly isBusy: boolean;
};

/** Provider, address, model, key, price. */
export function Connection({ chosen, onChoose, keyField, onKey, isBusy }: Props) {
	const provider = PROVIDERS.find(({ id }) => id === chosen.provider);
	const address = addressOf(chosen.address, chosen.protocol);
	const suggested = provider?.models.find(({ name }) => name === chosen.model);
	const setModel = (model: string) => {
		const price = provider?.models.find(({ name }) => name === model)?.price;
		onChoose({ ...chosen, model, ...(price ? { input: price.input, output: price.output } : {}) });
	};
	return (
		<fieldset className={c("connection")} disabled={isBusy}>
			<legend>Whom you ask</legend>
			<div className={c("choices")}>
				{PROVIDERS.map(({ id, label }) => (
					<label key={id}>
						<input
							type="radio"
							name="provider"
							checked={chosen.provider === id}
							onChange={() => {
								// A key is one provider's secret: it is not kept for the next.
								if (keyField.current) keyField.current.value = "";
								onKey(false);
								onChoose(chosenOf(id));
							}}
						/>
						{label}
					</label>
				))}
			</div>
			{chosen.provider === "own" ? (
				<>
					<label className={c("field")}>
						Address
						<input
							type="url"
							value={chosen.address}
							placeholder="http://localhost:11434/v1"
							autoComplete="off"
							onChange={(event) => onChoose({ ...chosen, address: event.target.value })}
						/>
					</label>
					<label className={c("field")}>
						Speaks like
						<select
							value={chosen.protocol}
							onChange={(event) =>
								onChoose({ ...chosen, protocol: event.target.value === "anthropic" ? "anthropic" : "openai" })
							}
						>
							<option value="openai">OpenAI (Ollama, vLLM, llama.cpp and most others)</option>
							<option value="anthropic">Anthropic</option>
						</select>
					</label>
				</>
			) : null}
			<p className={c("small")}>
				{address.kind === "ok" ? (
					<>
						Goes to <code>{address.origin}</code> and nowhere else.
						{address.isPlain ? " Unencrypted: everybody on the way can read it, the key too." : ""}
					</>
				) : (
					address.says
				)}
			</p>
			<label className={c("field")}>
				Model
				<input
					type="text"
					list="models"
					value={chosen.model}
					autoComplete="off"
					spellCheck={false}
					onChange={(event) => setModel(event.target.value)}
				/>
				<datalist id="models">
					{provider?.models.map(({ name }) => (
						<option key={name} value={name} />
					))}
				</datalist>
			</label>
			<label className={c("field")}>
				Key{chosen.provider === "own" ? ", where the server wants one" : ""}
				<input
					ref={keyField}
					type="password"
					autoComplete="off"
					spellCheck={false}
					maxLength={1000}
					onInput={(event) => onKey(event.currentTarget.value !== "")}
				/>
			</label>
			<p className={c("small")}>
				The key is kept in this page's memory and goes to the address above alone. Closing or reloading the page forgets
				it.
			</p>
			<details>
				<summary>Limit and price</summary>
				<div className={c("prices")}>
					<NumberField
						label="Tokens of an answer, at most"
						value={chosen.most}
						step={1}
						onChange={(most) => onChoose({ ...chosen, most: Math.min(Math.max(1, Math.round(most ?? 1)), 200_000) })}
					/>
					<NumberField
						label="US$ a million tokens in"
						value={chosen.input}
						step={0.01}
						onChange={(input) => onChoose({ ...chosen, input })}
					/>
					<NumberField
						label="US$ a million tokens out"
						value={chosen.output}
						step={0.01}
						onChange={(output) => onChoose({ ...chosen, output })}
					/>
				</div>
				<p className={c("small")}>
					{suggested
						? `Prices of ${suggested.name} as published on ${suggested.price.asOf}. Yours may differ: write it over.`
						: "No price is known for this model. Write it in to see what a question costs."}
				</p>
			</details>
		</fieldset>
	);
}

type NumberProps = {
	readonly label: string;
	readonly value: number | null;
	readonly step: number;
	readonly onChange: (value: number | null) => void;
};

function NumberField({ label, value, step, onChange }: NumberProps) {
	return (
		<label className={c("field")}>
			{label}
			<input
				type="number"
				min={0}
				step={step}
				value={value ?? ""}
				onChange={({ target }) => {
					const typed = target.valueAsNumber;
					onChange(Number.isFinite(typed) && typed >= 0 ? typed : null);
				}}
			/>
		</label>
	);
}
