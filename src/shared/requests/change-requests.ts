import * as v from 'valibot'
import type { ChangeResult } from '../../core/changes/change-runner'
import type { PodEdit, ShownConfiguration } from '../../core/changes/pod-edit'
import type { VolumeChange } from '../../core/changes/volume-change'
import type { ShownEndpoint } from '../../core/endpoints/endpoint-view'
import type { Stock, VolumeKind } from '../../core/pods/catalog'
import type { AccountId, PodKey } from '../../core/pods/pod'
import { idSchema, podKeySchema } from './field-schemas'
import { sharedArguments } from './shared-arguments'

/** A data center in which network volumes can be created. */
export interface VolumePlace {
  readonly id: string
  readonly name: string
  readonly kinds: readonly VolumeKind[]
  /** The GPUs there, those in stock first. */
  readonly gpus: readonly { readonly name: string; readonly stock: Stock }[]
}

/** How a pod is set up, as far as it can be edited. It has no values of variables. */
export interface EditablePod {
  readonly configuration: ShownConfiguration
  /** The names of the account's secrets; null: they can't be read. */
  readonly secretNames: readonly string[] | null
}

/** Null: the person declined. */
export type AnsweredChange = ChangeResult | null

/** The part of the contract for network volumes, serverless endpoints and edits of pods. */
export interface ChangeRequestsOfWindows {
  /** Reads the network volumes of an account; the snapshot then shows them. */
  refreshVolumes: (accountId: AccountId) => void
  volumePlaces: (accountId: AccountId) => readonly VolumePlace[]
  /** All but a new name is confirmed in the app's own window first. Nothing is sent twice. */
  changeVolume: (accountId: AccountId, change: VolumeChange) => AnsweredChange
  /** Confirmed in the app's own window first. See `ChangeRequests.setMinimumToZero`. */
  setMinimumToZero: (accountId: AccountId, shown: ShownEndpoint) => AnsweredChange
  editablePod: (podKey: PodKey) => EditablePod
  /** All but a name and a lock is confirmed in the app's own window first. `shown`: see `ChangeRequests.editPod`. */
  editPod: (podKey: PodKey, edit: PodEdit, shown: ShownConfiguration | null) => AnsweredChange
}

export const changeRequestSchemas = {
  refreshVolumes: v.tuple([idSchema]),
  volumePlaces: v.tuple([idSchema]),
  changeVolume: v.tuple([idSchema, ...sharedArguments.changeVolume]),
  setMinimumToZero: v.tuple([idSchema, ...sharedArguments.setMinimumToZero]),
  editablePod: v.tuple([podKeySchema]),
  editPod: v.tuple([podKeySchema, ...sharedArguments.editPod]),
} satisfies {
  [K in keyof ChangeRequestsOfWindows]: v.GenericSchema<unknown, Parameters<ChangeRequestsOfWindows[K]>>
}
