import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import {
  formatProblem,
  migrateFolder,
  writeProblem,
} from '../../../../src/node/data-folder/format/folder-format'
import { backupFolder, type FolderFormat } from '../../../../src/node/data-folder/format/migration'
import { fileFaults } from '../../../harness/data-folder/file-faults'

/** Runs once, between two looks at a folder. */
const onLook = vi.hoisted((): { run: (() => void) | null } => ({ run: null }))

vi.mock('node:fs', async (original) => {
  const { withFileFaults } = await import('../../../harness/data-folder/file-faults')
  const fs = withFileFaults(await original<typeof import('node:fs')>())
  const lstatSync = (...args: Parameters<typeof fs.lstatSync>) => {
    const { run } = onLook
    if (run !== null && String(args[0]).endsWith('config.json')) {
      onLook.run = null
      run()
    }
    return fs.lstatSync(...args)
  }
  return { ...fs, lstatSync }
})

afterEach(() => void Object.assign(fileFaults, { kind: 'none' }))

/** A folder as a program of the made-up first version leaves it. */
function firstFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'podkeeper-format-'))
  writeFileSync(join(folder, 'format.json'), '{"version":1}')
  writeFileSync(join(folder, 'intents.jsonl'), 'one\n')
  writeFileSync(join(folder, 'config.json'), '{"settings":{}}')
  return folder
}

const text = (folder: string, name: string): string => readFileSync(join(folder, name), 'utf8')

/** A made-up format, which the present one has nothing to do with. */
const first: FolderFormat = { version: 1, migrations: [] }

/** Each step appends to a file that it also reads, so that a step that runs twice on its own result is seen. */
const next: FolderFormat = {
  version: 3,
  migrations: [1, 2].map((from) => ({
    from,
    files: ['intents.jsonl', 'rules.json'],
    migrate: (read) => ({
      'intents.jsonl': `${read('intents.jsonl')}to ${from + 1}\n`,
      'rules.json': `${read('rules.json') ?? ''}${from}`,
    }),
  })),
}

const contentsOf = (folder: string): readonly (readonly [string, string])[] =>
  readdirSync(folder).map((name) => [name, text(folder, name)])

test('a folder that no program has used gets the present format, without a backup', () => {
  const folder = mkdtempSync(join(tmpdir(), 'podkeeper-format-'))
  writeFileSync(join(folder, 'cli-key.json'), '{}')
  expect(formatProblem(folder)).toBeNull()
  expect(formatProblem(join(folder, 'not there'))).toBeNull()
  expect(writeProblem(folder)).toMatch(/not in format 2 yet/)
  migrateFolder(folder)
  expect(readdirSync(folder)).toEqual(['cli-key.json', 'format.json'])
  expect(text(folder, 'format.json')).toBe('{"version":2}\n')
  expect([formatProblem(folder), writeProblem(folder)]).toEqual([null, null])
})

test.each<[string, (folder: string) => void, RegExp]>([
  ['of a lower version', () => {}, /in format 1, and .* supports format 2\. Move its files/],
  [
    'on the way to a lower version',
    (folder) => writeFileSync(join(folder, 'format.json'), '{"version":2,"migratingFrom":1}'),
    /in format 2, .* Move its files/,
  ],
  ['without a version', (folder) => rmSync(join(folder, 'format.json')), /no format\.json.* Move its files/],
  [
    'without a version, with settings alone',
    (folder) => ['format.json', 'intents.jsonl'].forEach((name) => rmSync(join(folder, name))),
    /no format\.json/,
  ],
  [
    'without a version, whose journal is a broken link',
    (folder) => {
      for (const name of readdirSync(folder)) rmSync(join(folder, name))
      symlinkSync(join(folder, 'elsewhere'), join(folder, 'intents.jsonl'))
    },
    /no format\.json/,
  ],
])('a folder %s is refused with what to do, and nothing in it changes', (_, change, why) => {
  const folder = firstFolder()
  change(folder)
  const names = readdirSync(folder)
  const before = names.includes('config.json') ? contentsOf(folder) : names
  expect(formatProblem(folder)).toMatch(why)
  expect(writeProblem(folder)).toMatch(why)
  expect(() => migrateFolder(folder)).toThrow(why)
  expect(names.includes('config.json') ? contentsOf(folder) : readdirSync(folder)).toEqual(before)
})

test('a folder that another program makes at this moment is not taken for one without a version', () => {
  const folder = mkdtempSync(join(tmpdir(), 'podkeeper-format-'))
  onLook.run = () => {
    migrateFolder(folder)
    writeFileSync(join(folder, 'intents.jsonl'), '')
  }
  expect(formatProblem(folder)).toBeNull()
  expect(onLook.run).toBeNull()
  expect(writeProblem(folder)).toBeNull()
})

test('a folder of version 1 is migrated step by step, with a backup of each version', () => {
  const folder = firstFolder()
  migrateFolder(folder, next)
  expect(text(folder, 'intents.jsonl')).toBe('one\nto 2\nto 3\n')
  expect(text(folder, 'rules.json')).toBe('12')
  expect(text(folder, 'config.json')).toBe('{"settings":{}}')
  expect(text(backupFolder(folder, 1), 'intents.jsonl')).toBe('one\n')
  expect(text(backupFolder(folder, 2), 'intents.jsonl')).toBe('one\nto 2\n')
  expect(formatProblem(folder, next)).toBeNull()
  expect(formatProblem(folder)).toMatch(
    /in format 3, and this version of Podkeeper supports format 2\. Update/,
  )
  expect(formatProblem(folder, first)).toMatch(
    /in format 3, and this version of Podkeeper supports format 1\. Update/,
  )
  migrateFolder(folder, next)
  expect(text(folder, 'rules.json')).toBe('12')
})

test.each(['', '{', 'null', '[]', '{"version":"1"}', '{"version":0}', '{"version":1.5}'])(
  'a folder whose format file holds %j may be newer, so nothing is written there',
  (content) => {
    const folder = firstFolder()
    writeFileSync(join(folder, 'format.json'), content)
    expect(formatProblem(folder)).toMatch(/cannot be read/)
    expect(() => migrateFolder(folder, next)).toThrow(/cannot be read/)
    expect(text(folder, 'intents.jsonl')).toBe('one\n')
  },
)

test.each<[string, (path: string) => void]>([
  ['is a folder', (path) => mkdirSync(path)],
  ['is a link to itself', (path) => symlinkSync(path, path)],
  ['is a broken link', (path) => symlinkSync(`${path}.elsewhere`, path)],
  ['is larger than any', (path) => writeFileSync(path, `{"version":1}${' '.repeat(100_000)}`)],
  [
    'is of an unfinished migration from nowhere',
    (path) => writeFileSync(path, '{"version":2,"migratingFrom":2}'),
  ],
])('a format file that %s counts as unreadable', (_, make) => {
  const folder = firstFolder()
  rmSync(join(folder, 'format.json'))
  make(join(folder, 'format.json'))
  expect(formatProblem(folder, next)).toMatch(/cannot be read/)
})

test('files are written only in a folder whose migration to the format of the program is complete', () => {
  const folder = firstFolder()
  expect(writeProblem(folder, first)).toBeNull()
  expect(writeProblem(folder, next)).toMatch(/not in format 3 yet/)
  writeFileSync(join(folder, 'format.json'), '{"version":3,"migratingFrom":2}')
  expect(writeProblem(folder, next)).toMatch(/not in format 3 yet/)
  writeFileSync(join(folder, 'format.json'), '{"version":3}')
  expect(writeProblem(folder, next)).toBeNull()
  expect(writeProblem(folder)).toMatch(/Update Podkeeper/)
})

test('a format file that is damaged at any byte never lets an older program act, unless it reads as an older format', () => {
  const folder = firstFolder()
  const path = join(folder, 'format.json')
  const whole = Buffer.from('{"version":3,"migratingFrom":2}\n')
  const changed = (byte: number, value: number): Buffer => {
    const copy = Buffer.from(whole)
    copy[byte] = value
    return copy
  }
  for (const [byte, value] of whole.entries())
    for (const damaged of [
      whole.subarray(0, byte),
      changed(byte, 0),
      ...[1, 2, 4, 8, 16, 32, 64].map((bit) => changed(byte, value ^ bit)),
    ]) {
      writeFileSync(path, damaged)
      expect([String(damaged), formatProblem(folder, first)]).toEqual([String(damaged), expect.any(String)])
    }
})

test('a migration whose backup is missing is not completed, because nothing could be made of it', () => {
  const folder = firstFolder()
  writeFileSync(join(folder, 'format.json'), '{"version":2,"migratingFrom":1}')
  expect(() => migrateFolder(folder, next)).toThrow(/format-1-backup is missing/)
  expect(text(folder, 'intents.jsonl')).toBe('one\n')
})

test.each(['full', 'killed'] as const)(
  'a migration while the disk or process is %s at any step is completed later, and no older program acts between',
  (kind) => {
    let reached = 0
    for (let step = 1; step <= 200; step += 1) {
      const folder = firstFolder()
      Object.assign(fileFaults, { kind, fromStep: step, steps: 0 })
      try {
        migrateFolder(folder, next)
      } catch (cause) {
        expect(String(cause)).toMatch(/ENOSPC|killed/)
      }
      fileFaults.kind = 'none'
      if (fileFaults.steps < step) break
      reached = step
      const isUntouched = text(folder, 'intents.jsonl') === 'one\n' && !existsSync(join(folder, 'rules.json'))
      expect(isUntouched || formatProblem(folder, first) !== null, `step ${step}`).toBe(true)
      migrateFolder(folder, next)
      expect(text(folder, 'intents.jsonl'), `step ${step}`).toBe('one\nto 2\nto 3\n')
      expect(text(folder, 'rules.json'), `step ${step}`).toBe('12')
      expect(text(backupFolder(folder, 1), 'intents.jsonl')).toBe('one\n')
    }
    expect(reached).toBeGreaterThan(30)
    expect(reached).toBeLessThan(200)
  },
)
