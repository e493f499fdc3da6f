import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { localResultFiles, partNameOf } from '../../../src/node/queue/result-folder'
import { tempFolder } from '../../harness/ssh/openssh-for-test'

const file = { name: 'a/out.bin', sizeBytes: 10, sha256: '0'.repeat(64) }

test('results of a job go into one folder that is named by it, which is never a link', () => {
  const folder = tempFolder('results')
  const opened = localResultFiles.openFolder(folder, 'train/1')
  expect(opened).toEqual({ ok: true, value: join(folder, 'train-1') })
  expect(localResultFiles.openFolder(folder, 'train/1')).toEqual(opened)
  expect(localResultFiles.makeFolder(folder, 'train/1')).toEqual({
    ok: true,
    value: join(folder, 'train-1-2'),
  })
  symlinkSync('/', join(folder, 'link'))
  expect(localResultFiles.openFolder(folder, 'link').ok).toBe(false)
})

test('parts of files count as room that is not needed, and are removed with nothing else', () => {
  const folder = tempFolder('results')
  const path = join(folder, 'job')
  mkdirSync(join(path, 'a'), { recursive: true })
  const part = join(path, 'a', partNameOf(file))
  writeFileSync(part, 'x'.repeat(9))
  writeFileSync(join(path, 'a', 'mine.part'), '')
  const tooLarge = { ...file, sizeBytes: Number.MAX_SAFE_INTEGER }
  expect(localResultFiles.roomProblem(path, [file])).toBeNull()
  expect(localResultFiles.roomProblem(path, [tooLarge])).toContain(`${path} has room for`)
  localResultFiles.removeParts(folder, 'job')
  localResultFiles.removeParts(folder, 'none')
  expect([existsSync(part), existsSync(join(path, 'a', 'mine.part'))]).toEqual([false, true])
})
