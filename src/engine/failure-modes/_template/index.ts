import { absent, failureMode, sign, undecided } from "../../diagnose/failure-mode";
import { placesOf } from "../../facts/fact";
import { byHand, habits } from "../../remedy/steps";

/** What `detect` found out and the sentences need. */
type Params = { readonly version: string };

export default failureMode<"template", Params>({
	id: "template",
	title: "What is wrong, as a plain sentence",
	effect: "What the user sees break",
	impact: "high",
	minutes: 5,
	explains: [],

	detect(facts) {
		const { version } = facts.docker;
		if (!version.known) return undecided("docker-info");
		if (version.value.major > 17) return absent("Docker is newer than 17", version.at);
		return {
			kind: "present",
			confidence: "certain",
			params: { version: version.value.text },
			signs: [sign(`Docker is ${version.value.text}`, placesOf(version))],
		};
	},

	explain: ({ version }) => `This host runs Docker ${version}.`,

	fix: () => ({
		summary: "One sentence.",
		before: [],
		steps: [byHand("Why a person must do it.", "What to do.")],
		after: [{ kind: "daemon-running" }],
		instead: habits("reinstall-docker"),
		proveFromOutside: null,
	}),

	prevent: () => null,
});
