import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  noQuota,
  type Quota,
  quotaLeft,
  readSpacingMs,
  readWaitMs,
  withPause,
  withRead,
  withReadings,
  writeWaitMs,
} from '../../../../src/providers/http/quota/quota'

const minute = (left: number, resetInMs = 60_000) => ({ name: 'minute', left, resetInMs })

function readsAllowed(quota: Quota, nowMs: number): number {
  let count = 0
  for (let next = quota; readWaitMs(next, nowMs) === 0 && count < 10_000; count++)
    next = withRead(next, nowMs)
  return count
}

describe('the quota', () => {
  it('allows half of what is left when a window is first seen', () => {
    expect(readsAllowed(withReadings(noQuota, [minute(9)], 0), 0)).toBe(4)
    expect(readsAllowed(withReadings(noQuota, [minute(1)], 0), 0)).toBe(0)
  })

  it('reports what is left in the tightest window by the latest response, until that window ends', () => {
    expect(quotaLeft(noQuota, 0)).toBeNull()
    const hour = { name: 'hour', left: 900, resetInMs: 3_600_000 }
    const quota = withReadings(withReadings(noQuota, [minute(60), hour], 0), [minute(57, 50_000)], 10_000)
    expect(quotaLeft(quota, 10_000)).toEqual({ requests: 57 })
    expect(quotaLeft(quota, 70_000)).toEqual({ requests: 900 })
  })

  it('blocks a read until the window is over, including one second of rounding', () => {
    const quota = withReadings(noQuota, [minute(0, 12_000)], 5_000)
    expect(readWaitMs(quota, 6_000)).toBe(12_000)
    expect(readWaitMs(quota, 18_000)).toBe(0)
  })

  it('is lowered by a later reading of the same window and never raised', () => {
    const quota = withReadings(noQuota, [minute(100)], 0)
    expect(readsAllowed(withReadings(quota, [minute(10, 50_000)], 10_000), 10_000)).toBe(5)
    expect(readsAllowed(withReadings(quota, [minute(1_000, 50_000)], 10_000), 10_000)).toBe(50)
  })

  it('starts over with the next window', () => {
    const quota = withReadings(withReadings(noQuota, [minute(0)], 0), [minute(10)], 61_001)
    expect(readsAllowed(quota, 61_001)).toBe(5)
  })

  it('is that of the tightest window', () => {
    const hour = { name: 'hour', left: 6, resetInMs: 3_000_000 }
    expect(readsAllowed(withReadings(noQuota, [minute(100), hour], 0), 0)).toBe(3)
  })

  it('never blocks a write, except during a pause that the server asked for', () => {
    const spent = withReadings(noQuota, [minute(0)], 0)
    expect(writeWaitMs(spent, 0)).toBe(0)
    const held = withPause(spent, 5_000, 1_000)
    expect(writeWaitMs(held, 2_000)).toBe(4_000)
    expect(writeWaitMs(withPause(held, 1, 2_000), 2_000)).toBe(4_000)
  })

  it('spreads what is left over the remaining time', () => {
    expect(readSpacingMs(noQuota, 0)).toBe(0)
    const hour = { name: 'hour', left: 20, resetInMs: 3_599_000 }
    const quota = withReadings(noQuota, [minute(200), hour], 0)
    expect(readSpacingMs(quota, 0)).toBe(360_000)
    expect(readSpacingMs(withReadings(noQuota, [minute(0, 10_000)], 0), 0)).toBe(11_000)
  })

  it('does not grow without limit if a server keeps sending new names', () => {
    const readings = Array.from({ length: 1_000 }, (_, i) => ({ name: `w${i}`, left: 9, resetInMs: 1_000 }))
    expect(withReadings(noQuota, readings, 0).windows.length).toBeLessThanOrEqual(16)
  })

  it('never allows more than half of what was left when a window was first seen, whatever the readings', () => {
    const step = fc.record({
      passMs: fc.nat(30_000),
      readings: fc.array(
        fc.record({
          name: fc.constantFrom('minute', 'hour'),
          left: fc.nat(40),
          resetInMs: fc.nat(60).map((s) => s * 1_000),
        }),
        { maxLength: 3 },
      ),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let quota = noQuota
        let nowMs = 0
        // What each window allowed when it was first seen, and when it ends.
        const seen = new Map<string, { allowed: number; used: number; untilMs: number }>()
        for (const { passMs, readings } of steps) {
          nowMs += passMs
          if (readWaitMs(quota, nowMs) === 0) {
            quota = withRead(quota, nowMs)
            for (const window of seen.values()) if (window.untilMs > nowMs) window.used += 1
          }
          for (const window of seen.values()) {
            if (window.untilMs > nowMs) expect(window.used).toBeLessThanOrEqual(window.allowed)
          }
          quota = withReadings(quota, readings, nowMs)
          for (const { name, left, resetInMs } of readings) {
            const window = seen.get(name)
            const untilMs = nowMs + resetInMs
            if (window !== undefined && window.untilMs > nowMs) {
              window.untilMs = Math.min(window.untilMs, untilMs)
            } else {
              seen.set(name, { allowed: Math.floor(left / 2), used: 0, untilMs })
            }
          }
        }
      }),
    )
  })

  it('leaves half of every window of a real server to others, whenever its windows begin', () => {
    const turn = fc.record({ passMs: fc.integer({ min: 1, max: 20_000 }), others: fc.nat(3) })
    fc.assert(
      fc.property(
        fc.nat(59_999),
        fc.integer({ min: 1, max: 30 }),
        fc.array(turn, { maxLength: 120 }),
        runServer,
      ),
    )
  })
})

/** A server with fixed one-minute windows that counts Podkeeper's and other requests. */
function runServer(offsetMs: number, limit: number, turns: readonly { passMs: number; others: number }[]) {
  let quota = noQuota
  let nowMs = 0
  let index = -1
  let used = 0
  let firstLeft: number | null = null
  let ours = 0
  for (const { passMs, others } of turns) {
    nowMs += passMs
    const current = Math.floor((nowMs + offsetMs) / 60_000)
    if (current !== index) {
      index = current
      used = 0
      ours = 0
      firstLeft = null
    }
    used = Math.min(limit, used + others)
    if (readWaitMs(quota, nowMs) > 0) continue
    quota = withRead(quota, nowMs)
    if (firstLeft !== null) ours += 1
    used = Math.min(limit, used + 1)
    const resetInMs = Math.floor((60_000 - ((nowMs + offsetMs) % 60_000)) / 1_000) * 1_000
    quota = withReadings(quota, [minute(limit - used, resetInMs)], nowMs)
    firstLeft ??= limit - used
    expect(ours).toBeLessThanOrEqual(Math.floor(firstLeft / 2))
  }
}
