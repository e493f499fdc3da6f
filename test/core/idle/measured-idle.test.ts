import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MINUTE_MS } from '../../../src/core/base/time/time'
import type { IdleActivity } from '../../../src/core/idle/activity'
import { withMeasuredIdle } from '../../../src/core/idle/measured-idle'

const at = (minutes: number) => ({
  wallMs: 1_000_000_000 + minutes * MINUTE_MS,
  monotonicMs: minutes * MINUTE_MS,
  runId: 'run',
})
const idle = (minutes: number, quietMinutes = minutes, doubtMinutes: number | null = null): IdleActivity => ({
  kind: 'idle',
  sinceMs: 5,
  idleForMs: minutes * MINUTE_MS,
  quietForMs: quietMinutes * MINUTE_MS,
  evidence: null,
  ...(doubtMinutes !== null && {
    doubt: { about: 'cpu', quietForMs: doubtMinutes * MINUTE_MS, vcpuCount: 104, belowCpuPercent: 3 },
  }),
})
const measured = (idleMinutes: number, atMinutes: number) => ({
  at: at(atMinutes),
  idleForMs: idleMinutes * MINUTE_MS,
})
/** `usedMinutes`: the last use; null: none was seen. */
const extended = (
  activity: IdleActivity,
  idleMinutes: number,
  atMinutes: number,
  nowMinutes: number,
  usedMinutes: number | null = null,
) =>
  withMeasuredIdle(
    activity,
    measured(idleMinutes, atMinutes),
    usedMinutes === null ? null : at(usedMinutes),
    at(nowMinutes),
  ) as IdleActivity

describe('what the guard in a pod measured', () => {
  it('reaches back over a night in which nobody looked from outside', () => {
    const found = extended(idle(3), 300, 100, 102)
    expect(found).toMatchObject({ idleForMs: 302 * MINUTE_MS, quietForMs: 302 * MINUTE_MS, sinceMs: 5 })
  })

  it('is never added to what was observed from outside', () => {
    expect(extended(idle(400), 300, 100, 102).idleForMs).toBe(400 * MINUTE_MS)
  })

  it('does not count where the pod worked after the reading', () => {
    expect(extended(idle(3), 300, 100, 110)).toEqual(idle(3))
    expect(extended(idle(20, 2), 300, 100, 110)).toMatchObject({
      idleForMs: 310 * MINUTE_MS,
      quietForMs: 2 * MINUTE_MS,
    })
  })

  it('is no longer than since the last use that was seen from here, as of a port', () => {
    expect(extended(idle(11), 300, 100, 101, 90)).toMatchObject({
      idleForMs: 11 * MINUTE_MS,
      quietForMs: 11 * MINUTE_MS,
    })
    expect(extended(idle(3, 0, 3), 300, 100, 101, 80)).toMatchObject({
      idleForMs: 21 * MINUTE_MS,
      doubt: { quietForMs: 21 * MINUTE_MS },
    })
    // A use before that takes nothing away.
    expect(extended(idle(3), 60, 100, 101, 20).quietForMs).toBe(61 * MINUTE_MS)
  })

  it('decides what cannot be told from outside only as a doubt, which its verdict resolves', () => {
    expect(extended(idle(20, 0, 20), 300, 100, 105)).toMatchObject({
      quietForMs: 0,
      doubt: { quietForMs: 305 * MINUTE_MS },
    })
  })

  it('says nothing of a pod that is busy, unknown, or idle by report', () => {
    const busy = { kind: 'busy', by: 'gpu', partlyIdle: null } as const
    expect(withMeasuredIdle(busy, measured(300, 100), null, at(101))).toBe(busy)
    const unknown = { kind: 'unknown', reason: 'not-seen', sinceMs: null } as const
    expect(withMeasuredIdle(unknown, measured(300, 100), null, at(101))).toBe(unknown)
    const reported = { ...idle(3), reportedMinutes: 3 }
    expect(extended(reported, 300, 100, 101)).toBe(reported)
  })

  it('makes no time longer than the reading and what passed since, or since the last use, nor shorter than it was', () => {
    const minutes = fc.nat(600)
    fc.assert(
      fc.property(minutes, minutes, minutes, fc.nat(30), minutes, (own, quiet, inside, passed, unused) => {
        const before = idle(Math.max(own, quiet), quiet)
        const after = extended(before, inside, 100, 100 + passed, 100 + passed - unused)
        const mostMs = Math.min(inside + passed, unused) * MINUTE_MS
        for (const name of ['idleForMs', 'quietForMs'] as const) {
          expect(after[name]).toBeGreaterThanOrEqual(before[name])
          expect(after[name]).toBeLessThanOrEqual(Math.max(before[name], mostMs))
        }
      }),
    )
  })
})
