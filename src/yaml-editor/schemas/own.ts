/** Schemas written from the documentation of each format, for what our formats print. See README.md beside this file. */
const text = (description: string) => ({ type: "string", description }) as const;
const texts = { type: "array", items: { type: "string" } } as const;

/** docs.github.com: workflow syntax for GitHub Actions. */
export const GITHUB_WORKFLOW = {
	type: "object",
	required: ["on", "jobs"],
	additionalProperties: false,
	properties: {
		name: text("What the run is called."),
		"run-name": text("What one run is called."),
		on: { description: "What starts it.", type: ["string", "array", "object"] },
		permissions: { type: ["string", "object"], description: "What the token of the job may do." },
		env: { type: "object" },
		defaults: { type: "object" },
		concurrency: { type: ["string", "object"] },
		jobs: {
			type: "object",
			minProperties: 1,
			additionalProperties: {
				type: "object",
				required: ["runs-on"],
				properties: {
					name: text("What the job is called."),
					"runs-on": { type: ["string", "array", "object"], description: "Label of the runner." },
					"timeout-minutes": { type: ["number", "string"] },
					needs: { type: ["string", "array"] },
					permissions: { type: ["string", "object"] },
					env: { type: "object" },
					services: { type: "object" },
					strategy: { type: "object" },
					steps: {
						type: "array",
						minItems: 1,
						items: {
							type: "object",
							additionalProperties: false,
							properties: {
								name: text("What the step is called."),
								id: text("Name for expressions."),
								if: { type: ["string", "boolean"] },
								uses: text("An action: OWNER/NAME@VERSION."),
								run: text("Commands for the shell."),
								shell: text("bash, sh, or a command with {0}."),
								with: { type: "object" },
								env: { type: "object" },
								"continue-on-error": { type: ["boolean", "string"] },
								"timeout-minutes": { type: ["number", "string"] },
								"working-directory": { type: "string" },
							},
						},
					},
				},
			},
		},
	},
} as const;

/** docs.gitlab.com: CI/CD YAML syntax reference. */
export const GITLAB_CI = {
	type: "object",
	properties: {
		stages: texts,
		variables: { type: "object" },
		default: { type: "object" },
		include: { type: ["string", "array", "object"] },
		workflow: { type: "object" },
	},
	additionalProperties: {
		type: "object",
		properties: {
			stage: text("One of stages."),
			script: { anyOf: [{ type: "string" }, texts], description: "Commands for the shell of the runner." },
			before_script: { anyOf: [{ type: "string" }, texts] },
			after_script: { anyOf: [{ type: "string" }, texts] },
			tags: texts,
			timeout: text("Such as 10 minutes."),
			image: { type: ["string", "object"] },
			rules: { type: "array" },
			allow_failure: { type: ["boolean", "object"] },
			variables: { type: "object" },
			artifacts: { type: "object" },
			needs: { type: "array" },
			when: { enum: ["on_success", "on_failure", "always", "manual", "delayed", "never"] },
		},
	},
} as const;

/** coreos.github.io/butane: configuration specifications flatcar 1.1.0 and fcos 1.5.0. */
export const BUTANE = {
	type: "object",
	required: ["variant", "version"],
	additionalProperties: false,
	properties: {
		variant: { enum: ["flatcar", "fcos"], description: "The operating system." },
		version: {
			enum: ["1.1.0", "1.0.0", "1.5.0", "1.4.0"],
			description: "Of the specification: flatcar 1.1.0, fcos 1.5.0.",
		},
		ignition: { type: "object" },
		passwd: { type: "object" },
		kernel_arguments: { type: "object" },
		boot_device: { type: "object" },
		storage: {
			type: "object",
			properties: {
				files: {
					type: "array",
					items: {
						type: "object",
						required: ["path"],
						additionalProperties: false,
						properties: {
							path: { type: "string", pattern: "^/", description: "Absolute." },
							overwrite: { type: "boolean" },
							mode: { type: "integer", description: "420 is 0644." },
							contents: {
								type: "object",
								additionalProperties: false,
								properties: {
									inline: text("The file itself."),
									source: text("Its URL."),
									local: text("A path below --files-dir."),
									compression: { type: ["string", "null"] },
									http_headers: { type: "array" },
									verification: { type: "object" },
								},
							},
							append: { type: "array" },
							user: { type: "object" },
							group: { type: "object" },
						},
					},
				},
			},
		},
		systemd: {
			type: "object",
			additionalProperties: false,
			properties: {
				units: {
					type: "array",
					items: {
						type: "object",
						required: ["name"],
						additionalProperties: false,
						properties: {
							name: text("docker.service"),
							enabled: { type: "boolean" },
							mask: { type: "boolean" },
							contents: text("The unit."),
							contents_local: { type: "string" },
							dropins: {
								type: "array",
								items: {
									type: "object",
									required: ["name"],
									additionalProperties: false,
									properties: {
										name: { type: "string", pattern: "\\.conf$" },
										contents: { type: "string" },
										contents_local: { type: "string" },
									},
								},
							},
						},
					},
				},
			},
		},
	},
} as const;

/** prometheus.io/docs: alerting rules. */
export const PROMETHEUS_RULES = {
	type: "object",
	required: ["groups"],
	additionalProperties: false,
	properties: {
		groups: {
			type: "array",
			items: {
				type: "object",
				required: ["name", "rules"],
				properties: {
					name: text("Once in the file."),
					interval: { type: "string" },
					limit: { type: "integer" },
					rules: {
						type: "array",
						items: {
							type: "object",
							required: ["alert", "expr"],
							additionalProperties: false,
							properties: {
								alert: text("The alert's name."),
								expr: text("PromQL; what it gives is alerted."),
								for: { type: "string", pattern: "^[0-9]+(ms|[smhdwy])", description: "How long before it fires." },
								keep_firing_for: { type: "string" },
								labels: { type: "object", additionalProperties: { type: "string" } },
								annotations: { type: "object", additionalProperties: { type: "string" } },
							},
						},
					},
				},
			},
		},
	},
} as const;

/** checkov.io: YAML custom policies. */
export const CHECKOV_POLICY = {
	type: "object",
	required: ["metadata", "definition"],
	additionalProperties: false,
	properties: {
		metadata: {
			type: "object",
			required: ["id", "name", "category"],
			properties: {
				id: { type: "string", pattern: "^CKV2_[A-Za-z0-9]+_[0-9]+$" },
				name: { type: "string" },
				category: {
					enum: [
						"GENERAL_SECURITY",
						"LOGGING",
						"ENCRYPTION",
						"NETWORKING",
						"IAM",
						"BACKUP_AND_RECOVERY",
						"CONVENTION",
						"SECRETS",
						"KUBERNETES",
						"APPLICATION_SECURITY",
						"SUPPLY_CHAIN",
						"API_SECURITY",
					],
				},
				guideline: { type: "string" },
				severity: { type: "string" },
			},
		},
		scope: { type: "object" },
		definition: { type: "object" },
	},
} as const;
