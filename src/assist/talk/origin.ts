/**
 * The origin of an address as a Content-Security-Policy may name it, or null. A policy reads `*` and `;` in a host as its
 * own signs and can't name an IPv6 address, and an address may hold all three.
 */
export function policyOrigin(address: string): string | null {
	let url: URL;
	try {
		url = new URL(address);
	} catch {
		return null;
	}
	const isWeb = url.protocol === "https:" || url.protocol === "http:";
	return isWeb && /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/.test(url.hostname) ? url.origin : null;
}
