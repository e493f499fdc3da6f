import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { createFolderLock, type FolderLock, type LockRole } from '../../../src/node/data-folder/folder-lock'
import { intentsByState } from '../../harness/intents'

const ends: (() => void)[] = []
afterEach(() => {
  for (const end of ends.splice(0).reverse()) end()
})

const intentOf = (id: string) => ({ ...intentsByState('stop').scheduled, id })
const newFolder = (): string => mkdtempSync(join(tmpdir(), 'podkeeper-writer-'))

function writerOf(folder: string, actsUnlocked = false): { writer: FolderLock; roles: LockRole[] } {
  const roles: LockRole[] = []
  const writer = createFolderLock({
    dataFolder: folder,
    journalPath: join(folder, 'intents.jsonl'),
    program: 'cli',
    canActUnlocked: actsUnlocked,
    nowMs: Date.now,
    onRole: (role) => roles.push(role),
  })
  ends.push(() => writer.dispose())
  return { writer, roles }
}

test('one process acts and writes, and the other is rejected until it takes over with the written state', async () => {
  const folder = newFolder()
  const first = writerOf(folder).writer
  const { writer: second, roles } = writerOf(folder)
  expect(await first.start()).toEqual({ kind: 'active' })
  expect(await second.start()).toMatchObject({ kind: 'passive', holder: { pid: process.pid } })

  expect(first.journal.record(intentOf('i'))).toEqual({ ok: true, value: undefined })
  expect(second.journal.record(intentOf('j'))).toEqual({
    ok: false,
    error: expect.stringContaining('acts for this account'),
  })
  expect(second.journal.latest()).toEqual([])

  first.dispose()
  expect(first.journal.record(intentOf('k')).ok).toBe(false)
  await vi.waitFor(() => expect(roles).toEqual([{ kind: 'active' }]))
  expect(second.journal.latest().map(({ id }) => id)).toEqual(['i'])
  expect(readFileSync(join(folder, 'intents.jsonl'), 'utf8')).not.toContain('"j"')
})

test('where the lock cannot be used, only a program that may acts', async () => {
  const folder = join(newFolder(), 'long'.repeat(30))
  const careful = writerOf(folder).writer
  expect(await careful.start()).toMatchObject({ kind: 'unlocked' })
  expect(careful.journal.record(intentOf('i'))).toMatchObject({
    ok: false,
    error: expect.stringContaining('too long'),
  })
  const only = writerOf(folder, true).writer
  expect(await only.start()).toMatchObject({ kind: 'unlocked' })
  expect(only.journal.record(intentOf('i')).ok).toBe(true)
})

test('a process that waited and exited does not take over', async () => {
  const folder = newFolder()
  const first = writerOf(folder).writer
  const { writer: second, roles } = writerOf(folder)
  await first.start()
  await second.start()
  second.dispose()
  first.dispose()
  expect(await writerOf(folder).writer.start()).toEqual({ kind: 'active' })
  expect(roles).toEqual([])
})
