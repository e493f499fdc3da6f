import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  newPageRecovery,
  type PageRecoveryStep,
  withPageLoaded,
  withPageLost,
} from '../../../../src/core/view/window/page-recovery'
import { MINUTE_MS, SECOND_MS } from '../../../../src/core/base/time/time'

/** The steps for a page that is lost `afterMs` after each time that it was loaded. */
function steps(...afterMs: readonly number[]): PageRecoveryStep[] {
  let [recovery, nowMs] = [withPageLoaded(newPageRecovery, 0), 0]
  return afterMs.map((ms) => {
    nowMs += ms
    const lost = withPageLost(recovery, nowMs)
    if (lost.step.kind === 'reload') nowMs += lost.step.afterMs
    recovery = withPageLoaded(lost.recovery, nowMs)
    return lost.step
  })
}
const reload = (seconds: number): PageRecoveryStep => ({ kind: 'reload', afterMs: seconds * SECOND_MS })
const giveUp: PageRecoveryStep = { kind: 'give-up' }

test('a page that is lost repeatedly is reloaded after 1, 2 and 4 seconds, and then given up', () => {
  expect(steps(0, 0, 0, 0, 0)).toEqual([reload(1), reload(2), reload(4), giveUp, giveUp])
})

test('after a minute without a loss the delays start over, but not a moment earlier', () => {
  expect(steps(0, MINUTE_MS - 1)).toEqual([reload(1), reload(2)])
  expect(steps(0, MINUTE_MS)).toEqual([reload(1), reload(1)])
})

test('a page that lasts slightly more than a minute each time is given up as well', () => {
  expect(steps(0, 61_000, 61_000, 61_000)).toEqual([reload(1), reload(1), reload(1), giveUp])
})

test('five minutes later the page is reloaded again', () => {
  expect(steps(0, 0, 0, 0, 5 * MINUTE_MS)).toEqual([reload(1), reload(2), reload(4), giveUp, reload(1)])
})

test('a page that is lost before it was ever loaded counts as well', () => {
  const first = withPageLost(newPageRecovery, 0)
  expect(first.step).toEqual(reload(1))
  expect(withPageLost(first.recovery, 2 * MINUTE_MS).step).toEqual(reload(2))
})

test('in any sequence of losses, there are at most three reloads in five minutes, each after 1, 2 or 4 seconds', () => {
  const event = fc.record({ isLoss: fc.boolean(), afterMs: fc.integer({ min: 0, max: 3 * MINUTE_MS }) })
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), (events) => {
      let [recovery, nowMs] = [newPageRecovery, 0]
      const reloads: number[] = []
      for (const { isLoss, afterMs } of events) {
        nowMs += afterMs
        if (!isLoss) recovery = withPageLoaded(recovery, nowMs)
        else {
          const lost = withPageLost(recovery, nowMs)
          recovery = lost.recovery
          if (lost.step.kind === 'give-up') continue
          reloads.push(nowMs)
          expect([1, 2, 4].map((s) => s * SECOND_MS)).toContain(lost.step.afterMs)
        }
      }
      for (const atMs of reloads)
        expect(
          reloads.filter((other) => other >= atMs && other < atMs + 5 * MINUTE_MS).length,
        ).toBeLessThanOrEqual(3)
    }),
  )
})
