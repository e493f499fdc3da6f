import { describe, expect, test } from 'vitest'
import {
  cancelIntent,
  dueInMs,
  type Intent,
  type IntentAction,
  type IntentPhase,
  isLate,
  isOpen,
  markSent,
  recoverIntent,
  scheduleIntent,
  staleReason,
  undoIntent,
} from '../../../src/core/intents/intent'
import { defaultIntentRules as rules } from '../../../src/core/intents/intent-rules'
import { toIntentView } from '../../../src/core/intents/intent-view'
import { withObservation } from '../../../src/core/intents/intent-observation'
import { withReply } from '../../../src/core/intents/intent-reply'
import { parseIntent } from '../../../src/core/intents/parse-intent'
import type { Pod } from '../../../src/core/pods/pod'
import type { ProviderErrorKind } from '../../../src/core/pods/provider'
import { ok } from '../../../src/core/base/result'
import { DAY_MS, MINUTE_MS } from '../../../src/core/base/time/time'
import { ANSWERED_MS, intentsByState, type IntentState, SENT_MS } from '../../harness/samples/intents'
import { instant, pod, stoppedPod, telemetry } from '../../harness/samples/pods'
import { failure } from '../../harness/monitor/scripted-provider'

type Event = (intent: Intent) => Intent
/** The phase after an event for each state. States that are not listed keep their phase. */
type Outcome = Partial<Record<IntentState, IntentPhase>>

const NOW_MS = 8_000
const undo: Event = (intent) => undoIntent(intent, instant(NOW_MS))
const cancel: Event = (intent) => cancelIntent(intent, instant(NOW_MS), 'Because.')
const send: Event = (intent) => markSent(intent, instant(NOW_MS))
const accept: Event = (intent) => withReply(intent, ok(null), instant(NOW_MS), rules)
const refuse =
  (kind: ProviderErrorKind): Event =>
  (intent) =>
    withReply(intent, failure(kind), instant(NOW_MS), rules)
const look =
  (seen: Pod | null, lookedMs: number): Event =>
  (intent) =>
    withObservation(intent, seen, instant(lookedMs), instant(lookedMs + 100), rules)
const recover =
  (laterMs: number): Event =>
  (intent) =>
    recoverIntent(intent, instant(laterMs, { runId: 'run-2', monotonicMs: 1 }), rules)

const onTheWay = (phase: IntentPhase): Outcome => ({ sent: phase, disputed: phase, accepted: phase })
const asked = (phase: IntentPhase): Outcome => ({ sent: phase, disputed: phase })
const unsent = (phase: IntentPhase): Outcome => ({ scheduled: phase, waiting: phase })

const always: readonly [string, Event, Outcome][] = [
  ['it is undone', undo, unsent('cancelled')],
  ['it is cancelled', cancel, unsent('cancelled')],
  ['it is sent', send, unsent('sent')],
  ['Runpod accepts it', accept, asked('accepted')],
  ['the key is not accepted (401)', refuse('unauthorized'), asked('failed')],
  ['there is no balance (402)', refuse('no-balance'), asked('failed')],
  ['the key may not do it (403)', refuse('forbidden'), asked('failed')],
  ['it is not valid now (409)', refuse('conflict'), {}],
  ['the endpoint is retired (410)', refuse('gone'), asked('failed')],
  ['it is refused as asked (422)', refuse('invalid'), asked('failed')],
  ['Runpod asks to wait (429)', refuse('rate-limited'), asked('scheduled')],
  ['there is no answer, or a 5xx', refuse('unreachable'), {}],
  ['the answer is not the API’s', refuse('unreadable'), {}],
  ['a look from before the sending finds the pod gone', look(null, SENT_MS - 1), {}],
  ['Podkeeper is started again a day later', recover(DAY_MS), unsent('cancelled')],
  ['no GPU is free', refuse('no-capacity'), asked('failed')],
]
/** Events that end every intent which needs its pod. */
const needsItsPod: readonly [string, Event, Outcome][] = [
  ['Podkeeper is started again at once', recover(NOW_MS), { scheduled: 'cancelled' }],
  ['the pod is not found (404)', refuse('not-found'), asked('failed')],
  ['the pod is found gone', look(null, NOW_MS), onTheWay('failed')],
  ['the pod is found terminated', look(pod({ phase: 'terminated' }), NOW_MS), onTheWay('failed')],
]
const stops: readonly [string, Event, Outcome][] = [
  ['the pod is seen stopped', look(stoppedPod(), NOW_MS), onTheWay('observed')],
  ['a look from before the sending sees it stopped', look(stoppedPod(), SENT_MS - 1), {}],
  ['the pod is seen running', look(pod(), NOW_MS), { disputed: 'failed' }],
  [
    'the pod is seen running since a later start',
    look(pod({ startedAtMs: instant(7_000).wallMs }), NOW_MS),
    onTheWay('observed'),
  ],
  [
    'an earlier start is shown, which is no other run',
    look(pod({ startedAtMs: 1 }), NOW_MS),
    { disputed: 'failed' },
  ],
  [
    'the pod is seen running just before the deadline',
    look(pod(), SENT_MS + 2 * MINUTE_MS - 1),
    { disputed: 'failed' },
  ],
  [
    'the pod is seen running after 2 minutes',
    look(pod(), SENT_MS + 2 * MINUTE_MS),
    { ...onTheWay('did-not-happen'), disputed: 'failed' },
  ],
]
const starts: readonly [string, Event, Outcome][] = [
  ['the pod is seen running', look(pod(), NOW_MS), onTheWay('observed')],
  ['the pod is seen creating', look(pod({ phase: 'creating' }), NOW_MS), {}],
  ['the pod is seen in error', look(pod({ phase: 'error' }), NOW_MS), onTheWay('failed')],
  ['a look from before the sending sees it in error', look(pod({ phase: 'error' }), SENT_MS - 1), {}],
  ['the pod is seen stopped', look(stoppedPod(), NOW_MS), { disputed: 'failed' }],
  [
    'the pod is seen stopped after 14 minutes',
    look(stoppedPod(), SENT_MS + 14 * MINUTE_MS),
    { disputed: 'failed' },
  ],
  [
    'the pod is seen creating after 15 minutes',
    look(pod({ phase: 'creating' }), SENT_MS + 15 * MINUTE_MS),
    onTheWay('did-not-happen'),
  ],
]
const upFor = (uptimeS: number | null): Pod =>
  pod({ telemetry: uptimeS === null ? null : telemetry({ uptimeS }) })
const restarts: readonly [string, Event, Outcome][] = [
  ['the pod is seen up for a shorter time', look(upFor(2), NOW_MS), onTheWay('observed')],
  ['the pod is seen up for longer', look(upFor(3_605), NOW_MS), { disputed: 'failed' }],
  [
    'its uptime ran back by a moment, as a kept answer’s does',
    look(upFor(3_595), NOW_MS),
    { disputed: 'failed' },
  ],
  ['the pod shows no figures', look(upFor(null), NOW_MS), { disputed: 'failed' }],
  ['a look from before the sending sees a shorter uptime', look(upFor(2), SENT_MS - 1), {}],
  [
    'the pod is seen running since a later start',
    look(pod({ startedAtMs: instant(7_000).wallMs }), NOW_MS),
    onTheWay('observed'),
  ],
  ['the pod is seen in error', look(pod({ phase: 'error' }), NOW_MS), onTheWay('failed')],
  ['the pod is seen creating', look(pod({ phase: 'creating' }), NOW_MS), { disputed: 'failed' }],
  [
    'the pod is seen up as long as ever just before 3 minutes',
    look(upFor(3_780), SENT_MS + 3 * MINUTE_MS - 1),
    { disputed: 'failed' },
  ],
  [
    'the pod is seen up as long as ever after 3 minutes',
    look(upFor(3_780), SENT_MS + 3 * MINUTE_MS),
    { ...onTheWay('did-not-happen'), disputed: 'failed' },
  ],
]
const terminates: readonly [string, Event, Outcome][] = [
  ['Podkeeper is started again, however soon', recover(NOW_MS), unsent('cancelled')],
  ['the pod is not found (404)', refuse('not-found'), asked('accepted')],
  ['the pod is found gone', look(null, NOW_MS), onTheWay('observed')],
  ['the pod is found terminated', look(pod({ phase: 'terminated' }), NOW_MS), onTheWay('observed')],
  ['the pod is seen running', look(pod(), NOW_MS), { disputed: 'failed' }],
  ['the pod is seen stopped', look(stoppedPod(), NOW_MS), { disputed: 'failed' }],
  ['the pod is seen just before 2 minutes', look(pod(), SENT_MS + 2 * MINUTE_MS - 1), { disputed: 'failed' }],
  [
    'the pod is seen after 2 minutes',
    look(pod(), SENT_MS + 2 * MINUTE_MS),
    { ...onTheWay('did-not-happen'), disputed: 'failed' },
  ],
]
const phaseOf = (state: IntentState): IntentPhase =>
  state === 'waiting' ? 'scheduled' : state === 'disputed' ? 'sent' : state
const states = Object.keys(intentsByState('stop')) as IntentState[]

describe.each<[IntentAction, readonly [string, Event, Outcome][]]>([
  ['stop', [...always, ...needsItsPod, ...stops]],
  ['start', [...always, ...needsItsPod, ...starts]],
  ['restart', [...always, ...needsItsPod, ...restarts]],
  ['terminate', [...always, ...terminates]],
])('the action %s', (action, events) => {
  test('reaches every state', () => {
    for (const state of states) expect(intentsByState(action)[state].phase).toBe(phaseOf(state))
  })

  test.each(events)('changes its state when %s', (_, event, outcome) => {
    const reached = states.map((state) => [state, event(intentsByState(action)[state]).phase])
    expect(reached).toEqual(states.map((state) => [state, outcome[state] ?? phaseOf(state)]))
  })

  test('is unchanged after its end, including its message', () => {
    for (const intent of Object.values(intentsByState(action)).filter((one) => !isOpen(one)))
      for (const [, event] of events) expect(event(intent)).toBe(intent)
  })
})

describe('the message of an ended intent', () => {
  const { scheduled, waiting, sent, disputed } = intentsByState('stop')

  test('contains the API’s message after a failure', () => {
    expect(refuse('forbidden')(sent).message).toBe('It said forbidden.')
    expect(look(pod(), NOW_MS)(disputed).message).toBe('It said conflict.')
    const failed = look(pod({ phase: 'error', statusReason: 'No such image.' }), NOW_MS)
    expect(failed(intentsByState('start').sent).message).toBe('No such image.')
  })

  test('describes the pod and the reply after an action that did not happen', () => {
    const unanswered = refuse('unreachable')(sent)
    const end = look(pod(), SENT_MS + 2 * MINUTE_MS)(unanswered)
    expect(end.message).toMatch(/still running.*It said unreachable\./)
  })

  test('says so when the shutdown of Podkeeper canceled the action', () => {
    expect(recover(NOW_MS)(scheduled).message).toMatch(/Podkeeper quit.*trainer.*nothing was sent/)
    expect(recover(DAY_MS)(waiting).message).toMatch(/Podkeeper quit.*was not carried out/)
  })
})

describe('an action that gets a 429', () => {
  const { scheduled } = intentsByState('stop')

  test('waits as long as Runpod demands, and briefly where it does not say', () => {
    const sent = markSent(scheduled, instant(SENT_MS))
    const waitMsOf = (retryAfterMs: number | null) =>
      withReply(sent, failure('rate-limited', { retryAfterMs }), instant(ANSWERED_MS), rules).waitMs
    expect(waitMsOf(20_000)).toBe(20_000)
    expect(waitMsOf(null)).toBe(5_000)
  })

  test('is given up when the wait would end more than 10 minutes after the request', () => {
    const late = markSent(scheduled, instant(9 * MINUTE_MS))
    const putOff = (retryAfterMs: number) =>
      withReply(late, failure('rate-limited', { retryAfterMs }), instant(9 * MINUTE_MS), rules)
    expect(putOff(MINUTE_MS).phase).toBe('scheduled')
    expect(putOff(MINUTE_MS + 1)).toMatchObject({
      phase: 'failed',
      message: expect.stringContaining('postponing it'),
    })
  })
})

describe('an action', () => {
  const { scheduled } = intentsByState('stop')

  test.each([
    ['at its time', instant(5_000), false],
    ['half a minute after it', instant(35_000), false],
    ['later than that', instant(35_001), true],
    [
      'after a sleep in which the monotonic clock stood still',
      instant(5_000, { wallMs: DAY_MS * 30_000 }),
      true,
    ],
    ['when the clock was set back an hour', instant(5_000, { wallMs: instant(-3_600_000).wallMs }), false],
    ['in another run, however soon', instant(5_000, { runId: 'run-2', monotonicMs: 1 }), true],
  ])('counts as late or on time %s', (_, now, expected) => {
    expect(isLate(scheduled, now, rules)).toBe(expected)
  })

  test.each<[string, Pod, boolean]>([
    ['as it was', pod(), false],
    ['stopped', stoppedPod(), true],
    ['started again since', pod({ startedAtMs: instant(0).wallMs }), true],
    ['without the stop among its actions', pod({ actions: ['terminate'] }), true],
  ])('that is late is compared with its pod, which is %s', (_, seen, isStale) => {
    expect(staleReason(scheduled, seen) !== null).toBe(isStale)
  })

  test('is of a window unless it says that it is of the command line or of a token', () => {
    const request = { id: 'i', accountId: 'a', action: 'stop', origin: 'person' } as const
    const ofWindow = scheduleIntent(request, pod(), instant(0), rules)
    expect(ofWindow.isFromCommandLine).toBe(false)
    expect(ofWindow).not.toHaveProperty('tokenName')
    const ofToken = { ...request, isFromCommandLine: true, tokenName: 'agent' }
    expect(scheduleIntent(ofToken, pod(), instant(0), rules)).toMatchObject({
      isFromCommandLine: true,
      tokenName: 'agent',
    })
  })

  test('to start is still sent to a pod that stopped again after another run', () => {
    const start = intentsByState('start').scheduled
    expect(staleReason(start, stoppedPod({ startedAtMs: instant(0).wallMs }))).toBeNull()
    expect(staleReason(start, pod())).toBe('trainer changed before the start was sent, so nothing was sent.')
  })
})

describe('an intent in a journal', () => {
  test('is read back unchanged', () => {
    for (const intent of [
      ...Object.values(intentsByState('start')),
      ...Object.values(intentsByState('stop')),
    ])
      expect(parseIntent(JSON.parse(JSON.stringify(intent)))).toEqual(intent)
  })

  test.each([
    null,
    7,
    'stop',
    [],
    {},
    { ...intentsByState('stop').sent, phase: 'done' },
    { ...intentsByState('stop').sent, waitMs: -1 },
  ])('that is invalid is rejected: %j', (value) => {
    expect(parseIntent(value)).toBeNull()
  })
})

describe('a window', () => {
  const { scheduled, waiting, sent } = intentsByState('stop')

  test('shows until when an action can be undone, and only while it can', () => {
    expect(toIntentView(scheduled).undoUntilMs).toBe(instant(5_000).wallMs)
    expect(toIntentView(waiting).undoUntilMs).toBe(instant(ANSWERED_MS + 20_000).wallMs)
    expect(toIntentView(sent).undoUntilMs).toBeNull()
  })

  test('counts down to the time when an action is due', () => {
    expect(dueInMs(scheduled, instant(2_000))).toBe(3_000)
    expect(dueInMs(scheduled, instant(60_000))).toBe(0)
    expect(dueInMs(intentsByState('start').scheduled, instant(0))).toBe(0)
  })
})
