import { IDENTITIES } from "./identities";
import { NAMES_OF_PEOPLE } from "./names-of-people";
import { NAMES_ON_THE_WIRE } from "./names-on-the-wire";
import { SECRETS } from "./secrets";
import { SECRETS_IN_OTHER_FORMS } from "./secrets-in-other-forms";
import { SECRETS_OF_PROGRAMS } from "./secrets-of-programs";
import { SECRETS_OF_SERVICES } from "./secrets-of-services";

/** Everything that is planted in tests. A new file of plants is named here, and every test of leaks knows it. */
export const EVERY_PLANTED = [
	...SECRETS,
	...SECRETS_OF_SERVICES,
	...SECRETS_OF_PROGRAMS,
	...SECRETS_IN_OTHER_FORMS,
	...IDENTITIES,
	...NAMES_OF_PEOPLE,
	...NAMES_ON_THE_WIRE,
];
