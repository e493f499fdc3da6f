import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  changeStoredKeys,
  deleteStoredKeys,
  readStoredKeys,
  writeStoredKey,
} from '../../../src/cli/account/key-file'
import { buildProgram } from '../../harness/setup/build-program'

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
    expect(() => readStoredKeys(path)).toThrow(/podkeeper login/)
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
  expect(() => readStoredKeys(path)).toThrow(/is not a key file\. Move it away, then .*podkeeper login/)
})

test('a link in place of the key is not followed', () => {
  const path = newPath()
  symlinkSync(storedPath(), path)
  expect(() => readStoredKeys(path)).toThrow(/cannot be read: ELOOP/)
})

test('a key that cannot be written or removed is an error that says so', () => {
  const path = newPath()
  mkdirSync(join(path, 'in the way'), { recursive: true })
  expect(() => writeStoredKey(path, stored)).toThrow(
    /^Nothing was saved: .*cli-key\.json cannot be written \(E/,
  )
  expect(() => deleteStoredKeys(path)).toThrow(
    /cli-key\.json cannot be removed \(.*\)\. Remove it yourself\./,
  )
})

const other = { baseUrl: 'https://x.test/', key: 'rpa_OTHER', accountId: 'other', name: 'Lab' }

test('several keys are kept', () => {
  const path = storedPath()
  writeStoredKey(path, other)
  expect(readStoredKeys(path)).toMatchObject([stored, other])
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ version: 1, keys: [stored, other] })
  expect(statSync(path).mode & 0o777).toBe(0o600)
  const whole = readFileSync(path)
  for (let length = 0; length < whole.length - 1; length++) {
    writeFileSync(path, whole.subarray(0, length))
    expect(() => readStoredKeys(path)).toThrow(/podkeeper login/)
  }
})

test('a new key of an account replaces its key in place, and leaves the others', () => {
  const path = storedPath()
  writeStoredKey(path, other)
  const replaced = { ...stored, accountId: 'first', name: 'Work' }
  writeStoredKey(path, replaced)
  expect(readStoredKeys(path)).toMatchObject([replaced, other])
  writeStoredKey(path, { ...other, key: 'rpa_NEWER' })
  expect(readStoredKeys(path)).toMatchObject([replaced, { ...other, key: 'rpa_NEWER' }])
  const times = (): unknown[] => readStoredKeys(path).map(({ addedAtMs }) => addedAtMs)
  // An account keeps its time, whatever its key is.
  changeStoredKeys(path, (keys) => keys.map((key) => ({ ...key, addedAtMs: 5 })))
  const before = times()
  writeStoredKey(path, { ...other, key: 'rpa_NEWEST' })
  expect(times()).toEqual(before)
  writeStoredKey(path, { ...other, key: 'rpa_NEWER' })
  changeStoredKeys(path, (keys) => keys.filter(({ accountId }) => accountId !== 'first'))
  expect(readStoredKeys(path)).toMatchObject([{ ...other, key: 'rpa_NEWER' }])
  changeStoredKeys(path, () => [])
  expect(existsSync(path)).toBe(false)
})

test('keys that several programs save at the same moment are all kept', async () => {
  const path = newPath()
  const program = await buildProgram('test/cli/account/key-file-program.ts')
  const writers = ['a', 'b', 'c', 'd']
  const ended = writers.map(async (name) => {
    const writer = spawn(process.execPath, [program, path, name], { stdio: 'ignore' })
    expect(await once(writer, 'exit')).toEqual([0, null])
  })
  await Promise.all(ended)
  const numbers = Array.from({ length: 10 }, (_, number) => number)
  const expected = writers.flatMap((name) => numbers.map((number) => `${name}-${number}`))
  const kept = readStoredKeys(path).map(({ accountId }) => accountId)
  expect(kept).toHaveLength(expected.length)
  expect(new Set(kept)).toEqual(new Set(expected))
})
