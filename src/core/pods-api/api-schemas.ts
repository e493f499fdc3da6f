import * as v from 'valibot'
import {
  autoStopModes,
  groupRuleNames,
  keepOnChoices,
  podRuleChangesSchema,
  podRulesSchema,
  ruleOriginsSchema,
} from '../pod-rules/pod-rules'
import { nextStopSchema } from '../guard/served-next-stop'
import { labGpuTypes } from '../pods/pod-request'
import { tokenGuardChanges } from './access/token-pod-changes'
import { MAX_JOB_SECONDS, ONE_LINE } from '../queue/jobs/job-spec'

/*
 * The objects of the Pods API. The OpenAPI document is generated from these schemas, and tests hold replies to them.
 * Times are Unix ms unless they are called otherwise, money is USD. What isn't known is absent.
 */

const text = v.string()
const ms = v.pipe(v.number(), v.integer())
const usd = v.number()
const percent = v.number()
const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const wholeNumber = v.pipe(v.number(), v.integer(), v.minValue(1))

const MAX_BODY_TEXT = 4_000
const bodyText = v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_BODY_TEXT))
const variableName = v.pipe(v.string(), v.regex(/^[A-Za-z_][A-Za-z0-9_]{0,199}$/))

/** The body of `POST /pods`. A field that isn't known is refused: a misspelt limit would be none. */
export const createSchema = v.strictObject({
  labId: bodyText,
  gpuType: v.picklist(labGpuTypes),
  gpuCount: v.optional(v.pipe(wholeNumber, v.maxValue(8)), 1),
  maxHours: v.optional(v.pipe(v.number(), v.gtValue(0), v.maxValue(8_760))),
  image: v.optional(bodyText, 'hubify/base:latest'),
  env: v.optional(v.record(variableName, v.pipe(v.string(), v.maxLength(32_000))), {}),
  volumeSize: v.optional(v.pipe(wholeNumber, v.maxValue(100_000)), 50),
  name: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(100))),
  maxHourlyUsd: v.optional(v.pipe(v.number(), v.gtValue(0), v.maxValue(10_000))),
})
export type ApiCreate = v.InferOutput<typeof createSchema>

/** Why a create is refused that has all its fields; null: it isn't. */
export const createProblem = ({ gpuType, gpuCount }: ApiCreate): string | null =>
  gpuType === 'H200' && gpuCount > 1 ? 'Multi-GPU pods are available for H100 and A100 only' : null

/** The body of `POST /pods/{id}/keep-running`. */
export const keepOnSchema = v.strictObject({ for: v.picklist([...keepOnChoices, 'off']) })
export type ApiKeepOn = v.InferOutput<typeof keepOnSchema>['for']

/** The body of `PATCH /pods/{id}/rules`. A person alone allows the loss of data. */
export const newPodRulesSchema = v.pipe(
  v.omit(podRuleChangesSchema, ['mayLoseData', 'atMaxHours', 'startAt', 'startMaxPerHourUsd']),
  v.minEntries(1, 'name at least one rule'),
)
export type ApiPodRules = v.InferOutput<typeof newPodRulesSchema>

/** The body of `POST /pods/{id}/guard`. */
export const guardWishSchema = v.strictObject({ guard: v.picklist(tokenGuardChanges) })
export type ApiGuardWish = v.InferOutput<typeof guardWishSchema>['guard']

/** The body of `PATCH /labs/{slug}/settings`. At least one of both. */
export const settingsSchema = v.strictObject({
  idleAlertMinutes: v.exactOptional(v.pipe(wholeNumber, v.maxValue(10_080))),
  autoScheduleEnabled: v.exactOptional(v.boolean()),
})
export type ApiSettings = v.InferOutput<typeof settingsSchema>

export const apiPriorities = ['critical', 'high', 'normal', 'low'] as const

/** The body of `POST /experiments`. `command` is what runs on the pod. */
export const newExperimentSchema = v.strictObject({
  labId: bodyText,
  title: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
  command: v.pipe(v.string(), v.minLength(1), v.maxLength(32_000)),
  computeMode: v.optional(v.picklist([...labGpuTypes, 'CPU']), 'CPU'),
  priority: v.optional(v.picklist(apiPriorities), 'normal'),
  estimatedSeconds: v.optional(v.pipe(wholeNumber, v.maxValue(MAX_JOB_SECONDS))),
})
export type ApiNewExperiment = v.InferOutput<typeof newExperimentSchema>

/** Why an experiment is refused that has all its fields; null: it isn't. */
export function experimentProblem({ title, command }: ApiNewExperiment): string | null {
  if (!ONE_LINE.test(title)) return 'title: it must be one line of text'
  if (command.includes('\0')) return 'command: a null character can’t be part of it'
  return command.trim() === '' ? 'command: it is blank' : null
}

export const verdictSchema = v.object({
  state: v.picklist(['busy', 'idle', 'unknown']),
  reason: v.nullable(text),
  since: v.nullable(ms),
})

export const confirmationSchema = v.object({
  id: text,
  status: v.picklist(['pending', 'confirmed', 'expired']),
  expiresAt: ms,
  message: text,
})

/** `rules`: those in effect, its own and those for several pods, which `origins` name. */
const rulesInEffectSchema = v.object({
  isAutoStopEnabled: v.boolean(),
  /** Null: it isn't. `until` null: until canceled. */
  keepRunning: v.nullable(v.object({ until: v.nullable(ms), by: v.exactOptional(text) })),
  rules: v.pick(podRulesSchema, [...groupRuleNames, 'atMaxHours']),
  origins: v.exactOptional(ruleOriginsSchema),
})
export const podRulesReplySchema = v.object({ podId: text, ...rulesInEffectSchema.entries })

export const podSchema = v.object({
  _id: text,
  labId: text,
  name: v.exactOptional(text),
  provider: text,
  runpodPodId: v.exactOptional(text),
  gpuType: text,
  gpuCount: count,
  status: v.picklist(['creating', 'running', 'stopped', 'terminated', 'error', 'unknown']),
  statusReason: v.exactOptional(text),
  sshHost: v.exactOptional(text),
  sshPort: v.exactOptional(count),
  hourlyCostUsd: v.exactOptional(usd),
  createdAt: v.exactOptional(ms),
  startedAt: v.exactOptional(ms),
  maxHours: v.exactOptional(v.number()),
  terminatesAt: v.exactOptional(ms),
  volumeDeletedAt: v.exactOptional(ms),
  gpuUtilization: v.exactOptional(percent),
  memoryUtilization: v.exactOptional(percent),
  idleMinutes: v.exactOptional(count),
  verdict: v.exactOptional(verdictSchema),
  pendingAction: v.exactOptional(v.picklist(['start', 'stop', 'restart', 'terminate'])),
  confirmation: v.exactOptional(confirmationSchema),
  /** As `/rules` replies them. */
  rules: v.exactOptional(rulesInEffectSchema),
  nextStop: v.exactOptional(nextStopSchema),
})
export type ApiPodBody = v.InferOutput<typeof podSchema>

/** `state` is `none` where no guard is wanted. */
export const guardInPodSchema = v.object({
  podId: text,
  state: text,
  text: v.exactOptional(text),
  detail: v.exactOptional(text),
  /** What other computers set in it. */
  others: v.array(v.object({ id: text, name: text, text })),
})

export const sshSchema = v.object({ host: text, port: count, username: text, command: text })

/** What keeps rules from being carried out, or alerts from being shown, now. */
export const obstacleSchema = v.object({
  code: text,
  severity: v.picklist(['critical', 'warning']),
  podId: v.exactOptional(text),
  podName: v.exactOptional(text),
  since: ms,
  title: text,
  why: text,
  help: text,
})

export const labSchema = v.object({
  id: text,
  name: text,
  slug: text,
  template: v.picklist(['cosmology', 'ml', 'biology', 'blank']),
  visibility: v.picklist(['public', 'private']),
  experiment_count: v.exactOptional(count),
  obstacles: v.exactOptional(v.array(obstacleSchema)),
  autoStop: v.exactOptional(v.picklist(autoStopModes)),
  agent_count: count,
  created_at: v.nullable(text),
})

export const labSettingsSchema = v.object({
  labId: text,
  slug: text,
  idleAlertMinutes: v.exactOptional(count),
  autoScheduleEnabled: v.exactOptional(v.boolean()),
})

const experimentCost = v.object({
  experimentId: text,
  title: text,
  status: text,
  costUsd: usd,
  createdAt: ms,
})

export const costsSchema = v.object({
  summary: v.object({
    totalUsd: v.exactOptional(usd),
    isAtLeast: v.exactOptional(v.boolean()),
    gpuUsd: v.exactOptional(usd),
    gpuHours: v.exactOptional(v.number()),
    llmUsd: v.exactOptional(usd),
    storageUsd: v.exactOptional(usd),
    idleUsd: v.exactOptional(usd),
    perHourUsd: v.exactOptional(usd),
    liveRunning: v.object({ costUsd: v.exactOptional(usd), podCount: count }),
  }),
  experiments: v.array(experimentCost),
})

export const monthCostsSchema = v.object({
  month: text,
  totalUsd: v.exactOptional(usd),
  isAtLeast: v.exactOptional(v.boolean()),
  gpuHours: v.exactOptional(v.number()),
  pods: v.array(
    v.object({
      podId: text,
      gpuType: v.exactOptional(text),
      status: v.exactOptional(text),
      gpuHours: v.exactOptional(v.number()),
      costUsd: v.exactOptional(usd),
      idleCostUsd: v.exactOptional(usd),
    }),
  ),
})

export const experimentSchema = v.object({
  _id: text,
  labId: text,
  experimentId: text,
  title: text,
  status: v.picklist(['queued', 'running', 'pass', 'fail', 'blocked']),
  statusText: v.exactOptional(v.nullable(text)),
  computeMode: text,
  priority: v.picklist(apiPriorities),
  estimatedSeconds: v.exactOptional(v.nullable(count)),
  podId: v.exactOptional(text),
  createdAt: ms,
})

export const experimentLogSchema = v.object({ text, sizeBytes: count, isCut: v.boolean() })

export const activitySchema = v.object({
  activity: v.array(
    v.object({
      _id: text,
      labId: text,
      type: text,
      message: text,
      podId: v.exactOptional(v.nullable(text)),
      createdAt: ms,
      computer: v.exactOptional(text),
    }),
  ),
  total: count,
})

export const metaSchema = v.object({ request_id: text, timestamp: text })
export const pageMetaSchema = v.object({
  ...metaSchema.entries,
  next_cursor: v.nullable(text),
  has_more: v.boolean(),
})

export const errorSchema = v.object({ error: v.object({ code: text, message: text, status: count }) })
