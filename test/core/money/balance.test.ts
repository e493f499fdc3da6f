import { describe, expect, test } from 'vitest'
import type { Balance } from '../../../src/core/pods/provider'
import type { Pod } from '../../../src/core/pods/pod'
import { ok } from '../../../src/core/base/result'
import { HOUR_MS, MINUTE_MS } from '../../../src/core/base/time/time'
import { flushPromises } from '../../harness/base/fake-clock'
import { createMonitorFixture, type MonitorFixture } from '../../harness/monitor/monitor-fixture'
import { pod, stoppedPod } from '../../harness/samples/pods'

const big = pod({ id: 'big', costPerHourUsd: 10 })
const small = pod({ id: 'small', costPerHourUsd: 2 })
/** A stopped pod whose volume costs $0.10 an hour. */
const bigStopped = stoppedPod({ id: 'big', persistentMount: { sizeGb: 360, path: '/workspace' } })

interface Rig extends MonitorFixture {
  /** The next replies of the balance query. */
  account: Balance
  readonly reads: () => number
  readonly runwayH: () => number | null
  /** The next poll observes these pods. */
  observe(...pods: readonly Pod[]): Promise<void>
}

async function startRig(pods: readonly Pod[], account: Balance): Promise<Rig> {
  const fixture = createMonitorFixture({ pods })
  const rig: Rig = {
    ...fixture,
    account,
    reads: () => fixture.log.filter((line) => line === 'balance').length,
    runwayH() {
      const { runwayMs } = fixture.monitor.snapshot()
      return runwayMs === null ? null : runwayMs / HOUR_MS
    },
    async observe(...listed) {
      fixture.provider.pods = listed
      await fixture.clock.advanceAsync(15_000)
    },
  }
  fixture.provider.readBalance = () => {
    fixture.log.push('balance')
    return Promise.resolve(ok(rig.account))
  }
  fixture.monitor.start()
  await flushPromises()
  return rig
}

describe('the runway', () => {
  test('follows a stop in the poll that observes it, although the account still names its old rate', async () => {
    const rig = await startRig([big, small], { balanceUsd: 120, spendPerHourUsd: 12 })
    expect(rig.runwayH()).toBe(10)
    await rig.clock.advanceAsync(MINUTE_MS)
    await rig.observe(bigStopped, small)
    expect(rig.runwayH()).toBeCloseTo(120 / 2.1, 6)
    await rig.clock.advanceAsync(10 * MINUTE_MS)
    expect(rig.account.spendPerHourUsd).toBe(12)
  })

  test('follows a start in the poll that observes it, although the account still names its old rate', async () => {
    const rig = await startRig([bigStopped, small], { balanceUsd: 120, spendPerHourUsd: 2.1 })
    expect(rig.runwayH()).toBeCloseTo(120 / 2.1, 6)
    await rig.observe(big, small)
    expect(rig.runwayH()).toBe(10)
  })

  test('counts what the account spends besides its pods, before and after a stop', async () => {
    const rig = await startRig([big, small], { balanceUsd: 120, spendPerHourUsd: 15 })
    expect(rig.runwayH()).toBe(8)
    await rig.clock.advanceAsync(6 * MINUTE_MS)
    await rig.observe(bigStopped, small)
    expect(rig.runwayH()).toBeCloseTo(120 / 5.1, 6)
  })

  test('forgets a rate that was read shortly before a change, since it may have counted the change', async () => {
    const rig = await startRig([bigStopped, small], { balanceUsd: 120, spendPerHourUsd: 12 })
    await rig.observe(big, small)
    expect(rig.runwayH()).toBe(10)
  })

  test('counts the account’s own rate again once it has settled after a change', async () => {
    const rig = await startRig([big, small], { balanceUsd: 120, spendPerHourUsd: 12 })
    await rig.observe(bigStopped, small)
    rig.account = { balanceUsd: 120, spendPerHourUsd: 7.1 }
    await rig.clock.advanceAsync(2 * MINUTE_MS + 15_000)
    expect(rig.runwayH()).toBeCloseTo(120 / 7.1, 6)
  })

  test('does not count a price twice that became known', async () => {
    const rig = await startRig([pod({ id: 'big', costPerHourUsd: null }), small], {
      balanceUsd: 120,
      spendPerHourUsd: 12,
    })
    expect(rig.runwayH()).toBe(10)
    await rig.clock.advanceAsync(10 * MINUTE_MS)
    await rig.observe(big, small)
    expect(rig.runwayH()).toBe(10)
  })
})

describe('the balance', () => {
  test('is read again in the poll that observes a stop', async () => {
    const rig = await startRig([big, small], { balanceUsd: 120, spendPerHourUsd: 12 })
    rig.account = { balanceUsd: 119, spendPerHourUsd: 12 }
    await rig.observe(bigStopped, small)
    expect(rig.reads()).toBe(2)
    expect(rig.monitor.snapshot().balance).toMatchObject({ usd: 119 })
  })

  test('is not read again while the pods cost the same', async () => {
    const rig = await startRig([big, small], { balanceUsd: 120, spendPerHourUsd: 12 })
    await rig.observe(small, pod({ id: 'big', costPerHourUsd: 10, name: 'other' }))
    await rig.clock.advanceAsync(4 * MINUTE_MS)
    expect(rig.reads()).toBe(1)
  })

  test('is read again when a person refreshes', async () => {
    const rig = await startRig([small], { balanceUsd: 120, spendPerHourUsd: 2 })
    await rig.clock.advanceAsync(20_000)
    rig.account = { balanceUsd: 500, spendPerHourUsd: 2 }
    rig.monitor.refresh()
    await rig.clock.advanceAsync(0)
    expect(rig.monitor.snapshot().balance).toMatchObject({ usd: 500 })
  })

  test('is read at most once in 5 s, however often a person refreshes', async () => {
    const rig = await startRig([small], { balanceUsd: 120, spendPerHourUsd: 2 })
    await rig.clock.advanceAsync(20_000)
    for (let count = 0; count < 20; count++) {
      rig.monitor.refresh()
      await rig.clock.advanceAsync(100)
    }
    expect(rig.reads()).toBe(2)
    // The last one is not lost.
    await rig.clock.advanceAsync(15_000)
    expect(rig.reads()).toBe(3)
  })

  test('that was requested before a change and arrives after it does not hide the change', async () => {
    const rig = await startRig([big, small], { balanceUsd: 120, spendPerHourUsd: 12 })
    await rig.clock.advanceAsync(5 * MINUTE_MS - 15_000)
    let answer: (value: unknown) => void = () => {}
    rig.provider.readBalance = () =>
      new Promise((resolve) => {
        answer = () => resolve(ok({ balanceUsd: 110, spendPerHourUsd: 24 }))
      })
    await rig.clock.advanceAsync(15_000)
    await rig.observe(bigStopped, small)
    answer(undefined)
    await flushPromises()
    expect(rig.runwayH()).toBeCloseTo(110 / 2.1, 6)
  })
})
