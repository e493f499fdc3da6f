import type { PendingAlert } from '../../alerts/alert'
import type { ObservedPod } from '../../polling/fleet'
import type { AccountContext } from '../../pod-rules/account-context'
import type { Intent } from '../../intents/intent'
import { budgetOf } from '../../settings/definitions/money-settings'
import type { Pod, PodId } from '../../pods/pod'
import type { LedgerFiles } from '../ledger/ledger-files'
import { activityRulesOf } from '../../settings/settings'
import type { BalanceView } from '../balance'
import type { BurnRate } from '../burn-rate'
import { MINUTE_MS } from '../../base/time/time'
import { withSpacing } from '../../idle/spacing'
import { createBillSchedule } from '../bills/bill-schedule'
import { createBillReader } from '../bills/bill-reader'
import { confirmedSpendUsd } from '../confirmed-spend'
import { billsStateOf, type CostsView, toCostsView } from './costs-view'
import { type EarlierPod, earlierPodsOf } from './earlier-pods'
import { createLedger, type Ledger } from '../ledger/ledger'
import { type Budgets, type MoneyView, toMoneyView } from '../money-view'
import { moneyAlerts, rememberedAlerts } from '../budget-alerts'
import { type Month, monthOf } from '../ledger/months'
import { podBillingState } from '../ledger/billing-state'
import { overnightAlert } from './overnight'
import { type PodCost, podCostBetween } from './pod-cost'
import { createPodRecorder } from '../pod-recorder'
import { createTrustedClock } from '../trusted-clock'
import { createVolumePoller, type VolumeList, type VolumesReply } from '../volume-poller'
import type { ListResult } from '../../polling/poller'

export interface CostTrackerOptions {
  /** The current spacing of polls, which widens the counted interval. */
  readonly pollSpacingMs: () => number
  /** Whether the connection is live. While it is not, bills wait for the next list. */
  readonly isLive: () => boolean
  readonly onChange: () => void
  /** Shows a sentence to the person: costs that are stored cannot be used. */
  readonly onProblem: (text: string) => void
}

/** Tracks the costs of an account from polls and from its bills, which it reads periodically. */
export interface CostTracker {
  record(result: ListResult): void
  /** Called when an intent changes. Successful stops by the guard are recorded with the month. */
  onIntentChange(intent: Intent): void
  /** Adds the network volumes to the current rate of the pods. */
  withVolumes(burn: BurnRate): BurnRate
  /** The network volumes as last listed; null when costs are not tracked. */
  volumes(): VolumeList | null
  /** Called before they are requested besides; its result takes the reply. */
  expectVolumes(): (listed: VolumesReply) => void
  /** Null when costs are not tracked; the same for `costs`. */
  view(pods: readonly Pod[], burn: BurnRate): MoneyView | null
  costs(month: Month | null): CostsView | null
  /** What a pod cost between two times, Unix ms; null when that is not known. */
  readonly podCost: (podId: PodId, fromMs: number, toMs: number) => PodCost | null
  /** The confirmed cost of a pod in this month (UTC), USD; null when unknown. */
  readonly confirmedSpendUsd: (seen: Pick<ObservedPod, 'pod' | 'uptimeMs'>) => number | null
  /** Current alerts about money. `runwayMs`: how long the balance lasts; null when unknown. */
  alerts(balance: BalanceView, runwayMs: number | null): readonly PendingAlert[]
  /** What was observed last, and the time by the service's clock, Unix ms; null when costs are not tracked. */
  observed(): LastSeen | null
  /** The pods that were running when an earlier program listed them last, until this one lists any. */
  readonly earlierPods: () => readonly EarlierPod[]
  /** Persists the ledger. */
  save(): void
  dispose(): void
}

/** See `LastObservations`. `isSettled`: whether the time is known for certain. */
export interface LastSeen {
  readonly nowMs: number
  readonly isSettled: boolean
  readonly observations: ReturnType<Ledger['lastObservations']>
}

/** With fewer remaining requests in the quota, bills wait. */
const MIN_REMAINING_REQUESTS = 20
const GAP_MS = 5 * MINUTE_MS
const SAVE_EVERY_MS = 10 * MINUTE_MS

/** Creates the cost tracker of an account. */
export function createCostTracker(
  context: AccountContext,
  ledgerFiles: LedgerFiles,
  options: CostTrackerOptions,
): CostTracker {
  const { accountId, provider, clock, auditLog, settings, accountRules, report } = context
  const { isLive, onChange, onProblem } = options
  const trusted = createTrustedClock(clock, () => provider.serverTime?.() ?? null)
  const ledger = createLedger(ledgerFiles)
  const volumePoller = createVolumePoller(provider, trusted, ledger)
  const billReader = createBillReader(provider, trusted, ledger, (text) => recordWarning('bill', text))
  const podRecorder = createPodRecorder(
    trusted,
    ledger,
    () => withSpacing(activityRulesOf(settings()), options.pollSpacingMs()).countedIntervalMs,
  )
  let pods: readonly Pod[] = []
  let earlierPods = earlierPodsOf(ledger)
  let burn: BurnRate = { perHourUsd: 0, isAtLeast: false }
  /** The pods of the last list if it was complete: others are gone. */
  let wholeList: readonly Pod[] | null = null
  let isDisposed = false
  let savedAtMs = trusted.nowMs()
  let savedStates = ''
  let changeCount = 0
  let cachedView: { readonly key: string; readonly view: MoneyView } | null = null

  function budgets(): Budgets {
    const { monthlyBudgetUsd, dailyBudgetUsd } = settings()
    return { monthlyUsd: budgetOf(monthlyBudgetUsd), dailyUsd: budgetOf(dailyBudgetUsd) }
  }

  function recordWarning(what: string, text: string): void {
    const atMs = clock.now().wallMs
    const entry = {
      atMs,
      accountId,
      podId: null,
      podName: null,
      kind: 'app',
      what,
      text,
      tone: 'warning',
    } as const
    if (!auditLog.record(entry).ok) report(text)
  }

  function save(): void {
    savedAtMs = trusted.nowMs()
    for (const failure of ledger.save()) report(failure)
    if (trusted.isConfirmed()) ledger.prune(savedAtMs)
    for (const problem of ledger.drainProblems()) {
      recordWarning('costs', problem)
      onProblem(problem)
    }
  }

  const billSchedule = createBillSchedule({
    clock,
    mayRead: () => isLive() && trusted.isSettled(),
    readNext,
    onRead() {
      save()
      changeCount += 1
      onChange()
    },
    everyMin: () => settings().pollBillsMin,
    report,
  })

  /** Reads the next range; true when there is more to read in this round. */
  async function readNext(): Promise<boolean> {
    if ((provider.remainingQuota?.()?.requests ?? MIN_REMAINING_REQUESTS) < MIN_REMAINING_REQUESTS)
      return false
    if (billReader.isRoundOver()) await volumePoller.read(pods, () => !isDisposed)
    return !isDisposed && billReader.readNext()
  }

  function view(listedPods: readonly Pod[], currentBurn: BurnRate): MoneyView {
    const nowMs = trusted.nowMs()
    pods = listedPods
    burn = currentBurn
    const key = JSON.stringify([
      ledger.revision(),
      changeCount,
      Math.floor(nowMs / MINUTE_MS),
      burn,
      budgets(),
      isReadingBills(),
      listedPods.map(({ id, phase }) => [id, phase]),
    ])
    if (cachedView?.key !== key)
      cachedView = {
        key,
        view: toMoneyView({
          ledger,
          nowMs,
          pods,
          volumes: volumePoller.list().volumes,
          burn,
          budgets: budgets(),
          billProblem: billReader.problem(),
          isReadingBills: isReadingBills(),
        }),
      }
    return cachedView.view
  }

  function onIntentChange({ id, podId, podName: name, action, origin, phase, phaseAt }: Intent): void {
    if (origin === 'person' || phase !== 'observed' || action === 'start') return
    const target = { podId, isTerminated: action === 'terminate' }
    ledger.recordStop(id, { name, atMs: trusted.timeOf(phaseAt) }, target)
  }

  /** Bills are read while Runpod answers and the time is known, until a read fails. */
  function billReading(): 'none' | 'possible' | 'impossible' {
    if (!provider.readBills) return 'none'
    return isLive() && trusted.isSettled() && billReader.problem() === null ? 'possible' : 'impossible'
  }

  function isReadingBills(): boolean {
    const nowMs = trusted.nowMs()
    return billsStateOf(ledger.book(monthOf(nowMs)), nowMs, billReading()) === 'reading'
  }

  // Includes actions that were observed at the end of the previous run.
  context.earlierIntents.forEach(onIntentChange)

  return {
    record(result) {
      earlierPods = []
      pods = result.observed.map(({ pod }) => pod)
      wholeList = result.isComplete ? pods : null
      const booked = podRecorder.record(result)
      if (booked === null) return
      changeCount += 1
      // Starts, stops and changes are saved immediately, because they could not be reconstructed after a
      // restart.
      const previousStates = savedStates
      savedStates = JSON.stringify(result.listed.map((pod) => [pod.id, podBillingState(pod)]))
      if (savedStates !== previousStates || Math.abs(booked.atMs - savedAtMs) >= SAVE_EVERY_MS) save()
      // After a gap, bills and volumes are needed to know what happened meanwhile.
      billSchedule.plan((booked.intervalMs ?? 0) > GAP_MS)
    },

    onIntentChange,
    withVolumes: volumePoller.withVolumes,
    volumes: volumePoller.list,
    expectVolumes() {
      const take = volumePoller.expect()
      return (listed) => {
        take(pods, listed)
        changeCount += 1
        onChange()
      }
    },
    confirmedSpendUsd: ({ pod, uptimeMs }) =>
      trusted.isSettled() ? confirmedSpendUsd(ledger, pod, uptimeMs, trusted.nowMs()) : null,
    view,
    costs(month) {
      const nowMs = trusted.nowMs()
      const { budget, forecast } = view(pods, burn)
      return toCostsView(ledger, month ?? monthOf(nowMs), nowMs, {
        budget,
        forecast,
        billProblem: billReader.problem(),
        billReading: billReading(),
        pods: wholeList,
        volumes: volumePoller.list().volumes,
      })
    },

    podCost: (podId, fromMs, toMs) => podCostBetween(ledger, podId, fromMs, toMs),

    alerts(balance, runwayMs) {
      const nowMs = trusted.nowMs()
      const history = context.alertHistory.load()
      if (!trusted.isSettled()) return rememberedAlerts(accountId, history)
      const toppedUpAtMs = balance.kind === 'known' ? ledger.recordBalance(balance.usd, nowMs) : 0
      const topUp = String(toppedUpAtMs)
      const { morningSummaryAt } = settings()
      const overnight = overnightAlert(accountId, ledger, nowMs, morningSummaryAt, context.utcOffset)
      const aboutMoney = moneyAlerts({
        accountId,
        nowMs,
        money: view(pods, burn),
        runwayMs,
        topUp,
        pods,
        settings: settings(),
        accountRules: accountRules.load(accountId),
        history,
      })
      return overnight === null ? aboutMoney : [...aboutMoney, overnight]
    },
    observed: () => ({
      nowMs: trusted.nowMs(),
      isSettled: trusted.isSettled(),
      observations: ledger.lastObservations(),
    }),
    earlierPods: () => earlierPods,
    save,
    dispose() {
      if (isDisposed) return
      isDisposed = true
      billSchedule.dispose()
      save()
    },
  }
}
