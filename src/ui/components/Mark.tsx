/** The mark: three layers, one of them broken. */
export function Mark() {
	return (
		<svg width="20" height="18" viewBox="0 0 20 18" aria-hidden="true" focusable="false">
			<rect x="0" y="0" width="20" height="4.5" rx="1.5" fill="var(--ink)" />
			<rect x="0" y="6.5" width="11.5" height="4.5" rx="1.5" fill="var(--fault)" />
			<rect x="0" y="13" width="20" height="4.5" rx="1.5" fill="var(--mark-rest)" />
		</svg>
	);
}
