import { createHash } from 'node:crypto'
import { mkdtempSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createReleaseKey, makeReleaseFeed } from '../../scripts/lib/release/feed.mjs'
import { newerRelease, readReleaseFeed } from '../../src/core/updates/release-feed'
import { createSignatureCheck } from '../../src/main/updates/feed-signature'

const nowMs = Date.parse('2026-12-03T08:00:00Z')

test('a build with the key reads what is released from the signed feed, earlier releases too', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'podkeeper-release-'))
  const keyFile = join(folder, 'key.pem')
  const publicKey = createReleaseKey(keyFile)
  expect(statSync(keyFile).mode & 0o777).toBe(0o600)
  expect(() => createReleaseKey(keyFile)).toThrow(/EEXIST/)
  const file = join(folder, 'podkeeper_0.2.0_amd64.deb')
  writeFileSync(file, 'a package')
  const shared = { keyFile, page: 'https://releases.example/', files: [file], days: 30, nowMs }
  const first = await makeReleaseFeed({ ...shared, version: '0.2.0', oldestElectron: '45.4.1' })
  const second = await makeReleaseFeed({ ...shared, version: '0.3.0', previous: first.text })
  expect(second.publicKey).toBe(publicKey)

  const read = readReleaseFeed(second.text, {
    nowMs,
    newestSeen: null,
    isSigned: createSignatureCheck(publicKey),
  })
  expect(read).toMatchObject({
    ok: true,
    value: { signedAtMs: nowMs, expiresAtMs: nowMs + 30 * 86_400_000, oldestSafeElectron: '45.4.1' },
  })
  expect(read.value.releases.map(({ version }) => version)).toEqual(['0.3.0', '0.2.0'])
  expect(newerRelease(read.value, '0.2.0')).toEqual({
    version: '0.3.0',
    date: '2026-12-03',
    page: 'https://releases.example/',
    files: [
      {
        name: 'podkeeper_0.2.0_amd64.deb',
        sizeBytes: 9,
        sha256: createHash('sha256').update('a package').digest('hex'),
      },
    ],
  })
})
