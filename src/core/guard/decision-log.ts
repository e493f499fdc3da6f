import type { ActivityEntry, ActivityLog } from '../audit-log/audit-log'
import type { StopCause } from '../intents/intent'
import type { AccountId, Pod, PodId } from '../pods/pod'
import type { Hold, Standing } from './policy'
import type { PolicyRules } from './policy-settings'
import type { Clock } from '../base/clock'
import type { Result } from '../base/result'

export interface DecisionLogOptions {
  readonly accountId: AccountId
  readonly clock: Pick<Clock, 'now'>
  readonly log: Pick<ActivityLog, 'record'>
  /** False while another process acts for this account: then that one writes. */
  readonly isActing: () => boolean
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
  /** The switches of all automatic stops, when somebody turned one. */
  switches(rules: Pick<PolicyRules, 'arePaused' | 'isDryRun'>): void
  /** Forgets pods that are not there any more. */
  keepOnly(podIds: ReadonlySet<PodId>): void
}

export function createDecisionLog({
  accountId,
  clock,
  log,
  isActing,
  report,
}: DecisionLogOptions): DecisionLog {
  /** The reason that was written last. */
  const reasons = new Map<PodId, Partial<Record<StopCause, string>>>()

  let known: Pick<PolicyRules, 'arePaused' | 'isDryRun'> | null = null

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

  function noteRule(what: string, text: string): void {
    const { wallMs: atMs } = clock.now()
    const entry = {
      atMs,
      accountId,
      podId: null,
      podName: null,
      kind: 'rule',
      what,
      text,
      tone: 'plain',
    } as const
    const recorded = log.record(entry)
    if (!recorded.ok) report('A change of rules could not be written down', recorded.error)
  }

  return {
    acts: (pod, text) => record(pod, 'auto-stop', text, 'warning'),
    isHeld(cause, pod, { by, words }) {
      if (!isActing()) return
      const reason = by.length > 0 ? by.join() : words
      const ofPod = reasons.get(pod.id)
      if (ofPod?.[cause] === reason) return
      reasons.set(pod.id, { ...ofPod, [cause]: reason })
      note(pod, by[0] ?? 'auto-stop', `${pod.name}: ${words}`, 'plain')
    },
    isFree(cause, podId) {
      const ofPod = reasons.get(podId)
      if (ofPod?.[cause] !== undefined) reasons.set(podId, { ...ofPod, [cause]: undefined })
    },
    isCalledOff(pod, { plan }, why) {
      if (!isActing()) return
      note(
        pod,
        'called-off',
        `The automatic ${plan.action} of ${pod.name} is called off, since ${why}.`,
        'good',
      )
    },
    switches({ arePaused, isDryRun }) {
      const before = known
      known = { arePaused, isDryRun }
      if (before === null || !isActing()) return
      if (before.arePaused !== arePaused)
        noteRule('auto-stop-pause', arePaused ? 'Automatic stops are paused.' : 'Automatic stops go on.')
      if (before.isDryRun !== isDryRun)
        noteRule('dry-run', `Automatic stops are ${isDryRun ? 'only rehearsed' : 'real'} from now on.`)
    },
    keepOnly(podIds) {
      for (const podId of reasons.keys()) if (!podIds.has(podId)) reasons.delete(podId)
    },
  }
}
