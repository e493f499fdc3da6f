import * as v from 'valibot'
import type { AccountId } from '../../core/pods/pod'
import type { LabSettings } from '../../core/pods/provider'
import { idSchema } from './field-schemas'
import { type LabPodChoice, labPodChoiceSchema } from '../../core/pods/pod-request'

/** Variables that main keeps for the next pod. */
export interface PastedEnvironment {
  readonly id: string
  readonly names: readonly string[]
}

export type CreatedLabPod = { readonly kind: 'created' } | { readonly kind: 'declined' }

/** The part of the contract for labs of Hubify. */
export interface LabRequestsOfWindows {
  /** Changes settings that apply at Hubify, with exactly one request, and returns what it answered. */
  changeLabSettings: (accountId: AccountId, changes: LabSettings) => LabSettings
  /** Opens the web app of the account's provider in the browser, once the person agreed where it is not Hubify's own. */
  openWebApp: (accountId: AccountId) => void
  /** Reads variables from the clipboard and keeps them for the next pod. Their values never enter a window. */
  pasteEnvironment: () => PastedEnvironment
  /** Creates a pod once that was confirmed in the app's own window, since it costs money. */
  createLabPod: (accountId: AccountId, choice: LabPodChoice, environmentId: string | null) => CreatedLabPod
}

export const labRequestSchemas = {
  changeLabSettings: v.tuple([
    idSchema,
    v.strictObject({
      idleAlertMinutes: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_440))),
      isAutoScheduled: v.exactOptional(v.boolean()),
    }),
  ]),
  openWebApp: v.tuple([idSchema]),
  pasteEnvironment: v.tuple([]),
  createLabPod: v.tuple([idSchema, labPodChoiceSchema, v.nullable(idSchema)]),
} satisfies {
  [K in keyof LabRequestsOfWindows]: v.GenericSchema<unknown, Parameters<LabRequestsOfWindows[K]>>
}
