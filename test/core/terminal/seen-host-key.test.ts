import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type HostKeyObservation,
  hostKeyOutlook,
  isAcceptedForJobs,
  mayBeAccepted,
  type SeenHostKey,
  withObservation,
} from '../../../src/core/terminal/seen-host-key'

const key = (name: string) => ({ algorithm: 'ssh-ed25519', fingerprint: `SHA256:${name}` })
const observation = (name: string, startedAtMs: number, isAsked = false): HostKeyObservation => ({
  accountId: 'a',
  podId: 'p',
  startedAtMs,
  key: key(name),
  isAsked,
})
const seen = (...observations: readonly HostKeyObservation[]): SeenHostKey | null =>
  observations.reduce<SeenHostKey | null>((before, one) => withObservation(before, one, null), null)

describe('the first key after a start', () => {
  test('stays the first, whatever is shown later in that run, or was shown in an earlier one', () => {
    const first = seen(observation('A', 1_000))
    expect(withObservation(first, observation('B', 1_000), null)).toBe(first)
    expect(withObservation(first, observation('B', 500), null)).toBe(first)
    expect(seen(observation('A', 1_000), observation('B', 2_000))).toMatchObject({
      startedAtMs: 2_000,
      key: key('B'),
    })
  })

  test('may be accepted alone, once, and only while no person was asked', () => {
    const first = seen(observation('A', 1_000))
    expect(mayBeAccepted(null, observation('A', 1_000))).toBe(false)
    expect(mayBeAccepted(first, observation('A', 1_000))).toBe(true)
    expect(mayBeAccepted(first, observation('B', 1_000))).toBe(false)
    expect(mayBeAccepted(first, observation('A', 2_000))).toBe(false)
    expect(mayBeAccepted(first && { ...first, acceptedAtMs: 5 }, observation('A', 1_000))).toBe(false)
    expect(
      mayBeAccepted(seen(observation('A', 1_000), observation('A', 1_000, true)), observation('A', 1_000)),
    ).toBe(false)
    expect(
      mayBeAccepted(seen(observation('A', 1_000, true), observation('A', 2_000)), observation('A', 2_000)),
    ).toBe(true)
  })

  test('tells whether the pod had another one before, also where a person trusted that', () => {
    expect(seen(observation('A', 1_000))?.hasChanged).toBeNull()
    expect(seen(observation('A', 1_000), observation('A', 2_000))?.hasChanged).toBe(false)
    expect(seen(observation('A', 1_000), observation('B', 2_000))?.hasChanged).toBe(true)
    expect(withObservation(null, observation('A', 1_000), key('A')).hasChanged).toBe(false)
    expect(withObservation(null, observation('A', 1_000), key('B')).hasChanged).toBe(true)
  })

  test('is trusted for jobs from its acceptance on, also after later starts, until the pod shows another one', () => {
    const first = seen(observation('A', 1_000))
    const accepted = first && { ...first, acceptedAtMs: 5 }
    expect([isAcceptedForJobs(first, key('A')), isAcceptedForJobs(null, key('A'))]).toEqual([false, false])
    expect(isAcceptedForJobs(accepted, key('A'))).toBe(true)
    expect(isAcceptedForJobs(accepted, key('B'))).toBe(false)
    expect(isAcceptedForJobs(accepted, { ...key('A'), algorithm: 'ssh-rsa' })).toBe(false)
    expect(withObservation(accepted, observation('A', 2_000), null)).toMatchObject({
      acceptedAtMs: 5,
      startedAtMs: 2_000,
    })
    expect(withObservation(accepted, observation('B', 2_000), null)).toMatchObject({ acceptedAtMs: null })
  })
})

test.each([
  ['unknown', false, null],
  ['unknown', false, false],
  ['may-change', true, null],
  ['stays', true, false],
  ['changes', true, true],
] as const)(
  'the outlook is %s where a key is trusted: %s, and it changed: %s',
  (outlook, isTrusted, hasChanged) => {
    const first = seen(observation('A', 1_000))
    expect(hostKeyOutlook(isTrusted, first && { ...first, hasChanged })).toBe(outlook)
  },
)

test('whatever pods show to whom, at most one key is accepted in a run, and it is the first that anybody saw in it', () => {
  const step = fc.record({
    name: fc.constantFrom('A', 'B', 'C'),
    startedAtMs: fc.constantFrom(1_000, 2_000, 3_000),
    isAsked: fc.boolean(),
    isForJob: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      let state: SeenHostKey | null = null
      const firstOf = new Map<number, string>()
      const askedIn = new Set<number>()
      const acceptedIn = new Map<number, string>()
      for (const { name, startedAtMs, isAsked, isForJob } of steps) {
        const shown = observation(name, startedAtMs, isAsked && !isForJob)
        if (!firstOf.has(startedAtMs)) firstOf.set(startedAtMs, name)
        state = withObservation(state, shown, null)
        if (shown.isAsked) askedIn.add(startedAtMs)
        if (!isForJob || !mayBeAccepted(state, shown)) continue
        expect([acceptedIn.has(startedAtMs), askedIn.has(startedAtMs)]).toEqual([false, false])
        expect(name).toBe(firstOf.get(startedAtMs))
        acceptedIn.set(startedAtMs, name)
        state = { ...state, acceptedAtMs: 1 }
      }
    }),
  )
})
