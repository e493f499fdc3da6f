import type { AuditEntry, ListedAuditEntry } from '../../../../src/core/audit-log/audit-log'
import { intentEntry } from '../../../../src/core/audit-log/audit-text'
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../../src/core/base/time/time'
import { type Intent, type IntentPhase, scheduleIntent, toPhase } from '../../../../src/core/intents/intent'
import { defaultIntentRules } from '../../../../src/core/intents/intent-rules'
import { instant, pod } from '../../samples/pods'
import { NOW_MS } from '../../samples/pod-views'

type GivenEntry = Pick<ListedAuditEntry, 'kind' | 'what' | 'text' | 'tone' | 'intent'> & {
  readonly agoMs: number
  readonly pod?: string
}

const failedStop = { id: 'failed-stop', action: 'stop', requester: 'person' } as const

const given: readonly GivenEntry[] = [
  {
    agoMs: 2 * MINUTE_MS,
    kind: 'alert',
    what: 'auto-stop-soon',
    tone: 'warning',
    pod: 'comfy-scratch',
    text: 'comfy-scratch stops in 5 min. Quiet for 5 h 55 min; the volume stays, the container disk is lost.',
  },
  {
    agoMs: 27 * MINUTE_MS,
    kind: 'alert',
    what: 'idle',
    tone: 'warning',
    pod: 'mcmc-planck',
    text: 'mcmc-planck has been idle for 15 min. GPU 0–2%, CPU 1%, memory unchanged since 13:23 (61 samples) · $1.00 so far at $3.99/hr',
  },
  {
    agoMs: 40 * MINUTE_MS,
    kind: 'intent',
    what: 'stop failed',
    tone: 'bad',
    pod: 'eval-sweep-b',
    text: 'The stop of eval-sweep-b failed. Runpod: the pod is locked.',
    intent: failedStop,
  },
  {
    agoMs: 41 * MINUTE_MS,
    kind: 'intent',
    what: 'stop sent',
    tone: 'plain',
    pod: 'eval-sweep-b',
    text: 'The stop of eval-sweep-b was sent to Runpod.',
    intent: failedStop,
  },
  {
    agoMs: 3 * HOUR_MS,
    kind: 'connection',
    what: 'back',
    tone: 'good',
    text: 'Runpod responded again after 6 min.',
  },
  {
    agoMs: DAY_MS,
    kind: 'decision',
    what: 'auto-stop',
    tone: 'plain',
    pod: 'anomaly-v3-with-a-name-of-sixty-characters-which-is-very-long-xx',
    text: 'Not stopped: no volume, stopping would lose the container disk.',
  },
  {
    agoMs: 2 * DAY_MS,
    kind: 'key',
    what: 'connected',
    tone: 'plain',
    text: 'Watching the account at api.runpod.io with the key ending in 9f3c.',
  },
  {
    agoMs: 2 * DAY_MS + HOUR_MS,
    kind: 'alert',
    what: 'idle',
    tone: 'warning',
    pod: '<b>bold</b> & \u05d0\u05d1\u05d2',
    text: '<b>bold</b> & \u05d0\u05d1\u05d2 has been idle for 15 min.',
  },
  { agoMs: 400 * DAY_MS, kind: 'app', what: 'started', tone: 'plain', text: 'Podkeeper started.' },
]

/** One entry of each kind and tone, recent and old. */
export const sampleActivity: readonly ListedAuditEntry[] = given.map(({ agoMs, pod, ...said }, index) => ({
  seq: given.length - index,
  atMs: NOW_MS - agoMs,
  accountId: 'account',
  podId: pod === undefined ? null : `id-of-${pod}`,
  podName: pod ?? null,
  ...said,
}))

interface LoggedIntent {
  readonly agoMs: number
  readonly podName: string
  readonly action: Intent['action']
  readonly origin?: Intent['origin']
  readonly isFromCommandLine?: boolean
  /** Each phase with the seconds since the request, and what it says besides. */
  readonly steps: readonly (readonly [phase: IntentPhase, afterS: number, message?: string])[]
}

const LONG_NAME = 'anomaly-v3-with-a-name-of-sixty-characters-which-is-very-long'

/** Newest request first. */
const intents: readonly LoggedIntent[] = [
  {
    agoMs: 20 * SECOND_MS,
    podName: 'vllm-8b',
    action: 'stop',
    steps: [
      ['scheduled', 0],
      ['sent', 5],
    ],
  },
  {
    agoMs: 4 * MINUTE_MS,
    podName: 'mcmc-planck',
    action: 'stop',
    steps: [
      ['scheduled', 0],
      ['sent', 5],
      ['accepted', 6],
      ['observed', 9],
    ],
  },
  {
    agoMs: 10 * MINUTE_MS,
    podName: 'comfy-scratch',
    action: 'stop',
    origin: 'quiet',
    steps: [
      ['scheduled', 0],
      ['sent', 0],
      ['accepted', 1],
      ['observed', 12],
    ],
  },
  {
    agoMs: 30 * MINUTE_MS,
    podName: 'eval-sweep-b',
    action: 'restart',
    steps: [
      ['scheduled', 0],
      ['cancelled', 3],
    ],
  },
  {
    agoMs: 50 * MINUTE_MS,
    podName: 'eval-sweep-b',
    action: 'stop',
    steps: [
      ['scheduled', 0],
      ['sent', 5],
      ['failed', 6, 'Runpod: the pod is locked.'],
    ],
  },
  {
    agoMs: 2 * HOUR_MS,
    podName: LONG_NAME,
    action: 'stop',
    isFromCommandLine: true,
    steps: [
      ['scheduled', 0],
      ['sent', 5],
      ['did-not-happen', 605, 'The pod is still running.'],
    ],
  },
  {
    agoMs: 3 * HOUR_MS,
    podName: 'llama-70b-sft',
    action: 'start',
    isFromCommandLine: true,
    steps: [
      ['scheduled', 0],
      ['sent', 0],
      ['accepted', 1],
      ['observed', 74],
    ],
  },
  {
    agoMs: 5 * HOUR_MS,
    podName: '<b>bold</b> & \u05d0\u05d1\u05d2',
    action: 'terminate',
    steps: [
      ['scheduled', 0],
      ['sent', 0],
      ['accepted', 1],
      ['observed', 4],
    ],
  },
  {
    agoMs: 6 * HOUR_MS,
    podName: 'gone-quiet',
    action: 'start',
    steps: [
      ['scheduled', 0],
      ['sent', 0],
    ],
  },
]

function entriesOf({ agoMs, podName, steps, ...given }: LoggedIntent, index: number): readonly AuditEntry[] {
  const requestedMs = NOW_MS - agoMs
  const request = { id: `intent-${index}`, accountId: 'account', origin: 'person', ...given } as const
  const named = pod({ id: `id-of-${podName}`, name: podName })
  const intent = scheduleIntent(request, named, instant(0), defaultIntentRules)
  const entries = steps.map(([phase, afterS, message = null]) =>
    intentEntry(
      toPhase(intent, phase, instant(afterS * SECOND_MS), message),
      requestedMs + afterS * SECOND_MS,
    ),
  )
  const [first] = entries
  if (intent.origin === 'person' || first?.intent === undefined) return entries
  const decision: AuditEntry = {
    ...first,
    kind: 'decision',
    what: 'auto-stop',
    tone: 'warning',
    text: `${podName} is being stopped automatically. It has been quiet for 6 h. Its volume stays.`,
    intent: { ...first.intent, reason: 'idle for 6 h' },
  }
  return [decision, ...entries]
}

/** Actions with every outcome, of every requester, as this version logs them; newest entry first. */
export const sampleActions: readonly ListedAuditEntry[] = intents
  .flatMap(entriesOf)
  .sort((a, b) => a.atMs - b.atMs)
  .map((entry, index) => ({ seq: index + 1, ...entry }))
  .reverse()
/** How many actions they are. */
export const sampleActionCount = intents.length
