import {
  existsSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  symlinkSync,
  writeFileSync,
  readFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { MINUTE_MS } from '../../../../src/core/base/time/time'
import { createSaveCheck } from '../../../../src/node/data-folder/files/save-check'

const newFolder = (): string => join(mkdtempSync(join(tmpdir(), 'podkeeper-save-check-')))

test('a folder that can’t be written says why, a minute later at most, and so it does that it can again', () => {
  const folder = newFolder()
  let nowMs = 0
  const problem = createSaveCheck(folder, () => nowMs)
  expect([problem(), readdirSync(folder)]).toEqual([null, []])
  renameSync(folder, `${folder}-away`)
  nowMs += MINUTE_MS - 1
  expect(problem()).toBeNull()
  nowMs += 1
  expect(problem()).toContain('ENOENT')
  renameSync(`${folder}-away`, folder)
  nowMs += MINUTE_MS
  expect([problem(), readdirSync(folder)]).toEqual([null, []])
})

test('what has the name of its file is replaced, and nothing that it leads to is written', () => {
  const folder = newFolder()
  const precious = join(newFolder(), 'precious')
  writeFileSync(precious, 'kept')
  symlinkSync(precious, join(folder, 'save-check'))
  expect(createSaveCheck(folder, () => 0)()).toBeNull()
  expect([readFileSync(precious, 'utf8'), existsSync(join(folder, 'save-check'))]).toEqual(['kept', false])
})
