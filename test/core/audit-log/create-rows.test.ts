import fc from 'fast-check'
import { expect, test } from 'vitest'
import { activityRows, keepPlaces } from '../../../src/core/audit-log/activity-rows'
import {
  type AuditEntry,
  type ListedAuditEntry,
  sanitizeAuditEntry,
} from '../../../src/core/audit-log/audit-log'
import { parseAuditEntry } from '../../../src/core/audit-log/parse-audit-entry'

const entry = (createId: string | undefined, what: string, more: Partial<AuditEntry> = {}): AuditEntry => ({
  atMs: 1_700_000_000_000,
  accountId: 'a',
  podId: null,
  podName: 'night-train',
  kind: 'intent',
  what: `create ${what}`,
  text: `${what} of night-train`,
  tone: 'plain',
  ...(createId !== undefined && { createId }),
  ...more,
})
/** As a file has them, newest first. */
const listed = (...entries: readonly AuditEntry[]): readonly ListedAuditEntry[] =>
  entries
    .map((each, index) =>
      parseAuditEntry(JSON.stringify({ ...sanitizeAuditEntry(each, []), seq: index + 1 }))!,
    )
    .reverse()

test('a create is one row at its newest entry, although its pod is known only at the end', () => {
  const rows = activityRows(
    listed(
      entry('1', 'scheduled'),
      entry('2', 'scheduled'),
      entry('1', 'sent'),
      entry('1', 'accepted', { podId: 'p' }),
      entry('1', 'observed', { podId: 'p' }),
    ),
  )
  expect(rows.map(({ isCreate, entries }) => [isCreate, entries.map(({ what }) => what)])).toEqual([
    [true, ['create scheduled', 'create sent', 'create accepted', 'create observed']],
    [true, ['create scheduled']],
  ])
  expect(rows[0]).toMatchObject({ action: null, newest: { podId: 'p' }, place: { what: 'create observed' } })
})

test('entries without an id and of other accounts stay apart', () => {
  const rows = activityRows(
    listed(
      entry(undefined, 'scheduled'),
      entry(undefined, 'sent'),
      entry('1', 'scheduled'),
      entry('1', 'sent', { accountId: 'b' }),
      entry('1', 'observed', { accountId: null }),
    ),
  )
  expect(rows).toHaveLength(5)
})

test('a damaged id leaves the entry readable', () => {
  for (const createId of [7, '', null, {}, 'x'.repeat(101)]) {
    const read = parseAuditEntry(JSON.stringify({ ...entry(undefined, 'sent'), seq: 1, createId }))
    expect(read).toMatchObject({ what: 'create sent' })
    expect(read).not.toHaveProperty('createId')
  }
})

test('however entries are cut or mixed, each is listed once, and rows that are shown stay in their places', () => {
  const some = fc.array(
    fc.record({ id: fc.constantFrom('1', '2', undefined), account: fc.constantFrom('a', 'b') }),
    { maxLength: 12 },
  )
  fc.assert(
    fc.property(some, fc.nat(12), (steps, shownCount) => {
      const all = listed(...steps.map(({ id, account }) => entry(id, 'sent', { accountId: account })))
      const rows = activityRows(all)
      const seqs = rows.flatMap(({ entries }) => entries.map(({ seq }) => seq))
      expect(seqs.sort((a, b) => a - b)).toEqual(all.map(({ seq }) => seq).sort((a, b) => a - b))
      for (const { entries } of rows)
        expect(new Set(entries.map((one) => `${one.accountId} ${one.createId}`)).size).toBe(1)
      const shown = activityRows(all.slice(all.length - Math.min(shownCount, all.length)))
      const after = keepPlaces(rows, shown)
      const keys = (list: typeof rows) => list.map(({ key }) => key)
      expect(keys(after).filter((key) => keys(shown).includes(key))).toEqual(keys(shown))
    }),
  )
})
