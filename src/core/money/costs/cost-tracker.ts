import type { AuditLog } from '../../audit-log/audit-log'
import type { PendingAlert } from '../../alerts/alert'
import type { ObservedPod } from '../../polling/fleet'
import type { AccountRulesStore } from '../../pod-rules/pod-rules'
import type { Intent } from '../../intents/intent'
import { budgetOf } from '../../settings/definitions/money-settings'
import type { AccountId, Pod } from '../../pods/pod'
import type { Clock } from '../../base/clock'
import type { Provider } from '../../pods/provider'
import type { LedgerFiles } from '../ledger/ledger-files'
import type { Settings } from '../../settings/settings'
import type { BalanceView } from '../balance'
import type { BurnRate } from '../burn-rate'
import { MINUTE_MS, SECOND_MS } from '../../base/time'
import { hardwareOf } from '../../pods/pod-capabilities'
import { createBillReader } from '../bill-reader'
import { confirmedSpendUsd } from '../confirmed-spend'
import { type CostsView, toCostsView } from './costs-view'
import { createLedger } from '../ledger/ledger'
import type { ObservedSubject } from '../ledger/ledger-observation'
import { type Budgets, type MoneyView, toMoneyView } from '../money-view'
import { moneyAlerts } from '../budget-alerts'
import { type Month, monthOf } from '../ledger/months'
import { podBillingState, podSubjectId } from '../ledger/billing-state'
import { createVolumePoller } from '../volume-poller'
import type { ListResult } from '../../polling/poller'

interface CostTrackerOptions {
  readonly accountId: AccountId
  readonly provider: Provider
  readonly clock: Clock
  readonly ledgerFiles: LedgerFiles
  readonly settings: () => Settings
  readonly accountRules: AccountRulesStore
  /** Of this account, from earlier runs. */
  readonly earlierIntents: readonly Intent[]
  readonly auditLog: Pick<AuditLog, 'record'>
  /** Whether Runpod answers: while it does not, bills wait for the next list. */
  readonly isLive: () => boolean
  readonly onChange: () => void
  /** For the log; must not throw. */
  readonly report: (what: string, cause?: unknown) => void
}

/** Counts what the account costs: by looking at it, and by its bills, which it reads on its own every so often. */
export interface CostTracker {
  record(result: ListResult): void
  /** An action got on: one of the guard that came about is kept with the month. */
  onIntentChange(intent: Intent): void
  /** What the pods burn, with the network volumes. */
  withVolumes(burn: BurnRate): BurnRate
  /** Null: it is not counted; so is that of `costs`. */
  view(pods: readonly Pod[], burn: BurnRate): MoneyView | null
  costs(month: Month | null): CostsView | null
  /** What a pod surely cost in the month (UTC) of `nowMs`, USD; null: not known. */
  readonly confirmedSpendUsd: (seen: Pick<ObservedPod, 'pod' | 'telemetry'>, nowMs: number) => number | null
  /** What is worth telling now; null where no balance is known. */
  alerts(balance: BalanceView, runwayMs: number | null): readonly PendingAlert[]
  /** Writes down what was counted. */
  save(): void
  dispose(): void
}

/** After the first list, so that the pods come first. */
const FIRST_BILLS_MS = 2 * SECOND_MS
/** Between two spans of the same round: a burst of bills would take the pods' share of the quota. */
const NEXT_SPAN_MS = 3 * SECOND_MS
/** With fewer requests left, bills wait. */
const MIN_REMAINING_REQUESTS = 20
const GAP_MS = 5 * MINUTE_MS
const SAVE_EVERY_MS = 10 * MINUTE_MS

const disabledCostTracker: CostTracker = {
  record: () => {},
  onIntentChange: () => {},
  withVolumes: (burn) => burn,
  view: () => null,
  costs: () => null,
  confirmedSpendUsd: () => null,
  alerts: () => [],
  save: () => {},
  dispose: () => {},
}

/** The watch that a monitor's options ask for. */
export function createCostTracker({
  ledgerFiles,
  ...options
}: Omit<CostTrackerOptions, 'ledgerFiles'> & {
  readonly ledgerFiles: LedgerFiles | undefined
}): CostTracker {
  return ledgerFiles ? createEnabledCostTracker({ ...options, ledgerFiles }) : disabledCostTracker
}

function createEnabledCostTracker(options: CostTrackerOptions): CostTracker {
  const {
    accountId,
    provider,
    clock,
    ledgerFiles,
    auditLog,
    settings,
    accountRules,
    isLive,
    onChange,
    report,
  } = options
  const ledger = createLedger(ledgerFiles, clock.now().wallMs)
  const volumePoller = createVolumePoller(provider, clock, ledger)
  const billReader = createBillReader(provider, clock, ledger, (text) => recordWarning('bill', text))
  let pods: readonly Pod[] = []
  let burn: BurnRate = { perHourUsd: 0, isAtLeast: false }
  let idlePodIds: ReadonlySet<string> = new Set()
  let cancel: (() => void) | null = null
  let isReading = false
  let recordedAtMs: number | null = null
  let isDisposed = false
  let savedAtMs = clock.now().wallMs
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
    savedAtMs = clock.now().wallMs
    for (const failure of ledger.save(savedAtMs)) report(failure)
    for (const problem of ledger.drainProblems()) recordWarning('costs', problem)
  }

  function schedule(delayMs: number): void {
    cancel = clock.schedule(delayMs, () => {
      cancel = null
      if (!isLive()) return
      isReading = true
      readNext()
        .catch((cause: unknown) => {
          report('The bills could not be read', cause)
          return null
        })
        .then((isMore) => {
          isReading = false
          if (isDisposed) return
          save()
          changeCount += 1
          onChange()
          schedule(isMore === true ? NEXT_SPAN_MS : settings().pollBillsMin * MINUTE_MS)
        })
        .catch((cause: unknown) => report('The costs could not be shown', cause))
    })
  }

  /** Reads what is next; true: there is more to read in this round. */
  async function readNext(): Promise<boolean> {
    if ((provider.remainingQuota?.()?.requests ?? MIN_REMAINING_REQUESTS) < MIN_REMAINING_REQUESTS)
      return false
    if (billReader.isRoundOver()) await volumePoller.read(pods, () => !isDisposed)
    return !isDisposed && billReader.readNext()
  }

  function view(listedPods: readonly Pod[], currentBurn: BurnRate): MoneyView {
    const nowMs = clock.now().wallMs
    pods = listedPods
    burn = currentBurn
    const key = JSON.stringify([
      ledger.revision(),
      changeCount,
      Math.floor(nowMs / MINUTE_MS),
      burn,
      budgets(),
      listedPods.map(({ id, phase }) => [id, phase]),
    ])
    if (cachedView?.key !== key)
      cachedView = {
        key,
        view: toMoneyView({
          ledger,
          nowMs,
          pods,
          volumes: volumePoller.volumes(),
          burn,
          budgets: budgets(),
          billProblem: billReader.problem(),
        }),
      }
    return cachedView.view
  }

  function onIntentChange({ id, podName: name, action, origin, phase, phaseAt }: Intent): void {
    if (origin === 'person' || phase !== 'observed' || action === 'start') return
    ledger.recordStop(id, { name, atMs: phaseAt.wallMs })
  }

  // Of those that were seen to happen at the end of the run before.
  options.earlierIntents.forEach(onIntentChange)

  return {
    record({ at, listed, observed, isComplete }) {
      // After a sleep the bills, and the volumes, are what tells of the time in between.
      const isAfterGap = recordedAtMs !== null && at.wallMs - recordedAtMs > GAP_MS
      recordedAtMs = at.wallMs
      if (isAfterGap && !isReading) {
        cancel?.()
        cancel = null
      }
      pods = observed.map(({ pod }) => pod)
      const currentIdlePodIds = new Set(
        observed.filter(({ activity: { kind } }) => kind === 'idle').map(({ pod }) => pod.id),
      )
      const listedKeys = new Set(listed.map(podSubjectId))
      ledger.observe({
        what: 'pods',
        atMs: at.wallMs,
        isComplete,
        possiblyPresent: new Set(pods.map(podSubjectId).filter((key) => !listedKeys.has(key))),
        subjects: listed.map((pod): ObservedSubject => ({
          key: podSubjectId(pod),
          name: pod.name,
          hardware: hardwareOf(pod),
          billingState: podBillingState(pod),
          isIdle: idlePodIds.has(pod.id) && currentIdlePodIds.has(pod.id),
          isUsed: pod.phase !== 'stopped',
        })),
      })
      idlePodIds = currentIdlePodIds
      changeCount += 1
      // What a restart could not make out again is written down at once: that something started, stopped or changed.
      const previousStates = savedStates
      savedStates = JSON.stringify(listed.map((pod) => [pod.id, podBillingState(pod)]))
      if (savedStates !== previousStates || at.wallMs - savedAtMs >= SAVE_EVERY_MS) save()
      if (cancel === null && !isReading && !isDisposed) schedule(FIRST_BILLS_MS)
    },

    onIntentChange,
    withVolumes: volumePoller.withVolumes,
    confirmedSpendUsd: ({ pod, telemetry }, nowMs) =>
      confirmedSpendUsd(ledger, pod, telemetry?.uptimeS ?? null, nowMs),
    view,
    costs(month) {
      const nowMs = clock.now().wallMs
      const { budget, forecast } = view(pods, burn)
      return toCostsView(ledger, month ?? monthOf(nowMs), nowMs, {
        budget,
        forecast,
        billProblem: billReader.problem(),
      })
    },

    alerts(balance, runwayMs) {
      const nowMs = clock.now().wallMs
      const toppedUpAtMs = balance.kind === 'known' ? ledger.recordBalance(balance.usd, balance.atMs) : 0
      const topUp = String(toppedUpAtMs)
      return moneyAlerts({
        accountId,
        nowMs,
        money: view(pods, burn),
        runwayMs,
        topUp,
        pods,
        settings: settings(),
        accountRules: accountRules.load(accountId),
      })
    },
    save,
    dispose() {
      if (isDisposed) return
      isDisposed = true
      cancel?.()
      save()
    },
  }
}
