import type { DecisionLog } from './decision-log'
import { dataImpact } from '../../pods/data-impact'
import type { Fleet } from '../../polling/fleet'
import { impactSentence } from '../../pods/data-impact-text'
import { RENEW_VERDICT_AFTER_MS } from '../evidence/inside-looks'
import type { StopCause } from '../../intents/intent'
import { notDoneText } from '../../obstacles/obstacle-text'
import { blockBy, blockedBy } from '../policy/stop-conditions'
import { causeText, causeWords } from '../policy/guard-text'
import type { IntentRunner } from '../../intents/intent-runner'
import { wasFirstWarningDelivered } from '../policy/stop-plan'
import type { Pod, PodId } from '../../pods/pod'
import { stopFactsOf } from '../policy/policy'
import type { StopBlock, StopStatus } from '../policy/stop-status'
import type { PolicyInput } from './policy-input'
import type { ProviderError } from '../../pods/provider'
import type { Clock } from '../../base/time/clock'
import type { Result } from '../../base/result'
import type { Poll } from '../../polling/poll-loop'

export interface StopExecutorOptions {
  readonly clock: Pick<Clock, 'now'>
  readonly fleet: Pick<Fleet, 'observedPod'>
  readonly intentRunner: Pick<IntentRunner, 'podsWithOpenIntent' | 'newId' | 'sendImmediately'>
  readonly decisions: Pick<DecisionLog, 'recordAction'>
  readonly policyInput: PolicyInput
  /** Reads the pod again and updates the fleet; null when it is gone. */
  readonly pollPod: (podId: PodId) => Promise<Result<Pod | null, ProviderError>>
  /** See `PolicyParts`. */
  readonly confirmHolds: ((pod: Pod) => Promise<boolean>) | undefined
  readonly statusOf: (podId: PodId, cause: StopCause) => StopStatus | null
  /** Called when a condition blocks the stop. */
  readonly setBlock: (podId: PodId, cause: StopCause, block: StopBlock) => void
}

/** Performs an automatic stop. */
export interface StopExecutor {
  /** Sends the action of a planned stop if every condition holds on a fresh read. */
  execute(podId: PodId, cause: StopCause, poll: Poll): Promise<void>
}

export function createStopExecutor(options: StopExecutorOptions): StopExecutor {
  const { clock, fleet, intentRunner, decisions, policyInput, statusOf, setBlock } = options

  async function execute(podId: PodId, cause: StopCause, poll: Poll): Promise<void> {
    if (blockIfUnmet(podId, cause, null)) return
    if (waitsForRefresh(podId, cause)) return
    poll.heartbeat()
    if (!(await areHoldsRead(podId, cause))) return
    if (!poll.isCurrent()) return
    poll.heartbeat()
    const polled = await options.pollPod(podId)
    if (!poll.isCurrent() || waitsForRefresh(podId, cause)) return
    // No await between this check and sending, so that the action matches the state just read.
    if (blockIfUnmet(podId, cause, polled)) return
    const facts = currentFacts(podId, cause, polled)
    if (facts === null) return
    const { pod, action } = facts
    const done = action === 'stop' ? 'stopped' : 'terminated'
    const text = `${pod.name} is being ${done} automatically. ${causeText(facts)} ${impactSentence(dataImpact(pod, action))}`
    const id = intentRunner.newId()
    const intent = { id, action, requester: cause, reason: causeWords(facts) }
    const recorded = decisions.recordAction(pod, text, intent)
    if (!recorded.ok) {
      const why = `it could not be saved: ${recorded.error}`
      setBlock(podId, cause, { conditions: [], text: notDoneText(action, why), why, obstacle: 'cannot-save' })
      return
    }
    const sent = intentRunner.sendImmediately(pod, action, cause, {
      id,
      earlierFailures: facts.retry?.failures ?? 0,
    })
    if (sent.ok) return
    const why = `it could not be sent: ${sent.error}`
    setBlock(podId, cause, { conditions: [], text: sent.error, why, obstacle: 'cannot-save' })
  }

  /** A hold that was written into the pod since the last reading is seen by `blockIfUnmet`. */
  async function areHoldsRead(podId: PodId, cause: StopCause): Promise<boolean> {
    const pod = fleet.observedPod(podId, clock.now())?.pod
    if (pod === undefined || options.confirmHolds === undefined) return true
    if (await options.confirmHolds(pod)) return true
    const why = 'what others keep running could not be read in the pod'
    setBlock(podId, cause, { conditions: [], text: notDoneText('stop', why), why })
    return false
  }

  /** What the pod did since the last refresh of its figures is not known yet. */
  const waitsForRefresh = (podId: PodId, cause: StopCause): boolean =>
    cause === 'quiet' && fleet.observedPod(podId, clock.now())?.isBetweenRefreshes === true

  /** The current facts; `polled` is the fresh read (null: none yet). Null when no stop is planned. */
  function currentFacts(podId: PodId, cause: StopCause, polled: Result<Pod | null, ProviderError> | null) {
    const status = statusOf(podId, cause)
    const now = clock.now()
    const seen = fleet.observedPod(podId, now)
    if (status?.kind !== 'planned' || seen === null) return null
    const context = policyInput.contextAt(now)
    const { plan } = status
    const policyPod = policyInput.toPolicyPod(seen, context, intentRunner.podsWithOpenIntent())
    const { insideVerdict } = policyPod
    const isVerdictOld = insideVerdict !== null && now.wallMs - insideVerdict.atMs > RENEW_VERDICT_AFTER_MS
    const isWarned = wasFirstWarningDelivered(plan, now, context.rules.warnings)
    const action = plan.action === 'terminate' && !isWarned ? 'stop' : plan.action
    const isFresh = polled !== null && polled.ok && polled.value === seen.pod
    return stopFactsOf(
      cause,
      { ...plan, action },
      isVerdictOld ? { ...policyPod, insideVerdict: null } : policyPod,
      context,
      isFresh,
    )
  }

  /** Whether a condition blocks the planned stop now; if so, that is recorded. */
  function blockIfUnmet(
    podId: PodId,
    cause: StopCause,
    polled: Result<Pod | null, ProviderError> | null,
  ): boolean {
    const facts = currentFacts(podId, cause, polled)
    if (facts === null) return true
    const unmet = blockedBy(facts, polled === null ? 'due' : 'fresh')
    if (unmet.length === 0) return false
    const isDryRunOnly = unmet.length === 1 && unmet[0] === 'not-a-dry-run'
    const block = blockBy(facts, unmet)
    const done = facts.action === 'stop' ? 'stopped' : 'terminated'
    const dryRunText = `Dry run: it would have been ${done} now. ${causeText(facts)}`
    setBlock(podId, cause, isDryRunOnly ? { ...block, text: dryRunText } : block)
    return true
  }

  return { execute }
}
