import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { claimPipePath, readPipePath } from '../../../../src/node/data-folder/lock/pipe-path'

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'podkeeper-pipe-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}
const fileIn = (folder: string): string => join(folder, 'writer', 'pipe')

test('the pipe of a data folder has a random name, which stays', () => {
  const [folder, other] = [newFolder(), newFolder()]
  expect(readPipePath(folder)).toBeNull()
  expect(existsSync(fileIn(folder))).toBe(false)
  const path = claimPipePath(folder)
  expect(path).toMatch(/^\\\\\.\\pipe\\podkeeper-[\da-f]{32}$/)
  expect([claimPipePath(folder), readPipePath(folder)]).toEqual([path, path])
  expect(claimPipePath(other)).not.toBe(path)
})

test('the same folder gets another name when it is made anew', () => {
  const folder = newFolder()
  const path = claimPipePath(folder)
  rmSync(join(folder, 'writer'), { recursive: true })
  expect(claimPipePath(folder)).not.toBe(path)
})

test('the name stands in a file that only the user may read, alone in a private folder', () => {
  const folder = newFolder()
  claimPipePath(folder)
  expect(statSync(fileIn(folder)).mode & 0o777).toBe(0o600)
  expect(statSync(join(folder, 'writer')).mode & 0o777).toBe(0o700)
  expect(readdirSync(join(folder, 'writer'))).toEqual(['pipe'])
})

test.each(['', 'podkeeper', '..\\\\evil', 'f'.repeat(31), `${'f'.repeat(32)}\nmore`, 'x'.repeat(900)])(
  'a file that holds no name (%s) is replaced',
  (content) => {
    const folder = newFolder()
    mkdirSync(join(folder, 'writer'))
    writeFileSync(fileIn(folder), content)
    expect(readPipePath(folder)).toBeNull()
    const path = claimPipePath(folder)
    expect(readPipePath(folder)).toBe(path)
  },
)
