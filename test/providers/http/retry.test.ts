import fc from 'fast-check'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { jitterMs } from '../../../src/core/base/time/jitter'
import { sleep } from '../../../src/providers/http/retry'

describe('the wait before a retry', () => {
  it('is random between zero and a limit that doubles, up to a minute', () => {
    fc.assert(
      fc.property(
        fc.nat(40),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (retry, share) => {
          const ms = jitterMs(retry, share)
          expect(ms).toBeGreaterThanOrEqual(0)
          expect(ms).toBeLessThanOrEqual(Math.min(60_000, 1_000 * 2 ** retry))
        },
      ),
    )
    expect(jitterMs(0, 0)).toBe(0)
    expect(jitterMs(3, 0.5)).toBe(4_000)
  })

  it('ends early when it is aborted', async () => {
    const controller = new AbortController()
    const wait = sleep(3_600_000, controller.signal)
    controller.abort()
    await wait
    await sleep(3_600_000, controller.signal)
  })

  it('ends without an abort, and not too early', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    let isOver = false
    const wait = sleep(10, new AbortController().signal).then(() => (isOver = true))
    await vi.advanceTimersByTimeAsync(11)
    expect(isOver).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    await wait
  })
})
