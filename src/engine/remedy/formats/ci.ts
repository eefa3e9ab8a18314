import { withoutTabs, yamlWithScripts } from "../ansible-text";
import { onePlainLine } from "../shell-quote";
import { headOf, isManagedElsewhere, type Printed } from "./format";
import { renderPreflight } from "./preflight";
import { SMOKE_TEST } from "./smoke";

type Step = { readonly name: string; readonly run: string };

/**
 * What a job on a machine with Docker asks. Only failures that show at a published port: nothing else answers to a
 * test of one. The scripts hold no `${{`, which GitHub would read as an expression of its own.
 */
function stepsOf(of: Printed): readonly Step[] {
	if (isManagedElsewhere(of.platform) || of.platform.rootless) return [];
	const preflight = renderPreflight(of);
	if (preflight === null && of.plan.proveFromOutside === null) return [];
	return [
		{ name: "A published port answers from outside the host", run: withoutTabs(SMOKE_TEST) },
		...(preflight === null ? [] : [{ name: "The host is as it should be", run: withoutTabs(preflight) }]),
	];
}

/** A workflow for GitHub Actions. Null where no step says anything. */
export function renderGithubActions(of: Printed): string | null {
	const steps = stepsOf(of);
	if (steps.length === 0) return null;
	const workflow = {
		name: "Docker smoke test",
		on: { push: {}, schedule: [{ cron: "17 4 * * *" }], workflow_dispatch: {} },
		permissions: {},
		jobs: {
			"published-port": {
				"runs-on": "ubuntu-latest",
				"timeout-minutes": 10,
				steps: steps.map(({ name, run }) => ({ name: onePlainLine(name), shell: "sudo sh -eu {0}", run })),
			},
		},
	};
	const head = headOf(
		of,
		"As .github/workflows/docker-smoke.yml. `ubuntu-latest` tests GitHub's machines; give the label of your own runner to test it.",
	);
	return `${head.join("\n")}\n${yamlWithScripts(workflow)}`;
}

/** A job for GitLab CI, on a runner with the shell executor. Null where no step says anything. */
export function renderGitlabCi(of: Printed): string | null {
	const steps = stepsOf(of);
	if (steps.length === 0) return null;
	const job = {
		stages: ["test"],
		"published-port": {
			stage: "test",
			// A runner with the shell executor on a host with Docker; inside a container there is no such host.
			tags: ["docker-host"],
			timeout: "10 minutes",
			script: steps.map(
				({ name, run }) =>
					`# ${onePlainLine(name)}\nsudo sh -eu <<'STACKENGINE_END'\n${run.trimEnd()}\nSTACKENGINE_END\n`,
			),
		},
	};
	const head = headOf(
		of,
		"As .gitlab-ci.yml, or included in it. `docker-host` is the tag of a runner with the shell executor and sudo on a host with Docker.",
	);
	return `${head.join("\n")}\n${yamlWithScripts(job)}`;
}
