import type { PendingAlert } from '../alerts/alert'
import { errorText } from '../base/text/error-text'
import { fail, type Result } from '../base/result'
import { clockDisagreementMs, elapsedMs, type Instant, MINUTE_MS, SECOND_MS } from '../base/time/time'
import type { InsideVerdict } from '../idle/inside/inside-look'
import type { MeasuredIdle } from '../idle/measured-idle'
import type { AccountContext } from '../pod-rules/account-context'
import { podRulesOf } from '../pod-rules/pod-rules'
import { isGuardable, type Pod, type PodId, podNotListedText } from '../pods/pod'
import { keepArmedGuard, type WasStoppedHere } from './armed-guard'
import { guardAlerts } from './guard-alerts'
import { emptyEntry, type GuardEntry, isCheckPending } from './guard-entry'
import { createGuardUpkeep, type GuardUpkeepOptions } from './guard-upkeep'
import { guardSettingsOf } from './guard-plan'
import type { PodGuardHost } from './pod-guard-host'
import {
  couldGuardStop,
  type GuardReading,
  isGuardReadingFresh,
  measuredAt,
  type GuardInPodView,
  toGuardInPodView,
} from './guard-in-pod-view'

/** The guards in the pods of one account. See docs/product-rules.md#141-guard-in-the-pod. */
export interface PodGuards {
  /** Reads the guards that are due, and installs and starts those that are missing. Returns at once. */
  readonly tick: (pods: readonly Pod[]) => void
  /** Null: none is wanted. */
  readonly viewOf: (pod: Pod) => GuardInPodView | null
  /** What the guard last found, as a look from inside; null: nothing that still holds. */
  readonly verdictOf: (pod: Pod, now: Instant) => InsideVerdict | null
  readonly measuredIdleOf: (pod: Pod, now: Instant) => MeasuredIdle | null
  /** Whether the guard could stop the pod by this rule without anybody, as it last said, which still holds. */
  readonly couldStop: (pod: Pod, rule: 'quiet' | 'max-hours') => boolean
  /**
   * Reads the guards that are due while the pods can't be listed, and instructs none: the pod may be in another run.
   * Returns at once.
   */
  readonly readUnlisted: () => void
  readonly alerts: (pods: readonly Pod[]) => readonly PendingAlert[]
  /** Rules changed, which are sent to the guards at the next poll. */
  readonly expectChanges: () => void
  /**
   * Reads or installs the guard now, and asks one that isn't armed to try again. Resolves once that ended; the error is a
   * sentence.
   */
  readonly refresh: (podId: PodId) => Promise<Result<void, string>>
  /** Ends the guard and removes it from the pod. */
  readonly remove: (podId: PodId) => Promise<Result<void, string>>
  /** Whether one may still run there. */
  readonly mayRunIn: (podId: PodId) => boolean
  /** Asks the guard to stop the pod, which proves that it may. */
  readonly prove: (podId: PodId) => Promise<Result<void, string>>
  readonly dispose: () => void
}

export interface PodGuardContext extends AccountContext {
  /** Absent: no guard in a pod is installed or read. */
  readonly podGuardHost?: PodGuardHost
}

export interface PodGuardsOptions extends GuardUpkeepOptions {
  readonly findPod: (podId: PodId) => Pod | null
  readonly wasStoppedHere: WasStoppedHere
  readonly onChange: () => void
}

const READ_EVERY_MS = 5 * MINUTE_MS
/** While nothing was read of its run so far. */
const READ_SOON_MS = 20 * SECOND_MS
const MAX_WAIT_MS = 15 * MINUTE_MS
const MAX_PARALLEL = 2
/** How long a guard that is asked to stop its pod has for it, s. */
const PROVE_WITHIN_S = 600

export function createPodGuards(context: PodGuardContext, options: PodGuardsOptions): PodGuards {
  const { accountId, clock, accountRules, podGuardHost: host } = context
  const { onChange } = options
  const upkeep = createGuardUpkeep(context, options)
  const entries = new Map<PodId, GuardEntry>()
  let polled: readonly Pod[] = []
  let toldSettings: string | null = null
  /** Whether the last try to list them worked. */
  let isListed = false
  let isDisposed = false

  const rules = () => accountRules.load(accountId)
  const wishOf = (podId: PodId) => podRulesOf(rules(), podId).podGuard ?? null
  const isProven = (): boolean => Object.values(rules().pods).some((one) => one.isPodGuardProven === true)

  function entryOf(podId: PodId): GuardEntry {
    const known = entries.get(podId)
    if (known !== undefined) return known
    const entry = emptyEntry(READ_SOON_MS)
    entries.set(podId, entry)
    return entry
  }

  /** One request to a pod at a time. */
  function run(
    pod: Pod,
    request: (entry: GuardEntry, to: PodGuardHost) => Promise<Result<void, string>>,
  ): Promise<Result<void, string>> {
    if (host === undefined) return Promise.resolve(fail('Podkeeper has no SSH connection here.'))
    const entry = entryOf(pod.id)
    const before = entry.underWay ?? Promise.resolve()
    const after = before
      .then(() => {
        entry.isOutdated = false
        return isDisposed ? fail('Podkeeper is quitting.') : request(entry, host)
      })
      .catch((cause: unknown) => {
        context.report('A request about the guard in a pod failed', cause)
        return fail(errorText(cause))
      })
      .then((result) => {
        if (entry.underWay === after) entry.underWay = null
        entry.lastTryAt = entry.isOutdated ? null : clock.now()
        if (entry.triedFor !== pod.startedAtMs) entry.waitMs = READ_SOON_MS
        entry.triedFor = pod.startedAtMs
        const isSettled = entry.reading?.report.status != null && !isCheckPending(entry)
        if (!result.ok) entry.waitMs = Math.min(MAX_WAIT_MS, Math.max(entry.waitMs, READ_SOON_MS) * 2)
        else entry.waitMs = isSettled ? READ_EVERY_MS : READ_SOON_MS
        onChange()
        // With many guards, a poll doesn't start all that are due.
        startDue()
        return result
      })
    entry.underWay = after
    return after
  }

  const bringUp = (pod: Pod, isAsked: boolean) => (entry: GuardEntry, to: PodGuardHost) =>
    upkeep.bringUp(pod, entry, to, isAsked, () => isDisposed)

  function startDue(): void {
    if (host === undefined || isDisposed || !isListed || !context.mayAnnounce()) return
    for (const pod of polled) {
      const running = [...entries.values()].filter(({ underWay }) => underWay !== null).length
      if (running >= MAX_PARALLEL) return
      if (pod.phase !== 'running' || pod.startedAtMs === null || wishOf(pod.id) === null) continue
      if (isGuardable(pod) && isDue(pod)) void run(pod, bringUp(pod, false))
    }
  }

  function expectChanges(): void {
    for (const entry of entries.values()) {
      entry.lastTryAt = null
      entry.isOutdated = true
    }
  }

  function isDue(pod: Pod): boolean {
    const entry = entryOf(pod.id)
    if (entry.underWay !== null) return false
    const [last, now] = [entry.lastTryAt, clock.now()]
    // After a start of the pod, and after a sleep of this computer, it is read at once.
    if (last === null || entry.triedFor !== pod.startedAtMs) return true
    return clockDisagreementMs(last, now) > READ_SOON_MS || elapsedMs(last, now) >= entry.waitMs
  }

  function freshReading(pod: Pod, now: Instant): GuardReading | null {
    const reading = entries.get(pod.id)?.reading ?? null
    if (reading === null || wishOf(pod.id) === null || pod.phase !== 'running') return null
    return isGuardReadingFresh(reading, pod.startedAtMs, now) ? reading : null
  }

  async function withPod(
    podId: PodId,
    request: (pod: Pod) => Promise<Result<void, string>>,
  ): Promise<Result<void, string>> {
    const pod = options.findPod(podId)
    if (pod === null) return fail(podNotListedText)
    if (!isGuardable(pod)) return fail('A pod of a cluster or of a service can’t have a guard.')
    return pod.phase === 'running' ? request(pod) : fail('The pod is not running.')
  }

  return {
    tick(pods) {
      if (context.mayAnnounce())
        for (const pod of pods)
          keepArmedGuard(context, pod, entries.get(pod.id)?.reading ?? null, options.wasStoppedHere)
      polled = pods
      isListed = true
      for (const podId of entries.keys()) if (wishOf(podId) === null) entries.delete(podId)
      const settingsNow = JSON.stringify(guardSettingsOf(context.settings()))
      if (toldSettings !== settingsNow) expectChanges()
      toldSettings = settingsNow
      startDue()
    },
    viewOf(pod) {
      const wish = wishOf(pod.id)
      const entry = entries.get(pod.id)
      if (wish === null || pod.phase !== 'running') return null
      const reading = entry?.reading?.startedAtMs === pod.startedAtMs ? (entry?.reading ?? null) : null
      const newPods = rules().newPodGuard?.wish ?? null
      const isTrying = entry !== undefined && isCheckPending(entry)
      return { ...toGuardInPodView(wish, isProven(), reading, entry?.failure ?? null, isTrying), newPods }
    },
    couldStop(pod, rule) {
      const reading = freshReading(pod, clock.now())
      const isUnread = entries.get(pod.id)?.failure != null
      return reading !== null && !isUnread && wishOf(pod.id) === 'stop' && couldGuardStop(reading, rule)
    },
    readUnlisted() {
      isListed = false
      if (host === undefined || isDisposed || !context.mayAnnounce()) return
      for (const pod of polled) {
        const entry = entries.get(pod.id)
        if (entry?.reading == null || entry.reading.startedAtMs !== pod.startedAtMs) continue
        const last = entry.unlistedAt ?? entry.reading.at
        if (entry.underWay !== null || elapsedMs(last, clock.now()) < READ_EVERY_MS) continue
        entry.unlistedAt = clock.now()
        // The first list that works has it instructed.
        void run(pod, upkeep.read(pod)).then(() => (entry.lastTryAt = null))
      }
    },
    verdictOf(pod, now) {
      const reading = freshReading(pod, now)
      const status = reading?.report.status ?? null
      if (reading === null || status === null) return null
      const kept = status.keptUntilS !== null && status.keptUntilS > reading.report.nowS
      const atMs = measuredAt(reading, status).wallMs
      if (kept) return { kind: 'working', atMs, text: 'it is kept running in the pod' }
      if (status.seen === 'busy')
        return { kind: 'working', atMs, text: `its guard saw ${status.why ?? 'work'}` }
      return status.seen === 'rest' ? { kind: 'at-rest', atMs, text: 'its guard saw no work' } : null
    },
    measuredIdleOf(pod, now) {
      const reading = freshReading(pod, now)
      const status = reading?.report.status ?? null
      if (reading === null || status === null || status.seen === 'busy') return null
      return { at: measuredAt(reading, status), idleForMs: status.idleS * SECOND_MS }
    },
    alerts: (pods) =>
      guardAlerts(
        accountId,
        pods.flatMap((pod) => {
          const wish = wishOf(pod.id)
          const { armedGuard: armed } = podRulesOf(rules(), pod.id)
          return wish === null ? [] : [{ pod, wish, reading: entries.get(pod.id)?.reading ?? null, armed }]
        }),
        options.wasStoppedHere,
      ),
    expectChanges,
    refresh: (podId) =>
      wishOf(podId) === null
        ? Promise.resolve(fail('That pod has no guard.'))
        : withPod(podId, (pod) => run(pod, bringUp(pod, true))),
    remove: (podId) =>
      withPod(podId, (pod) =>
        run(pod, async (entry, to) => {
          const removed = await to.remove(pod)
          if (removed.ok) entry.reading = null
          return removed
        }),
      ),
    mayRunIn(podId) {
      const phase = options.findPod(podId)?.phase ?? 'stopped'
      return phase !== 'stopped' && phase !== 'terminated'
    },
    prove: (podId) =>
      withPod(podId, (pod) =>
        run(pod, async (entry, to) => {
          const reply = await to.change(pod, 'stop-now', PROVE_WITHIN_S)
          const recorded = upkeep.record(pod, entry, reply)
          return reply.ok && reply.value === 'absent' ? fail('That pod has no guard.') : recorded
        }),
      ),
    dispose() {
      isDisposed = true
    },
  }
}
