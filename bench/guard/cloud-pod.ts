import type { PodPlan } from './account-script'

/** A pod's real state. */
export interface CloudPod {
  readonly plan: PodPlan
  readonly status: 'creating' | 'running' | 'stopped' | 'gone'
  readonly startedAtMs: number
  /** When its container started, which after a restart differs from the pod's start. */
  readonly containerSinceMs: number
}
