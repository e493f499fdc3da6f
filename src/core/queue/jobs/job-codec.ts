import * as v from 'valibot'
import { afterSuccessChoices, type Job, jobPhases, jobPriorities, type JobSpec } from './job'
import { type AccountId, isPodKey, type PodKey } from '../../pods/pod'

/* Schemas of what is stored in the journal of jobs, and of what windows and commands ask for. */

/** Characters of a command or script. */
export const MAX_COMMAND_CHARS = 32 * 1_024
export const MAX_JOB_NAME_CHARS = 100
export const MAX_JOB_SECONDS = 90 * 86_400

const instant = v.object({ wallMs: v.number(), monotonicMs: v.number(), runId: v.string() })
const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1_000_000))
/** A line of text. */
export const ONE_LINE = /^[^\p{Cc}\p{Cs}\u2028\u2029]*$/u
const line = (maxChars: number) =>
  v.pipe(v.string(), v.minLength(1), v.maxLength(maxChars), v.regex(ONE_LINE))
export const jobIdSchema = v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/))
const path = v.pipe(v.string(), v.minLength(1), v.maxLength(4_096), v.regex(/^[^\0]*$/))
/** A name that the shell of the pod can assign. */
export const variableNameSchema = v.pipe(v.string(), v.regex(/^[A-Za-z_]\w{0,127}$/))

export const podKeySchema = v.custom<PodKey>(
  (value) => typeof value === 'string' && value.length <= 500 && isPodKey(value),
)

const needsSchema = v.strictObject({
  gpuType: v.nullable(line(100)),
  gpuCount: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(64)),
  gpuMemoryGb: v.nullable(v.pipe(v.number(), v.minValue(1), v.maxValue(10_000))),
  label: v.nullable(line(100)),
  accountId: v.nullable(v.pipe(v.string(), v.minLength(1), v.maxLength(200))),
})

const seconds = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_JOB_SECONDS))

/** What a person may ask for. */
export const jobSpecSchema = v.strictObject({
  name: line(MAX_JOB_NAME_CHARS),
  command: v.pipe(
    v.string(),
    v.maxLength(MAX_COMMAND_CHARS),
    v.regex(/^[^\0]*$/),
    v.check((text) => text.trim() !== ''),
  ),
  workingDirectory: v.nullable(v.pipe(path, v.regex(/^[^\n\r]*$/))),
  variableNames: v.pipe(v.array(variableNameSchema), v.maxLength(200)),
  files: v.pipe(v.array(v.strictObject({ name: line(255), path })), v.maxLength(100)),
  resultGlobs: v.pipe(v.array(line(500)), v.maxLength(50)),
  resultsFolder: v.nullable(path),
  needs: needsSchema,
  sharesPod: v.boolean(),
  priority: v.picklist(jobPriorities),
  estimatedSeconds: v.nullable(seconds),
  maxSeconds: seconds,
  retries: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(20)),
  dependsOn: v.pipe(v.array(jobIdSchema), v.maxLength(50)),
  afterSuccess: v.picklist(afterSuccessChoices),
}) satisfies v.GenericSchema<unknown, JobSpec>

/** A change of a job that needs nothing else. `restore` takes a removal back, for a minute. */
export const jobActions = ['hold', 'release', 'cancel', 'retry', 'duplicate', 'remove', 'restore'] as const
export type JobAction = (typeof jobActions)[number]

export const moveTargetSchema = v.union([
  v.strictObject({ beforeJobId: jobIdSchema }),
  v.picklist(['first', 'last']),
])

/** Values of variables by name. They are secrets. */
export const jobVariablesSchema = v.pipe(
  v.record(variableNameSchema, v.pipe(v.string(), v.maxLength(32_768), v.regex(/^[^\0]*$/))),
  v.check((values) => Object.keys(values).length <= 200),
)

const runSchema = v.object({
  id: v.string(),
  podKey: podKeySchema,
  podName: v.string(),
  gpuIndexes: v.nullable(v.array(count)),
  podGpuCount: v.optional(v.nullable(count), null),
  requestedAt: instant,
  podStartedAtMs: v.nullable(v.number()),
  perHourUsd: v.nullable(v.number()),
  startedBy: v.picklist(['person', 'schedule']),
  isUnclear: v.boolean(),
  hasStarted: v.boolean(),
  startedAtMs: v.nullable(v.number()),
  endedAtMs: v.nullable(v.number()),
  exitCode: v.nullable(v.number()),
  unreachableSince: v.nullable(instant),
  isUnreachableAlerted: v.boolean(),
})

const usdPerHour = v.pipe(v.number(), v.finite(), v.minValue(0.01), v.maxValue(10_000))
const accountId = v.pipe(v.string(), v.minLength(1), v.maxLength(200))

const podRequestSchema = v.object({
  id: jobIdSchema,
  accountId,
  presetName: v.nullable(v.string()),
  podKey: v.nullable(podKeySchema),
  maxPerHourUsd: v.number(),
  startedBeforeMs: v.nullable(v.number()),
  requestedAt: instant,
  acceptsNewKey: v.exactOptional(v.literal(true)),
  podStartedAtMs: v.exactOptional(v.number()),
  acceptedKey: v.exactOptional(
    v.object({ algorithm: v.string(), fingerprint: v.string(), acceptedAtMs: v.number() }),
  ),
  state: v.picklist(['open', 'ended', 'unclear']),
})

const jobSchema = v.object({
  id: jobIdSchema,
  spec: jobSpecSchema,
  place: v.number(),
  createdAtMs: v.number(),
  isFromCommandLine: v.boolean(),
  phase: v.picklist(jobPhases),
  phaseAt: instant,
  runCount: count,
  failures: count,
  failedStarts: count,
  run: v.nullable(runSchema),
  isCanceling: v.boolean(),
  followUp: v.nullable(v.picklist(['results', 'stop'])),
  message: v.nullable(v.string()),
  podRequest: v.optional(v.nullable(podRequestSchema), null),
}) satisfies v.GenericSchema<unknown, Job>

/** A stopped pod may be started for a job. */
export interface StartRule {
  readonly podKey: PodKey
  /** What it may cost, USD per hour with its disks. */
  readonly maxPerHourUsd: number
  /** The host key that it shows first after such a start is accepted. Absent: a person has to. */
  readonly acceptsNewKey?: true
}

/** A pod may be created for a job, one at a time. */
export interface CreateRule {
  readonly accountId: AccountId
  readonly presetName: string
  /** Of the content of the preset when a person allowed it: another preset of that name creates nothing. */
  readonly digest: string
  readonly maxPerHourUsd: number
  /** As for a stopped pod. */
  readonly acceptsNewKey?: true
}

/** Where jobs may be started automatically, and for how long the rest of the program asks before it does. */
export interface ScheduleRules {
  /** Pods and accounts with auto-schedule on. */
  readonly podKeys: readonly PodKey[]
  readonly accountIds: readonly string[]
  /** Nothing is suggested or started; what runs goes on. */
  readonly isPaused: boolean
  /** Of pods with auto-schedule on. Absent: no pod is started for a job. */
  readonly starts?: readonly StartRule[]
  /** Of accounts with auto-schedule on. Absent: no pod is created for a job. */
  readonly creates?: readonly CreateRule[]
}

export const noSchedule: ScheduleRules = { podKeys: [], accountIds: [], isPaused: false }

const acceptsNewKey = v.exactOptional(v.literal(true))

export const scheduleRulesSchema = v.strictObject({
  podKeys: v.pipe(v.array(podKeySchema), v.maxLength(1_000)),
  accountIds: v.pipe(v.array(accountId), v.maxLength(1_000)),
  isPaused: v.boolean(),
  starts: v.exactOptional(
    v.pipe(
      v.array(v.strictObject({ podKey: podKeySchema, maxPerHourUsd: usdPerHour, acceptsNewKey })),
      v.maxLength(1_000),
    ),
  ),
  creates: v.exactOptional(
    v.pipe(
      v.array(
        v.strictObject({
          accountId,
          presetName: line(200),
          digest: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
          maxPerHourUsd: usdPerHour,
          acceptsNewKey,
        }),
      ),
      v.maxLength(200),
    ),
  ),
}) satisfies v.GenericSchema<unknown, ScheduleRules>

/** The version of the lines of the journal. A line of a later one is never dropped. */
export const QUEUE_FORMAT = 1

/** One line of the journal: the state of a job, that it was removed, or the rules. */
export type QueueRecord =
  | { readonly id: string; readonly format: number; readonly kind: 'job'; readonly job: Job }
  | { readonly id: string; readonly format: number; readonly kind: 'removed' }
  | {
      readonly id: string
      readonly format: number
      readonly kind: 'rules'
      readonly rules: ScheduleRules
      readonly newKeys?: NewKeyRules
    }

/**
 * Which rules accept a new host key. It stands beside the rules, because programs that don't know it would take rules with
 * more in them for damage; to these, none does.
 */
interface NewKeyRules {
  readonly podKeys: readonly PodKey[]
  readonly presets: readonly Pick<CreateRule, 'accountId' | 'presetName'>[]
}

const RULES_ID = 'rules'

export const jobRecord = (job: Job): QueueRecord => ({ id: job.id, format: QUEUE_FORMAT, kind: 'job', job })
export const removalRecord = (id: string): QueueRecord => ({ id, format: QUEUE_FORMAT, kind: 'removed' })

export function rulesRecord(rules: ScheduleRules): QueueRecord {
  const { starts = [], creates = [] } = rules
  const newKeys: NewKeyRules = {
    podKeys: starts.flatMap(({ podKey, acceptsNewKey: isOn }) => (isOn ? [podKey] : [])),
    presets: creates.flatMap(({ accountId: id, presetName, acceptsNewKey: isOn }) =>
      isOn ? [{ accountId: id, presetName }] : [],
    ),
  }
  const hasAny = newKeys.podKeys.length + newKeys.presets.length > 0
  const plain = hasAny ? withNewKeys(rules, { podKeys: [], presets: [] }) : rules
  const record = { id: RULES_ID, format: QUEUE_FORMAT, kind: 'rules', rules: plain } as const
  return hasAny ? { ...record, newKeys } : record
}

/** The rules of a record. */
export const rulesOf = ({ rules, newKeys }: Extract<QueueRecord, { kind: 'rules' }>): ScheduleRules =>
  newKeys === undefined ? rules : withNewKeys(rules, newKeys)

function withNewKeys(rules: ScheduleRules, { podKeys, presets }: NewKeyRules): ScheduleRules {
  const { starts, creates } = rules
  const isPreset = (rule: CreateRule): boolean =>
    presets.some((one) => one.accountId === rule.accountId && one.presetName === rule.presetName)
  return {
    ...rules,
    ...(starts && { starts: starts.map((rule) => withNewKey(rule, podKeys.includes(rule.podKey))) }),
    ...(creates && { creates: creates.map((rule) => withNewKey(rule, isPreset(rule))) }),
  }
}

/** The rule with the choice on or off. */
export function withNewKey<T extends StartRule | CreateRule>(
  { acceptsNewKey: _before, ...rule }: T,
  isOn: boolean,
): T {
  return (isOn ? { ...rule, acceptsNewKey: true } : rule) as T
}

const format = v.literal(QUEUE_FORMAT)
const recordSchema = v.variant('kind', [
  v.pipe(
    v.object({ id: jobIdSchema, format, kind: v.literal('job'), job: jobSchema }),
    v.check(({ id, job }) => id === job.id),
  ),
  v.object({ id: jobIdSchema, format, kind: v.literal('removed') }),
  v.object({
    id: v.literal(RULES_ID),
    format,
    kind: v.literal('rules'),
    rules: scheduleRulesSchema,
    newKeys: v.exactOptional(
      v.object({
        podKeys: v.array(podKeySchema),
        presets: v.array(v.object({ accountId, presetName: v.string() })),
      }),
    ),
  }),
])

/** A line of the journal; null for one that is damaged. */
export function parseQueueRecord(value: unknown): QueueRecord | null {
  const parsed = v.safeParse(recordSchema, value)
  return parsed.success ? parsed.output : null
}

const laterSchema = v.object({ format: v.pipe(v.number(), v.integer(), v.minValue(QUEUE_FORMAT + 1)) })

/** Whether a later version wrote the line. */
export const isOfLaterFormat = (value: unknown): boolean => v.is(laterSchema, value)
