import { describe, expect, test } from 'vitest'
import type { AlertHistory } from '../../../../src/core/alerts/alert-history'
import { DAY_MS, HOUR_MS, SECOND_MS } from '../../../../src/core/base/time/time'
import { createCostTracker } from '../../../../src/core/money/costs/cost-tracker'
import type { Pod } from '../../../../src/core/pods/pod'
import { createFleet } from '../../../../src/core/polling/fleet'
import { activityRulesOf, defaultSettings } from '../../../../src/core/settings/settings'
import { createFakeClock, START_MS } from '../../../harness/base/fake-clock'
import { memoryFiles, openLedger, recordPoll } from '../../../harness/money/ledger-fixture'
import { pod, stoppedPod } from '../../../harness/samples/pods'
import { createAccountContext } from '../../../harness/monitor/account-context'
import { createScriptedProvider } from '../../../harness/monitor/scripted-provider'

const OCTOBER_MS = Date.UTC(2026, 9, 10)
const settings = { ...defaultSettings, monthlyBudgetUsd: '100' }
const disks = { containerDiskGb: 0, persistentMount: null, createdAtMs: OCTOBER_MS }
const running = pod({ ...disks, startedAtMs: START_MS - HOUR_MS })

/** A tracker that starts in November, by a wall clock of October, in which $480 were spent. */
function rig(history: AlertHistory = {}) {
  const files = memoryFiles()
  const october = openLedger(files)
  const then = pod({ ...disks, startedAtMs: OCTOBER_MS })
  recordPoll(october, OCTOBER_MS, [then])
  recordPoll(october, OCTOBER_MS + 240 * HOUR_MS, [then])
  recordPoll(october, OCTOBER_MS + 240 * HOUR_MS + SECOND_MS, [
    stoppedPod({ ...disks, startedAtMs: OCTOBER_MS }),
  ])
  october.save()
  const clock = createFakeClock(START_MS - 30 * DAY_MS)
  const provider = createScriptedProvider([])
  provider.serverTime = () => ({ atMs: clock.now().wallMs + 30 * DAY_MS, receivedAt: clock.now() })
  const context = createAccountContext({
    provider,
    clock,
    settings: () => settings,
    alertHistory: { load: () => history, save: () => {} },
    report: () => {},
  })
  const tracker = createCostTracker(context, files, {
    pollSpacingMs: () => 15 * SECOND_MS,
    isLive: () => false,
    onChange: () => {},
    onProblem: () => {},
  })
  const fleet = createFleet(
    () => activityRulesOf(settings),
    () => null,
  )
  return {
    tracker,
    confirmedUsd: () => tracker.confirmedSpendUsd(fleet.observedPod('pod-1', clock.now())!),
    poll: (listed: Pod = running, count = 1): void => {
      for (let done = 0; done < count; done++) {
        clock.advance(15 * SECOND_MS)
        const at = clock.now()
        const shown = fleet.applyList({ pods: [listed], isComplete: true }, fleet.stampRequest(at))
        tracker.record({ at, listed: shown, observed: fleet.observedPods(at), isComplete: true })
      }
    },
  }
}

describe('while it is not known which month it is', () => {
  test('nothing is confirmed as spent, and afterwards only this month counts', () => {
    const { poll, confirmedUsd } = rig()
    poll()
    expect(confirmedUsd()).toBeNull()
    poll(running, 8)
    expect(confirmedUsd()).toBeLessThan(10)
  })

  test('no alert is raised about another month, and those that were raised stay remembered', () => {
    const record = {
      kind: 'budget',
      accountId: 'account-1',
      podId: null,
      atMs: START_MS,
      state: 'said',
    } as const
    const { poll, tracker } = rig({ x: { ...record, episode: '2026-11/50' } })
    const alerts = () => tracker.alerts({ kind: 'not-asked' }, null).map(({ key }) => key.episode)
    poll()
    expect(alerts()).toEqual(['2026-11/50'])
    poll(running, 8)
    // At $2/hr the pace of this month is an alert of its own.
    expect(alerts()).toEqual(['2026-11/50', '2026-11'])
  })

  test('a pod that stops meanwhile is counted until it was seen to stop', () => {
    const { poll, tracker } = rig()
    poll(running, 2)
    poll(stoppedPod(disks), 8)
    const { spent } = tracker.view([], { perHourUsd: 0, isAtLeast: false })!
    expect(spent.usd).toBeCloseTo(2, 1)
    expect(spent.minUsd).toBeCloseTo(2, 1)
  })
})
