import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Intent } from '../../../../src/core/intents/intent'
import { DAY_MS } from '../../../../src/core/base/time/time'
import { openJournal } from '../../../../src/node/data-folder/journal/journal'
import { journalLine } from '../../../../src/node/data-folder/journal/journal-line'

const NOW_MS = Date.UTC(2026, 10, 24, 12)
const newPath = (): string => join(mkdtempSync(join(tmpdir(), 'podkeeper-journal-')), 'data', 'intents.jsonl')

function intent(changes: Partial<Intent> = {}): Intent {
  const at = { wallMs: NOW_MS, monotonicMs: 5, runId: 'run' }
  return {
    id: 'i1',
    accountId: 'account',
    podId: 'pod',
    podName: 'pod',
    action: 'stop',
    origin: 'person',
    isFromCommandLine: false,
    phase: 'scheduled',
    requestedAt: at,
    phaseAt: at,
    waitMs: 5_000,
    sentAt: null,
    podStartedAtMs: null,
    podUptimeS: null,
    earlierError: null,
    isDisputed: false,
    waitsForGpu: false,
    gpuTries: 0,
    rateLimitedTries: 0,
    isCalledOff: false,
    lacksGpu: false,
    refusal: null,
    earlierFailures: 0,
    message: null,
    ...changes,
  }
}

test('the next run finds the last state of every intent', () => {
  const path = newPath()
  const journal = openJournal(path, NOW_MS)
  expect(journal.latest()).toEqual([])
  expect(journal.record(intent())).toEqual({ ok: true, value: undefined })
  journal.record(intent({ id: 'i2', podId: 'other' }))
  journal.record(intent({ phase: 'sent' }))
  expect(journal.latest().map(({ id, phase }) => [id, phase])).toEqual([
    ['i1', 'sent'],
    ['i2', 'scheduled'],
  ])
  // Not closed, because a crash does not close it either.
  const next = openJournal(path, NOW_MS)
  expect(next.latest()).toEqual(journal.latest())
  expect(next.problems).toEqual([])
})

test('only the owner may read the journal', () => {
  const path = newPath()
  openJournal(path, NOW_MS).record(intent())
  expect(statSync(path).mode & 0o777).toBe(0o600)
})

test('a last line truncated by a crash at any byte loses only that line', () => {
  const path = newPath()
  const journal = openJournal(path, NOW_MS)
  journal.record(intent())
  const whole = readFileSync(path)
  journal.record(intent({ phase: 'sent' }))
  const longer = readFileSync(path)
  for (let length = whole.length; length < longer.length - 1; length++) {
    writeFileSync(path, longer.subarray(0, length))
    const next = openJournal(path, NOW_MS)
    expect(next.latest()).toEqual([intent()])
    expect(next.problems).toEqual([])
    next.close()
  }
})

test('a damaged line in the middle is reported, the file is kept, and the rest remains', () => {
  const path = newPath()
  openJournal(path, NOW_MS).record(intent())
  appendFileSync(path, `${'\0'.repeat(40)}\n{"id":"i9"}\n`)
  appendFileSync(path, journalLine(intent({ id: 'i3' })))
  const next = openJournal(path, NOW_MS)
  expect(next.latest().map(({ id }) => id)).toEqual(['i1', 'i3'])
  const copy = readdirSync(join(path, '..')).find((name) => name.includes('.damaged-')) ?? ''
  expect(next.problems).toEqual([expect.stringContaining(copy)])
  expect(readFileSync(join(path, '..', copy), 'utf8')).toContain('{"id":"i9"}')
})

test('a digit that changed on the disk is damage, and so is a line without its digest', () => {
  const path = newPath()
  openJournal(path, NOW_MS).record(intent({ waitMs: 1_234_567 }))
  const whole = readFileSync(path, 'utf8')
  expect(openJournal(path, NOW_MS).latest()).toHaveLength(1)
  for (const [from, to] of [
    ['1234567', '1234667'],
    [/"digest":"./.exec(whole)?.[0] ?? '', '"digest":"x'],
  ] as const) {
    writeFileSync(path, whole.replace(from, to))
    const next = openJournal(path, NOW_MS)
    expect([next.latest().length, next.problems.length]).toEqual([0, 1])
  }
})

test('whatever bit of a line changes, the record is as it was or the damage is reported', () => {
  const path = newPath()
  openJournal(path, NOW_MS).record(intent())
  const whole = readFileSync(path)
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.nat(7), (byte, bit) => {
      const flipped = Buffer.from(whole)
      flipped[byte] = (flipped[byte] ?? 0) ^ (1 << bit)
      writeFileSync(path, flipped)
      const next = openJournal(path, NOW_MS)
      next.close()
      if (next.problems.length === 0 && flipped.at(-1) === 10) expect(next.latest()).toEqual([intent()])
    }),
    { numRuns: 300 },
  )
})

test.each([
  ['all NUL', (path: string) => writeFileSync(path, Buffer.alloc(statSync(path).size))],
  ['followed by NULs', (path: string) => appendFileSync(path, '\0'.repeat(4_096))],
  ['followed by something else', (path: string) => appendFileSync(path, 'no line of ours')],
])(
  'a journal without its last line end that is %s was not cut off by a crash, so it is reported and kept',
  (_, damage) => {
    const path = newPath()
    openJournal(path, NOW_MS).record(intent())
    damage(path)
    const damaged = readFileSync(path)
    const next = openJournal(path, NOW_MS)
    const copy = readdirSync(join(path, '..')).find((name) => name.includes('.damaged-')) ?? ''
    expect(next.problems).toEqual([expect.stringContaining(copy)])
    expect(readFileSync(join(path, '..', copy))).toEqual(damaged)
    expect(openJournal(path, NOW_MS).problems).toEqual([])
  },
)

test('of a journal that is larger than any the end is read, which has the latest actions', () => {
  const path = newPath()
  openJournal(path, NOW_MS).close()
  truncateSync(path, 3 * 1_024 ** 3)
  appendFileSync(path, `\n${journalLine(intent())}`)
  const journal = openJournal(path, NOW_MS)
  expect(journal.latest()).toEqual([intent()])
  expect(journal.problems).toEqual([
    expect.stringMatching(/damaged and could not be repaired .*the file was not changed/),
  ])
  expect(journal.record(intent({ id: 'i2' })).ok).toBe(true)
  expect(openJournal(path, NOW_MS).latest()).toHaveLength(2)
})

test('intents that ended more than a day ago are dropped, and open ones never', () => {
  const path = newPath()
  const journal = openJournal(path, NOW_MS)
  journal.record(intent({ id: 'old', phase: 'observed' }))
  journal.record(intent({ id: 'open', phase: 'sent' }))
  const next = openJournal(path, NOW_MS + 2 * DAY_MS)
  expect(next.latest().map(({ id }) => id)).toEqual(['open'])
  expect(readdirSync(join(path, '..'))).toEqual(['intents.jsonl'])
})

test('a journal that cannot be written returns an error, so that nothing is sent', () => {
  const journal = openJournal(newPath(), NOW_MS)
  journal.close()
  expect(journal.record(intent())).toMatchObject({ ok: false })
  expect(journal.latest()).toEqual([])
})
