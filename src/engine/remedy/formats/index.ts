import { type Blank, labelled, MARK } from "../blanks";
import type { About, Plan, Platform } from "../plan";
import { actionTitle } from "../wording";
import { renderAlerts } from "./alerts";
import { renderGithubActions, renderGitlabCi } from "./ci";
import { renderCompatibility } from "./compatibility";
import { MORE_FORMATS, type MoreFormat, type Printed } from "./format";
import {
	renderDaemonJson,
	renderFirewalld,
	renderModulesLoad,
	renderNftables,
	renderOpenrc,
	renderSysctl,
	renderSystemd,
	renderUfw,
} from "./host-config";
import { renderButane, renderIgnition } from "./ignition";
import { renderCheckov, renderRego } from "./policy";
import { renderPreflight } from "./preflight";

export { joinPlans, MORE_FORMATS, type MoreFormat } from "./format";

const RENDERERS: Readonly<Record<MoreFormat, (of: Printed) => string | null>> = {
	preflight: renderPreflight,
	systemd: renderSystemd,
	openrc: renderOpenrc,
	"daemon-json": renderDaemonJson,
	"modules-load": renderModulesLoad,
	sysctl: renderSysctl,
	nftables: renderNftables,
	ufw: renderUfw,
	firewalld: renderFirewalld,
	butane: renderButane,
	ignition: renderIgnition,
	"github-actions": renderGithubActions,
	"gitlab-ci": renderGitlabCi,
	rego: renderRego,
	checkov: renderCheckov,
	alerts: renderAlerts,
	compatibility: renderCompatibility,
};

/**
 * Repair and prevention (`joinPlans`) in one of the further formats. Null where that format has nothing to say of
 * them: no file is ever empty.
 */
export function renderMore(
	plan: Plan,
	platform: Platform,
	about: About,
	format: MoreFormat,
	blanks: readonly Blank[] = [],
): string | null {
	return RENDERERS[format](printedOf(plan, platform, about, blanks));
}

/** The formats that say something of this plan, in the order in which they are offered. */
export function offeredFormats(
	plan: Plan,
	platform: Platform,
	about: About,
	blanks: readonly Blank[] = [],
): readonly MoreFormat[] {
	const of = printedOf(plan, platform, about, blanks);
	return MORE_FORMATS.map(({ id }) => id).filter((id) => RENDERERS[id](of) !== null);
}

/** Files can ask nobody, so steps and checks that need names which a report does not tell stay out. */
function printedOf(plan: Plan, platform: Platform, about: About, blanks: readonly Blank[]): Printed {
	if (blanks.length === 0) return { plan, platform, about, left: [], blanks };
	const isOpen = (of: unknown): boolean => MARK.test(JSON.stringify(of));
	const words = labelled({ plan, about }, blanks);
	return {
		plan: {
			...words.plan,
			steps: words.plan.steps.filter((_, at) => !isOpen(plan.steps[at]?.action)),
			after: words.plan.after.filter((_, at) => !isOpen(plan.after[at])),
			before: words.plan.before.filter((_, at) => !isOpen(plan.before[at]?.check)),
		},
		platform,
		about: words.about,
		left: words.plan.steps.flatMap(({ action }, at) => (isOpen(plan.steps[at]?.action) ? [actionTitle(action)] : [])),
		blanks,
	};
}
