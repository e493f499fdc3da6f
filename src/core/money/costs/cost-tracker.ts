import type { ActivityLog } from '../../audit-log/audit-log'
import type { Announcement } from '../../alerts/alert'
import type { SeenPod } from '../../polling/fleet'
import type { GuardStore } from '../../pod-rules/pod-rules'
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
import { certainSpendUsd } from '../confirmed-spend'
import { type CostsView, costsViewOf } from './costs-view'
import { createLedger, type Seen } from '../ledger/ledger'
import { type Budgets, type MoneyView, moneyViewOf } from '../money-view'
import { moneyAnnouncements } from '../budget-alerts'
import { type Month, monthOf } from '../ledger/months'
import { standingOfPod, subjectOfPod } from '../ledger/billing-state'
import { createVolumeWatch } from '../volume-poller'
import type { PodsLook } from '../../polling/poller'

interface MoneyOptions {
  readonly accountId: AccountId
  readonly provider: Provider
  readonly clock: Clock
  readonly files: LedgerFiles
  readonly settings: () => Settings
  readonly guards: GuardStore
  /** Of this account, from earlier runs. */
  readonly earlier: readonly Intent[]
  readonly activity: Pick<ActivityLog, 'record'>
  /** Whether Runpod answers: while it does not, bills wait for the next list. */
  readonly isLive: () => boolean
  readonly onChange: () => void
  /** For the log; must not throw. */
  readonly report: (what: string, cause?: unknown) => void
}

/** Counts what the account costs: by looking at it, and by its bills, which it reads on its own every so often. */
export interface MoneyWatch {
  look(look: PodsLook): void
  /** An action got on: one of the guard that came about is kept with the month. */
  takeIntent(intent: Intent): void
  /** What the pods burn, with the network volumes. */
  withVolumes(burn: BurnRate): BurnRate
  /** Null: it is not counted; so is that of `costs`. */
  view(pods: readonly Pod[], burn: BurnRate): MoneyView | null
  costs(month: Month | null): CostsView | null
  /** What a pod surely cost in the month (UTC) of `nowMs`, USD; null: not known. */
  readonly spentUsd: (seen: Pick<SeenPod, 'pod' | 'telemetry'>, nowMs: number) => number | null
  /** What is worth telling now; null where no balance is known. */
  announcements(balance: BalanceView, runwayMs: number | null): readonly Announcement[]
  /** Writes down what was counted. */
  save(): void
  dispose(): void
}

/** After the first list, so that the pods come first. */
const FIRST_BILLS_MS = 2 * SECOND_MS
/** Between two spans of the same round: a burst of bills would take the pods' share of the quota. */
const NEXT_SPAN_MS = 3 * SECOND_MS
/** With fewer requests left, bills wait. */
const SPARE_REQUESTS = 20
const GAP_MS = 5 * MINUTE_MS
const SAVE_EVERY_MS = 10 * MINUTE_MS

const notCounted: MoneyWatch = {
  look: () => {},
  takeIntent: () => {},
  withVolumes: (burn) => burn,
  view: () => null,
  costs: () => null,
  spentUsd: () => null,
  announcements: () => [],
  save: () => {},
  dispose: () => {},
}

/** The watch that a monitor's options ask for. */
export function watchMoney({
  files,
  ...options
}: Omit<MoneyOptions, 'files'> & { readonly files: LedgerFiles | undefined }): MoneyWatch {
  return files ? createMoneyWatch({ ...options, files }) : notCounted
}

function createMoneyWatch(options: MoneyOptions): MoneyWatch {
  const { accountId, provider, clock, files, activity, settings, guards, isLive, onChange, report } = options
  const ledger = createLedger(files, clock.now().wallMs)
  const volumes = createVolumeWatch(provider, clock, ledger)
  const bills = createBillReader(provider, clock, ledger, (words) => note('bill', words))
  let pods: readonly Pod[] = []
  let burn: BurnRate = { perHourUsd: 0, isAtLeast: false }
  let idle: ReadonlySet<string> = new Set()
  let cancel: (() => void) | null = null
  let isReading = false
  let lookedAtMs: number | null = null
  let isDisposed = false
  let savedAtMs = clock.now().wallMs
  let standings = ''
  let changes = 0
  let shown: { readonly key: string; readonly view: MoneyView } | null = null

  function budgets(): Budgets {
    const { monthlyBudgetUsd, dailyBudgetUsd } = settings()
    return { monthlyUsd: budgetOf(monthlyBudgetUsd), dailyUsd: budgetOf(dailyBudgetUsd) }
  }

  function note(what: string, text: string): void {
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
    if (!activity.record(entry).ok) report(text)
  }

  function save(): void {
    savedAtMs = clock.now().wallMs
    for (const failure of ledger.save(savedAtMs)) report(failure)
    for (const problem of ledger.takeProblems()) note('costs', problem)
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
          changes += 1
          onChange()
          schedule(isMore === true ? NEXT_SPAN_MS : settings().pollBillsMin * MINUTE_MS)
        })
        .catch((cause: unknown) => report('The costs could not be shown', cause))
    })
  }

  /** Reads what is next; true: there is more to read in this round. */
  async function readNext(): Promise<boolean> {
    if ((provider.quotaLeft?.()?.requests ?? SPARE_REQUESTS) < SPARE_REQUESTS) return false
    if (bills.isRoundOver()) await volumes.read(pods, () => !isDisposed)
    return !isDisposed && bills.readNext()
  }

  function view(seenPods: readonly Pod[], currentBurn: BurnRate): MoneyView {
    const nowMs = clock.now().wallMs
    pods = seenPods
    burn = currentBurn
    const key = JSON.stringify([
      ledger.revision(),
      changes,
      Math.floor(nowMs / MINUTE_MS),
      burn,
      budgets(),
      seenPods.map(({ id, phase }) => [id, phase]),
    ])
    if (shown?.key !== key)
      shown = {
        key,
        view: moneyViewOf({
          ledger,
          nowMs,
          pods,
          volumes: volumes.volumes(),
          burn,
          budgets: budgets(),
          billProblem: bills.problem(),
        }),
      }
    return shown.view
  }

  function takeIntent({ id, podName: name, action, origin, phase, phaseAt }: Intent): void {
    if (origin === 'person' || phase !== 'observed' || action === 'start') return
    ledger.takeStop(id, { name, atMs: phaseAt.wallMs })
  }

  // Of those that were seen to happen at the end of the run before.
  options.earlier.forEach(takeIntent)

  return {
    look({ at, shown: listed, seen, isComplete }) {
      // After a sleep the bills, and the volumes, are what tells of the time in between.
      const isBack = lookedAtMs !== null && at.wallMs - lookedAtMs > GAP_MS
      lookedAtMs = at.wallMs
      if (isBack && !isReading) {
        cancel?.()
        cancel = null
      }
      pods = seen.map(({ pod }) => pod)
      const idleNow = new Set(
        seen.filter(({ activity: { kind } }) => kind === 'idle').map(({ pod }) => pod.id),
      )
      const shownKeys = new Set(listed.map(subjectOfPod))
      ledger.observe({
        what: 'pods',
        atMs: at.wallMs,
        isComplete,
        perhapsThere: new Set(pods.map(subjectOfPod).filter((key) => !shownKeys.has(key))),
        seen: listed.map((pod): Seen => ({
          key: subjectOfPod(pod),
          name: pod.name,
          hardware: hardwareOf(pod),
          standing: standingOfPod(pod),
          isIdle: idle.has(pod.id) && idleNow.has(pod.id),
          isUsed: pod.phase !== 'stopped',
        })),
      })
      idle = idleNow
      changes += 1
      // What a restart could not make out again is written down at once: that something started, stopped or changed.
      const before = standings
      standings = JSON.stringify(listed.map((pod) => [pod.id, standingOfPod(pod)]))
      if (standings !== before || at.wallMs - savedAtMs >= SAVE_EVERY_MS) save()
      if (cancel === null && !isReading && !isDisposed) schedule(FIRST_BILLS_MS)
    },

    takeIntent,
    withVolumes: volumes.addTo,
    spentUsd: ({ pod, telemetry }, nowMs) => certainSpendUsd(ledger, pod, telemetry?.uptimeS ?? null, nowMs),
    view,
    costs(month) {
      const nowMs = clock.now().wallMs
      const { budget, forecast } = view(pods, burn)
      return costsViewOf(ledger, month ?? monthOf(nowMs), nowMs, {
        budget,
        forecast,
        billProblem: bills.problem(),
      })
    },

    announcements(balance, runwayMs) {
      const nowMs = clock.now().wallMs
      const toppedUpAtMs = balance.kind === 'known' ? ledger.takeBalance(balance.usd, balance.atMs) : 0
      const topUp = String(toppedUpAtMs)
      return moneyAnnouncements({
        accountId,
        nowMs,
        money: view(pods, burn),
        runwayMs,
        topUp,
        pods,
        settings: settings(),
        guard: guards.load(accountId),
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
