import type { AccountContext } from '../pod-rules/account-context'
import { type ArmedGuard, podRulesOf } from '../pod-rules/pod-rules'
import type { Pod } from '../pods/pod'
import type { GuardReading } from './guard-in-pod-view'

/** Whether a stop from here explains that the run of the pod which began at `startedAtMs` ended. */
export type WasStoppedHere = (pod: Pod, startedAtMs: number | null) => boolean

/**
 * Keeps what is known of a guard that may stop its pod, so that a program that starts after the stop can name it. It is
 * kept for that run of the pod, until a stop from here explains its end.
 */
export function keepArmedGuard(
  { accountId, accountRules, report }: AccountContext,
  pod: Pod,
  reading: GuardReading | null,
  wasStoppedHere: WasStoppedHere,
): void {
  const { podGuard, armedGuard: known } = podRulesOf(accountRules.load(accountId), pod.id)
  const isExplained = known !== undefined && pod.phase === 'stopped' && wasStoppedHere(pod, known.startedAtMs)
  const next = podGuard !== 'stop' || isExplained ? undefined : armedGuardOf(pod, reading, known)
  if (known?.startedAtMs === next?.startedAtMs && known?.idleLimitS === next?.idleLimitS) return
  const written = accountRules.update(accountId, (before) => {
    const { armedGuard: _, ...others } = podRulesOf(before, pod.id)
    const podRules = { ...others, ...(next !== undefined && { armedGuard: next }) }
    return { ...before, pods: { ...before.pods, [pod.id]: podRules } }
  })
  if (!written.ok) report('That a guard in a pod is armed was not saved', written.error)
}

function armedGuardOf(
  { phase, startedAtMs }: Pod,
  reading: GuardReading | null,
  known: ArmedGuard | undefined,
): ArmedGuard | undefined {
  if (phase !== 'running' || startedAtMs === null) return known
  const status = reading?.startedAtMs === startedAtMs ? reading.report.status : null
  if (status === null) return known?.startedAtMs === startedAtMs ? known : undefined
  return status.isArmed ? { startedAtMs, idleLimitS: status.idleLimitS } : undefined
}
