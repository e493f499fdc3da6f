import { describe, expect, test } from 'vitest'
import type { Tombstone } from '../../../src/core/polling/pod-inventory'
import type { Pod } from '../../../src/core/pods/pod'
import {
  eventsOf,
  newPodWatch,
  type PodEvent,
  type PodWatch,
  withPods,
} from '../../../src/core/polling/pod-events'
import { HOUR_MS, type Instant, MINUTE_MS } from '../../../src/core/base/time'
import { START_MS } from '../../harness/clock'
import { instant, pod, stoppedPod } from '../../harness/pods'

const rules = { creatingTooLongMs: 15 * MINUTE_MS, gapMs: 6 * MINUTE_MS, clockToleranceMs: 30_000 }
const creating = (over: Partial<Pod> = {}): Pod =>
  pod({ phase: 'creating', telemetry: null, startedAtMs: null, ...over })
const broken = (over: Partial<Pod> = {}): Pod => pod({ phase: 'error', telemetry: null, ...over })
const odd = pod({ phase: 'unknown', rawStatus: 'MIGRATING' })

interface Look {
  readonly at?: Instant
  readonly pods: readonly Pod[]
  readonly tombstones?: readonly Tombstone[]
}

/** What holds after each look; a minute apart unless they say when. */
function looks(...all: readonly Look[]): PodEvent[][] {
  let watch: PodWatch = newPodWatch
  return all.map(({ at, pods, tombstones }, minute) => {
    watch = withPods(watch, pods, tombstones ?? [], at ?? instant(minute * MINUTE_MS), rules)
    return [...eventsOf(watch)]
  })
}
const kinds = (...all: readonly Look[]): string[] =>
  looks(...all).map((events) =>
    events.map(({ kind, isMissed }) => (isMissed ? `${kind} missed` : kind)).join(),
  )
const of = (...pods: Pod[]): Look => ({ pods })

describe('a pod is ready', () => {
  test.each([
    ['creating', creating()],
    ['stopped', stoppedPod()],
    ['in error', broken()],
  ])('when it was %s and the API now says that it runs, as long as it does', (_, before) => {
    expect(kinds(of(before), of(pod()), of(pod()), of(stoppedPod())).at(-3)).toBe('pod-ready')
    expect(kinds(of(before), of(pod()), of(pod()), of(stoppedPod())).slice(-2)).toEqual(['pod-ready', ''])
  })

  test('when it was started again between two looks', () => {
    const again = pod({ startedAtMs: START_MS + 70_000 })
    expect(looks(of(pod()), of(pod()), of(again)).at(-1)).toEqual([
      {
        kind: 'pod-ready',
        podId: 'pod-1',
        episode: String(START_MS + 70_000),
        atMs: START_MS + 2 * MINUTE_MS,
        isMissed: false,
      },
    ])
  })

  test('when it is new in the list and started just now', () => {
    const fresh = pod({ id: 'pod-2', startedAtMs: START_MS + 40_000 })
    expect(kinds(of(pod()), of(pod(), fresh))).toEqual(['', 'pod-ready'])
    expect(kinds(of(pod()), of(pod(), pod({ id: 'pod-2' })))).toEqual(['', ''])
    expect(kinds(of(pod()), of(pod(), pod({ id: 'pod-2', startedAtMs: null })))).toEqual(['', ''])
  })

  test('not when it ran at the first look', () => {
    expect(kinds(of(pod()), of(pod()))).toEqual(['', ''])
    expect(kinds(of(pod({ startedAtMs: START_MS })))).toEqual([''])
  })

  test('not when its status had no word meanwhile, or at first', () => {
    expect(kinds(of(pod()), of(odd), of(pod()))).toEqual(['', '', ''])
    expect(kinds(of(odd), of(pod()))).toEqual(['', ''])
    expect(kinds(of(creating()), of(odd), of(pod()))).toEqual(['', '', 'pod-ready'])
  })

  test('as another episode each time, though the API names no new start', () => {
    const episodes = looks(of(pod()), of(stoppedPod()), of(pod()), of(stoppedPod()), of(pod()))
      .flat()
      .map(({ episode }) => episode)
    const start = String(pod().startedAtMs)
    expect(episodes).toEqual([start, `${start} #2`])
  })
})

describe('a pod has an error', () => {
  test('from the look that shows it until it has none', () => {
    expect(kinds(of(pod()), of(broken()), of(broken()), of(pod()))).toEqual([
      '',
      'pod-error',
      'pod-error',
      'pod-ready',
    ])
  })

  test('as news only when it had none before, or was not there', () => {
    expect(kinds(of(broken()), of(broken()))).toEqual(['', ''])
    expect(kinds(of(), of(broken()))).toEqual(['', 'pod-error'])
  })
})

describe('a pod creates too long', () => {
  const minutes = (count: number, one = creating()): Look[] => Array.from({ length: count }, () => of(one))

  test('after 15 observed minutes, as long as it does', () => {
    expect(kinds(...minutes(17)).slice(-3)).toEqual(['', 'creating-too-long', 'creating-too-long'])
    expect(kinds(...minutes(17), of(pod())).at(-1)).toBe('pod-ready')
  })

  test('not by time that nobody observed', () => {
    const slept: Look = { at: instant(9 * HOUR_MS), pods: [creating()] }
    const after = Array.from({ length: 6 }, (_, minute) => ({
      at: instant(9 * HOUR_MS + (minute + 1) * MINUTE_MS),
      pods: [creating()],
    }))
    expect(kinds(...minutes(10), slept, ...after).filter((told) => told !== '')).toEqual([
      'creating-too-long',
    ])
  })

  test('not while its status had no word, but before and after it', () => {
    expect(kinds(...minutes(10), of(odd), ...minutes(5)).at(-1)).toBe('')
    expect(kinds(...minutes(10), of(odd), ...minutes(7)).at(-1)).toBe('creating-too-long')
  })

  test('anew each time', () => {
    const told = looks(...minutes(16), of(pod()), ...minutes(16, creating({ startedAtMs: 7 })))
    expect(told.at(-1)).toMatchObject([{ kind: 'creating-too-long', episode: '7' }])
    expect(told.at(15)).toMatchObject([{ episode: String(pod().createdAtMs) }])
  })
})

describe('a pod is gone', () => {
  const grave: Tombstone = { id: 'pod-1', name: 'trainer', goneAtMs: START_MS + 50_000, how: 'vanished' }
  const gone: Look = { pods: [], tombstones: [grave] }

  test('as long as its tombstone stands', () => {
    const told = { kind: 'pod-gone', podId: 'pod-1', episode: 'gone', atMs: grave.goneAtMs, isMissed: false }
    expect(looks(of(pod()), of(pod()), gone, gone, of())).toEqual([[], [], [told], [told], []])
  })

  test('and was so before when the first list after a gap had missed it', () => {
    const apart = [of(pod()), of(pod()), { at: instant(HOUR_MS), pods: [pod()] }]
    const at = (minutes: number, look: Look): Look => ({
      ...look,
      at: instant(HOUR_MS + minutes * MINUTE_MS),
    })
    expect(kinds(...apart, at(1, gone), at(2, gone)).at(-1)).toBe('pod-gone missed')
    expect(kinds(...apart, at(1, of(pod())), at(2, gone)).at(-1)).toBe('pod-gone')
  })

  test('not when it was never seen alive', () => {
    expect(kinds(gone, gone)).toEqual(['', ''])
    expect(kinds(of(), gone)).toEqual(['', ''])
  })
})

describe('between looks that lie far apart', () => {
  const later = (at: Instant): readonly Look[] => [
    of(creating(), stoppedPod({ id: 'pod-2' }), pod({ id: 'pod-3' })),
    of(creating(), stoppedPod({ id: 'pod-2' }), pod({ id: 'pod-3' })),
    {
      at,
      pods: [pod(), broken({ id: 'pod-2' })],
      tombstones: [{ id: 'pod-3', name: 'x', goneAtMs: at.wallMs, how: 'reported' }],
    },
  ]

  test.each([
    ['an outage', instant(7 * MINUTE_MS + 1)],
    ['a sleep', instant(2 * MINUTE_MS, { wallMs: START_MS + 2 * MINUTE_MS + 30_001 })],
    ['a clock that was set back', instant(2 * MINUTE_MS, { wallMs: START_MS - HOUR_MS })],
  ])('after %s, what happened was missed', (_, at) => {
    expect(kinds(...later(at)).at(-1)).toBe('pod-ready missed,pod-error missed,pod-gone missed')
  })

  test('that follow each other, nothing was', () => {
    expect(kinds(...later(instant(7 * MINUTE_MS))).at(-1)).toBe('pod-ready,pod-error,pod-gone')
  })
})
