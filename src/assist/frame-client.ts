import * as v from "valibot";
import { frameFor } from "./providers";
import type { Outgoing, Step } from "./talk/exchange";

const text = (most: number) => v.pipe(v.string(), v.maxLength(most));
const COUNT = v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0)));
const FAILURE = v.variant("kind", [
	v.strictObject({
		kind: v.picklist(["offline", "unreachable", "cut", "silent", "too-long", "malformed", "no-frame"]),
	}),
	v.strictObject({ kind: v.literal("status"), status: v.pipe(v.number(), v.integer()), says: text(500) }),
	v.strictObject({ kind: v.literal("provider"), says: text(500) }),
	v.strictObject({ kind: v.literal("not-a-stream"), type: text(80) }),
]);
const STEP = v.variant("kind", [
	v.strictObject({ kind: v.literal("text"), text: text(1_000_000) }),
	v.strictObject({ kind: v.literal("usage"), input: COUNT, output: COUNT }),
	v.strictObject({ kind: v.literal("end"), ending: v.picklist(["complete", "length", "refused", "stopped"]) }),
	v.strictObject({ kind: v.literal("failed"), failure: FAILURE }),
]);

/** Milliseconds for a page of ours, of a few kilobytes, to load; and then to answer, which a browser's error page never does. */
const TO_LOAD = 15_000;
const TO_ANSWER = 2_000;

/**
 * Sends one request from a frame of its own, which is gone with the answer, and the key with it. Tells steps as they
 * come; the last is `end` or `failed`. Returns what stops it.
 */
export function sendFromFrame(origin: string, request: Outgoing, tell: (step: Step) => void): () => void {
	const frame = document.createElement("iframe");
	const { port1: here, port2: there } = new MessageChannel();
	let isOver = false;
	const end = (step: Step) => {
		if (isOver) return;
		isOver = true;
		clearTimeout(timer);
		here.close();
		frame.remove();
		tell(step);
	};
	const giveUp = () => end({ kind: "failed", failure: { kind: navigator.onLine ? "no-frame" : "offline" } });
	let timer = setTimeout(giveUp, TO_LOAD);
	here.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
		if (data === "ready") {
			clearTimeout(timer);
			// The key goes to who has answered, and not before.
			return here.postMessage({ send: request });
		}
		const step = v.safeParse(STEP, data);
		if (isOver || !step.success) return;
		if (step.output.kind === "end" || step.output.kind === "failed") end(step.output);
		else tell(step.output);
	});
	here.start();
	frame.hidden = true;
	frame.title = "The frame that talks to the provider";
	frame.setAttribute("sandbox", "allow-scripts");
	// Chrome asks the person before a page may talk to this machine or network; a frame asks only where it may.
	frame.allow = "local-network-access *; loopback-network *; local-network *";
	frame.addEventListener("load", () => {
		clearTimeout(timer);
		timer = setTimeout(giveUp, TO_ANSWER);
		// Its origin is opaque, so it has no name to be addressed by; frame-src lets no page in but ours.
		frame.contentWindow?.postMessage("port", "*", [there]);
	});
	frame.src = `${frameFor(origin)}#${encodeURIComponent(origin)}`;
	document.body.append(frame);
	return () => {
		// A frame that is not there yet has nothing to say.
		here.postMessage("stop");
		setTimeout(() => end({ kind: "end", ending: "stopped" }), 1_000);
	};
}
