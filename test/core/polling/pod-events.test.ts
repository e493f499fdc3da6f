import { describe, expect, test } from 'vitest'
import type { GonePod } from '../../../src/core/polling/pod-inventory'
import type { PodReadiness } from '../../../src/core/containers/readiness'
import type { Pod } from '../../../src/core/pods/pod'
import {
  emptyPodEventState,
  eventsOf,
  type PodEvent,
  type PodEventState,
  withPolledPods,
} from '../../../src/core/polling/pod-events'
import { HOUR_MS, type Instant, MINUTE_MS } from '../../../src/core/base/time/time'
import { START_MS } from '../../harness/base/fake-clock'
import { instant, pod, stoppedPod } from '../../harness/samples/pods'

const rules = { creatingTooLongMs: 15 * MINUTE_MS, gapMs: 6 * MINUTE_MS, clockToleranceMs: 30_000 }
const creating = (over: Partial<Pod> = {}): Pod =>
  pod({ phase: 'creating', telemetry: null, startedAtMs: null, ...over })
const broken = (over: Partial<Pod> = {}): Pod => pod({ phase: 'error', telemetry: null, ...over })
const odd = pod({ phase: 'unknown', rawStatus: 'MIGRATING' })

interface PollInput {
  readonly at?: Instant
  readonly pods: readonly Pod[]
  readonly gonePods?: readonly GonePod[]
}

/** The events after each poll. Polls are a minute apart unless they have a time. */
function eventsAfter(...all: readonly PollInput[]): PodEvent[][] {
  let watch: PodEventState = emptyPodEventState
  return all.map(({ at, pods, gonePods }, minute) => {
    watch = withPolledPods(watch, pods, gonePods ?? [], at ?? instant(minute * MINUTE_MS), rules)
    return [...eventsOf(watch)]
  })
}
const kinds = (...all: readonly PollInput[]): string[] =>
  eventsAfter(...all).map((events) =>
    events.map(({ kind, isMissed }) => (isMissed ? `${kind} missed` : kind)).join(),
  )
const of = (...pods: Pod[]): PollInput => ({ pods })

describe('the event “pod ready”', () => {
  test.each([
    ['creating', creating()],
    ['stopped', stoppedPod()],
    ['in error', broken()],
  ])('occurs when the pod was %s and the API now reports that it runs, while it does', (_, before) => {
    expect(kinds(of(before), of(pod()), of(pod()), of(stoppedPod())).at(-3)).toBe('pod-ready')
    expect(kinds(of(before), of(pod()), of(pod()), of(stoppedPod())).slice(-2)).toEqual(['pod-ready', ''])
  })

  test('occurs when the pod was restarted between two polls', () => {
    const again = pod({ startedAtMs: START_MS + 70_000 })
    expect(eventsAfter(of(pod()), of(pod()), of(again)).at(-1)).toEqual([
      {
        kind: 'pod-ready',
        podId: 'pod-1',
        episode: String(START_MS + 70_000),
        atMs: START_MS + 2 * MINUTE_MS,
        isMissed: false,
      },
    ])
  })

  test('occurs when the pod is new in the list and started just now', () => {
    const fresh = pod({ id: 'pod-2', startedAtMs: START_MS + 40_000 })
    expect(kinds(of(pod()), of(pod(), fresh))).toEqual(['', 'pod-ready'])
    expect(kinds(of(pod()), of(pod(), pod({ id: 'pod-2' })))).toEqual(['', ''])
    expect(kinds(of(pod()), of(pod(), pod({ id: 'pod-2', startedAtMs: null })))).toEqual(['', ''])
  })

  test('does not occur when the pod ran at the first poll', () => {
    expect(kinds(of(pod()), of(pod()))).toEqual(['', ''])
    expect(kinds(of(pod({ startedAtMs: START_MS })))).toEqual([''])
  })

  test('does not occur when the status was unknown in between or at first', () => {
    expect(kinds(of(pod()), of(odd), of(pod()))).toEqual(['', '', ''])
    expect(kinds(of(odd), of(pod()))).toEqual(['', ''])
    expect(kinds(of(creating()), of(odd), of(pod()))).toEqual(['', '', 'pod-ready'])
  })

  test('is another episode each time, even if the API reports no new start', () => {
    const episodes = eventsAfter(of(pod()), of(stoppedPod()), of(pod()), of(stoppedPod()), of(pod()))
      .flat()
      .map(({ episode }) => episode)
    const start = String(pod().startedAtMs)
    expect(episodes).toEqual([start, `${start} #2`])
  })
})

describe('the event “pod error”', () => {
  test('lasts from the poll that shows it until the error is gone', () => {
    expect(kinds(of(pod()), of(broken()), of(broken()), of(pod()))).toEqual([
      '',
      'pod-error',
      'pod-error',
      'pod-ready',
    ])
  })

  test('occurs only if the pod had no error before or did not exist', () => {
    expect(kinds(of(broken()), of(broken()))).toEqual(['', ''])
    expect(kinds(of(), of(broken()))).toEqual(['', 'pod-error'])
  })
})

describe('the event “creating too long”', () => {
  const minutes = (count: number, one = creating()): PollInput[] =>
    Array.from({ length: count }, () => of(one))

  test('occurs after 15 observed minutes, while the pod is creating', () => {
    expect(kinds(...minutes(17)).slice(-3)).toEqual(['', 'creating-too-long', 'creating-too-long'])
    expect(kinds(...minutes(17), of(pod())).at(-1)).toBe('pod-ready')
  })

  test('does not count unobserved time', () => {
    const slept: PollInput = { at: instant(9 * HOUR_MS), pods: [creating()] }
    const after = Array.from({ length: 6 }, (_, minute) => ({
      at: instant(9 * HOUR_MS + (minute + 1) * MINUTE_MS),
      pods: [creating()],
    }))
    expect(kinds(...minutes(10), slept, ...after).filter((told) => told !== '')).toEqual([
      'creating-too-long',
    ])
  })

  test('is interrupted by an unknown status, and continues after it', () => {
    expect(kinds(...minutes(10), of(odd), ...minutes(5)).at(-1)).toBe('')
    expect(kinds(...minutes(10), of(odd), ...minutes(7)).at(-1)).toBe('creating-too-long')
  })

  test('occurs again each time', () => {
    const told = eventsAfter(...minutes(16), of(pod()), ...minutes(16, creating({ startedAtMs: 7 })))
    expect(told.at(-1)).toMatchObject([{ kind: 'creating-too-long', episode: '7' }])
    expect(told.at(15)).toMatchObject([{ episode: String(pod().createdAtMs) }])
  })
})

describe('the event “pod gone”', () => {
  const gonePod: GonePod = { id: 'pod-1', name: 'trainer', goneAtMs: START_MS + 50_000, how: 'vanished' }
  const gone: PollInput = { pods: [], gonePods: [gonePod] }

  test('lasts as long as the pod is shown as gone', () => {
    const told = {
      kind: 'pod-gone',
      podId: 'pod-1',
      episode: 'gone',
      atMs: gonePod.goneAtMs,
      isMissed: false,
    }
    expect(eventsAfter(of(pod()), of(pod()), gone, gone, of())).toEqual([[], [], [told], [told], []])
  })

  test('was missed when the first list after a gap omitted the pod', () => {
    const apart = [of(pod()), of(pod()), { at: instant(HOUR_MS), pods: [pod()] }]
    const at = (minutes: number, look: PollInput): PollInput => ({
      ...look,
      at: instant(HOUR_MS + minutes * MINUTE_MS),
    })
    expect(kinds(...apart, at(1, gone), at(2, gone)).at(-1)).toBe('pod-gone missed')
    expect(kinds(...apart, at(1, of(pod())), at(2, gone)).at(-1)).toBe('pod-gone')
  })

  test('does not occur when the pod was never observed alive', () => {
    expect(kinds(gone, gone)).toEqual(['', ''])
    expect(kinds(of(), gone)).toEqual(['', ''])
  })
})

describe('an event between two polls', () => {
  const later = (at: Instant): readonly PollInput[] => [
    of(creating(), stoppedPod({ id: 'pod-2' }), pod({ id: 'pod-3' })),
    of(creating(), stoppedPod({ id: 'pod-2' }), pod({ id: 'pod-3' })),
    {
      at,
      pods: [pod(), broken({ id: 'pod-2' })],
      gonePods: [{ id: 'pod-3', name: 'x', goneAtMs: at.wallMs, how: 'reported' }],
    },
  ]

  test.each([
    ['an outage', instant(7 * MINUTE_MS + 1)],
    ['a sleep', instant(2 * MINUTE_MS, { wallMs: START_MS + 2 * MINUTE_MS + 30_001 })],
    ['a clock that was set back', instant(2 * MINUTE_MS, { wallMs: START_MS - HOUR_MS })],
  ])('is missed after %s', (_, at) => {
    expect(kinds(...later(at)).at(-1)).toBe('pod-ready missed,pod-error missed,pod-gone missed')
  })

  test('is not missed when they are consecutive', () => {
    expect(kinds(...later(instant(7 * MINUTE_MS))).at(-1)).toBe('pod-ready,pod-error,pod-gone')
  })
})

describe('the events of a running pod follow its container', () => {
  /** The events after each poll of a pod that was creating; polls are a minute apart. */
  function follow(...readiness: readonly PodReadiness[]): string[] {
    let state = withPolledPods(emptyPodEventState, [creating()], [], instant(-MINUTE_MS), rules)
    return readiness.map((one, minute) => {
      state = withPolledPods(state, [pod()], [], instant(minute * MINUTE_MS), rules, () => one)
      return eventsOf(state)
        .map(({ kind, episode }) => (episode.includes('#') ? `${kind} ${episode.split(' ')[1]}` : kind))
        .join()
    })
  }

  test('it is ready once its container is up, and only then', () => {
    expect(follow('starting', 'starting', 'ready', 'ready')).toEqual(['', '', 'pod-ready', 'pod-ready'])
  })

  test('it has no container, which is said once however often its pull is tried again', () => {
    expect(follow('starting', 'no-container', 'starting', 'no-container', 'up', 'ready')).toEqual([
      '',
      'no-container',
      'no-container',
      'no-container',
      '',
      'pod-ready',
    ])
  })

  test('its container dies, and again after it lived', () => {
    expect(follow('ready', 'died', 'died', 'ready', 'died')).toEqual([
      'pod-ready',
      'container-died',
      'container-died',
      '',
      'container-died #2',
    ])
  })

  test('it came back without GPUs, and is ready once it has them', () => {
    expect(follow('gpus-missing', 'gpus-missing', 'ready')).toEqual([
      'gpus-missing',
      'gpus-missing',
      'pod-ready',
    ])
  })

  test('one that was without a container at the first poll is ready later, and one that was up is not', () => {
    const events = (first: PodReadiness): readonly string[] => {
      const state = withPolledPods(emptyPodEventState, [pod()], [], instant(0), rules, () => first)
      const next = withPolledPods(state, [pod()], [], instant(MINUTE_MS), rules, () => 'ready')
      return eventsOf(next).map(({ kind }) => kind)
    }
    expect([events('starting'), events('no-container')]).toEqual([['pod-ready'], ['pod-ready']])
    expect([events('up'), events('ready'), events('not-known')]).toEqual([[], [], []])
  })

  test('nothing is said of one of which nothing is known', () => {
    expect(follow('not-known', 'not-known')).toEqual(['', ''])
  })

  test('another start is another episode, even between two polls', () => {
    const again = pod({ startedAtMs: START_MS })
    const first = withPolledPods(emptyPodEventState, [creating()], [], instant(0), rules)
    const failed = withPolledPods(first, [pod()], [], instant(1_000), rules, () => 'no-container')
    const next = withPolledPods(failed, [again], [], instant(2_000), rules, () => 'no-container')
    expect(eventsOf(next)).toMatchObject([{ kind: 'no-container', episode: String(START_MS) }])
  })

  test('one that came up during a sleep is missed, and one that comes up after it is not', () => {
    const asleep = instant(10 * HOUR_MS)
    const before = withPolledPods(emptyPodEventState, [creating()], [], instant(0), rules)
    const missed = withPolledPods(before, [pod()], [], asleep, rules)
    expect(eventsOf(missed)).toMatchObject([{ kind: 'pod-ready', isMissed: true }])
    const starting = withPolledPods(before, [pod()], [], asleep, rules, () => 'starting')
    const up = withPolledPods(starting, [pod()], [], instant(10 * HOUR_MS + MINUTE_MS), rules)
    expect(eventsOf(up)).toMatchObject([{ kind: 'pod-ready', isMissed: false }])
  })
})
