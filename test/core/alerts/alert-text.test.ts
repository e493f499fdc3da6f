import { describe, expect, test } from 'vitest'
import {
  goneAlert,
  intentOutcomeAlert,
  keyAlert,
  outageAlert,
  podAlert,
  telemetryOutageAlert,
  terminatedAlert,
} from '../../../src/core/alerts/alert-text'
import type { ContainerDetails } from '../../../src/core/containers/container-alert-text'
import type { PodProgress } from '../../../src/core/logs/pod-progress'
import { groupAlert, summaryAlert, suppressionText } from '../../../src/core/alerts/alert-batching'
import { idleAlert } from '../../../src/core/guard/policy/guard-text'
import type { Activity } from '../../../src/core/idle/activity'
import type { Pod } from '../../../src/core/pods/pod'
import type { PodEvent, PodEventKind } from '../../../src/core/polling/pod-events'
import { DAY_MS, MINUTE_MS } from '../../../src/core/base/time/time'
import { pendingAlert } from '../../harness/samples/pending-alerts'
import { START_MS } from '../../harness/base/fake-clock'
import { intentsByState } from '../../harness/samples/intents'
import { instant, pod } from '../../harness/samples/pods'

const textOf = ({ title, body }: { title: string; body: string }): string => `${title} | ${body}`
const event = (kind: PodEventKind): PodEvent => ({
  kind,
  podId: 'pod-1',
  episode: '1',
  atMs: START_MS,
  isMissed: false,
})
const alertTextFor = (kind: PodEventKind, over: Partial<Pod> = {}): string =>
  textOf(podAlert('a', pod(over), event(kind), 16 * MINUTE_MS)).replace(/\d\d:\d\d/g, 'HH:MM')

describe('the text about a pod whose container is not up', () => {
  const progress: PodProgress = {
    steps: { machine: 'done', image: 'now', container: 'next', ssh: 'next' },
    pull: { percent: 62, pulledLayers: 3, layers: 5 },
    problem: null,
    lines: [],
    logProblem: null,
  }
  const failed = 'manifest for a:1 not found: manifest unknown. TOKEN=abcdef'
  const starting = { kind: 'starting', sinceMs: START_MS, forMs: 15 * MINUTE_MS, isOverdue: true } as const
  const details = (more: Partial<ContainerDetails>): ContainerDetails => ({
    state: starting,
    missingGpus: null,
    progress,
    ...more,
  })

  test.each<[PodEventKind, Partial<ContainerDetails>, string]>([
    [
      'no-container',
      {},
      'trainer has no container yet, and you are paying | It is not up 15 min after its start: Pulling the image, 62%, 3 of 5 layers. The pod costs $2.00/hr, $0.50 so far. Check its log, or stop it.',
    ],
    [
      'no-container',
      { progress: { ...progress, problem: { kind: 'pull-failed', words: failed } } },
      'trainer has no container yet, and you are paying | Image pull failed: “manifest for a:1 not found: manifest unknown. TOKEN=[hidden]”. The pod costs $2.00/hr, $0.50 so far. Check the image’s name and tag, and its registry credentials, or stop the pod.',
    ],
    [
      'no-container',
      { state: { kind: 'unknown', isStartKnown: true, forMs: 15 * MINUTE_MS }, progress: null },
      'Can’t tell whether trainer is up, and you are paying | Runpod has shown neither uptime nor ports for 15 min. Its system log doesn’t say either. The pod costs $2.00/hr, $0.50 so far. Check it on Runpod, or stop it.',
    ],
    [
      'container-died',
      { state: { kind: 'died', death: { why: 'gone', since: instant(0) } } },
      'The container of trainer died | Runpod has shown neither metrics nor ports of its container for 10 min. The pod costs $2.00/hr. Check its log, then restart or stop it.',
    ],
    [
      'gpus-missing',
      { missingGpus: { gpus: 0, expected: 1 } },
      'trainer has 0 of 1 GPUs | It came back without any. The pod costs $2.00/hr. Stop it, and start it again when its machine has free GPUs, or create another pod.',
    ],
  ])('%s %#', (kind, more, expected) => {
    expect(textOf(podAlert('a', pod(), event(kind), 0, details(more)))).toBe(expected)
  })

  test('is one for all pods that lost their metrics together', () => {
    const lost = { since: instant(0), podIds: ['1', '2', '3'] }
    const { title, body, key } = telemetryOutageAlert('a', lost, ['trainer', 'llama', 'whisper'])
    expect(title).toBe('Runpod shows no metrics and no ports for 3 pods')
    expect(body).toContain('trainer, llama and 1 more. They disappeared at the same time')
    expect(key).toMatchObject({ kind: 'metrics-outage', podId: null })
  })
})

describe('the text of an event', () => {
  test.each([
    ['pod-ready', {}, 'trainer is ready | Running since HH:MM, according to Runpod · $2.00/hr'],
    [
      'pod-ready',
      { costPerHourUsd: null, startedAtMs: null },
      'trainer is ready | Running since HH:MM, according to Runpod',
    ],
    [
      'creating-too-long',
      {},
      'trainer is still not ready after 16 min | You may already be paying for it ($2.00/hr), but it isn’t usable yet. Check its logs on Runpod, or stop it.',
    ],
    [
      'creating-too-long',
      { costPerHourUsd: null },
      'trainer is still not ready after 16 min | You may already be paying for it, but it isn’t usable yet. Check its logs on Runpod, or stop it.',
    ],
    [
      'pod-error',
      { statusReason: 'manifest unknown' },
      'trainer has an error | manifest unknown. It still costs $2.00/hr.',
    ],
    ['pod-error', { costPerHourUsd: 0 }, 'trainer has an error | Runpod gave no reason.'],
  ] as const)('%s %j', (kind, over, expected) => {
    expect(alertTextFor(kind, over)).toBe(expected)
  })

  test.each([
    [
      'vanished',
      'trainer is gone | It is no longer in Runpod’s list (seen at HH:MM). Someone may have terminated it, it may have been outbid, or the balance ran out.',
    ],
    [
      'reported',
      'trainer is gone | Runpod reports that it was terminated (seen at HH:MM). Someone may have terminated it, it may have been outbid, or the balance ran out.',
    ],
  ] as const)('a pod that is gone, %s', (how, expected) => {
    const gonePod = { id: 'pod-1', name: 'trainer', goneAtMs: START_MS, how }
    expect(textOf(goneAlert('a', gonePod, event('pod-gone'))).replace(/\d\d:\d\d/g, 'HH:MM')).toBe(expected)
  })

  test('identifies its alert permanently, offers no button and is not critical', () => {
    expect(podAlert('a', pod(), { ...event('pod-error'), isMissed: true }, 0)).toMatchObject({
      key: { kind: 'pod-error', accountId: 'a', podId: 'pod-1', episode: '1' },
      podName: 'trainer',
      isCritical: false,
      isMissed: true,
      buttons: [],
    })
  })

  test('is of limited length and one line of plain text, whatever the pod’s name', () => {
    const name = `\u202Eevil\u2066 <img src=x>\n\t${'ü'.repeat(60)}`
    const { title } = podAlert('a', pod({ name }), event('pod-ready'), 0)
    expect(title).toBe(`evil <img src=x> ${'ü'.repeat(42)}… is ready`)
    expect(podAlert('a', pod({ name: '\u200F' }), event('pod-ready'), 0).title).toBe(
      'A pod without a name is ready',
    )
    expect(podAlert('a', pod({ name: 'x'.repeat(60) }), event('pod-ready'), 0).title).toBe(
      `${'x'.repeat(60)} is ready`,
    )
  })
})

describe('the alert about the end of an action', () => {
  test('exists when it failed or is not confirmed, and in no other state', () => {
    const told = Object.entries(intentsByState('stop')).flatMap(([state, intent]) => {
      const end = intentOutcomeAlert(intent)
      return end ? [[state, textOf(end)]] : []
    })
    expect(told).toEqual([
      ['failed', 'trainer: stop failed | It said forbidden.'],
      [
        'did-not-happen',
        'trainer: stop is not confirmed yet | The pod is still running. Podkeeper keeps checking.',
      ],
    ])
  })

  test('exists when it was canceled by anything but the user', () => {
    const lost = {
      ...intentsByState('stop').scheduled,
      phase: 'cancelled',
      message: 'Podkeeper ended.',
    } as const
    expect(intentOutcomeAlert(lost)).toMatchObject({
      key: { kind: 'action-ended', podId: 'pod-1', episode: 'intent-1' },
      title: 'trainer: stop did not happen',
      body: 'Podkeeper ended.',
    })
  })

  test('of a rule is not a response to the user, and waits for the end of a pause', () => {
    const end = intentOutcomeAlert({ ...intentsByState('stop').failed, origin: 'quiet' })
    expect(end?.title).toBe('trainer: automatic stop failed')
    expect(end).not.toHaveProperty('isAnswer')
  })

  test('of a start without a free GPU says that the user can wait for one', () => {
    const end = intentOutcomeAlert({
      ...intentsByState('start').failed,
      lacksGpu: true,
      message: 'No GPU left',
    })
    expect(end && textOf(end)).toBe(
      'trainer: start failed | No GPU left. Podkeeper can start it when a GPU is free.',
    )
  })

  test('of a start that waited for a GPU says that one was found or that it no longer waits', () => {
    const { observed, 'did-not-happen': never } = intentsByState('start')
    const end = intentOutcomeAlert({ ...observed, waitsForGpu: true })
    expect(end).toMatchObject({ key: { kind: 'gpu-free', episode: 'intent-1' }, tone: 'good' })
    expect(end && textOf(end)).toBe(
      'trainer got a GPU and is running | It waited 10 s. It costs money from now on, and Podkeeper is watching it.',
    )
    expect(intentOutcomeAlert(observed)).toBeNull()
    const given = { ...never, waitsForGpu: true, message: 'No GPU was free for 8 h.' }
    expect(intentOutcomeAlert(given)).toMatchObject({
      key: { kind: 'action-ended' },
      title: 'Stopped waiting for a GPU for trainer',
      body: 'No GPU was free for 8 h.',
    })
  })

  test('that terminated a pod at its maximum hours says that its owner chose that', () => {
    const done = { ...intentsByState('terminate').observed, origin: 'max-hours', podUptimeS: 3_601 } as const
    expect(textOf(terminatedAlert(done))).toBe(
      'trainer was terminated after 1 h, as you chose | It reached its maximum hours. The pod no longer costs anything.',
    )
    expect(terminatedAlert({ ...done, podUptimeS: null }).title).toBe(
      'trainer was terminated automatically, as you chose',
    )
  })

  test('is a response to the user, unless the request was long ago', () => {
    const { failed } = intentsByState('stop')
    expect(intentOutcomeAlert(failed)).toMatchObject({ isResponseToUser: true })
    const phaseAt = { ...failed.phaseAt, wallMs: failed.phaseAt.wallMs + DAY_MS }
    expect(intentOutcomeAlert({ ...failed, phaseAt })).not.toHaveProperty('isAnswer')
  })
})

describe('the text of a connection alert', () => {
  const clockless = (text: string): string => text.replace(/\d\d:\d\d/g, 'HH:MM')

  test('explains a refused key, and is critical while auto-stop is on', () => {
    const refused = {
      kind: 'key-refused',
      firstAtMs: START_MS,
      againAtMs: START_MS,
      nextTryAtMs: START_MS,
    } as const
    expect(keyAlert('a', refused, false)).toMatchObject({ isCritical: false })
    expect(clockless(textOf(keyAlert('a', refused, true)))).toBe(
      'Runpod rejected the API key | Since HH:MM, Podkeeper can’t see your pods and can’t stop anything. Your pods keep running. Podkeeper keeps trying the key; if it is no longer valid, add a new one.',
    )
    const forbidden = { kind: 'forbidden', atMs: START_MS, failure: 'no scope' } as const
    expect(clockless(textOf(keyAlert('a', forbidden, false)))).toBe(
      'The API key can’t access pods | no scope. Since HH:MM, Podkeeper can’t see your pods. Your pods keep running. Podkeeper keeps trying the key; if it is no longer valid, add a new one.',
    )
  })

  test('says since when Runpod cannot be reached or read', () => {
    const offline = { kind: 'offline', sinceMs: START_MS, nextTryAtMs: 0, failure: 'ENOTFOUND' } as const
    expect(clockless(textOf(outageAlert('a', offline, START_MS, 5 * MINUTE_MS)))).toBe(
      'Runpod has been unreachable for 5 min | Since HH:MM: ENOTFOUND. Your pods keep running, but Podkeeper can’t see or stop them.',
    )
    const unreadable = { ...offline, kind: 'unreadable', failure: 'HTML.' } as const
    expect(outageAlert('a', unreadable, START_MS, 5 * MINUTE_MS)).toMatchObject({
      title: 'Runpod has sent no readable response for 5 min',
      key: { kind: 'unreachable', podId: null, episode: String(START_MS) },
    })
  })
})

describe('the text of an idle alert', () => {
  const activity: Extract<Activity, { kind: 'idle' }> = {
    kind: 'idle',
    sinceMs: START_MS,
    idleForMs: 30 * MINUTE_MS,
    quietForMs: 0,
    evidence: {
      gpuUtil: { min: 0, max: 2 },
      cpuUtil: { min: 1, max: 1 },
      isMemoryStill: true,
      samples: 61,
      idleSamples: 61,
    },
  }
  const idle = (one: Pod) => idleAlert('a', one, activity)

  test('names the pod, the time, the reason and the cost', () => {
    expect(idle(pod())).toEqual({
      key: { kind: 'idle', accountId: 'a', podId: 'pod-1', episode: String(START_MS) },
      podName: 'trainer',
      tone: 'warning',
      isCritical: false,
      buttons: ['keep-on', 'stop'],
      wastePerHourUsd: 2,
      title: 'trainer has been idle for 30 min',
      body: expect.stringMatching(
        /^GPU 0–2%, CPU 1%, memory unchanged since \d\d:\d\d \(61 samples\) · \$1\.00 so far at \$2\.00\/hr$/,
      ) as string,
    })
  })

  test('does not mention an unknown cost', () => {
    expect(idle(pod({ costPerHourUsd: null })).body).not.toContain('$')
  })
})

describe('a grouped alert', () => {
  const named = (podName: string, kind: 'idle' | 'pod-gone' = 'idle') =>
    pendingAlert({ kind, podId: podName }, { podName, title: `${podName} is so` })

  test('lists names if all are of one kind', () => {
    expect(
      groupAlert(
        ['a', 'b', 'c', 'd'].map((name) => named(name)),
        7,
      ),
    ).toEqual({
      key: { kind: 'idle', accountId: 'account-1', podId: null, episode: 'group 7' },
      isCritical: false,
      buttons: [],
      title: '4 pods are idle',
      body: 'a, b, c, d',
    })
  })

  test('of idle pods says what they waste, at least where a price is not known', () => {
    const wasting = (name: string, wastePerHourUsd: number | null) => ({ ...named(name), wastePerHourUsd })
    const titleOf = (...alerts: Parameters<typeof groupAlert>[0]): string => groupAlert(alerts, 7).title
    expect(titleOf(wasting('a', 1.5), wasting('b', 2.25))).toBe('2 pods are idle, wasting $3.75/hr')
    expect(titleOf(wasting('a', 1.5), wasting('b', null))).toBe('2 pods are idle, wasting at least $1.50/hr')
    expect(titleOf(wasting('a', null), wasting('b', null))).toBe('2 pods are idle')
    expect(titleOf(wasting('a', 1.5), named('b'))).toBe('2 pods are idle')
  })

  test('lists titles if there are several kinds', () => {
    expect(groupAlert([named('a'), named('b', 'pod-gone'), named('c'), named('d')], 7)).toMatchObject({
      key: { kind: 'app' },
      title: '4 updates',
      body: 'a is so · b is so · c is so · d is so',
    })
  })

  test('lists at most eight, and none is long', () => {
    const many = Array.from({ length: 10 }, (_, index) => named(`${index}${'x'.repeat(90)}`))
    const { body } = groupAlert(many, 7)
    expect(body).toMatch(/ and 2 more$/)
    expect(body.length).toBeLessThan(8 * 42 + 12)
  })

  test('about repeated changes of one pod says how many, and the current state', () => {
    expect(textOf(summaryAlert(named('a'), 5))).toBe(
      'a: the same alert 5 times in an hour | Now: a is so. You won’t be alerted about this again for an hour.',
    )
  })

  test.each(['switch', 'missed', 'pause', 'quiet-hours', 'recent', 'flapping'] as const)(
    'explains suppression by %s in a sentence',
    (by) => {
      expect(suppressionText(by)).toMatch(/^\(Not shown: \w.*\.\)$/)
    },
  )
})
