import { expect, test } from 'vitest'
import { activityRows } from '../../../src/core/audit-log/activity-rows'
import type { AuditEntry } from '../../../src/core/audit-log/audit-log'
import { intentEntry } from '../../../src/core/audit-log/audit-text'
import { type Intent, type IntentPhase, scheduleIntent, toPhase } from '../../../src/core/intents/intent'
import { defaultIntentRules } from '../../../src/core/intents/intent-rules'
import { actionRowText } from '../../../src/core/audit-log/action-row-text'
import { instant, pod } from '../../harness/samples/pods'

/** A step: its phase, when it came after the request, ms, and its message. */
type Step = readonly [phase: IntentPhase, atMs: number, message?: string]

function entriesOf(steps: readonly Step[], over: Partial<Intent>): readonly AuditEntry[] {
  const request = { id: 'i', accountId: 'a', action: 'stop', origin: 'person' } as const
  const given = pod({ name: 'llama' })
  const intent = { ...scheduleIntent(request, given, instant(0), defaultIntentRules), ...over }
  return steps.map(([phase, atMs, message = null]) =>
    intentEntry(toPhase(intent, phase, instant(atMs), message), atMs),
  )
}

/** The sentence of the row and its detail, as they are read. */
function textOf(entries: readonly AuditEntry[], isUnderWay = false): string {
  const listed = entries.map((entry, index) => ({ seq: index + 1, ...entry })).reverse()
  const [row, ...others] = activityRows(listed)
  expect(others).toEqual([])
  const { before, name, after, detail, spoken } = actionRowText(row!.action!, isUnderWay)
  expect(spoken.startsWith(before + name + after)).toBe(true)
  expect(spoken).toMatch(/[.…]$/)
  return `${before}${name}${after}${detail === null ? '' : ` ${detail}`}`.replaceAll('\u00a0', ' ')
}

const done: readonly Step[] = [
  ['scheduled', 0],
  ['sent', 5_000],
  ['accepted', 6_000],
  ['observed', 9_000],
]

test.each<[Partial<Intent>, string]>([
  [{}, 'You stopped llama · 9 s'],
  [{ action: 'start' }, 'You started llama · 9 s'],
  [{ action: 'restart', isFromCommandLine: true }, 'The command line restarted llama · 9 s'],
  [{ action: 'restart', isFromCommandLine: true, personName: 'alice' }, 'alice restarted llama · 9 s'],
  [{ action: 'terminate' }, 'You terminated llama · 9 s'],
  [{ origin: 'quiet' }, 'Podkeeper stopped llama (idle) · 9 s'],
  [{ origin: 'max-hours', action: 'terminate' }, 'Podkeeper terminated llama (maximum hours) · 9 s'],
  [{ origin: 'budget' }, 'Podkeeper stopped llama (budget) · 9 s'],
])('a row about what was observed says who did it and how long it took: %j', (over, text) => {
  expect(textOf(entriesOf(done, over))).toBe(text)
})

test('a row about a rule says why, with the figure of its decision', () => {
  const steps = entriesOf(done, { origin: 'quiet' })
  const intent = { id: 'i', action: 'stop', requester: 'quiet', reason: 'idle for 6 h' } as const
  const decision: AuditEntry = { ...steps[0]!, kind: 'decision', what: 'auto-stop', tone: 'warning', intent }
  expect(textOf([decision, ...steps])).toBe('Podkeeper stopped llama (idle for 6 h) · 9 s')
})

test.each<[readonly Step[], Partial<Intent>, string]>([
  [
    [
      ['scheduled', 0],
      ['cancelled', 2_000],
    ],
    {},
    'Stop of llama undone, nothing was sent · requested by you',
  ],
  [
    [
      ['waiting', 0],
      ['sent', 0],
      ['cancelled', 60_000],
    ],
    { action: 'start' },
    'Start of llama undone · requested by you',
  ],
  [[['cancelled', 2_000]], {}, 'Stop of llama undone · requested by you'],
  [
    [
      ['scheduled', 0],
      ['cancelled', 2_000, 'llama changed before the stop was sent, so nothing was sent.'],
    ],
    {},
    'Stop of llama canceled. llama changed before the stop was sent, so nothing was sent. You requested it.',
  ],
  [
    [
      ['scheduled', 0],
      ['sent', 5_000],
      ['did-not-happen', 605_000, 'The pod is still running.'],
    ],
    { isFromCommandLine: true },
    'Stop of llama was sent but not observed within 10 min. The pod is still running. You requested it on the command line.',
  ],
  [
    [
      ['waiting', 0],
      ['did-not-happen', 28_800_000, 'No GPU was free for 8 h.'],
    ],
    { action: 'start' },
    'llama was not started. No GPU was free for 8 h. You requested it.',
  ],
  [
    [
      ['sent', 5_000],
      ['failed', 6_000, 'Runpod: the pod is locked.'],
    ],
    { origin: 'quiet' },
    'Stop of llama failed. Runpod: the pod is locked. Podkeeper requested it (idle).',
  ],
  [
    [
      ['sent', 5_000],
      ['observed', 9_000, 'It stopped, and has been started again since.'],
    ],
    {},
    'You stopped llama. It stopped, and has been started again since. It took 9 s.',
  ],
  [[['did-not-happen', 605_000, 'It runs.']], {}, 'llama was not stopped. It runs. You requested it.'],
  [[['failed', 6_000]], { action: 'terminate' }, 'Termination of llama failed · requested by you'],
])('a row says what became of the action: %j %j', (steps, over, text) => {
  expect(textOf(entriesOf(steps, over))).toBe(text)
})

test('an action without an outcome is under way, or its outcome is not in the log', () => {
  const steps = entriesOf(done.slice(0, 2), {})
  expect(textOf(steps, true)).toBe('Stopping llama… · requested by you')
  expect(textOf(steps)).toBe('The outcome of the stop of llama is not in the log · requested by you')
  const waiting = entriesOf([['waiting', 0]], { action: 'start' })
  expect(textOf(waiting, true)).toBe('Waiting for a free GPU to start llama… · requested by you')
})

test('a name that looks like a sentence of the log changes nothing else of the row', () => {
  for (const podName of ['x failed. Runpod', 'x did not happen.', '\u202Ex', 'The stop of']) {
    const entries = entriesOf(
      [
        ['sent', 0],
        ['failed', 0, 'Locked.'],
      ],
      { podName },
    )
    expect(textOf(entries)).toBe(`Stop of ${podName} failed. Locked. You requested it.`)
  }
  const unnamed = entriesOf([['sent', 0]], { podName: ' ', podId: 'k3v9' })
  expect(textOf(unnamed, true)).toBe('Stopping k3v9… · requested by you')
})

test.each<[readonly Step[], boolean, string]>([
  [done, false, 'You stopped llama. It took 9 s.'],
  [done.slice(0, 2), true, 'Stopping llama… You requested it.'],
  [[['failed', 0, 'Locked.']], false, 'Stop of llama failed. Locked. You requested it.'],
])('a screen reader hears whole sentences: %j', (steps, isUnderWay, spoken) => {
  const listed = entriesOf(steps, {}).map((entry, index) => ({ seq: index + 1, ...entry }))
  const [row] = activityRows(listed.reverse())
  expect(actionRowText(row!.action!, isUnderWay).spoken).toBe(spoken)
})
