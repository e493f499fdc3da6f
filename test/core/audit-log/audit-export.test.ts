import fc from 'fast-check'
import { expect, test } from 'vitest'
import { auditExport, auditRecord } from '../../../src/core/audit-log/audit-export'
import type { ListedAuditEntry } from '../../../src/core/audit-log/audit-log'
import { anyCharacter } from '../../harness/base/any-character'

const entry: ListedAuditEntry = {
  seq: 7,
  atMs: Date.UTC(2026, 10, 24, 14, 5),
  accountId: 'a',
  podId: 'p',
  podName: 'llama',
  kind: 'intent',
  what: 'stop observed',
  text: 'llama stopped.',
  tone: 'good',
  computer: 'lab-server',
  intent: { id: 'i', action: 'stop', requester: 'quiet', elapsedMs: 9_500, reason: 'idle for 6 h' },
}
const names = new Map([['a', 'Lab']])

test('an entry has documented fields, and those of its action only where there is one', () => {
  const plain = { seq: 7, at: '2026-11-24T14:05:00.000Z', computer: 'lab-server', podId: 'p' }
  expect(auditRecord(entry, 'Lab')).toMatchObject({
    ...plain,
    actionId: 'i',
    action: 'stop',
    requester: 'quiet',
    reason: 'idle for 6 h',
    elapsedS: 9.5,
  })
  const { intent: _intent, ...alone } = entry
  expect(Object.keys(auditRecord(alone, null))).toHaveLength(11)
  expect(auditRecord({ ...alone, createId: 'c' }, null)).toMatchObject({ createId: 'c', accountName: null })
})

test('both formats have the same entries, in the order of their numbers', () => {
  const entries = [entry, { ...entry, seq: 3, accountId: 'gone' }]
  expect(auditExport(entries, names, 'csv')).toBe(
    `seq,at,accountId,accountName,podId,pod,kind,what,text,tone,computer,actionId,action,requester,reason,elapsedS,createId\r
3,2026-11-24T14:05:00.000Z,gone,,p,llama,intent,stop observed,llama stopped.,good,lab-server,i,stop,quiet,idle for 6 h,9.5,\r
7,2026-11-24T14:05:00.000Z,a,Lab,p,llama,intent,stop observed,llama stopped.,good,lab-server,i,stop,quiet,idle for 6 h,9.5,\r
`,
  )
  const lines = auditExport(entries, names, 'jsonl').trimEnd().split('\n')
  expect(lines.map((line) => (JSON.parse(line) as { seq: number }).seq)).toEqual([3, 7])
})

test('no text of a pod becomes a formula or another cell or line, and none is lost', () => {
  const text = fc.oneof(
    fc.string({ unit: anyCharacter }),
    fc
      .tuple(fc.constantFrom('=', '+', '-', '@', '\t=', ' =', '\u200b=', '＝', '"', ',', '\r\n'), fc.string())
      .map((parts) => parts.join('')),
  )
  fc.assert(
    fc.property(text, text, (name, words) => {
      const csv = auditExport([{ ...entry, podName: name, text: words }], names, 'csv')
      const cells = cellsOf(csv)[1] ?? []
      expect(cells).toHaveLength(17)
      for (const [cell, original] of [
        [cells[5], name],
        [cells[8], words],
      ] as const) {
        expect([original, `'${original}`]).toContain(cell)
        expect(cell).not.toMatch(/^\s*[=+\-@]/)
      }
      const [line = '', end] = auditExport([{ ...entry, text: words }], names, 'jsonl').split('\n')
      expect(end).toBe('')
      expect(JSON.parse(line)).toMatchObject({ text: !/\p{Cs}/u.test(words) ? words : expect.anything() })
    }),
    { numRuns: 1_000 },
  )
})

/** What a reader of RFC 4180 finds. */
function cellsOf(csv: string): readonly (readonly string[])[] {
  const rows: string[][] = [[]]
  const pattern = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy
  for (const [, quoted, bare = '', end] of csv.matchAll(pattern)) {
    rows.at(-1)?.push(quoted === undefined ? bare : quoted.replaceAll('""', '"'))
    if (end === '\r\n') rows.push([])
  }
  return rows
}
