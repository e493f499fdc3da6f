import { mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { replaceFile, syncFolder } from '../../../../src/node/data-folder/files/replace-file'

/** A file system that cannot sync folders, as some network file systems. */
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>()
  const fsyncSync = (file: number): void => {
    if (fs.fstatSync(file).isDirectory()) throw Object.assign(new Error('EINVAL: fsync'), { code: 'EINVAL' })
    fs.fsyncSync(file)
  }
  return { ...fs, fsyncSync }
})

test('a file that was replaced counts as written also where its folder cannot be synced', () => {
  const folder = mkdtempSync(join(tmpdir(), 'podkeeper-replace-'))
  expect(() => syncFolder(folder)).toThrow(/EINVAL/)
  replaceFile(join(folder, 'file'), 'old')
  replaceFile(join(folder, 'file'), 'new')
  expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('new')
  expect(statSync(join(folder, 'file')).mode & 0o777).toBe(0o600)
  expect(readdirSync(folder)).toEqual(['file'])
})
