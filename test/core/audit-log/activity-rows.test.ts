import { describe, expect, test } from 'vitest'
import { activityRows, keepPlaces } from '../../../src/core/audit-log/activity-rows'
import type { AuditEntry, ListedAuditEntry } from '../../../src/core/audit-log/audit-log'
import { parseAuditEntry } from '../../../src/core/audit-log/parse-audit-entry'
import { intentEntry } from '../../../src/core/audit-log/audit-text'
import { type Intent, scheduleIntent, toPhase } from '../../../src/core/intents/intent'
import { defaultIntentRules } from '../../../src/core/intents/intent-rules'
import { instant, pod } from '../../harness/samples/pods'

const NOW_MS = 1_700_000_000_000

/** The entry of a step, as this version writes it. */
function step(what: string, over: Partial<Intent> = {}, atMs = NOW_MS): AuditEntry {
  const [action, phase] = what.split(' ') as [Intent['action'], Intent['phase']]
  const request = { id: 'i', accountId: 'a', action, origin: 'person' } as const
  const intent = scheduleIntent(request, pod({ id: 'p', name: 'llama' }), instant(0), defaultIntentRules)
  return intentEntry({ ...toPhase(intent, phase, instant(4_000), null), ...over }, atMs)
}
/** The same as earlier versions wrote it. */
function unmarked(...args: Parameters<typeof step>): AuditEntry {
  const { intent: _, ...entry } = step(...args)
  return entry
}
const app = (what: string): AuditEntry => ({
  ...step('stop sent'),
  accountId: null,
  podId: null,
  podName: null,
  kind: 'app',
  what,
})
const decision: AuditEntry = {
  ...unmarked('stop scheduled'),
  kind: 'decision',
  what: 'auto-stop',
  tone: 'warning',
}

type Lines = readonly (AuditEntry | null)[]

/** The log of these entries, oldest first; a null is a damaged line. */
function log(...entries: Lines): readonly ListedAuditEntry[] {
  return entries
    .map((entry, index) => entry && parseAuditEntry(JSON.stringify({ seq: index + 1, ...entry })))
    .filter((entry) => entry !== null)
    .reverse()
}
const rowsOf = (...entries: Lines): readonly (readonly number[])[] =>
  activityRows(log(...entries)).map((row) => row.entries.map(({ seq }) => seq))
const actionOf = (...entries: Lines) => activityRows(log(...entries))[0]?.action

describe('an action', () => {
  test('is one row with its entries in order, however others come between', () => {
    const other = { id: 'j', podId: 'q' }
    expect(
      rowsOf(
        step('stop scheduled'),
        step('start scheduled', other),
        step('stop sent'),
        app('started'),
        step('start observed', other),
        step('stop observed'),
      ),
    ).toEqual([[1, 3, 6], [2, 5], [4]])
  })

  test('says who asked, why, its last step and how long that took', () => {
    const requester = { origin: 'quiet' } as const
    const reasoned: AuditEntry = {
      ...decision,
      intent: { id: 'i', action: 'stop', requester: 'quiet', reason: 'idle for 6 h' },
    }
    expect(
      actionOf(reasoned, step('stop scheduled', requester), step('stop observed', requester)),
    ).toMatchObject({
      action: 'stop',
      phase: 'observed',
      requester: 'quiet',
      reason: 'idle for 6 h',
      elapsedMs: 4_000,
      wasSent: false,
    })
    expect(actionOf(step('stop sent', { isFromCommandLine: true }))).toMatchObject({
      requester: 'command-line',
      wasSent: true,
      reason: null,
    })
  })

  test.each([
    ['the clock was set', { ...instant(4_000), wallMs: instant(0).wallMs - 3_600_000 }],
    ['the computer slept', { ...instant(4_000), wallMs: instant(0).wallMs + 8 * 3_600_000 }],
    ['the program was started again', { ...instant(4_000), runId: 'next' }],
  ])('of which nobody knows how long it took, because %s, has no duration', (_, phaseAt) => {
    expect(actionOf(step('stop observed', { phaseAt }))?.elapsedMs).toBeNull()
  })

  test('whose beginning is not listed does not claim that it was never sent', () => {
    expect(actionOf(step('stop cancelled'))?.wasSent).toBeNull()
    expect(actionOf(step('stop scheduled'), step('stop cancelled'))?.wasSent).toBe(false)
  })

  test('may be under way only if no other one on its pod is newer', () => {
    const rows = activityRows(log(step('stop sent'), step('start sent', { id: 'j' })))
    expect(rows.map(({ action }) => action?.isLatestOfPod)).toEqual([true, false])
  })

  test('of the same name in another account, or on another pod, is another one', () => {
    expect(rowsOf(step('stop sent'), step('stop observed', { accountId: 'b' }))).toEqual([[2], [1]])
    expect(rowsOf(step('stop sent'), step('stop observed', { podId: 'q' }))).toEqual([[2], [1]])
  })

  test('that an entry contradicts is a row without that entry', () => {
    const contradiction = { ...step('stop sent'), what: 'start sent' }
    expect(rowsOf(step('stop scheduled'), contradiction, step('stop observed'))).toEqual([[1, 3], [2]])
    expect(actionOf(contradiction)).toBeNull()
  })
})

describe('an action of an earlier version', () => {
  const whole = [
    unmarked('stop scheduled'),
    unmarked('stop sent'),
    unmarked('stop accepted'),
    unmarked('stop observed'),
  ] as const

  test('is one row where nothing else is possible', () => {
    expect(rowsOf(...whole)).toEqual([[1, 2, 3, 4]])
    expect(actionOf(...whole)).toMatchObject({ requester: 'person', elapsedMs: null, phase: 'observed' })
    expect(rowsOf(...whole, ...whole)).toEqual([
      [5, 6, 7, 8],
      [1, 2, 3, 4],
    ])
  })

  test('takes in the decision directly before it, and no other', () => {
    const byRule = [
      unmarked('stop scheduled', { origin: 'quiet' }),
      unmarked('stop sent', { origin: 'quiet' }),
    ] as const
    expect(rowsOf(decision, ...byRule)).toEqual([[1, 2, 3]])
    expect(rowsOf(decision, decision, ...byRule)).toEqual([[2, 3, 4], [1]])
    expect(rowsOf(decision, ...whole)).toEqual([[2, 3, 4, 5], [1]])
    expect(rowsOf({ ...decision, tone: 'plain' }, ...byRule)).toEqual([[2, 3], [1]])
    expect(rowsOf(decision, unmarked('stop scheduled', { podId: 'q' }), ...byRule)).toEqual([
      [3, 4],
      [2],
      [1],
    ])
  })

  test('takes in the confirmation directly before it', () => {
    const confirmed = { ...unmarked('terminate scheduled'), what: 'terminate confirmed' }
    const terminate = [unmarked('terminate scheduled'), unmarked('terminate sent')] as const
    expect(rowsOf(confirmed, ...terminate)).toEqual([[1, 2, 3]])
    expect(rowsOf(confirmed, app('idle'), ...terminate)).toEqual([[3, 4], [2], [1]])
  })

  test('continues after a pause that the API asked for', () => {
    const putOff = unmarked('stop scheduled', { message: 'Runpod asks to wait.' })
    expect(rowsOf(whole[0], whole[1], putOff, whole[1], whole[3])).toEqual([[1, 2, 3, 4, 5]])
  })

  test.each<[string, AuditEntry | null]>([
    ['a damaged line', null],
    ['a start of the program', app('started')],
    ['entries that could not be written', app('log-resumed')],
    ['an entry of a version that marks them', step('stop accepted')],
  ])('is not merged across %s, which may hide another one', (_, between) => {
    const rows = rowsOf(unmarked('stop scheduled'), between, unmarked('stop sent'))
    expect(rows).toContainEqual([1])
    expect(rows).toContainEqual([3])
  })

  test('is not merged with the request for the next one', () => {
    expect(rowsOf(unmarked('stop sent'), unmarked('stop scheduled'))).toEqual([[2], [1]])
    expect(rowsOf(unmarked('start sent'), unmarked('start waiting'))).toEqual([[2], [1]])
  })

  test('of which one step is listed is that entry, as it was', () => {
    expect(actionOf(unmarked('stop observed'))).toBeNull()
  })
})

test('the action of an entry that is damaged, or of a later version, costs only the merging', () => {
  const line = { seq: 1, ...step('stop sent') }
  for (const intent of [
    null,
    'i',
    {},
    { ...line.intent, action: 'hibernate' },
    { ...line.intent, id: 'x'.repeat(200) },
  ])
    expect(parseAuditEntry(JSON.stringify({ ...line, intent }))).toEqual({ seq: 1, ...unmarked('stop sent') })
  expect(parseAuditEntry(JSON.stringify({ ...line, intent: { ...line.intent, more: 1 } }))).toEqual(line)
})

test('a row that gets entries stays where it is shown, with the time it has there', () => {
  const [before, after] = [
    log(step('stop scheduled'), app('started')),
    log(step('stop scheduled'), app('started'), step('stop sent')),
  ]
  const shown = keepPlaces(activityRows(before), [])
  const next = keepPlaces(activityRows(after), shown)
  expect(next.map(({ key, entries, place }) => [key, entries.length, place.seq])).toEqual([
    ['2', 1, 2],
    ['1', 2, 1],
  ])
  // Only what changed is drawn again.
  expect(next[0]).toBe(shown[0])
  expect(next[1]).not.toBe(shown[1])
  const begun = keepPlaces(activityRows(log(step('stop sent'))), [])
  const outdated = log(step('stop sent'), step('start scheduled', { id: 'j' }))
  const followed = keepPlaces(activityRows(outdated), begun).find(({ key }) => key === '1')
  expect(followed?.action?.isLatestOfPod).toBe(false)
  // A log that starts over has the same numbers, but not the same entries.
  const other = activityRows(log(app('started'), step('stop sent', {}, NOW_MS + 1)))
  expect(keepPlaces(other, next)).toEqual(other)
  expect(keepPlaces(activityRows(after), []).map(({ place }) => place.seq)).toEqual([3, 2])
})
