import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import { expect, test } from 'vitest'
import { allAuditEntries, type AuditEntry } from '../../../../src/core/audit-log/audit-log'
import { fail, ok } from '../../../../src/core/base/result'
import {
  type AuditLogOptions,
  type OpenAuditLog,
  openAuditLog,
} from '../../../../src/node/data-folder/records/audit-log'
import { createMemoryAuditLog } from '../../../../src/node/in-memory/memory-files'

const newFolder = (): string => join(mkdtempSync(join(tmpdir(), 'podkeeper-activity-')), 'activity')

function open(folder: string, changes: Partial<AuditLogOptions> = {}): OpenAuditLog {
  return openAuditLog({ folder, mayWrite: () => ok(undefined), ...changes })
}

const entry = (text: string, over: Partial<AuditEntry> = {}): AuditEntry => ({
  atMs: 1_000,
  accountId: 'account',
  podId: 'pod',
  podName: 'llama',
  kind: 'alert',
  what: 'idle',
  text,
  tone: 'warning',
  ...over,
})

const textsOf = (log: Pick<OpenAuditLog, 'page'>, podId: string | null = null): string[] =>
  log.page(null, { ...allAuditEntries, podId }, 1_000).entries.map(({ text }) => text)
const files = (folder: string): string[] => readdirSync(folder).sort()
const newest = (folder: string): string => join(folder, files(folder).at(-1) ?? '')

test('entries are read back newest first, by the next run as well, with increasing numbers', () => {
  const folder = newFolder()
  const first = open(folder)
  for (const text of ['a', 'b']) expect(first.record(entry(text))).toEqual(ok(undefined))
  first.close()
  const second = open(folder)
  second.record(entry('c'))
  expect(second.page(null, allAuditEntries, 10).entries.map(({ seq, text }) => [seq, text])).toEqual([
    [3, 'c'],
    [2, 'b'],
    [1, 'a'],
  ])
  second.close()
})

test('only its owner may read the log', () => {
  const folder = newFolder()
  open(folder).record(entry('a'))
  expect(statSync(folder).mode & 0o777).toBe(0o700)
  expect(statSync(newest(folder)).mode & 0o777).toBe(0o600)
})

test('pages follow each other without gaps or duplicates, across files', () => {
  const folder = newFolder()
  const log = open(folder, { maxFileBytes: 1_000 })
  for (let n = 1; n <= 20; n += 1) log.record(entry(`entry ${n}`))
  expect(files(folder).length).toBeGreaterThan(2)
  const seen: number[] = []
  for (let before: number | null = null; ;) {
    const page = log.page(before, allAuditEntries, 3)
    seen.push(...page.entries.map(({ seq }) => seq))
    before = page.before
    if (before === null) break
  }
  expect(seen).toEqual([...seen].sort((a, b) => b - a))
  expect(new Set(seen).size).toBe(seen.length)
  expect(seen[0]).toBe(20)
})

test('a last page that is exactly full says that there is nothing older', () => {
  const log = open(newFolder())
  for (const text of ['a', 'b', 'c', 'd']) log.record(entry(text))
  expect(log.page(null, allAuditEntries, 2).before).toBe(3)
  expect(log.page(3, allAuditEntries, 2)).toMatchObject({ before: null })
  expect(log.page(1, allAuditEntries, 2)).toMatchObject({ entries: [], before: null })
})

test('one pod is listed alone, also when its id would match a part of other lines', () => {
  const log = open(newFolder())
  log.record(entry('mine', { podId: 'a' }))
  log.record(entry('another says "a"', { podId: 'ab' }))
  log.record(entry('nobody', { podId: null, podName: null, accountId: null }))
  expect(textsOf(log, 'a')).toEqual(['mine'])
  expect(textsOf(log, 'b')).toEqual([])
})

test('the oldest file is removed when there are too many, and numbers continue', () => {
  const folder = newFolder()
  const log = open(folder, { maxFileBytes: 500, maxFiles: () => 3 })
  for (let n = 1; n <= 60; n += 1) log.record(entry(`entry ${n}`))
  expect(files(folder)).toHaveLength(3)
  for (const file of files(folder)) expect(statSync(join(folder, file)).size).toBeLessThanOrEqual(500)
  const { entries } = log.page(null, allAuditEntries, 100)
  expect(entries[0]).toMatchObject({ seq: 60, text: 'entry 60' })
  log.close()
  const next = open(folder, { maxFileBytes: 500, maxFiles: () => 3 })
  next.record(entry('after'))
  expect(next.page(null, allAuditEntries, 1).entries[0]).toMatchObject({ seq: 61, text: 'after' })
})

test('a last line truncated at any byte loses at most that line, and never the next one', () => {
  const folder = newFolder()
  open(folder).record(entry('kept'))
  const whole = readFileSync(newest(folder))
  open(folder).record(entry('cut: üß'))
  const full = readFileSync(newest(folder))
  for (let length = whole.length; length <= full.length; length += 1) {
    writeFileSync(newest(folder), full)
    truncateSync(newest(folder), length)
    const log = open(folder)
    expect(log.record(entry('next')).ok).toBe(true)
    const texts = textsOf(log)
    const isWhole = length >= full.length - 1
    expect(texts).toEqual(isWhole ? ['next', 'cut: üß', 'kept'] : ['next', 'kept'])
    const { entries } = log.page(null, allAuditEntries, 10)
    expect(entries.map(({ seq }) => seq)).toEqual(isWhole ? [3, 2, 1] : [2, 1])
    log.close()
  }
})

test('damaged lines are skipped, and foreign files are not touched', () => {
  const folder = newFolder()
  const log = open(folder)
  log.record(entry('a'))
  log.close()
  const strange = [
    'null',
    '{}',
    '[1]',
    '{"seq":2}',
    '\u0000\u0000',
    'x'.repeat(200_000),
    JSON.stringify({ ...entry('no number'), seq: 'two' }),
    JSON.stringify({ ...entry('a time that no calendar has'), seq: 2, atMs: 9e15 }),
    JSON.stringify({ ...entry('of the future'), seq: 2, kind: 'miracle' }),
  ]
  appendFileSync(newest(folder), `${strange.join('\n')}\n`)
  writeFileSync(join(folder, 'notes.txt'), 'mine')
  const next = open(folder)
  next.record(entry('b'))
  expect(textsOf(next)).toEqual(['b', 'a'])
  expect(existsSync(join(folder, 'notes.txt'))).toBe(true)
})

test('the name of a completely damaged file still shows the number reached', () => {
  const folder = newFolder()
  const log = open(folder, { maxFileBytes: 500 })
  for (let n = 1; n <= 6; n += 1) log.record(entry(`entry ${n}`))
  log.close()
  const firstOfLast = Number(files(folder).at(-1)?.slice(0, 12))
  writeFileSync(newest(folder), 'ruined\n')
  const next = open(folder, { maxFileBytes: 500 })
  next.record(entry('next'))
  expect(next.page(null, allAuditEntries, 1).entries[0]?.seq).toBe(firstOfLast)
  expect(textsOf(next)[1]).toBe(`entry ${firstOfLast - 1}`)
})

test('no secret reaches the file, whether known or recognized by its shape', () => {
  const folder = newFolder()
  const log = open(folder)
  log.hide('correct-horse-battery')
  log.record(entry('with rpa_0123456789abcdef and correct-horse-battery'))
  log.record(entry('name', { podName: 'rpa_0123456789abcdef', what: 'Bearer 0123456789abcdef' }))
  const text = readFileSync(newest(folder), 'utf8')
  expect(text).not.toContain('0123456789abcdef')
  expect(text).not.toContain('correct-horse')
  expect(text.trimEnd().split('\n')).toHaveLength(2)
})

test('a name with line breaks or bidirectional characters becomes one line of limited length', () => {
  const folder = newFolder()
  const log = open(folder)
  log.record(entry('a\n{"seq":9}\n\u202eb', { podName: 'x'.repeat(5_000) }))
  expect(readFileSync(newest(folder), 'utf8').trimEnd().split('\n')).toHaveLength(1)
  const [only] = log.page(null, allAuditEntries, 10).entries
  expect(only?.text).toBe(String.raw`a\n{"seq":9}\n\u202eb`)
  expect(only?.podName).toHaveLength(300)
})

// A file size limit behaves like a full disk: one write is partial and the next fails.
test.runIf(process.platform === 'linux')(
  'a full disk is reported once, leaves no partial line, and the log mentions the gap afterwards',
  async () => {
    const folder = newFolder()
    await build({
      configFile: false,
      logLevel: 'error',
      build: {
        ssr: 'test/node/data-folder/records/audit-log-program.ts',
        outDir: join(folder, '..'),
        rolldownOptions: { output: { format: 'cjs', entryFileNames: 'program.cjs' } },
      },
      ssr: { noExternal: true },
    })
    const program = join(folder, '../program.cjs')
    const limited = ['-c', 'ulimit -S -f 1; exec "$@"', 'limited', process.execPath, program, folder]
    const { written, isBack, troubles } = JSON.parse(execFileSync('bash', limited, { encoding: 'utf8' }))
    expect(isBack).toBe(true)
    expect(troubles).toEqual([expect.stringMatching(/cannot be written \(E(FBIG|NOSPC)/), null])
    expect(textsOf(open(folder))).toEqual([
      'after',
      '2 entries could not be written to this log since 1970-01-01T00:00:00.000Z.',
      ...Array.from({ length: written }, (_, index) => `entry ${written - index}`),
    ])
    for (const line of readFileSync(newest(folder), 'utf8').trimEnd().split('\n')) JSON.parse(line)
  },
)

test('a process that must not write says why, and that is not reported as a problem', () => {
  const folder = newFolder()
  const troubles: unknown[] = []
  let may = false
  const log = open(folder, {
    mayWrite: () => (may ? ok(undefined) : fail('the app acts')),
    onWriteProblem: (problem) => troubles.push(problem),
  })
  expect(log.record(entry('a'))).toEqual(fail('the app acts'))
  expect(existsSync(folder)).toBe(false)
  // Meanwhile another process writes and ends.
  const other = open(folder)
  other.record(entry('of another'))
  expect(log.view().lastSeq).toBe(1)
  other.close()
  may = true
  log.record(entry('mine'))
  expect(log.page(null, allAuditEntries, 10).entries.map(({ seq, text }) => [seq, text])).toEqual([
    [2, 'mine'],
    [1, 'of another'],
  ])
  expect(troubles).toEqual([])
})

test('the action of an entry is read back, without secrets and of limited length', () => {
  const [memory, inFiles] = [createMemoryAuditLog(), open(newFolder())]
  const intent = { id: 'i', action: 'stop', requester: 'command-line', elapsedMs: 4_000 } as const
  for (const log of [memory, inFiles]) {
    log.record(entry('a', { kind: 'intent', what: 'stop sent', intent }))
    const reason = `Authorization: Bearer abcdefgh ${'x'.repeat(300)}`
    log.record(entry('b', { intent: { ...intent, reason } }))
    log.record(entry('c'))
    const { entries } = log.page(null, allAuditEntries, 10)
    expect(entries.map((one) => one.intent)).toEqual([
      undefined,
      { ...intent, reason: 'Authorization: [hidden]' },
      intent,
    ])
  }
})

test('windows know the last number and which entries are alerts', () => {
  const folder = newFolder()
  const log = open(folder)
  expect(log.view()).toEqual({ lastSeq: 0, alertSeqs: [] })
  log.record(entry('a'))
  log.record(entry('b', { kind: 'connection' }))
  log.record(entry('c'))
  expect(log.view()).toEqual({ lastSeq: 3, alertSeqs: [3, 1] })
  log.close()
  expect(open(folder).view()).toEqual({ lastSeq: 3, alertSeqs: [3, 1] })
})

test('the log of the demo lists entries like the log in files', () => {
  const [memory, inFiles] = [createMemoryAuditLog(), open(newFolder())]
  for (const log of [memory, inFiles])
    for (let n = 1; n <= 5; n += 1) {
      const [podId, accountId] = [n % 2 === 0 ? 'even' : 'odd', n > 3 ? 'late' : 'early']
      log.record(entry(`entry ${n}`, { podId, accountId }))
    }
  for (const [before, podId, accountId, seqs] of [
    [null, null, null, [5, 4]],
    [4, null, null, [3, 2]],
    [null, 'odd', null, [5, 3]],
    [5, 'odd', null, [3, 1]],
    [1, null, null, []],
    [null, null, 'early', [3, 2]],
    [null, 'odd', 'late', [5]],
    [null, 'even', 'early', [2]],
    [null, 'odd', 'nobody', []],
  ] as const)
    for (const log of [memory, inFiles]) {
      const { entries } = log.page(before, { ...allAuditEntries, accountId, podId }, 2)
      expect(entries.map(({ seq }) => seq)).toEqual(seqs)
    }
  expect(memory.view()).toEqual(inFiles.view())
})

test('how many files are kept follows the setting: more at once, and fewer with the next full file', () => {
  const folder = newFolder()
  const kept = { files: 2 }
  const log = open(folder, { maxFileBytes: 500, maxFiles: () => kept.files })
  const fill = (): void => {
    for (let count = 0; count < 40; count += 1) log.record(entry('a sentence of usual length'))
  }
  fill()
  expect(files(folder)).toHaveLength(2)
  kept.files = 6
  fill()
  expect(files(folder)).toHaveLength(6)
  kept.files = 1
  expect(files(folder)).toHaveLength(6)
  fill()
  expect(files(folder)).toHaveLength(1)
  log.close()
})
