import * as v from 'valibot'
import type { ReadonlyOutput } from '../../base/readonly-output'
import { HOUR_MS } from '../../base/time/time'
import { isPodKey, type PodKey } from '../../pods/pod'
import { afterSuccessChoices, jobPriorities } from './job-choices'

/** Characters of a command or script. */
export const MAX_COMMAND_CHARS = 32 * 1_024
export const MAX_JOB_NAME_CHARS = 100
export const MAX_JOB_SECONDS = 90 * 86_400
export const DEFAULT_MAX_SECONDS = (24 * HOUR_MS) / 1_000

/** A line of text. */
export const ONE_LINE = /^[^\p{Cc}\p{Cs}\u2028\u2029]*$/u
export const line = (maxChars: number) =>
  v.pipe(v.string(), v.minLength(1), v.maxLength(maxChars), v.regex(ONE_LINE))
const path = v.pipe(v.string(), v.minLength(1), v.maxLength(4_096), v.regex(/^[^\0]*$/))
const seconds = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_JOB_SECONDS))
export const jobIdSchema = v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/))
export const accountIdSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(200))
export const podKeySchema = v.custom<PodKey>(
  (value) => typeof value === 'string' && value.length <= 500 && isPodKey(value),
)
/** A name that the shell of the pod can assign. */
export const variableNameSchema = v.pipe(v.string(), v.regex(/^[A-Za-z_]\w{0,127}$/))

const needsSchema = v.strictObject({
  /** "H100" also means an "H100 SXM". */
  gpuType: v.nullable(line(100)),
  /** At least so many GPUs; 0: a pod without GPUs will do. */
  gpuCount: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(64)),
  /** Memory of one GPU, at least, in GB. */
  gpuMemoryGb: v.nullable(v.pipe(v.number(), v.minValue(1), v.maxValue(10_000))),
  /** Text in the name of the pod, in any case. */
  label: v.nullable(line(100)),
  accountId: v.nullable(accountIdSchema),
})

/** What a job needs of a pod. Null: anything. */
export type JobNeeds = ReadonlyOutput<typeof needsSchema>

export const jobSpecSchema = v.strictObject({
  name: line(MAX_JOB_NAME_CHARS),
  /** A shell command, or a whole script. */
  command: v.pipe(
    v.string(),
    v.maxLength(MAX_COMMAND_CHARS),
    v.regex(/^[^\0]*$/),
    v.check((text) => text.trim() !== ''),
  ),
  workingDirectory: v.nullable(v.pipe(path, v.regex(/^[^\n\r]*$/))),
  variableNames: v.pipe(v.array(variableNameSchema), v.maxLength(200)),
  /** Files of this computer to bring along, by their name in the job's directory. */
  files: v.pipe(v.array(v.strictObject({ name: line(255), path })), v.maxLength(100)),
  /** What to bring back, relative to the working directory. */
  resultGlobs: v.pipe(v.array(line(500)), v.maxLength(50)),
  /** A folder of this computer for the results. Null: they are fetched on request only. */
  resultsFolder: v.nullable(path),
  needs: needsSchema,
  /** The job uses only the GPUs that it needs, so that others may run beside it. */
  sharesPod: v.boolean(),
  priority: v.picklist(jobPriorities),
  estimatedSeconds: v.nullable(seconds),
  /** After this it is ended on the pod. */
  maxSeconds: seconds,
  /** How often it is started again after it failed. */
  retries: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(20)),
  /** Ids of jobs that must have passed. */
  dependsOn: v.pipe(v.array(jobIdSchema), v.maxLength(50)),
  afterSuccess: v.picklist(afterSuccessChoices),
})

/** What a person asked for. Values of variables are kept apart: see `JobSecrets`. */
export type JobSpec = ReadonlyOutput<typeof jobSpecSchema>
