import { expect, test } from 'vitest'
import { outcomeAlerts } from '../src/core/alerts/failed-stop-alerts'
import { telemetryOutageAlert } from '../src/core/alerts/alert-text'
import { fail } from '../src/core/base/result'
import type { ProviderError } from '../src/core/pods/provider'
import { MINUTE_MS } from '../src/core/base/time/time'
import {
  containerDiedText,
  missingGpusAlertText,
  noContainerText,
} from '../src/core/containers/container-alert-text'
import type { ContainerView } from '../src/core/containers/container-view'
import { dueTimeOf } from '../src/core/guard/policy/due-time'
import { policyRulesOf } from '../src/core/guard/policy/policy-settings'
import { type StopFacts, unmetText } from '../src/core/guard/policy/stop-conditions'
import type { StopCause } from '../src/core/intents/intent'
import { withObservation } from '../src/core/intents/intent-observation'
import { withReply } from '../src/core/intents/intent-reply'
import { defaultIntentRules, type IntentRules } from '../src/core/intents/intent-rules'
import { problemAdvice } from '../src/core/logs/progress-text'
import { serviceNameOf, serviceOf } from '../src/core/pods/labs/service-name'
import { managingServiceName, type Pod } from '../src/core/pods/pod'
import { outsideStopText } from '../src/core/polling/outside-stop-text'
import { defaultSettings } from '../src/core/settings/settings'
import { connectionProblem } from '../src/core/view/tray/tray-model'
import type { ConnectionView } from '../src/core/polling/connection'
import { connectionReason, stopsWaitText } from '../src/renderer/messages/connection-text'
import { podRemarks } from '../src/renderer/pod-model/text/pod-text'
import { intentText } from '../src/renderer/pod-model/text/intent-text'
import { emptyPodsText } from '../src/renderer/pods/pods-text'
import { connectionText } from '../src/renderer/shell/connection-text'
import { pageOf, shownService } from '../src/renderer/state/account-parts'
import { intentsByState } from './harness/samples/intents'
import {
  accountEntry,
  intentView,
  NOW_MS,
  podView,
  snapshotOf,
  snapshotOfAccounts,
} from './harness/samples/pod-views'
import { instant, pod } from './harness/samples/pods'

const managed: Pod['managed'] = { cloudPodId: null, idleMinutes: null, stopsAtMs: null, terminatesAtMs: null }
const at = instant(8_000)
const oneTry: IntentRules = { ...defaultIntentRules, retryWindowMs: 0, confirmationValidMs: 0 }
const rules = policyRulesOf(defaultSettings)
const messages = (...intents: { readonly message: string | null }[]) =>
  intents.map(({ message }) => message ?? '')

const connections: readonly ConnectionView[] = [
  { kind: 'offline', sinceMs: 0, nextTryAtMs: 0, failure: 'no route' },
  { kind: 'unreadable', sinceMs: 0, nextTryAtMs: 0, failure: 'not JSON' },
  { kind: 'rate-limited', untilMs: 0 },
  { kind: 'key-doubted', atMs: 0, retryAtMs: 0 },
  { kind: 'key-refused', firstAtMs: 0, againAtMs: 0, nextTryAtMs: 0 },
  { kind: 'forbidden', atMs: 0, failure: 'no read access' },
  { kind: 'connecting' },
]

/** What is said of requests and their outcome. */
function actionTexts(service: string): readonly string[] {
  const limited = fail<ProviderError>({
    kind: 'rate-limited',
    message: 'Slow down.',
    retryAfterMs: 1_000,
    status: 429,
    requestId: null,
  })
  const { sent } = intentsByState('stop')
  const terminate = intentsByState('terminate').sent
  const failed = { ...sent, phase: 'failed', message: null, origin: 'quiet' } as const
  const refusedSince = instant(0)
  const permissions = [
    { provenAt: null, refusedSince: null },
    { provenAt: null, refusedSince },
  ] as never[]
  return [
    ...messages(
      withReply(sent, limited, at, defaultIntentRules, 0, service),
      withReply({ ...sent, origin: 'quiet' }, limited, at, defaultIntentRules, 0, service),
      withReply({ ...sent, waitsForGpu: true }, limited, at, defaultIntentRules, 0, service),
      withReply(sent, limited, at, oneTry, 0, service),
      withReply(terminate, limited, at, oneTry, 0, service),
    ),
    ...permissions.flatMap((permission) =>
      [0, 3].flatMap((earlierFailures) =>
        outcomeAlerts({ ...failed, earlierFailures, refusal: 'forbidden' }, permission, service).map(
          ({ title, body }) => `${title}. ${body}`,
        ),
      ),
    ),
    telemetryOutageAlert('a', { since: at, podIds: ['a', 'b'] } as never, ['a', 'b'], service).title,
  ]
}

/** What is said of the account's connection. */
const connectionTexts = (service: string): readonly string[] => [
  ...connections.flatMap((connection) => [
    connectionReason(connection, NOW_MS, { service }),
    connectionText(connection, null, NOW_MS),
    connectionProblem(connection) ?? '',
  ]),
  stopsWaitText([], service),
  ...Object.values(emptyPodsText).map((text) => (typeof text === 'string' ? text : text(service))),
]

/** What is said of a pod. */
function podTexts(over: Pick<Pod, 'managed'>): readonly string[] {
  const shown = pod({ ...over, costPerHourUsd: null })
  const service = serviceOf(shown)
  const states: readonly ContainerView[] = [
    { kind: 'starting', sinceMs: 0, isOverdue: false },
    { kind: 'unknown' } as ContainerView,
    { kind: 'died', why: 'gone' } as ContainerView,
    { kind: 'died', why: 'restarts' } as ContainerView,
    { kind: 'gpus-missing', gpus: 0, expected: 1 },
  ]
  const details = [
    { state: { kind: 'unknown', forMs: MINUTE_MS } },
    { state: { kind: 'died', death: { why: 'gone' } } },
  ].map((one) => ({ missingGpus: null, progress: null, ...one }) as never)
  const unmet: Partial<StopFacts> = { action: 'stop', podRules: {}, rules }
  const facts = {
    ...unmet,
    pod: { ...shown, actions: [], isLocked: null, startedAtMs: null },
    plannedStartedAtMs: null,
  } as unknown as StopFacts
  const view = podView({ ...over, statusReason: null })
  const due = (change: object, podRules: object, cause: StopCause = 'quiet') => {
    const time = dueTimeOf(cause, { pod: shown, ...change } as never, podRules, rules, {
      now: at,
      holdNowMs: at.wallMs,
    })
    return 'why' in time ? time.why : ''
  }
  const start = { ...intentsByState('start').sent, earlierError: null }
  const errored = { ...shown, phase: 'error', statusReason: null } as const
  return [
    ...(['outbid', 'service', 'user', null] as const).map((reason) =>
      outsideStopText(
        { reason, balanceUsd: 0.05, last: { gpuPercent: 90, perHourUsd: 2, beforeMs: 60_000 } },
        shown,
      ),
    ),
    ...states.flatMap((container) => podRemarks(podView({ ...over, container }), NOW_MS)),
    ...details.flatMap((one) =>
      [noContainerText, containerDiedText, missingGpusAlertText].map(
        (text) => text('llama', shown, one).body,
      ),
    ),
    ...(['stop-offered', 'not-locked', 'same-run'] as const).map((name) => unmetText(facts, [name])),
    due({ pod: { ...shown, phase: 'unknown' } }, {}),
    due({ uptimeMs: null }, { maxHours: 1 }, 'max-hours'),
    due({ spentUsd: 0 }, { monthlyBudgetUsd: 1, atBudget: 'stop' }, 'budget'),
    ...messages(withObservation(start, errored, instant(9_000), instant(9_000), defaultIntentRules)),
    ...(['pull-failed', 'crash-loop'] as const).map((kind) => problemAdvice({ kind } as never, service)),
    ...podRemarks({ ...view, phase: 'unknown' }, NOW_MS),
    ...podRemarks({ ...view, phase: 'error' }, NOW_MS),
    intentText(intentView({ phase: 'accepted' }), NOW_MS),
  ]
}

test.each([
  ['Hubify', /Runpod/, { managed }],
  ['Runpod', /Hubify/, {}],
])(
  'what is said of an account and its pods at %s names that service, and never the other',
  (name, other, over) => {
    const texts = [...actionTexts(name), ...connectionTexts(name), ...podTexts(over)]
    expect(texts.filter((text) => other.test(text))).toEqual([])
    expect(texts.filter((text) => text.includes(name)).length).toBeGreaterThan(30)
  },
)

test('a pod of the cloud that a lab shows too stays one of the cloud', () => {
  expect(serviceOf({ managed: managed!, labKey: 'lab/pod' })).toBe('Runpod')
  expect(serviceOf({ managed: managed! })).toBe(managingServiceName)
  expect([serviceNameOf({}), serviceNameOf({ serviceName: 'Hubify' })]).toEqual(['Runpod', 'Hubify'])
})

test('the console that opens is that of the shown accounts: Hubify’s where all of them are labs', () => {
  const cloud = accountEntry({ id: 'cloud' })
  const lab = accountEntry({ id: 'lab', provider: 'hubify' })
  const shown = (entries: (typeof cloud)[], shownAccountId: string | null = null) =>
    pageOf(
      shownService({
        snapshot: snapshotOfAccounts(entries.map((entry) => ({ entry })) as never),
        shownAccountId,
      }),
    )
  expect([shown([lab]), shown([cloud]), shown([cloud, lab])]).toEqual(['hubify', 'console', 'console'])
  expect([shown([cloud, lab], 'lab'), shown([cloud, lab], 'cloud')]).toEqual(['hubify', 'console'])
  expect(pageOf(shownService({ snapshot: snapshotOf([]), shownAccountId: null }))).toBe('console')
})
