import type { ComplaintRule } from "./complaint-rule";
import type { Complaint, Failure } from "./failure";

/**
 * Failures that keep a container or the daemon down and have nothing to do with packets.
 *
 *     OCI runtime create failed: … exec: "nginxx": executable file not found in $PATH: unknown
 *     failed to start daemon: error initializing graphdriver: driver not supported
 *     Error response from daemon: pull access denied for foo, repository does not exist
 *
 * Sources: moby, containerd, runc. Asked last: what stands in any other table is networking after all. What a healthy host
 * prints as well (`Your kernel does not support cgroup …`) is taken out by noise.ts.
 */

type Area = Extract<Complaint, { readonly kind: "elsewhere" }>["area"];

function elsewhere(
	area: Area,
	anchors: readonly string[],
	pattern: RegExp,
	speaker: Failure["speaker"] = "dockerd",
): ComplaintRule {
	return { anchors, pattern, speaker, read: () => ({ kind: "elsewhere", area }) };
}

export const ELSEWHERE_COMPLAINTS: readonly ComplaintRule[] = [
	elsewhere("disk-full", ["no space left", "disk quota exceeded"], /no space left on device|disk quota exceeded/i),
	elsewhere(
		"containerd",
		["containerd"],
		/(?:timeout waiting for|failed to start|failed to dial|error connecting to|error creating|cannot connect to) .{0,40}containerd|containerd\.sock.{0,80}(?:deadline exceeded|connection refused|no such file)/i,
	),
	elsewhere(
		"memory",
		["cannot allocate memory", "out of memory", "oomkilled"],
		/cannot allocate memory|out of memory|oomkilled/i,
	),
	elsewhere(
		"cgroup",
		["cgroup"],
		/cgroups? .{0,80}(?:isn.?t mounted|not mounted|does not exist|not found|not supported|cannot|failed|denied|mountpoint)|(?:failed|unable|cannot|error).{0,120}cgroup/i,
	),
	elsewhere(
		"runtime",
		[
			"oci runtime",
			"runc create failed",
			"shim task",
			"container process",
			"failed to create task for container",
			"exec format error",
			"unknown or invalid runtime",
		],
		/oci runtime|runc create failed|shim task|container process|failed to create task for container|exec format error|unknown or invalid runtime/i,
		"runtime",
	),
	// moby daemon/exec.go, daemon/errors.go: the container does not stay up long enough to be asked.
	elsewhere(
		"runtime",
		["is restarting", "is not running", "is paused"],
		/container \S{1,80} is (?:restarting|not running|paused)/i,
	),
	elsewhere(
		"tls",
		["x509", "tls"],
		/x509: |\btls: |tls handshake (?:timeout|error)|certificate (?:has expired|signed by unknown)/i,
	),
	elsewhere(
		"dns",
		["lookup ", "no such host", "name resolution", "server misbehaving"],
		/\blookup \S{1,200}?(?: on \S{1,80})?: |no such host|(?:temporary failure in|error resolving) name|server misbehaving/i,
	),
	elsewhere(
		"image",
		[
			"manifest",
			"pull access denied",
			"toomanyrequests",
			"no such image",
			"pulling image",
			"unauthorized: ",
			"unable to find image",
			"failed to resolve reference",
			"repository does not exist",
			"pull rate limit",
		],
		/manifest (?:unknown|for|not found)|no matching manifest|pull access denied|toomanyrequests|no such image|error pulling image|pulling image failed|unauthorized: |failed to resolve reference|pull rate limit/i,
	),
	elsewhere(
		"storage",
		[
			"graphdriver",
			"storage driver",
			"storage-driver",
			"overlay",
			"driver not supported",
			"prerequisites for driver",
			"metadata database",
			"read-only file system",
			"input/output error",
			"failed to mount",
			"error while mounting",
			"snapshotter",
			"graph driver",
		],
		/initializing graphdriver|storage.driver|driver not supported|prerequisites for driver|metadata database|read-only file system|input\/output error|failed to mount|error while mounting|mounts denied|graph driver/i,
	),
	elsewhere(
		"permission",
		["permission denied", "operation not permitted"],
		/permission denied|operation not permitted/i,
	),
];

/** Trouble of the daemon or the client that has no area of its own, told apart from what we do not know. */
export const OTHER_COMPLAINTS: readonly ComplaintRule[] = [
	elsewhere(
		"other",
		[
			"no such container",
			"is already in use by container",
			"is not running",
			"network",
			"pid file",
			"process with pid",
			"endpoint with name",
			"unix socket",
			"is already running",
			"dependency failed",
			"invalid reference format",
			"invalid containerport",
			"conflict.",
			"device driver",
			"apparmor",
		],
		/could not select device driver|apparmor.{0,60}profile could not be loaded|no such container|container name .{0,80}is already in use|is not running|network \S{1,80} not found|active endpoints|pid file found|process with pid \d{1,8} is still running|endpoint with name|can.?t create unix socket|dependency failed for|invalid reference format|invalid containerport|operation is not permitted on predefined/i,
	),
];
