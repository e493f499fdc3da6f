import type { PendingAlert } from '../../alerts/alert'
import type { Result } from '../../base/result'
import { formatTimeOfDay } from '../../base/text/format'
import { elapsedMs, type Instant, MINUTE_MS } from '../../base/time/time'
import type { Intent } from '../../intents/intent'
import type { AccountContext } from '../../pod-rules/account-context'
import { type PlannedStart, plannedStartOf } from '../../pod-rules/planned-start'
import { type PodRules, podRulesOf } from '../../pod-rules/pod-rules'
import type { Pod, PodId } from '../../pods/pod'
import { isActionAllowed } from '../../pods/pod-capabilities'
import { shortName } from '../../pods/pod-name'
import { type StartStep, startStep } from './start-step'

export interface PlannedStartParts {
  /** False while another program acts on the data folder. */
  readonly mayAct: () => boolean
  readonly findPod: (podId: PodId) => Pod | null
  readonly intents: () => readonly Intent[]
  readonly podsWithOpenIntent: () => readonly PodId[]
  /** Of several accounts that show the pod, another one acts on it. */
  readonly isWatchedElsewhere: (podId: PodId) => boolean
  /** Unix ms; null: not confirmed now. */
  readonly trustedNowMs: () => number | null
  /** USD per hour while it runs. */
  readonly readPrice: (podId: PodId) => Promise<Result<number, string>>
  /** Reads the pod again. */
  readonly pollPod: (podId: PodId) => Promise<Result<Pod | null, unknown>>
  readonly start: (podId: PodId, intentId: string) => Result<void, string>
  readonly announce: (alert: PendingAlert) => void
}

/** Starts stopped pods at the times that people chose. See docs/product-rules.md#31-rules. */
export interface PlannedStarts {
  /** Called after each successful poll. */
  onPoll(): void
}

const PRICE_FRESH_MS = MINUTE_MS
const notRead: StartStep = { kind: 'wait', why: 'The pod could not be read.' }

interface Price {
  readonly at: Instant
  readonly price: Result<number, string>
}

export function createPlannedStarts(context: AccountContext, parts: PlannedStartParts): PlannedStarts {
  const { accountId, accountRules: store, auditLog, clock, report } = context
  const prices = new Map<PodId, Price>()
  const reading = new Set<PodId>()
  /** Why the start of a plan was put off last. */
  const reasons = new Map<string, string>()

  function stepOf(pod: Pod, rules: PodRules, plan: PlannedStart) {
    const id = intentIdOf(pod.id, plan)
    const known = prices.get(pod.id)
    const isFresh = known !== undefined && elapsedMs(known.at, clock.now()) <= PRICE_FRESH_MS
    return startStep(plan, {
      nowMs: parts.trustedNowMs(),
      wallMs: clock.now().wallMs,
      phase: pod.phase,
      isStartOffered: isActionAllowed(pod, 'start'),
      hasOpenAction: parts.podsWithOpenIntent().includes(pod.id),
      wasSent: parts.intents().some((intent) => intent.id === id),
      hasMaxHours: rules.maxHours !== undefined,
      price: isFresh ? known.price : null,
    })
  }

  function follow(pod: Pod): void {
    const rules = podRulesOf(store.load(accountId), pod.id)
    const plan = plannedStartOf(rules)
    if (plan === null || reading.has(pod.id)) return
    const step = stepOf(pod, rules, plan)
    if (step.kind === 'read-price' || step.kind === 'start') void prepare(pod.id)
    else carryOut(pod, plan, step)
  }

  function carryOut(pod: Pod, plan: PlannedStart, step: StartStep): void {
    const id = intentIdOf(pod.id, plan)
    if (step.kind === 'wait' && step.why !== null) reasons.set(id, step.why)
    if (step.kind === 'over') end(pod, plan, null)
    if (step.kind === 'drop')
      end(pod, plan, [...new Set([step.why, reasons.get(id)])].filter((why) => why !== undefined).join(' '))
    if (step.kind === 'start') start(pod, plan)
  }

  /** Reads the price, and the pod right before its start is recorded. */
  async function prepare(podId: PodId): Promise<void> {
    reading.add(podId)
    try {
      const price = await parts.readPrice(podId)
      prices.set(podId, { at: clock.now(), price })
      const read = price.ok ? await parts.pollPod(podId) : null
      const pod = parts.findPod(podId)
      const rules = podRulesOf(store.load(accountId), podId)
      const plan = plannedStartOf(rules)
      if (pod === null || plan === null || !parts.mayAct()) return
      const isUnread = read !== null && !read.ok
      carryOut(pod, plan, isUnread ? notRead : stepOf(pod, rules, plan))
    } catch (cause) {
      report('A planned start failed', cause)
    } finally {
      reading.delete(podId)
    }
  }

  /** The start is on disk before the plan is removed, and its id keeps a plan that was not from being carried out twice. */
  function start(pod: Pod, plan: PlannedStart): void {
    const id = intentIdOf(pod.id, plan)
    const started = parts.start(pod.id, id)
    if (started.ok) end(pod, plan, null)
    else reasons.set(id, started.error)
  }

  /** Removes the plan. `why`: why nothing was started, which is said. */
  function end(pod: Pod, plan: PlannedStart, why: string | null): void {
    const removed = removePlan(pod.id, plan)
    if (!removed.ok) {
      report('A planned start could not be removed', removed.error)
      return
    }
    reasons.delete(intentIdOf(pod.id, plan))
    if (why === null) return
    const text = `${shortName(pod.name, 60)} was not started at ${formatTimeOfDay(plan.atMs)}, as was planned. ${why}`
    const common = { accountId, podId: pod.id, podName: pod.name } as const
    auditLog.record({
      ...common,
      atMs: clock.now().wallMs,
      kind: 'rule',
      what: 'planned-start',
      text,
      tone: 'warning',
    })
    parts.announce({
      key: { kind: 'action-ended', accountId, podId: pod.id, episode: `planned start ${plan.atMs}` },
      podName: pod.name,
      title: `${shortName(pod.name, 60)} was not started`,
      body: `It was planned for ${formatTimeOfDay(plan.atMs)}. ${why} Nothing was started.`,
      tone: 'warning',
      isCritical: false,
      buttons: [],
    })
  }

  const removePlan = (podId: PodId, plan: PlannedStart): Result<void, string> =>
    store.update(accountId, (rules) => {
      const { startAt, startMaxPerHourUsd: _limit, ...others } = podRulesOf(rules, podId)
      // Another one may have been made.
      if (startAt === undefined || Date.parse(startAt) !== plan.atMs) return rules
      return { ...rules, pods: { ...rules.pods, [podId]: others } }
    })

  return {
    onPoll() {
      if (!parts.mayAct()) return
      for (const podId of Object.keys(store.load(accountId).pods)) {
        const pod = parts.findPod(podId)
        if (pod !== null && !parts.isWatchedElsewhere(podId)) follow(pod)
      }
    },
  }
}

const intentIdOf = (podId: PodId, { atMs }: PlannedStart): string => `planned-start-${podId}-${atMs}`
