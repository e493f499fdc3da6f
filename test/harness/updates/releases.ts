/** Before the time of every test. */
export const SIGNED_AT = '2026-11-01T00:00:00Z'

/** A release as a feed names it. */
export const release = (version: string) => ({
  version,
  date: '2026-12-01',
  page: `https://releases.example/${version}`,
  files: [{ name: `podkeeper_${version}_amd64.deb`, sizeBytes: 70_000_000, sha256: 'ab'.repeat(32) }],
})

/** The JSON of a feed of these versions. */
export const feedOf = (expiresAt: string, ...versions: readonly string[]): string =>
  JSON.stringify({ signedAt: SIGNED_AT, expiresAt, releases: versions.map(release) })
