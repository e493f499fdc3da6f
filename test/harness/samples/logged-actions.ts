import fc from 'fast-check'
import type { AuditEntry, ListedAuditEntry } from '../../../src/core/audit-log/audit-log'
import { intentEntry } from '../../../src/core/audit-log/audit-text'
import {
  type Intent,
  type IntentAction,
  type IntentOrigin,
  type IntentPhase,
  scheduleIntent,
} from '../../../src/core/intents/intent'
import { defaultIntentRules } from '../../../src/core/intents/intent-rules'
import { instant, pod } from './pods'

/** A step of an action as the log records it: its phase, and whether it says more than that. */
type LoggedStep = readonly [phase: IntentPhase, message?: string]

const noGpu = 'No GPU is free.'
/** Every way in which an action goes, as far as the log records it. */
const ways: readonly { readonly actions: readonly IntentAction[]; readonly steps: readonly LoggedStep[] }[] =
  [
    { actions: ['stop', 'restart'], steps: [['scheduled'], ['cancelled']] },
    { actions: ['stop', 'start'], steps: [['scheduled'], ['cancelled', 'It changed, so nothing was sent.']] },
    {
      actions: ['stop', 'start', 'restart', 'terminate'],
      steps: [['scheduled'], ['sent'], ['accepted'], ['observed']],
    },
    { actions: ['stop', 'start', 'terminate'], steps: [['scheduled'], ['sent'], ['observed']] },
    { actions: ['stop', 'start'], steps: [['scheduled'], ['sent'], ['failed', 'It is locked.']] },
    {
      actions: ['stop', 'restart'],
      steps: [['scheduled'], ['sent'], ['sent', 'No clear response.'], ['did-not-happen', 'It runs.']],
    },
    {
      actions: ['stop', 'start'],
      steps: [
        ['scheduled'],
        ['sent'],
        ['scheduled', 'Runpod asks to wait.'],
        ['sent'],
        ['accepted'],
        ['observed'],
      ],
    },
    { actions: ['start'], steps: [['waiting'], ['sent'], ['accepted'], ['observed']] },
    { actions: ['start'], steps: [['waiting'], ['sent'], ['accepted'], ['accepted'], ['observed']] },
    { actions: ['start'], steps: [['waiting'], ['sent'], ['cancelled']] },
    { actions: ['start'], steps: [['waiting'], ['cancelled']] },
    { actions: ['start'], steps: [['waiting'], ['sent'], ['did-not-happen', noGpu]] },
  ]

/** Which action an entry is about: a number, or null for none. */
export type EntryActions = ReadonlyMap<number, number | null>

export interface LoggedHistory {
  /** Newest first. */
  readonly entries: readonly ListedAuditEntry[]
  readonly truth: EntryActions
}

interface Event {
  readonly kind: 'step' | 'alert' | 'restart' | 'disk-fails' | 'disk-works'
  /** Which of the pods. */
  readonly pod: number
  readonly way: number
  readonly action: number
  readonly origin: IntentOrigin
  readonly isFromCommandLine: boolean
  /** By how much the wall clock moves before it, ms. */
  readonly jumpMs: number
}

/** Names that look like the sentences and marks of the log. */
const names = ['llama', 'You asked for b to stop.', 'failed. The stop of', '{"seq":1}', '']

/** Three pods, of which two have the same id in two accounts. */
const places = [
  { accountId: 'a', podId: 'p' },
  { accountId: 'b', podId: 'p' },
  { accountId: 'a', podId: 'q' },
]

const events = fc.array(
  fc.record<Event>({
    kind: fc.oneof(
      { weight: 20, arbitrary: fc.constant('step' as const) },
      { weight: 5, arbitrary: fc.constantFrom('alert', 'restart', 'disk-fails', 'disk-works') },
    ),
    pod: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(places.length - 1)),
    way: fc.nat(ways.length - 1),
    action: fc.nat(1),
    origin: fc.constantFrom('person', 'person', 'quiet', 'max-hours', 'budget'),
    isFromCommandLine: fc.boolean(),
    jumpMs: fc.constantFrom(0, 1_000, 5_000, 60_000, -3_600_000, 400 * 86_400_000),
  }),
  { maxLength: 60 },
)

/** Logs as Podkeeper writes them: actions on several pods, with at most one open on each, and what continues beside. */
export const loggedHistories = fc.record({ events, nameIndex: fc.nat(names.length - 1) }).map(writeLog)

function writeLog(given: { readonly events: readonly Event[]; readonly nameIndex: number }): LoggedHistory {
  const entries: ListedAuditEntry[] = []
  const truth = new Map<number, number | null>()
  const open = new Map<
    number,
    { readonly number: number; readonly intent: Intent; steps: readonly LoggedStep[] }
  >()
  let atMs = 1_700_000_000_000
  let actions = 0
  /** How many actions each account has: two of them name theirs alike. */
  const begun = new Map<string, number>()
  let isDiskFull = false
  let isMissing = false
  const write = (entry: AuditEntry, action: number | null): void => {
    if (isDiskFull) {
      isMissing = true
      return
    }
    if (isMissing) {
      isMissing = false
      write(appEntry('log-resumed', atMs), null)
    }
    const seq = entries.length + 1
    entries.push({ seq, ...entry })
    truth.set(seq, action)
  }
  for (const { kind, pod: at, jumpMs, ...event } of given.events) {
    atMs += jumpMs
    const place = places[at]!
    const name = names[(given.nameIndex + at) % names.length]!
    if (kind === 'alert') write({ ...appEntry('idle', atMs), ...place, podName: name, kind: 'alert' }, null)
    else if (kind === 'restart' || kind === 'disk-fails' || kind === 'disk-works') {
      isDiskFull = kind === 'disk-fails'
      // A program that ended does not tell the next one what it could not write.
      if (kind === 'restart') isMissing = false
      if (kind === 'restart') write(appEntry('started', atMs), null)
    } else {
      const { number, intent, steps } = open.get(at) ?? begin(place, name, event, actions, begun)
      actions = Math.max(actions, number + 1)
      const [step, ...rest] = steps
      if (rest.length === 0) open.delete(at)
      else open.set(at, { number, intent, steps: rest })
      const [phase, message = null] = step!
      write(intentEntry({ ...intent, phase, message }, atMs), number)
    }
  }
  return { entries: entries.reverse(), truth }
}

function begin(
  { accountId, podId }: { readonly accountId: string; readonly podId: string },
  name: string,
  { way, action, origin, isFromCommandLine }: Pick<Event, 'way' | 'action' | 'origin' | 'isFromCommandLine'>,
  number: number,
  begun: Map<string, number>,
): { readonly number: number; readonly intent: Intent; readonly steps: readonly LoggedStep[] } {
  const { actions, steps } = ways[way]!
  const count = (begun.get(accountId) ?? 0) + 1
  begun.set(accountId, count)
  const request = {
    id: `intent-${count}`,
    accountId,
    action: actions[action % actions.length]!,
    origin,
    isFromCommandLine,
  }
  const intent = scheduleIntent(request, pod({ id: podId, name }), instant(0), defaultIntentRules)
  return { number, intent, steps }
}

const appEntry = (what: string, atMs: number): AuditEntry => ({
  atMs,
  accountId: null,
  podId: null,
  podName: null,
  kind: 'app',
  what,
  text: `${what}.`,
  tone: 'plain',
})
