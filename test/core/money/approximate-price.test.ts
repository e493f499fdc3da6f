import { describe, expect, test } from 'vitest'
import { burnRate } from '../../../src/core/money/burn-rate'
import { confirmedSpendUsd } from '../../../src/core/money/confirmed-spend'
import { toMoneyView, noBudgets } from '../../../src/core/money/money-view'
import { monthOf } from '../../../src/core/money/ledger/months'
import type { Pod } from '../../../src/core/pods/pod'
import { HOUR_MS, MINUTE_MS } from '../../../src/core/base/time/time'
import {
  actionsSentBy,
  alertTitlesOf,
  startGuardedMonitor,
  stopStatusOf,
  ticked,
} from '../../harness/guard/guarded-monitor'
import { memoryFiles, MONTH_START_MS, openLedger, recordPolls } from '../../harness/money/ledger-fixture'
import { gpus, pod, telemetry } from '../../harness/samples/pods'

/* An approximate price marks sums and confirms nothing. See docs/product-rules.md#51-current-rate. */

const started = { createdAtMs: MONTH_START_MS, startedAtMs: MONTH_START_MS, containerDiskGb: 0 }
const approximate = (over: Partial<Pod> = {}): Pod => pod({ ...started, isPriceApproximate: true, ...over })
const exact = (over: Partial<Pod> = {}): Pod => pod({ ...started, ...over })

const spent = (ledger: ReturnType<typeof openLedger>, nowMs: number, pods: readonly Pod[]) =>
  toMoneyView({
    ledger,
    nowMs,
    pods,
    volumes: [],
    burn: burnRate(pods),
    budgets: noBudgets,
    billProblem: null,
  }).spent

describe('the current rate', () => {
  test('is approximate if that of a running pod is', () => {
    expect(burnRate([exact(), approximate()])).toMatchObject({ perHourUsd: 4, isApproximate: true })
    expect(burnRate([exact()])).not.toHaveProperty('isApproximate')
    expect(burnRate([approximate({ phase: 'stopped' })])).not.toHaveProperty('isApproximate')
    expect(burnRate([approximate({ costPerHourUsd: null })])).not.toHaveProperty('isApproximate')
  })
})

describe('hours at an approximate price', () => {
  const hours = 5
  const untilMs = MONTH_START_MS + hours * HOUR_MS

  test('count as likely and are marked, and confirm nothing', () => {
    const ledger = openLedger()
    recordPolls(ledger, MONTH_START_MS, untilMs, [approximate()])
    expect(spent(ledger, untilMs, [approximate()])).toMatchObject({ minUsd: 0, isApproximate: true })
    expect(spent(ledger, untilMs, [approximate()]).usd).toBeGreaterThan(hours * 1.9)
    expect(confirmedSpendUsd(ledger, approximate(), hours * HOUR_MS, untilMs)).toBe(0)
  })

  test('confirm nothing after they were read from disk', () => {
    const files = memoryFiles()
    const before = openLedger(files)
    recordPolls(before, MONTH_START_MS, untilMs, [approximate()])
    expect(before.save()).toEqual([])
    const after = openLedger(files)
    expect(after.drainProblems()).toEqual([])
    const hoursRead = [...(after.book(monthOf(untilMs)).subjects.get('pod/pod-1')?.hours.values() ?? [])]
    expect(hoursRead).toHaveLength(hours)
    for (const hour of hoursRead) expect(hour).toMatchObject({ min: 0, isApproximate: true })
    recordPolls(after, untilMs, untilMs + HOUR_MS, [approximate()])
    expect(confirmedSpendUsd(after, approximate(), (hours + 1) * HOUR_MS, untilMs + HOUR_MS)).toBe(0)
  })

  test('confirm nothing once the API reports a price, which confirms the hours after it', () => {
    const ledger = openLedger()
    recordPolls(ledger, MONTH_START_MS, untilMs, [approximate()])
    recordPolls(ledger, untilMs + MINUTE_MS, untilMs + HOUR_MS, [exact()])
    const confirmed = confirmedSpendUsd(ledger, exact(), (hours + 1) * HOUR_MS, untilMs + HOUR_MS)
    expect(confirmed).toBeGreaterThan(1.8)
    expect(confirmed).toBeLessThan(2.01)
  })

  test('leave hours at an exact price unmarked', () => {
    const ledger = openLedger()
    recordPolls(ledger, MONTH_START_MS, untilMs, [exact()])
    expect(spent(ledger, untilMs, [exact()])).not.toHaveProperty('isApproximate')
    expect(confirmedSpendUsd(ledger, exact(), hours * HOUR_MS, untilMs)).toBeGreaterThan(hours * 1.9)
  })
})

test('a budget never stops a pod with an approximate price, warns of no such stop, and says why', async () => {
  const rig = await startGuardedMonitor({
    pod: { telemetry: telemetry({ gpus: gpus(90) }), isPriceApproximate: true },
    guard: ticked({ monthlyBudgetUsd: 2.5, atBudget: 'stop' }),
    ledgerFiles: memoryFiles(),
  })
  await rig.clock.advanceAsync(3 * HOUR_MS)
  expect(actionsSentBy(rig)).toEqual([])
  expect(alertTitlesOf(rig, 'auto-stop-soon')).toEqual([])
  expect(stopStatusOf(rig)).toMatchObject({
    kind: 'watching',
    held: { cause: 'budget', why: 'its price is approximate, so what it cost is not certain' },
  })
  // It is still said that the budget is probably spent.
  expect(alertTitlesOf(rig, 'budget')).toHaveLength(1)
})
