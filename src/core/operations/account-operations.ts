import { ok, type Result } from '../base/result'
import type { ChangeResult } from '../changes/change-runner'
import type { PodEdit, ShownConfiguration } from '../changes/pod-edit'
import type { VolumeChange } from '../changes/volume-change'
import type { CreatePlan } from '../creation/create-plan'
import type { ShownEndpoint } from '../endpoints/endpoint-view'
import type { Monitor } from '../monitor/monitor-types'
import { changePodGuard, type PodGuardChange } from '../pod-guard/pod-guard-change'
import type { AutoStopMode, KeepOnChoice, PodRuleChanges } from '../pod-rules/pod-rules'
import type { PodId, PowerAction } from '../pods/pod'
import type { Environment } from '../pods/pod-request'

/** Who asks. Absent fields: a person, in the app. */
export interface OperationRequester {
  readonly isFromCommandLine?: boolean
  /** Where sudo says so. */
  readonly personName?: string
}

/**
 * What windows, the tray and commands may ask of an account alike. Whoever asks had a person agree where the table of
 * operations says so. Errors are sentences.
 */
export interface AccountOperations {
  act(podId: PodId, action: PowerAction, isImmediate?: boolean): Result<void, string>
  startWhenFree(podId: PodId): Result<void, string>
  undo(intentId: string): Result<void, string>
  /** Returns the id of the create. */
  createPod(plan: CreatePlan, environment: Environment): Result<string, string>
  changeVolume(change: VolumeChange): Promise<Result<ChangeResult, string>>
  /** See `ChangeRequests.setMinimumToZero`. */
  setMinimumToZero(shown: ShownEndpoint): Promise<Result<ChangeResult, string>>
  /** See `ChangeRequests.editPod`. */
  editPod(
    podId: PodId,
    edit: PodEdit,
    shown: ShownConfiguration | null,
  ): Promise<Result<ChangeResult, string>>
  /** Null ends it. */
  keepOn(podId: PodId, choice: KeepOnChoice | null): Result<void, string>
  changePodRules(podId: PodId, changes: PodRuleChanges): Result<void, string>
  setAutoStop(mode: Exclude<AutoStopMode, 'undecided'>): Result<void, string>
  changePodGuard(podId: PodId, change: PodGuardChange): Promise<Result<void, string>>
}

export const accountOperationNames = [
  'act',
  'startWhenFree',
  'undo',
  'createPod',
  'changeVolume',
  'setMinimumToZero',
  'editPod',
  'keepOn',
  'changePodRules',
  'setAutoStop',
  'changePodGuard',
] as const satisfies readonly (keyof AccountOperations)[]

export function accountOperations(monitor: Monitor, by: OperationRequester = {}): AccountOperations {
  const { isFromCommandLine = false, personName } = by
  return {
    act: (podId, action, isImmediate = false) => monitor.act(podId, action, { ...by, isImmediate }),
    startWhenFree: (podId) => monitor.waitForGpu(podId, by),
    undo: (intentId) => monitor.undo(intentId),
    createPod: (plan, environment) =>
      monitor.createPod(
        personName === undefined ? plan : { ...plan, personName },
        environment,
        isFromCommandLine,
      ),
    changeVolume: async (change) => ok(await monitor.changeVolume(change, isFromCommandLine)),
    setMinimumToZero: async (shown) => ok(await monitor.setMinimumToZero(shown, isFromCommandLine)),
    editPod: async (podId, edit, shown) => ok(await monitor.editPod(podId, edit, shown, isFromCommandLine)),
    keepOn: (podId, choice) => (choice === null ? monitor.endKeepOn(podId) : monitor.keepOn(podId, choice)),
    changePodRules: (podId, changes) => monitor.changePodRules(podId, changes),
    setAutoStop: (mode) => monitor.setAutoStop(mode),
    changePodGuard: (podId, change) => changePodGuard(monitor, podId, change),
  }
}
