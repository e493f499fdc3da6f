import type * as v from 'valibot'
import type { AccountDetails, ApiPodDetails } from '../../../core/pods-api/account-details'
import type { ApiPodBody, obstacleSchema, podRulesReplySchema } from '../../../core/pods-api/api-schemas'
import type { ApiLab, ApiPodStatus } from '../../../core/pods-api/api-types'
import { isGpuOfType } from '../../../core/pods/gpu-type'
import type { Provider } from '../../../core/pods/provider'
import { labGpuTypes } from '../../../core/pods/pod-request'

/** An account as a lab of the Pods API. */
export interface ServedAccount extends ApiLab {
  readonly name: string
  /** The id of the lab that it is at Hubify; null: it is none. */
  readonly hubifyLabId: string | null
  /** Null: only another program has its key. */
  readonly provider: Provider | null
}

/** "dark-energy" of "Dark energy". `taken`: those of other accounts. */
export function slugOf(name: string, taken: readonly string[]): string {
  const base =
    name
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-+|-+$/g, '')
      .slice(0, 60) || 'account'
  for (let number = 1; ; number += 1) {
    const slug = number === 1 ? base : `${base}-${number}`
    if (!taken.includes(slug)) return slug
  }
}

/** By id, the id of its lab, slug or name. */
export function findServed(accounts: readonly ServedAccount[], query: string): ServedAccount | null {
  const typed = query.trim().toLowerCase()
  return (
    accounts.find(({ id, hubifyLabId }) => id === query || hubifyLabId === query) ??
    accounts.find(({ slug }) => slug === typed) ??
    accounts.find(({ name }) => name.toLowerCase() === typed) ??
    null
  )
}

/** Pods of a cloud get a document id, as the page shows it; those of a lab have one. */
export const documentIdOf = (account: ServedAccount, pod: Pick<ApiPodDetails, 'id'>): string =>
  account.hubifyLabId === null ? `pod_${pod.id}` : pod.id

export const statusOf = ({ phase }: Pick<ApiPodDetails, 'phase'>): ApiPodStatus => phase

/** `H200`, `H100` or `A100`, and the hardware's own name for everything else. */
export function gpuTypeOf({ gpuName, gpuCount }: Pick<ApiPodDetails, 'gpuName' | 'gpuCount'>): string {
  if (gpuName === null) return gpuCount === 0 ? 'CPU' : 'unknown'
  return labGpuTypes.find((type) => isGpuOfType(gpuName, type)) ?? gpuName
}

/** The pod as it is replied. What is not known is absent. */
export function podBody(account: ServedAccount, pod: ApiPodDetails): ApiPodBody {
  const { verdict, ssh } = pod
  const cloudId = account.hubifyLabId === null ? pod.id : pod.cloudPodId
  const isRunning = pod.phase === 'running'
  return {
    _id: documentIdOf(account, pod),
    labId: account.hubifyLabId ?? account.id,
    name: pod.name,
    provider: 'runpod',
    ...(cloudId !== null && { runpodPodId: cloudId }),
    gpuType: gpuTypeOf(pod),
    gpuCount: pod.gpuCount,
    status: statusOf(pod),
    ...(pod.statusReason !== null && { statusReason: pod.statusReason }),
    ...(ssh !== null && { sshHost: ssh.host, sshPort: ssh.port }),
    ...(pod.costPerHourUsd !== null && { hourlyCostUsd: pod.costPerHourUsd }),
    ...(pod.createdAtMs !== null && { createdAt: Math.round(pod.createdAtMs) }),
    ...(pod.startedAtMs !== null && { startedAt: Math.round(pod.startedAtMs) }),
    ...(pod.maxHours !== null && { maxHours: pod.maxHours }),
    ...(pod.terminatesAtMs !== null && { terminatesAt: Math.round(pod.terminatesAtMs) }),
    ...(isRunning && pod.gpuUtilPercent !== null && { gpuUtilization: pod.gpuUtilPercent }),
    ...(isRunning && pod.gpuMemoryPercent !== null && { memoryUtilization: pod.gpuMemoryPercent }),
    ...(isRunning && verdict.idleForMs !== null && { idleMinutes: Math.floor(verdict.idleForMs / 60_000) }),
    ...(isRunning && {
      verdict: {
        state: verdict.state,
        reason: verdict.reason,
        since: verdict.sinceMs === null ? null : Math.round(verdict.sinceMs),
      },
    }),
    ...(pod.openAction !== null && { pendingAction: pod.openAction }),
    rules: rulesInEffect(pod),
    ...(pod.nextStop && { nextStop: pod.nextStop }),
  }
}

/** The pod's rules as they are replied. */
export const rulesBody = (
  account: ServedAccount,
  pod: ApiPodDetails,
): v.InferOutput<typeof podRulesReplySchema> => ({
  podId: documentIdOf(account, pod),
  ...rulesInEffect(pod),
})

const rulesInEffect = (pod: ApiPodDetails): NonNullable<ApiPodBody['rules']> => ({
  isAutoStopEnabled: pod.isAutoStopEnabled,
  keepRunning: pod.keepOn && {
    until: pod.keepOn.untilMs === null ? null : Math.round(pod.keepOn.untilMs),
    ...(pod.keepOn.by !== undefined && { by: pod.keepOn.by }),
  },
  rules: pod.rules,
  ...(pod.ruleOrigins && { origins: pod.ruleOrigins }),
})

/** An obstacle as it is replied. */
export const obstacleBody = (
  account: ServedAccount,
  { podId, podName, sinceMs, ...obstacle }: AccountDetails['obstacles'][number],
): v.InferOutput<typeof obstacleSchema> => ({
  ...obstacle,
  ...(podId !== null && { podId: documentIdOf(account, { id: podId }) }),
  ...(podName !== null && { podName }),
  since: Math.round(sinceMs),
})

export interface FoundApiPod {
  readonly account: ServedAccount
  readonly pod: ApiPodDetails
}

/** An account with what was read of it. */
export interface ReadAccount {
  readonly account: ServedAccount
  readonly details: AccountDetails
}
