import { mkdirSync, mkdtempSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeFolders } from '../../../../src/node/data-folder/files/private-folder'

const folder = mkdtempSync(join(tmpdir(), 'podkeeper-folders-'))

test('a folder is made with those above it, for its owner only, and may be there already', () => {
  const path = join(folder, 'a/b/c')
  makeFolders(path)
  makeFolders(path)
  expect(statSync(join(folder, 'a')).mode & 0o777).toBe(0o700)
  expect(statSync(path).mode & 0o777).toBe(0o700)
  const open = join(folder, 'open')
  mkdirSync(open, { mode: 0o755 })
  makeFolders(join(open, 'own'))
  expect(statSync(open).mode & 0o777).toBe(0o755)
})

test('a folder below a file is an error', () => {
  writeFileSync(join(folder, 'file'), '')
  expect(() => makeFolders(join(folder, 'file/below'))).toThrow(/ENOTDIR/)
})

test.runIf(process.platform === 'linux')('a folder that the system refuses is an error at once', () => {
  expect(() => makeFolders('/proc/podkeeper/deeper')).toThrow(/ENOENT/)
})
