import { planAlerts } from '../../src/core/alerts/alert-plan'
import type { AlertHistory } from '../../src/core/alerts/alert-history'
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/core/base/time/time'
import { burnRate } from '../../src/core/money/burn-rate'
import { type CostTracker, createCostTracker } from '../../src/core/money/costs/cost-tracker'
import { monthAfter, monthOf, monthStart } from '../../src/core/money/ledger/months'
import { emptyMonthBook } from '../../src/core/money/ledger/month-book'
import { noObservations } from '../../src/core/money/ledger/ledger-observation'
import { serializeMonth } from '../../src/core/money/ledger/month-book-codec'
import type { Provider } from '../../src/core/pods/provider'
import { createFleet, type Fleet } from '../../src/core/polling/fleet'
import { activityRulesOf, defaultSettings } from '../../src/core/settings/settings'
import { createMemoryLedgerFiles } from '../../src/node/data-folder/records/ledger-files'
import { createAccountContext } from '../../test/harness/monitor/account-context'
import { createSeededRandom } from '../seeded-random'
import { createClockWorld } from './clock-world'

/** What a few days with wrong clocks did to an account. Amounts are USD. */
export interface WrongClockOutcome {
  /** By how much confirmed spend, or the least of the month, was above the truth at worst. */
  readonly overConfirmedUsd: number
  /** By how much the likely spend was above, and at the end below, the truth. */
  readonly overUsd: number
  readonly underUsd: number
  /** By how much the idle cost was above what the pod, always idle, cost while it was watched. */
  readonly overIdleUsd: number
  readonly lostMonths: readonly string[]
  /** Budget alerts for more than was spent, repeated or in the wrong order. */
  readonly falseAlerts: readonly string[]
  readonly alerts: number
  readonly idleUsd: number
  /** Stops that were observed. The likely amount of each may be off by half an interval. */
  readonly stops: number
  readonly jumps: number
  /** What one interval between two polls costs. */
  readonly perPollUsd: number
}

const POLL_MS = MINUTE_MS
const WRONG_BY_MS = [5 * HOUR_MS, 5 * DAY_MS, 3_650 * DAY_MS] as const
const START_MS = Date.UTC(2026, 10, 12, 9)
const MONTHLY_BUDGET_USD = 150
const settings = { ...defaultSettings, monthlyBudgetUsd: String(MONTHLY_BUDGET_USD) }
const rules = { isOn: () => true, arePaused: false, isQuietHours: false, minIntervalMs: () => 0 }

/** Clocks that jump for one poll or for good, with sleeps, restarts of app and container, and stops between. */
export function runWrongClocks(seed: number, hours = 60): WrongClockOutcome {
  const random = createSeededRandom(seed)
  const world = createClockWorld(START_MS)
  const files = createMemoryLedgerFiles()
  const month = monthOf(START_MS)
  const months = Array.from({ length: 12 }, (_, ago) => monthAfter(month, -1 - ago))
  for (const each of months) files.write(each, serializeMonth(emptyMonthBook(each), noObservations))
  const provider: Pick<Provider, 'serverTime'> = { serverTime: world.serverTime }
  let history: AlertHistory = {}
  let [overConfirmedUsd, overUsd, overIdleUsd, alerts, jumps, stops] = [0, 0, 0, 0, 0, 0]
  let watchedIdleUsd = 0
  let [polledUsd, polledMs] = [0, -Infinity]
  const falseAlerts: string[] = []
  const announced: number[] = []

  const newFleet = (): Fleet =>
    createFleet(
      () => activityRulesOf(settings),
      () => null,
    )
  const context = createAccountContext({
    provider: provider as Provider,
    clock: world.clock,
    settings: () => settings,
    alertHistory: { load: () => history, save: () => {} },
    report: () => {},
  })
  const newTracker = (): CostTracker =>
    createCostTracker(context, files, {
      pollSpacingMs: () => 15 * SECOND_MS,
      isLive: () => false,
      onChange: () => {},
      onProblem: () => {},
    })
  let fleet = newFleet()
  let tracker = newTracker()

  function poll(): void {
    const at = world.clock.now()
    const listed = fleet.applyList({ pods: [world.pod()], isComplete: true }, fleet.stampRequest(at), at)
    const observed = fleet.observedPods(at)
    tracker.record({ at, listed, observed, isComplete: true })
    const truthUsd = world.costUsd()
    if (world.trueMs() - polledMs <= POLL_MS) watchedIdleUsd += truthUsd - polledUsd
    polledUsd = truthUsd
    polledMs = world.trueMs()
    announce(truthUsd)
    const view = tracker.view([world.pod()], burnRate([world.pod()]))
    if (view?.month !== month) return
    const { spent } = view
    const confirmedUsd = Math.max(0, ...observed.map((seen) => tracker.confirmedSpendUsd(seen) ?? 0))
    overConfirmedUsd = Math.max(overConfirmedUsd, spent.minUsd - truthUsd, confirmedUsd - truthUsd)
    overUsd = Math.max(overUsd, spent.usd - truthUsd)
    overIdleUsd = Math.max(overIdleUsd, spent.idleUsd - watchedIdleUsd)
  }

  /** As the alert dispatcher does, by the wall clock. */
  function announce(truthUsd: number): void {
    const pending = tracker.alerts({ kind: 'not-asked' }, null)
    const plan = planAlerts(pending, history, world.clock.now().wallMs, rules, true)
    history = plan.alertHistory
    for (const { alert } of plan.steps) {
      if (alert.key.kind !== 'budget') continue
      alerts += 1
      const percent = Number(alert.key.episode.split('/')[1])
      const isEarly = (truthUsd / MONTHLY_BUDGET_USD) * 100 < percent - 1
      if (isEarly || (announced.at(-1) ?? 0) >= percent)
        falseAlerts.push(`${alert.key.episode} at $${truthUsd}`)
      announced.push(percent)
    }
  }

  function polls(count: number): void {
    for (let done = 0; done < count; done++) {
      world.pass(POLL_MS - 3 * SECOND_MS + random.integer(0, 3) * SECOND_MS)
      poll()
    }
  }

  const wrongMs = (): number => random.pick(WRONG_BY_MS) * (random.bool(0.5) ? 1 : -1)

  /** Something that happens to a computer; every one of them is possible after every other. */
  const events: readonly [() => void, ...(() => void)[]] = [
    function jumpForOnePoll() {
      world.setWallError(wrongMs())
      polls(1)
      world.setWallError(0)
      jumps += 1
    },
    function jumpForGood() {
      world.setWallError(random.bool(0.4) ? 0 : wrongMs())
      jumps += 1
    },
    function jumpServerForOnePoll() {
      world.setServerError(wrongMs())
      polls(1)
      world.setServerError(0)
      jumps += 1
    },
    function sleep() {
      world.sleep(random.integer(10 * MINUTE_MS, 9 * HOUR_MS))
      if (random.bool(0.3)) world.setWallError(wrongMs())
    },
    function restart() {
      if (random.bool(0.7)) tracker.dispose()
      world.sleep(random.integer(SECOND_MS, 3 * HOUR_MS))
      world.restart()
      if (random.bool(0.4)) world.setWallError(random.bool(0.5) ? 0 : wrongMs())
      fleet = newFleet()
      tracker = newTracker()
    },
    function restartContainer() {
      world.restartContainer()
    },
    function stopAndStart() {
      world.setRunning(false)
      stops += 1
      polls(random.integer(1, 30))
      world.setRunning(true)
    },
  ]

  while (world.trueMs() < START_MS + hours * HOUR_MS) {
    polls(random.integer(1, 90))
    random.pick(events)()
  }
  // Long enough for a wrong clock to be recognized.
  polls(10)
  tracker.save()
  const left = new Set(files.months())
  const view = tracker.view([world.pod()], burnRate([world.pod()]))
  return {
    overConfirmedUsd,
    overUsd,
    underUsd: world.costUsd() - (view?.month === month ? view.spent.usd : 0),
    overIdleUsd,
    lostMonths: [...months, month].filter((each) => !left.has(each) || monthStart(each) > world.trueMs()),
    falseAlerts,
    alerts,
    idleUsd: view?.spent.idleUsd ?? 0,
    stops,
    jumps,
    perPollUsd: (POLL_MS / HOUR_MS) * 3.6,
  }
}
