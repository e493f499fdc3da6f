import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { deleteStoredKey, readStoredKey, writeStoredKey } from '../../../src/cli/account/key-file'

const stored = { baseUrl: 'https://x.test/', key: 'rpa_SAMPLE' }
const newPath = (): string => join(mkdtempSync(join(tmpdir(), 'podkeeper-key-')), 'cli-key.json')

function storedPath(): string {
  const path = newPath()
  writeStoredKey(path, stored)
  return path
}

test('a key that is cut at any byte is refused with what to do, and never used in part', () => {
  const path = storedPath()
  const whole = readFileSync(path)
  for (let length = 0; length < whole.length - 1; length++) {
    writeFileSync(path, whole.subarray(0, length))
    expect(() => readStoredKey(path)).toThrow(/podkeeper login/)
  }
})

test.each<[string, (path: string) => void]>([
  ['is a folder', (path) => mkdirSync(path, { mode: 0o700 })],
  ['is a pipe', (path) => void execFileSync('mkfifo', ['-m', '600', path])],
  [
    'is larger than any key',
    (path) => {
      writeFileSync(path, '', { mode: 0o600 })
      truncateSync(path, 1_024 ** 3)
    },
  ],
])('what %s is refused as a key with what to do, at once', (_, make) => {
  const path = newPath()
  make(path)
  expect(() => readStoredKey(path)).toThrow(/is no file with a key\. Move it away, then .*podkeeper login/)
})

test('a link in place of the key is not followed', () => {
  const path = newPath()
  symlinkSync(storedPath(), path)
  expect(() => readStoredKey(path)).toThrow(/cannot be read: ELOOP/)
})

test('a key that cannot be written or removed is an error that says so', () => {
  const path = newPath()
  mkdirSync(join(path, 'in the way'), { recursive: true })
  expect(() => writeStoredKey(path, stored)).toThrow(
    /^Nothing was kept: .*cli-key\.json cannot be written \(E/,
  )
  expect(() => deleteStoredKey(path)).toThrow(/cli-key\.json cannot be removed \(.*\)\. Remove it yourself\./)
})
