import type { ActivityEntry, ActivityLog } from './activity-log'
import type { StopCause } from './plan'
import type { AccountId, Pod, PodId } from './pod'
import type { Hold, Standing } from './policy'
import type { Clock } from './ports'
import type { Result } from './result'

export interface DecisionLogOptions {
  readonly accountId: AccountId
  readonly clock: Pick<Clock, 'now'>
  readonly log: Pick<ActivityLog, 'record'>
  readonly report: (what: string, cause?: unknown) => void
}

/** Writes down what the guard decides, each thing once. */
export interface DecisionLog {
  /** Before it is sent. Ok: it is in the log. */
  acts(pod: Pod, text: string): Result<void, string>
  /** What holds a stop back: once per change of reason, not per turn. */
  isHeld(cause: StopCause, pod: Pod, hold: Hold): void
  /** Nothing holds it back any more. */
  isFree(cause: StopCause, podId: PodId): void
  isCalledOff(pod: Pod, planned: Extract<Standing, { kind: 'planned' }>, why: string): void
  /** Forgets pods that are not there any more. */
  keepOnly(podIds: ReadonlySet<PodId>): void
}

export function createDecisionLog({ accountId, clock, log, report }: DecisionLogOptions): DecisionLog {
  /** The reason that was written last. */
  const reasons = new Map<PodId, Partial<Record<StopCause, string>>>()

  function record(
    { id: podId, name: podName }: Pod,
    what: string,
    text: string,
    tone: ActivityEntry['tone'],
  ): Result<void, string> {
    const { wallMs: atMs } = clock.now()
    return log.record({ atMs, accountId, podId, podName, kind: 'decision', what, text, tone })
  }

  function note(...entry: Parameters<typeof record>): void {
    const recorded = record(...entry)
    if (!recorded.ok) report('A decision could not be written down', recorded.error)
  }

  return {
    acts: (pod, text) => record(pod, 'auto-stop', text, 'warning'),
    isHeld(cause, pod, { by, words }) {
      const reason = by.length > 0 ? by.join() : words
      const known = reasons.get(pod.id)
      if (known?.[cause] === reason) return
      reasons.set(pod.id, { ...known, [cause]: reason })
      note(pod, by[0] ?? 'auto-stop', `${pod.name}: ${words}`, 'plain')
    },
    isFree(cause, podId) {
      const known = reasons.get(podId)
      if (known?.[cause] !== undefined) reasons.set(podId, { ...known, [cause]: undefined })
    },
    isCalledOff(pod, { plan }, why) {
      note(
        pod,
        'called-off',
        `The automatic ${plan.action} of ${pod.name} is called off, since ${why}.`,
        'good',
      )
    },
    keepOnly(podIds) {
      for (const podId of reasons.keys()) if (!podIds.has(podId)) reasons.delete(podId)
    },
  }
}
