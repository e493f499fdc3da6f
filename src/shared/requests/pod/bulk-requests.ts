import * as v from 'valibot'
import { type KeepOnChoice, keepOnChoices } from '../../../core/pod-rules/pod-rules'
import type { AccountId, PodId, PodKey } from '../../../core/pods/pod'
import { MAX_ARMED_PODS, MAX_BULK_PODS } from '../limits'
import { idSchema, podKeySchema } from '../field-schemas'

/** Why a request did not succeed for one of many, by default for one of the pods, as a sentence. */
export interface BulkFailure<Key extends string = PodKey> {
  readonly key: Key
  readonly message: string
}

/** One request for many pods, at most `MAX_BULK_PODS`. Each returns those for which it failed. */
export interface BulkRequests {
  /** Stops each as `act` does. */
  stopPods: (podKeys: readonly PodKey[]) => readonly BulkFailure[]
  keepPodsOn: (podKeys: readonly PodKey[], choice: KeepOnChoice) => readonly BulkFailure[]
  /** Selects or deselects them for automatic stops; null: as their account says. */
  selectForAutoStop: (podKeys: readonly PodKey[], isAutoStopped: boolean | null) => readonly BulkFailure[]
  /**
   * Turns auto-stop on for the selected pods of an account, and selects these of its pods. Confirmed in the app's own
   * window where that arms any. Returns for how many pods it is on; null: the person refused.
   */
  turnOnAutoStop: (accountId: AccountId, podIds: readonly PodId[]) => number | null
  /** Cancels intents as `undo` does, all before one of them can be sent. */
  undoAll: (intentIds: readonly string[]) => readonly BulkFailure<string>[]
}

const listOf = <T>(item: v.GenericSchema<unknown, T>) =>
  v.pipe(v.array(item), v.minLength(1), v.maxLength(MAX_BULK_PODS))
const podKeys = listOf(podKeySchema)

export const bulkRequestSchemas = {
  stopPods: v.tuple([podKeys]),
  keepPodsOn: v.tuple([podKeys, v.picklist(keepOnChoices)]),
  selectForAutoStop: v.tuple([podKeys, v.nullable(v.boolean())]),
  turnOnAutoStop: v.tuple([idSchema, v.pipe(v.array(idSchema), v.maxLength(MAX_ARMED_PODS))]),
  undoAll: v.tuple([listOf(idSchema)]),
} satisfies { [K in keyof BulkRequests]: v.GenericSchema<unknown, Parameters<BulkRequests[K]>> }
