import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { allAuditEntries } from '../../../../src/core/audit-log/audit-log'
import { ok } from '../../../../src/core/base/result'
import { openAuditLog } from '../../../../src/node/data-folder/records/audit-log'
import { createMemoryAuditLog } from '../../../../src/node/in-memory/memory-files'

const logs = [
  [
    'of a data folder',
    () =>
      openAuditLog({
        folder: mkdtempSync(join(tmpdir(), 'podkeeper-filter-')),
        mayWrite: () => ok(undefined),
      }),
  ],
  ['in memory', () => createMemoryAuditLog(() => {})],
] as const

test.each(logs)(
  'a log %s lists the entries of one account alone, also where another has a pod with that id',
  (_, open) => {
    const log = open()
    for (const accountId of ['own', 'lab', null])
      log.record({
        atMs: 1_000,
        accountId,
        podId: accountId === null ? null : 'same',
        podName: 'llama',
        kind: 'alert',
        what: 'idle',
        // Says the other account's name, which is no reason to list it.
        text: accountId === 'own' ? 'says "lab"' : `of ${accountId}`,
        tone: 'warning',
      })
    const texts = (filter: object): readonly string[] =>
      log.page(null, { ...allAuditEntries, ...filter }, 10).entries.map(({ text }) => text)
    expect(texts({})).toHaveLength(3)
    expect(texts({ accountId: 'lab' })).toEqual(['of lab'])
    expect(texts({ accountId: 'own', podId: 'same' })).toEqual(['says "lab"'])
  },
)

test.each(logs)(
  'a log %s finds words and outcomes in whole actions, and nothing in lines of others',
  (_, open) => {
    const log = open()
    const entry = {
      atMs: 1_000,
      accountId: 'own',
      podId: 'p',
      podName: 'llama "Q" É',
      kind: 'intent',
      what: 'stop scheduled',
      text: 'You requested a stop of llama.',
      tone: 'plain',
      intent: { id: 'i', action: 'stop', requester: 'person' },
    } as const
    log.record(entry)
    log.record({ ...entry, what: 'stop failed', text: 'The stop of llama failed.', tone: 'bad', atMs: 2_000 })
    log.record({
      ...entry,
      kind: 'alert',
      what: 'idle',
      text: 'Quiet.',
      intent: { ...entry.intent, id: 'x' },
    })
    const seqs = (filter: object): readonly number[] =>
      log.page(null, { ...allAuditEntries, ...filter }, 10).entries.map(({ seq }) => seq)
    expect(seqs({ search: 'REQUESTED failed "q" é' })).toEqual([2, 1])
    expect(seqs({ outcome: 'bad' })).toEqual([2, 1])
    expect(seqs({ outcome: 'plain' })).toEqual([3])
    expect(seqs({ sinceMs: 2_000 })).toEqual([2, 1])
    expect(seqs({ sinceMs: 2_001 })).toEqual([])
    expect(seqs({ search: 'tone' })).toEqual([])
    // Only one entry fits, and the other one of its action comes along.
    const { entries, companions, before } = log.page(null, { ...allAuditEntries, search: 'failed' }, 1)
    expect([entries, companions].map((some) => some.map(({ seq }) => seq))).toEqual([[2], [1]])
    expect(before).toBe(2)
  },
)
