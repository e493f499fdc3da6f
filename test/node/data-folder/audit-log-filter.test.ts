import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { allAuditEntries } from '../../../src/core/audit-log/audit-log'
import { ok } from '../../../src/core/base/result'
import { openAuditLog } from '../../../src/node/data-folder/audit-log'
import { createMemoryAuditLog } from '../../../src/node/in-memory/memory-audit-log'

test.each([
  [
    'of a data folder',
    () =>
      openAuditLog({
        folder: mkdtempSync(join(tmpdir(), 'podkeeper-filter-')),
        mayWrite: () => ok(undefined),
      }),
  ],
  ['in memory', () => createMemoryAuditLog(() => {})],
])(
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
