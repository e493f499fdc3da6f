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
/** The same where its intent is damaged. */
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

test('steps without their intent are rows of their own, which say what they said', () => {
  const steps = ['stop scheduled', 'stop sent', 'stop observed'].map((what) => unmarked(what))
  expect(rowsOf(decision, ...steps)).toEqual([[4], [3], [2], [1]])
  expect(actionOf(...steps)).toBeNull()
  expect(rowsOf(step('stop scheduled'), steps[1]!, step('stop observed'))).toEqual([[1, 3], [2]])
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
