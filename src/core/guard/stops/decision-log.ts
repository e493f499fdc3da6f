import type { AuditEntry, AuditIntent } from '../../audit-log/audit-log'
import type { StopCause } from '../../intents/intent'
import type { AccountContext } from '../../pod-rules/account-context'
import type { Pod, PodId } from '../../pods/pod'
import type { StopBlock, StopStatus } from '../policy/stop-status'
import type { PolicyRules } from '../policy/policy-settings'
import type { Result } from '../../base/result'

/** Logs each decision of the guard once. While another process acts for this account, that process does. */
export interface DecisionLog {
  /** Called before the action of `intent` is sent. Ok means that it is in the log. */
  recordAction(pod: Pod, text: string, intent: AuditIntent): Result<void, string>
  /** Logs what blocks a stop, once per change of the reason instead of once per poll. */
  recordBlock(cause: StopCause, pod: Pod, block: StopBlock): void
  /** Called when nothing blocks the stop any longer. */
  clearBlock(cause: StopCause, podId: PodId): void
  recordCancellation(pod: Pod, planned: Extract<StopStatus, { kind: 'planned' }>, why: string): void
  /** Logs changes of the switches that affect all automatic stops. */
  recordSwitches(rules: Pick<PolicyRules, 'arePaused' | 'isDryRun'>): void
  /** Forgets pods that no longer exist. */
  retainPods(podIds: ReadonlySet<PodId>): void
}

export function createDecisionLog(context: AccountContext): DecisionLog {
  const { accountId, clock, auditLog, mayAnnounce, report } = context
  /** The last logged reason by pod and cause. */
  const lastReasons = new Map<PodId, Partial<Record<StopCause, string>>>()

  let lastSwitches: Pick<PolicyRules, 'arePaused' | 'isDryRun'> | null = null

  function record(
    { id: podId, name: podName }: Pod,
    what: string,
    text: string,
    tone: AuditEntry['tone'],
    intent?: AuditIntent,
  ): Result<void, string> {
    const { wallMs: atMs } = clock.now()
    const entry = { atMs, accountId, podId, podName, kind: 'decision', what, text, tone } as const
    return auditLog.record(intent === undefined ? entry : { ...entry, intent })
  }

  function recordOrReport(...entry: Parameters<typeof record>): void {
    const recorded = record(...entry)
    if (!recorded.ok) report('A decision could not be saved', recorded.error)
  }

  function recordRuleChange(what: string, text: string): void {
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
    const recorded = auditLog.record(entry)
    if (!recorded.ok) report('A change of rules could not be saved', recorded.error)
  }

  return {
    recordAction: (pod, text, intent) => record(pod, 'auto-stop', text, 'warning', intent),
    recordBlock(cause, pod, { conditions, text }) {
      if (!mayAnnounce()) return
      const reason = conditions.length > 0 ? conditions.join() : text
      const podReasons = lastReasons.get(pod.id)
      if (podReasons?.[cause] === reason) return
      lastReasons.set(pod.id, { ...podReasons, [cause]: reason })
      recordOrReport(pod, conditions[0] ?? 'auto-stop', `${pod.name}: ${text}`, 'plain')
    },
    clearBlock(cause, podId) {
      const podReasons = lastReasons.get(podId)
      if (podReasons?.[cause] !== undefined) lastReasons.set(podId, { ...podReasons, [cause]: undefined })
    },
    recordCancellation(pod, { plan }, why) {
      if (!mayAnnounce()) return
      recordOrReport(
        pod,
        'called-off',
        `The automatic ${plan.action} of ${pod.name} was canceled, since ${why}.`,
        'good',
      )
    },
    recordSwitches({ arePaused, isDryRun }) {
      const before = lastSwitches
      lastSwitches = { arePaused, isDryRun }
      if (before === null || !mayAnnounce()) return
      if (before.arePaused !== arePaused)
        recordRuleChange(
          'auto-stop-pause',
          arePaused ? 'Automatic stops are paused.' : 'Automatic stops are on again.',
        )
      if (before.isDryRun !== isDryRun)
        recordRuleChange(
          'dry-run',
          isDryRun
            ? 'Dry run is on: automatic stops are only recorded.'
            : 'Dry run is off: automatic stops are carried out.',
        )
    },
    retainPods(podIds) {
      for (const podId of lastReasons.keys()) if (!podIds.has(podId)) lastReasons.delete(podId)
    },
  }
}
