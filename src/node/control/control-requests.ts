import * as v from 'valibot'
import { isObject } from '../../core/base/parse-json'
import type { CreateIntent } from '../../core/creation/create-intent'
import { type CreatePlan, createPlanSchema } from '../../core/creation/create-plan'
import { type ConfigChange, configChangeSchema } from '../../core/configuration/config-change'
import { changeFields } from '../../core/changes/change-field'
import type { ChangeResult } from '../../core/changes/change-runner'
import type { PodEdit, ShownConfiguration } from '../../core/changes/pod-edit'
import type { VolumeChange } from '../../core/changes/volume-change'
import type { ShownEndpoint } from '../../core/endpoints/endpoint-view'
import { type Environment, environmentSchema } from '../../core/pods/pod-request'
import type { ConfirmationPurpose } from '../../core/confirmation/confirmation'
import type { AccountGuardView, PodGuardView } from '../../core/guard/guard-view'
import { type IntentAction, type Intent, stopCauses } from '../../core/intents/intent'
import {
  type AutoStopMode,
  autoStopModes,
  type KeepOn,
  type KeepOnChoice,
  keepOnChoices,
  type PodRuleChanges,
  ruleOriginsSchema,
} from '../../core/pod-rules/pod-rules'
import { parsePodRules } from '../../core/pod-rules/pod-rules-codec'
import { podActions, type PowerAction, powerActions } from '../../core/pods/pod'
import { containerViewSchema } from '../../core/containers/container-view'
import { progressSchema } from '../../core/logs/parse-progress'
import type { ConnectionView } from '../../core/polling/connection'
import type { PodView } from '../../core/view/snapshot'
import type { NextStop } from '../../core/view/stops/next-stops'
import type { SettingValue } from '../../core/settings/definitions/typed-value'
import type { Result } from '../../core/base/result'
import type { SocketOperationName } from '../../shared/operations/socket-operations'
import type { SnapshotText } from '../../shared/snapshot-text'
import { settingValueSchema, sharedArguments } from '../../shared/requests/shared-arguments'
import { id, ms, nothing, text } from './control-fields'
import { type ApiControlRequests, apiReplySchemas, apiRequestSchemas } from './api-control'
import { type GuardControlRequests, guardReplySchemas, guardRequestSchemas } from './guard-control'
import { type QueueControlRequests, queueReplySchemas, queueRequestSchemas } from './queue-control'

/*
 * What one Podkeeper may ask of the one that holds the data folder. A new request is a row in the table of operations,
 * and a line each in `ControlRequests`, `requestSchemas` and `replySchemas`. It never carries a key. See
 * docs/decisions/0020.
 */

export interface ControlRequests extends QueueControlRequests, ApiControlRequests, GuardControlRequests {
  /** The account after a poll that is not older than a few seconds, where one succeeds. */
  account: () => ControlledAccountView
  /** The same as a program of the same version draws it. */
  snapshot: () => SnapshotText
  /** Schedules the action. Its steps follow as events. `isImmediate`: it is sent without time to undo it. */
  act: (podId: string, action: PowerAction, isImmediate: boolean) => void
  /** Starts the pod once a GPU is free. Its steps follow as events. */
  startWhenFree: (podId: string) => void
  undo: (intentId: string) => void
  /** Creates a pod. Its steps follow as events. Replies with the id of the create. */
  createPod: (plan: CreatePlan, environment: Environment) => string
  /** Takes a create back while nothing was sent, or ends its tries. */
  undoCreate: (createId: string) => void
  /** Changes a network volume, once that was confirmed there. */
  changeVolume: (change: VolumeChange) => ChangeResult
  /** Sets the minimum of an endpoint to 0, once that was confirmed there. */
  setMinimumToZero: (shown: ShownEndpoint) => ChangeResult
  /** Edits a pod, once that was confirmed there. See `ChangeRequests.editPod`. */
  editPod: (podId: string, edit: PodEdit, shown: ShownConfiguration | null) => ChangeResult
  /** Reads the pod again, and says what has to be confirmed. */
  askConfirmation: (podId: string, purpose: ConfirmationPurpose) => ControlQuestion
  /** Does what was asked about if `typed` matches and the pod is unchanged. Its steps follow as events. */
  answerConfirmation: (token: string, typed: string) => void
  /** Null ends it. */
  keepOn: (podId: string, choice: KeepOnChoice | null) => void
  changePodRules: (podId: string, changes: PodRuleChanges) => void
  /** Which pods of the account may be stopped automatically. */
  setAutoStop: (mode: Exclude<AutoStopMode, 'undecided'>) => void
  settings: () => Readonly<Record<string, SettingValue>>
  changeSetting: (name: string, value: SettingValue) => void
  resetSetting: (name: string) => void
  /** Changes settings and rules of several accounts: all or nothing. */
  applyConfig: (change: ConfigChange) => void
}

export type ControlRequestName = keyof ControlRequests

/** An account as a command line needs it. */
export interface ControlledAccountView {
  /** Unix ms. */
  readonly atMs: number
  readonly connection: ConnectionView
  readonly guard: AccountGuardView
  readonly pods: readonly ControlledPodView[]
  readonly stops: readonly NextStop[]
}

export interface ControlledPodView
  extends
    Pick<
      PodView,
      'id' | 'name' | 'phase' | 'actions' | 'hardware' | 'costPerHourUsd' | 'progress' | 'container'
    >,
    Pick<PodGuardView, 'rules' | 'ruleOrigins' | 'isAutoStopEnabled'> {
  /** What texts call the service that shows it. */
  readonly service: string
  /** What a stop does to its data, as a sentence. */
  readonly stopImpactText: string
  /** Whether a stop certainly keeps some of its data. */
  readonly isDataKept: boolean
  /** The action under way; null: none. */
  readonly openAction: IntentAction | null
  /** In effect now. */
  readonly keepOn: KeepOn | null
}

/** What has to be typed to confirm an action, and what it does. */
export interface ControlQuestion {
  readonly token: string
  readonly title: string
  readonly lines: readonly string[]
  readonly label: string
}

/** Why a request was not carried out. `message` is a sentence for display. */
export interface ControlRefusal {
  readonly code: (typeof refusalCodes)[number]
  readonly message: string
}

export const refusalCodes = [
  'failed',
  /** The pod could not be read. */
  'unreachable',
  /** The program watches another account, or none. */
  'other-account',
  /** There were too many, or it came too late: it may be sent again. */
  'rejected',
  /** The connection ended before the reply, so it is not known whether it was carried out. */
  'lost',
] as const

export type ControlReply<K extends ControlRequestName> = Result<
  ReturnType<ControlRequests[K]>,
  ControlRefusal
>

export type ControlHandlers = {
  readonly [K in ControlRequestName]: (...args: Parameters<ControlRequests[K]>) => Promise<ControlReply<K>>
}

/** How requests are carried out. The session makes an error that is a sentence a refusal with the code `failed`. */
export type ControlActions = {
  readonly [K in ControlRequestName]: (
    ...args: Parameters<ControlRequests[K]>
  ) => Promise<Result<ReturnType<ControlRequests[K]>, ControlRefusal | string>>
}

/** What follows a request that started something. */
export interface ControlEvents {
  /** An action on a pod that this connection acted on began, advanced or ended. */
  onIntent(intent: Intent): void
  /** A create that this connection asked for began, advanced or ended. */
  onCreate(create: CreateIntent): void
  onConnection(connection: ConnectionView): void
}

export const requestSchemas = {
  account: v.strictTuple([]),
  snapshot: v.strictTuple([]),
  act: v.strictTuple([id, v.picklist(powerActions), v.boolean()]),
  startWhenFree: v.strictTuple([id, ...sharedArguments.startWhenFree]),
  undo: v.strictTuple([id]),
  createPod: v.strictTuple([createPlanSchema, environmentSchema]),
  undoCreate: v.strictTuple([id]),
  changeVolume: v.strictTuple([...sharedArguments.changeVolume]),
  setMinimumToZero: v.strictTuple([...sharedArguments.setMinimumToZero]),
  editPod: v.strictTuple([id, ...sharedArguments.editPod]),
  askConfirmation: v.strictTuple([id, v.picklist(['terminate', 'terminate-at-max-hours'])]),
  answerConfirmation: v.strictTuple([id, v.pipe(v.string(), v.maxLength(1_000))]),
  keepOn: v.strictTuple([id, v.nullable(v.picklist(keepOnChoices))]),
  changePodRules: v.strictTuple([id, ...sharedArguments.changePodRules]),
  setAutoStop: v.strictTuple([...sharedArguments.setAutoStop]),
  settings: v.strictTuple([]),
  changeSetting: v.strictTuple([...sharedArguments.changeSetting]),
  resetSetting: v.strictTuple([...sharedArguments.resetSetting]),
  applyConfig: v.strictTuple([configChangeSchema]),
  ...queueRequestSchemas,
  ...apiRequestSchemas,
  ...guardRequestSchemas,
} satisfies ControlSchemasOf<SocketOperationName> satisfies ControlSchemasOf<ControlRequestName>

type ControlSchemasOf<Name extends ControlRequestName> = {
  readonly [K in Name]: v.GenericSchema<unknown, Parameters<ControlRequests[K]>>
}

export const connectionSchema = v.variant('kind', [
  v.object({ kind: v.picklist(['no-account', 'connecting']) }),
  v.object({ kind: v.literal('live'), slowedToMs: v.exactOptional(ms) }),
  v.object({ kind: v.picklist(['offline', 'unreadable']), sinceMs: ms, nextTryAtMs: ms, failure: text }),
  v.object({ kind: v.literal('rate-limited'), untilMs: ms }),
  v.object({ kind: v.literal('key-doubted'), atMs: ms, retryAtMs: ms }),
  v.object({ kind: v.literal('key-refused'), firstAtMs: ms, againAtMs: ms, nextTryAtMs: ms }),
  v.object({ kind: v.literal('forbidden'), atMs: ms, failure: text }),
])

const podSchema = v.object({
  id: text,
  name: text,
  phase: v.picklist(['creating', 'running', 'stopped', 'error', 'terminated', 'unknown']),
  actions: v.array(v.picklist(podActions)),
  hardware: v.nullable(text),
  costPerHourUsd: v.nullable(v.number()),
  service: text,
  stopImpactText: text,
  isDataKept: v.boolean(),
  openAction: v.nullable(v.picklist(podActions)),
  rules: v.pipe(
    v.custom<Record<string, unknown>>(isObject),
    v.transform((raw) => parsePodRules(raw).rules),
  ),
  ruleOrigins: v.exactOptional(ruleOriginsSchema),
  isAutoStopEnabled: v.boolean(),
  keepOn: v.nullable(v.object({ sinceMs: ms, untilMs: v.nullable(ms) })),
  progress: v.exactOptional(progressSchema),
  container: v.exactOptional(containerViewSchema),
})

const stopSchema = v.object({
  podId: text,
  podName: text,
  state: v.picklist(['planned', 'expected', 'held', 'waiting', 'by-service']),
  cause: v.picklist([...stopCauses, 'service-idle', 'service-max-runtime']),
  action: v.picklist(['stop', 'terminate']),
  atMs: v.nullable(ms),
  text,
})

const changeResultSchema: v.GenericSchema<unknown, ChangeResult> = v.variant('kind', [
  v.object({ kind: v.picklist(['done', 'unclear']), message: text }),
  v.object({ kind: v.literal('refused'), message: text, field: v.nullable(v.picklist(changeFields)) }),
])

export const replySchemas = {
  account: v.object({
    atMs: ms,
    connection: connectionSchema,
    guard: v.object({
      autoStop: v.picklist(autoStopModes),
      areAutoStopsPaused: v.boolean(),
      isDryRun: v.boolean(),
    }),
    pods: v.array(podSchema),
    stops: v.array(stopSchema),
  }),
  snapshot: v.object({ pods: v.array(v.string()), rest: v.string() }),
  act: nothing,
  startWhenFree: nothing,
  undo: nothing,
  createPod: id,
  undoCreate: nothing,
  changeVolume: changeResultSchema,
  setMinimumToZero: changeResultSchema,
  editPod: changeResultSchema,
  askConfirmation: v.object({ token: id, title: text, lines: v.array(text), label: text }),
  answerConfirmation: nothing,
  keepOn: nothing,
  changePodRules: nothing,
  setAutoStop: nothing,
  settings: v.record(v.string(), settingValueSchema),
  changeSetting: nothing,
  resetSetting: nothing,
  applyConfig: nothing,
  ...queueReplySchemas,
  ...apiReplySchemas,
  ...guardReplySchemas,
} satisfies { [K in ControlRequestName]: v.GenericSchema }
