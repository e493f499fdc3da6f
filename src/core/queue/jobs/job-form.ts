import * as v from 'valibot'
import { parseTime } from '../../settings/definitions/typed-value'
import { HOUR_MS } from '../../base/time/time'
import {
  DEFAULT_MAX_SECONDS,
  type JobSpec,
  jobSpecSchema,
  MAX_COMMAND_CHARS,
  MAX_JOB_NAME_CHARS,
} from './job-spec'
import type { AfterSuccess, JobPriority } from './job-choices'

/** What is typed in the form of a job. Variables, files and the folder of results are main's. */
export interface JobForm {
  readonly name: string
  readonly command: string
  readonly workingDirectory: string
  /** One a line. */
  readonly resultGlobs: string
  readonly gpuType: string
  readonly gpuCount: string
  readonly gpuMemoryGb: string
  readonly label: string
  /** Null: any. */
  readonly accountId: string | null
  readonly sharesPod: boolean
  readonly priority: JobPriority
  /** Times as words, "1 h 30 min". */
  readonly estimate: string
  readonly maxTime: string
  readonly retries: string
  readonly dependsOn: readonly string[]
  readonly afterSuccess: AfterSuccess
}

/** What a window may say of a job. */
export type JobSpecDraft = Omit<JobSpec, 'variableNames' | 'files' | 'resultsFolder'>

export type JobField = keyof JobForm

export interface JobProblem {
  readonly field: JobField
  /** A sentence. */
  readonly message: string
}

const SECONDS = [
  ['h', 3_600],
  ['min', 60],
  ['s', 1],
] as const

export const emptyJobForm: JobForm = {
  name: '',
  command: '',
  workingDirectory: '',
  resultGlobs: '',
  gpuType: '',
  gpuCount: '1',
  gpuMemoryGb: '',
  label: '',
  accountId: null,
  sharesPod: false,
  priority: 'normal',
  estimate: '',
  maxTime: timeText(DEFAULT_MAX_SECONDS),
  retries: '0',
  dependsOn: [],
  afterSuccess: 'keep',
}

export const jobFormOf = (spec: JobSpecDraft): JobForm => ({
  name: spec.name,
  command: spec.command,
  workingDirectory: spec.workingDirectory ?? '',
  resultGlobs: spec.resultGlobs.join('\n'),
  gpuType: spec.needs.gpuType ?? '',
  gpuCount: String(spec.needs.gpuCount),
  gpuMemoryGb: spec.needs.gpuMemoryGb === null ? '' : String(spec.needs.gpuMemoryGb),
  label: spec.needs.label ?? '',
  accountId: spec.needs.accountId,
  sharesPod: spec.sharesPod,
  priority: spec.priority,
  estimate: spec.estimatedSeconds === null ? '' : timeText(spec.estimatedSeconds),
  maxTime: timeText(spec.maxSeconds),
  retries: String(spec.retries),
  dependsOn: spec.dependsOn,
  afterSuccess: spec.afterSuccess,
})

/** "1 h 30 min", which is read back as the same time. */
export function timeText(seconds: number): string {
  let left = seconds
  const parts = SECONDS.flatMap(([unit, each]) => {
    const count = Math.floor(left / each)
    left -= count * each
    return count === 0 ? [] : [`${count} ${unit}`]
  })
  return parts.length === 0 ? '0 s' : parts.join(' ')
}

/** Seconds of "90 min" or, as a bare number, of hours; null when it is no time. */
function secondsIn(text: string): number | null {
  const trimmed = text.trim()
  const ms = /^\d+([.,]\d+)?$/.test(trimmed)
    ? Number(trimmed.replace(',', '.')) * HOUR_MS
    : parseTime(trimmed)
  return ms === null ? null : Math.round(ms / 1_000)
}

/** NaN, which every limit refuses, when it is no number. */
const numberIn = (text: string): number => (/^\d+(\.\d+)?$/.test(text.trim()) ? Number(text.trim()) : NaN)

const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim())

const draftSchema = v.omit(jobSpecSchema, ['variableNames', 'files', 'resultsFolder'])

/** The job that was typed, or what is wrong, in the order of the form. */
export function evaluateJobForm(form: JobForm): {
  readonly spec: JobSpecDraft | null
  readonly problems: readonly JobProblem[]
} {
  const memory = orNull(form.gpuMemoryGb)
  const estimate = orNull(form.estimate)
  const spec = {
    name: form.name.trim(),
    command: form.command,
    workingDirectory: orNull(form.workingDirectory),
    resultGlobs: form.resultGlobs
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== ''),
    needs: {
      gpuType: orNull(form.gpuType),
      gpuCount: numberIn(form.gpuCount),
      gpuMemoryGb: memory === null ? null : numberIn(memory),
      label: orNull(form.label),
      accountId: form.accountId,
    },
    sharesPod: form.sharesPod,
    priority: form.priority,
    estimatedSeconds: estimate === null ? null : (secondsIn(estimate) ?? NaN),
    maxSeconds: secondsIn(form.maxTime) ?? NaN,
    retries: numberIn(form.retries),
    dependsOn: form.dependsOn,
    afterSuccess: form.afterSuccess,
  }
  const parsed = v.safeParse(draftSchema, spec)
  if (parsed.success) return { spec: parsed.output, problems: [] }
  const wrong = new Set(
    parsed.issues.map(({ path }) => String(path?.[0]?.key === 'needs' ? path[1]?.key : path?.[0]?.key)),
  )
  const problems = (Object.keys(problemTexts) as JobField[]).flatMap((field): JobProblem[] => {
    const isWrong = wrong.has(specKeys[field] ?? field)
    return isWrong ? [{ field, message: problemTexts[field](form) }] : []
  })
  return { spec: null, problems }
}

const specKeys: { readonly [K in JobField]?: string } = {
  estimate: 'estimatedSeconds',
  maxTime: 'maxSeconds',
}

const TIME = 'Enter a time such as 90 min or 1 h 30 min, up to 90 days.'

/** In the order of the form. */
const problemTexts: Readonly<Record<JobField, (form: JobForm) => string>> = {
  name: ({ name }) =>
    name.trim() === ''
      ? 'Enter a name.'
      : Array.from(name.trim()).length > MAX_JOB_NAME_CHARS
        ? `Enter a name of at most ${MAX_JOB_NAME_CHARS} characters.`
        : 'Enter a name without control characters.',
  command: ({ command }) =>
    command.trim() === ''
      ? 'Enter a command.'
      : command.length > MAX_COMMAND_CHARS
        ? 'The command is too long. Bring a script along as a file instead.'
        : 'Enter a command without NUL characters.',
  workingDirectory: () => 'Enter a folder of the pod in one line.',
  resultGlobs: () => 'Enter up to 50 patterns, one a line, such as out/*.pt.',
  gpuType: () => 'Enter a GPU type such as H100, in at most 100 characters.',
  gpuCount: () => 'Enter a whole number from 0 to 64.',
  gpuMemoryGb: () => 'Enter the memory of one GPU in GB, from 1 to 10000.',
  label: () => 'Enter at most 100 characters.',
  accountId: () => 'Choose an account.',
  sharesPod: () => 'Choose whether the pod is shared.',
  priority: () => 'Choose a priority.',
  estimate: () => TIME,
  maxTime: () => TIME,
  retries: () => 'Enter a whole number from 0 to 20.',
  dependsOn: () => 'Choose at most 50 jobs.',
  afterSuccess: () => 'Choose what happens to the pod.',
}
