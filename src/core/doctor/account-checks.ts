import { MINUTE_MS, SECOND_MS } from '../base/time/time'
import type { Pod, PodId } from '../pods/pod'
import type { ProviderError } from '../pods/provider'
import { checkCadence, type ReadUptimes } from './cadence-check'
import type { DoctorCheckId, DoctorLine } from './doctor-line'
import { accountCheckText, cadenceText, clockCheckText, quotaText } from './doctor-text'
import type { DoctorOptions } from './doctor-options'
import type { DoctorWait } from './doctor-wait'
import { failedLine } from './failed-line'
import { fieldLines, figureLines } from './figure-checks'
import { createPermissionChecks } from './permission-checks'
import { figuresOf, type ReportedPods } from './reported-fields'

export interface AccountCheckOptions extends Omit<DoctorOptions, 'computerChecks' | 'onLine' | 'onReply'> {
  readonly reported: ReportedPods
  readonly wait: DoctorWait
  readonly isCanceled: () => boolean
}

type AddLine = (line: DoctorLine) => void

/** A clock that is off by more moves the times of budgets and limits. */
const CLOCK_OFF_MS = 30 * SECOND_MS
const CLOCK_WRONG_MS = 5 * MINUTE_MS
/** How often pods are polled while the quota allows it. */
const POLL_MS = 15 * SECOND_MS

/** The checks of one account. */
export function createAccountChecks(options: AccountCheckOptions) {
  const { provider, providerName, clock, reported, isCanceled } = options
  /** As listed; null: they could not be read. */
  let pods: readonly Pod[] | null = null
  /** The pod that was read alone. */
  let single: Pod | null = null

  const notChecked = (id: DoctorCheckId, text: string): DoctorLine => ({ id, verdict: 'not-checked', text })

  /** Whether the other questions can be asked. */
  async function checkPods(add: AddLine): Promise<boolean> {
    const answer = await provider.listPods()
    if (answer.ok) {
      const { isComplete, pods: listed } = answer.value
      pods = listed
      const running = listed.filter(({ phase }) => phase === 'running').length
      add({ id: 'key', verdict: 'ok', text: accountCheckText.keyAccepted(providerName) })
      add(
        isComplete
          ? { id: 'pods', verdict: 'ok', text: accountCheckText.pods(listed.length, running) }
          : { id: 'pods', verdict: 'warning', text: accountCheckText.partialList(listed.length) },
      )
      return true
    }
    const { kind } = answer.error
    if (kind === 'forbidden') {
      add({ id: 'key', verdict: 'ok', text: accountCheckText.keyAccepted(providerName) })
      add(failedLine('pods', answer.error, providerName))
      return true
    }
    add(
      kind === 'rate-limited'
        ? notChecked('key', accountCheckText.heldBack)
        : {
            id: 'key',
            verdict: 'problem',
            text: noListText(answer.error),
          },
    )
    return false
  }

  function noListText({ kind, message }: ProviderError): string {
    if (kind === 'unauthorized') return accountCheckText.keyRefused(providerName)
    return kind === 'unreadable' ? accountCheckText.notTheApi(message) : accountCheckText.noReply(message)
  }

  async function checkPermissions(subject: Pod | null, add: AddLine): Promise<void> {
    const checks = createPermissionChecks({
      ...options,
      onLogLines: options.onLogLines ?? (() => {}),
    })
    const questions: readonly (readonly [DoctorCheckId, () => Promise<DoctorLine>])[] = [
      ['balance', checks.balance],
      ['billing', checks.billing],
      ['catalog', checks.catalog],
      ['limits', checks.limits],
      ['logs', () => checks.logs(subject)],
      ['ssh-keys', checks.sshKeys],
    ]
    // One after the other: the quota of a minute may be small.
    for (const [id, ask] of questions)
      add(isCanceled() ? notChecked(id, accountCheckText.canceled) : await ask())
  }

  async function checkFigures(subject: Pod | null, add: AddLine): Promise<void> {
    if (provider.observeReplies === undefined) {
      for (const id of ['list-figures', 'pod-figures', 'new-fields', 'missing-fields'] as const)
        add(notChecked(id, accountCheckText.notOffered(providerName)))
      return
    }
    if (subject === null) {
      const why = pods === null ? accountCheckText.notReached : accountCheckText.noRunningPod
      for (const id of ['list-figures', 'pod-figures'] as const) add(notChecked(id, why))
    } else {
      const read = isCanceled() ? null : await provider.getPod(subject.id)
      single = read?.ok === true ? read.value : null
      const lines = figureLines(subject, reported, clock.now().wallMs)
      for (const line of lines) add(line)
      if (!lines.some(({ id }) => id === 'pod-figures'))
        add(
          read === null || read.ok
            ? notChecked('pod-figures', accountCheckText.canceled)
            : { ...failedLine('pods', read.error, providerName), id: 'pod-figures' },
        )
    }
    if (reported.inList().length > 0) for (const line of fieldLines(reported.inList())) add(line)
    else
      for (const id of ['new-fields', 'missing-fields'] as const)
        add(notChecked(id, pods === null ? accountCheckText.notReached : accountCheckText.noPods))
  }

  function quotaLine(): DoctorLine {
    const left = provider.remainingQuota?.() ?? null
    if (left === null) return { id: 'quota', verdict: 'ok', text: quotaText.none(providerName) }
    const everyMs = provider.minPollIntervalMs()
    return everyMs > POLL_MS
      ? { id: 'quota', verdict: 'warning', text: quotaText.scarce(left.requests, everyMs) }
      : { id: 'quota', verdict: 'ok', text: quotaText.left(left.requests) }
  }

  function clockLine(): DoctorLine {
    const time = provider.serverTime?.() ?? null
    if (time === null) return notChecked('clock', clockCheckText.unknown(providerName))
    const behindMs = time.atMs - time.receivedAt.wallMs
    const offMs = Math.abs(behindMs)
    if (offMs <= CLOCK_OFF_MS) return { id: 'clock', verdict: 'ok', text: clockCheckText.same(providerName) }
    const verdict = offMs > CLOCK_WRONG_MS ? 'problem' : 'warning'
    return { id: 'clock', verdict, text: clockCheckText.off(providerName, behindMs) }
  }

  const running = (): readonly Pod[] => (pods ?? []).filter(({ phase }) => phase === 'running')

  /** From the list, or from one pod where the list has no uptime; null: neither has one. */
  function uptimeReader(): ReadUptimes | null {
    const uptimesOf = (read: readonly Pod[]): ReadonlyMap<PodId, number | null> =>
      new Map(read.filter(({ phase }) => phase === 'running').map((pod) => [pod.id, uptimeOf(pod)]))
    if (running().some((pod) => uptimeOf(pod) !== null))
      return async () => {
        const list = await provider.listPods()
        return list.ok ? uptimesOf(list.value.pods) : null
      }
    if (single === null || uptimeOf(single) === null) return null
    const { id } = single
    return async () => {
      const pod = await provider.getPod(id)
      return pod.ok ? uptimesOf([pod.value]) : null
    }
  }

  let canAsk = false

  return {
    /** Everything that takes seconds. */
    async check(add: AddLine): Promise<void> {
      canAsk = await checkPods(add)
      if (!canAsk) return
      add(notChecked('actions', accountCheckText.actionsUnknown(providerName)))
      const subject = subjectOf(running(), reported)
      await checkPermissions(subject, add)
      await checkFigures(subject, add)
      add(quotaLine())
      add(clockLine())
    },
    /** How often figures change, which takes minutes. */
    async measure(add: AddLine): Promise<void> {
      if (!canAsk) return
      const subject = subjectOf(running(), reported)
      const readUptimes = subject === null ? null : uptimeReader()
      if (subject === null)
        add(
          notChecked('cadence', pods === null ? accountCheckText.notReached : accountCheckText.noRunningPod),
        )
      else if (options.isQuick) add(notChecked('cadence', cadenceText.quick))
      else if (readUptimes === null) add({ id: 'cadence', verdict: 'problem', text: cadenceText.noUptime })
      else
        add(
          await checkCadence({
            clock,
            readUptimes,
            minIntervalMs: () => provider.minPollIntervalMs(),
            isCanceled,
            wait: options.wait,
            onProgress: options.onProgress,
          }),
        )
    },
  }
}

const uptimeOf = ({ telemetry }: Pod): number | null => telemetry?.uptimeS ?? null

/**
 * The pod whose figures are looked at: one that reports some, with GPUs if there is one, and of these the one that runs
 * longest, because a new one may have none yet.
 */
function subjectOf(running: readonly Pod[], { inList }: Pick<ReportedPods, 'inList'>): Pod | null {
  const reporting = new Set(
    inList()
      .filter((raw) => figuresOf(raw).size > 0)
      .map(({ id }) => id),
  )
  const rank = ({ id, gpu }: Pod): number =>
    (reporting.has(id) ? 0 : 2) + (gpu !== null && gpu.count > 0 ? 0 : 1)
  const since = ({ startedAtMs }: Pod): number => startedAtMs ?? Number.POSITIVE_INFINITY
  const [first] = [...running].sort((a, b) => rank(a) - rank(b) || since(a) - since(b))
  return first ?? null
}
