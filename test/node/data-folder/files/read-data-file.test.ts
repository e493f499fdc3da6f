import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { fileStamp } from '../../../../src/node/data-folder/files/file-stamp'
import { readDataFile } from '../../../../src/node/data-folder/files/read-data-file'

const newPath = (): string => join(mkdtempSync(join(tmpdir(), 'podkeeper-read-')), 'file')

test('a file is read, also through a link, and a missing one is null', () => {
  const path = newPath()
  expect([readDataFile(path, 10), fileStamp(path)]).toEqual([null, null])
  writeFileSync(path, '0123456789')
  expect(readDataFile(join(path, 'below a file'), 10)).toBeNull()
  symlinkSync(path, `${path}.link`)
  expect([readDataFile(path, 10), readDataFile(`${path}.link`, 10)]).toEqual(['0123456789', '0123456789'])
  expect(fileStamp(`${path}.link`)).toBe(fileStamp(path))
})

test.each<[string, (path: string) => void, RegExp]>([
  ['a file that is too large', (path) => writeFileSync(path, 'x'.repeat(11)), /larger than/],
  ['a folder', (path) => mkdirSync(path), /EISDIR/],
  ['a pipe, which would never end', (path) => void execFileSync('mkfifo', [path]), /is not a file/],
  ['a link that leads nowhere', (path) => symlinkSync(`${path}.gone`, path), /is a broken link/],
  ['a link to itself', (path) => symlinkSync(path, path), /ELOOP/],
])('%s is an error, and is not taken for a missing file', (_, make, reason) => {
  const path = newPath()
  make(path)
  expect(() => readDataFile(path, 10)).toThrow(reason)
})

test('a file that another program creates and removes all the time is there or not, and never an error', async () => {
  const path = newPath()
  const program = `
    const fs = require('node:fs')
    for (;;) { fs.writeFileSync(process.argv[1], ''); fs.unlinkSync(process.argv[1]) }`
  const child = spawn(process.execPath, ['-e', program, path])
  const end = once(child, 'exit')
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await end
  })
  const found = new Map<string | null, number>()
  const isOften = (text: string | null): boolean => (found.get(text) ?? 0) > 2_000
  while (!isOften('') || !isOften(null)) {
    const text = readDataFile(path, 10)
    found.set(text, (found.get(text) ?? 0) + 1)
  }
  expect(new Set(found.keys())).toEqual(new Set(['', null]))
})

test('a file that cannot be looked at has a stamp, so that its changes are noticed', () => {
  const path = newPath()
  symlinkSync(path, path)
  expect(fileStamp(path)).toMatch(/ELOOP/)
})
