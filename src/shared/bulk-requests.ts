import * as v from 'valibot'
import { type KeepOnChoice, keepOnChoices } from '../core/pod-rules/pod-rules'
import type { PodKey } from '../core/pods/pod'
import { MAX_BULK_PODS } from './limits'
import { podKeySchema } from './pod-key'

/** Why a request did not succeed for one of the pods, as a sentence. */
export interface PodFailure {
  readonly key: PodKey
  readonly message: string
}

/** One request for many pods, at most `MAX_BULK_PODS`. Each returns the pods for which it failed. */
export interface BulkRequests {
  /** Stops each as `act` does. */
  stopPods: (podKeys: readonly PodKey[]) => readonly PodFailure[]
  keepPodsOn: (podKeys: readonly PodKey[], choice: KeepOnChoice) => readonly PodFailure[]
  /** Selects or deselects them for automatic stops; null: as their account says. */
  selectForAutoStop: (podKeys: readonly PodKey[], isAutoStopped: boolean | null) => readonly PodFailure[]
}

const podKeys = v.pipe(v.array(podKeySchema), v.minLength(1), v.maxLength(MAX_BULK_PODS))

export const bulkRequestSchemas = {
  stopPods: v.tuple([podKeys]),
  keepPodsOn: v.tuple([podKeys, v.picklist(keepOnChoices)]),
  selectForAutoStop: v.tuple([podKeys, v.nullable(v.boolean())]),
} satisfies { [K in keyof BulkRequests]: v.GenericSchema<unknown, Parameters<BulkRequests[K]>> }
