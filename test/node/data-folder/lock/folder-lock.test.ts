import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import {
  createFolderLock,
  type FolderLock,
  type LockRole,
} from '../../../../src/node/data-folder/lock/folder-lock'
import type { FolderFormat } from '../../../../src/node/data-folder/format/migration'
import { migratedFolder } from '../../../harness/data-folder/migrated-folder'
import { intentsByState } from '../../../harness/samples/intents'

const fsyncHook = vi.hoisted(() => ({ run: (): void => {} }))
/** How often a program looked at the format of a folder. */
const formatReads = vi.hoisted(() => ({ count: 0 }))
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>()
  const fsyncSync = (file: number): void => {
    fs.fsyncSync(file)
    fsyncHook.run()
  }
  const statSync = ((path: string, options?: object) => {
    if (path.endsWith('format.json')) formatReads.count += 1
    return fs.statSync(path, options)
  }) as typeof fs.statSync
  return { ...fs, statSync, fsyncSync }
})

const ends: (() => void)[] = []
afterEach(() => {
  fsyncHook.run = (): void => {}
  for (const end of ends.splice(0).reverse()) end()
})

const intentOf = (id: string) => ({ ...intentsByState('stop').scheduled, id })
const newFolder = (): string => mkdtempSync(join(tmpdir(), 'podkeeper-writer-'))

function writerOf(
  folder: string,
  actsUnlocked = false,
  retryMs = 60_000,
  format?: FolderFormat,
): { writer: FolderLock; roles: LockRole[] } {
  const roles: LockRole[] = []
  const writer = createFolderLock({
    dataFolder: folder,
    journalPath: join(folder, 'intents.jsonl'),
    program: 'cli',
    canActUnlocked: actsUnlocked,
    nowMs: Date.now,
    onRole: (role) => roles.push(role),
    retryMs,
    ...(format && { format }),
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
    error: expect.stringContaining('manages this account'),
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

const recordedIn = (folder: string): string => readFileSync(join(folder, 'intents.jsonl'), 'utf8')

/** An app that acts without a lock, because a file is where the lock's folder belongs. */
async function unlockedApp(folder: string, retryMs?: number) {
  writeFileSync(join(folder, 'writer'), '')
  const app = writerOf(folder, true, retryMs)
  expect(await app.writer.start()).toMatchObject({ kind: 'unlocked' })
  expect(app.writer.journal.record(intentOf('app-stop')).ok).toBe(true)
  rmSync(join(folder, 'writer'))
  return app
}

test('an app that acts without the lock stops acting once a command holds it, and its action stays', async () => {
  const folder = newFolder()
  const app = await unlockedApp(folder)
  const command = writerOf(folder).writer
  expect(await command.start()).toEqual({ kind: 'active' })
  expect(command.journal.latest().map(({ id }) => id)).toEqual(['app-stop'])

  expect(app.writer.journal.record(intentOf('late')).ok).toBe(false)
  expect(app.writer.mayWrite().ok).toBe(false)
  expect(app.roles[0]).toEqual({ kind: 'passive', holder: null })
  expect(command.journal.record(intentOf('command-stop')).ok).toBe(true)
  expect(recordedIn(folder)).not.toContain('late')
  await vi.waitFor(() => expect(app.roles.at(-1)).toMatchObject({ holder: { program: 'cli' } }))

  command.dispose()
  await vi.waitFor(() => expect(app.writer.role()).toEqual({ kind: 'active' }))
  expect(app.writer.journal.latest().map(({ id }) => id)).toEqual(['app-stop', 'command-stop'])
})

test('a lock that could not be used is tried again until it is held', async () => {
  const folder = newFolder()
  const app = await unlockedApp(folder, 5)
  await vi.waitFor(() => expect(app.roles).toEqual([{ kind: 'active' }]))
  expect(await writerOf(folder).writer.start()).toMatchObject({ kind: 'passive' })
  expect(app.writer.journal.latest().map(({ id }) => id)).toEqual(['app-stop'])
  expect(app.writer.journal.record(intentOf('next')).ok).toBe(true)
})

test('nobody acts without the lock while another program may hold it', async () => {
  const parent = newFolder()
  const longPath = join(parent, 'long'.repeat(30))
  mkdirSync(longPath)
  symlinkSync(longPath, join(parent, 'short'))
  expect(await writerOf(join(parent, 'short')).writer.start()).toEqual({ kind: 'active' })
  const app = writerOf(longPath, true).writer
  expect(await app.start()).toMatchObject({ kind: 'unlocked' })
  expect(app.journal.record(intentOf('i')).ok).toBe(false)
})

test('a process that cannot open the journal leaves the lock to others', async () => {
  const folder = migratedFolder('podkeeper-writer-')
  mkdirSync(join(folder, 'intents.jsonl', 'in the way'), { recursive: true })
  const first = writerOf(folder).writer
  await expect(first.start()).rejects.toThrow()
  rmSync(join(folder, 'intents.jsonl'), { recursive: true })
  expect(await writerOf(folder).writer.start()).toEqual({ kind: 'active' })
})

test('a takeover that fails gives the lock free and succeeds later', async () => {
  const folder = newFolder()
  const first = writerOf(folder).writer
  const second = writerOf(folder, false, 20)
  await first.start()
  await second.writer.start()
  rmSync(join(folder, 'intents.jsonl'))
  mkdirSync(join(folder, 'intents.jsonl', 'in the way'), { recursive: true })
  first.dispose()
  await vi.waitFor(() => expect(second.roles[0]).toMatchObject({ kind: 'unlocked' }))
  expect(second.writer.mayWrite().ok).toBe(false)
  rmSync(join(folder, 'intents.jsonl'), { recursive: true })
  await vi.waitFor(() => expect(second.writer.role()).toEqual({ kind: 'active' }))
  expect(second.writer.journal.record(intentOf('i')).ok).toBe(true)
})

test('an action is not sent when another program takes the lock while it is written', async () => {
  const folder = newFolder()
  const { writer, roles } = writerOf(folder)
  await writer.start()
  fsyncHook.run = () => writeFileSync(join(folder, 'writer', '99'), '')
  expect(writer.journal.record(intentOf('i')).ok).toBe(false)
  expect(roles[0]).toMatchObject({ kind: 'passive' })
})

test.each([
  ['the folder of the lock', (folder: string) => rmSync(join(folder, 'writer'), { recursive: true })],
  ['the journal', (folder: string) => renameSync(join(folder, 'intents.jsonl'), join(folder, 'old'))],
])(
  'after %s was removed, nothing is recorded where nobody finds it, and acting continues',
  async (_, remove) => {
    const folder = newFolder()
    const { writer } = writerOf(folder)
    await writer.start()
    remove(folder)
    expect(writer.journal.record(intentOf('lost')).ok).toBe(false)
    await vi.waitFor(() => expect(writer.role()).toEqual({ kind: 'active' }))
    expect(writer.journal.record(intentOf('kept')).ok).toBe(true)
    expect(recordedIn(folder)).toContain('kept')
  },
)

/** A made-up earlier format, and one that its folders are brought to. */
const firstFormat: FolderFormat = { version: 1, migrations: [] }
const nextFormat: FolderFormat = {
  version: 2,
  migrations: [
    {
      from: 1,
      files: ['config.json'],
      migrate: (read) => ({ 'config.json': `${read('config.json')} next` }),
    },
  ],
}

test.each([true, false])(
  'a newer folder is neither written nor acted on, unlocked or not (%s)',
  async (canAct) => {
    const folder = newFolder()
    writeFileSync(join(folder, 'format.json'), '{"version":2}')
    const { writer } = writerOf(folder, canAct, 60_000, firstFormat)
    expect(await writer.start()).toMatchObject({
      kind: 'unsupported-format',
      problem: expect.stringContaining('Update'),
    })
    expect(writer.journal.record(intentOf('i'))).toMatchObject({ error: expect.stringContaining('format 2') })
    expect(readdirSync(folder)).toEqual(['format.json'])
  },
)

test.each(['{"version":1}', null])(
  'a folder of a lower version (%s) is neither written nor acted on until its files are moved away',
  async (format) => {
    const folder = newFolder()
    writeFileSync(join(folder, 'intents.jsonl'), 'old')
    if (format !== null) writeFileSync(join(folder, 'format.json'), format)
    const before = readdirSync(folder)
    const { writer } = writerOf(folder, true, 5)
    expect(await writer.start()).toMatchObject({
      kind: 'unsupported-format',
      problem: expect.stringContaining('Move its files'),
    })
    expect(writer.journal.record(intentOf('i')).ok).toBe(false)
    expect(readdirSync(folder)).toEqual(before)
    expect(readFileSync(join(folder, 'intents.jsonl'), 'utf8')).toBe('old')
    for (const name of before) rmSync(join(folder, name))
    await vi.waitFor(() => expect(writer.role()).toEqual({ kind: 'active' }))
    expect(writer.journal.record(intentOf('i')).ok).toBe(true)
  },
)

test('an older watch that waits beside a newer app does not act when the app ends, and the next newer one does', async () => {
  const folder = newFolder()
  const before = writerOf(folder, false, 60_000, firstFormat).writer
  await before.start()
  before.journal.record(intentOf('old'))
  before.dispose()

  const newer = () => writerOf(folder, false, 60_000, nextFormat).writer
  const app = newer()
  expect(await app.start()).toEqual({ kind: 'active' })
  expect(app.journal.latest().map(({ id }) => id)).toEqual(['old'])
  const older = writerOf(folder, false, 5, firstFormat)
  expect(await older.writer.start()).toMatchObject({ kind: 'unsupported-format' })
  app.dispose()
  const readsBefore = formatReads.count
  await vi.waitFor(() => expect(formatReads.count).toBeGreaterThan(readsBefore + 5))
  expect(older.writer.mayWrite().ok).toBe(false)
  expect(await newer().start()).toEqual({ kind: 'active' })
})

test('a newer app waits for an older watch that acts, and migrates nothing before', async () => {
  const folder = newFolder()
  const older = writerOf(folder, false, 60_000, firstFormat).writer
  await older.start()
  writeFileSync(join(folder, 'config.json'), 'first')
  const app = writerOf(folder, true, 5, nextFormat).writer
  expect(await app.start()).toMatchObject({ kind: 'passive' })
  expect(older.journal.record(intentOf('i')).ok).toBe(true)
  expect(readFileSync(join(folder, 'format.json'), 'utf8')).toBe('{"version":1}\n')
  older.dispose()
  await vi.waitFor(() => expect(app.role()).toEqual({ kind: 'active' }))
  expect(app.journal.latest().map(({ id }) => id)).toEqual(['i'])
  expect(readFileSync(join(folder, 'format.json'), 'utf8')).toBe('{"version":2}\n')
  expect(readFileSync(join(folder, 'config.json'), 'utf8')).toBe('first next')
})

test('an older watch that was waiting when the folder was migrated stays out', async () => {
  const folder = newFolder()
  const holder = writerOf(folder, false, 60_000, firstFormat).writer
  await holder.start()
  const older = writerOf(folder, false, 5, firstFormat)
  expect(await older.writer.start()).toMatchObject({ kind: 'passive' })
  writeFileSync(join(folder, 'format.json'), '{"version":2}')
  holder.dispose()
  await vi.waitFor(() =>
    expect(older.roles).toEqual([expect.objectContaining({ kind: 'unsupported-format' })]),
  )
  expect(older.writer.mayWrite().ok).toBe(false)
})

test('a folder that becomes newer while the lock is taken is left alone', async () => {
  const folder = newFolder()
  const { writer } = writerOf(folder, false, 60_000, firstFormat)
  const starting = writer.start()
  writeFileSync(join(folder, 'format.json'), '{"version":2}')
  expect(await starting).toMatchObject({ kind: 'unsupported-format' })
  expect(await writerOf(folder).writer.start()).toEqual({ kind: 'active' })
})
