import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { AuditEntry } from '../../../src/core/audit-log/audit-log'
import { createActivityHandlers } from '../../../src/main/ipc/activity-handlers'
import { createMemoryAuditLog } from '../../../src/node/in-memory/memory-files'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'podkeeper-activity-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const entry: AuditEntry = {
  atMs: 1_000,
  accountId: 'a',
  podId: 'p',
  podName: '=1+1',
  kind: 'alert',
  what: 'idle',
  text: 'is idle',
  tone: 'warning',
}

function handlers(choose: (name: string, format: string) => string | null) {
  const log = createMemoryAuditLog()
  for (let n = 1; n <= 250; n += 1)
    log.record({
      ...entry,
      text: `entry ${n}`,
      podId: n % 2 === 0 ? 'p' : 'q',
      tone: n === 7 ? 'bad' : 'plain',
    })
  return createActivityHandlers({
    log: { page: (before, filter, limit = 100) => log.page(before, filter, limit) },
    accountNames: () => new Map([['a', 'Lab']]),
    chooseSavePath: async (name, format) => choose(name, format),
  })
}

test('a page has what its filter finds', () => {
  const { auditPage } = handlers(() => null)
  const textsOf = (answer: unknown): readonly string[] =>
    (answer as { value: { entries: readonly AuditEntry[] } }).value.entries.map(({ text }) => text)
  expect(textsOf(auditPage(null, {}))).toHaveLength(100)
  expect(textsOf(auditPage(4, { podKey: 'a/p' }))).toEqual(['entry 2'])
  expect(textsOf(auditPage(null, { podKey: 'b/p' }))).toEqual([])
  expect(textsOf(auditPage(null, { outcome: 'bad' }))).toEqual(['entry 7'])
  expect(textsOf(auditPage(null, { search: 'ENTRY 11', podKey: 'a/q' }))).toContain('entry 11')
})

test('an export has all that its filter finds, oldest first, in the file that main asked for', async () => {
  const asked: unknown[] = []
  const { exportActivity } = handlers((...args) => {
    asked.push(args)
    return join(folder, args[0])
  })
  const path = join(folder, 'podkeeper-activity.jsonl')
  expect(await exportActivity({ podKey: 'a/p' }, 'jsonl')).toEqual({ ok: true, value: path })
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
  expect(lines).toHaveLength(125)
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ text: 'entry 2', accountName: 'Lab' })
  expect(await exportActivity({}, 'csv')).toMatchObject({ ok: true })
  const csv = readFileSync(join(folder, 'podkeeper-activity.csv'), 'utf8')
  expect(csv.split('\r\n')).toHaveLength(252)
  expect(csv).toContain(",'=1+1,")
  expect(asked).toEqual([
    ['podkeeper-activity.jsonl', 'jsonl'],
    ['podkeeper-activity.csv', 'csv'],
  ])
})

test('an export that is canceled writes nothing, and one that cannot be written says so and leaves nothing', async () => {
  expect(await handlers(() => null).exportActivity({}, 'csv')).toEqual({ ok: true, value: null })
  writeFileSync(join(folder, 'a-file'), '')
  const nowhere = handlers(() => join(folder, 'a-file', 'x.csv'))
  expect(await nowhere.exportActivity({}, 'csv')).toMatchObject({
    ok: false,
    error: expect.stringContaining('could not be written'),
  })
  expect(readdirSync(folder)).toEqual(['a-file'])
})
