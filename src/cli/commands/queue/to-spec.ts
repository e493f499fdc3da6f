import { basename, resolve } from 'node:path'
import * as v from 'valibot'
import { shellWord } from '../../../core/base/text/shell-word'
import { environmentLinesIn, parseEnvironment } from '../../../core/pods/labs/lab-pod-spec'
import { CliExit, exitCodes } from '../../output/exit'
import { withNothing } from '../../output/nothing-text'
import { jobProblemText } from './queue-text'
import {
  DEFAULT_MAX_SECONDS,
  type JobSpec,
  jobSpecSchema,
  MAX_JOB_NAME_CHARS,
} from '../../../core/queue/jobs/job-spec'
import type { AfterSuccess, JobPriority } from '../../../core/queue/jobs/job-choices'

/** What a person typed for a new job. Times are in seconds. */
export interface JobChoices {
  readonly name?: string
  readonly gpu?: string
  readonly gpus?: number
  readonly vram?: number
  readonly label?: string
  readonly cwd?: string
  readonly env?: readonly string[]
  readonly envFile?: string
  readonly file?: readonly string[]
  readonly results?: readonly string[]
  readonly to?: string
  readonly priority?: JobPriority
  readonly estimate?: number
  readonly maxTime?: number
  readonly retries?: number
  readonly after?: readonly string[]
  readonly onSuccess?: AfterSuccess
  readonly share?: true
  readonly hold?: true
}

/** Several words are one command whose words keep their borders; a single one is a shell command, as with ssh. */
export function commandOf(words: readonly string[]): string {
  const [only, ...others] = words
  return others.length === 0 ? (only ?? '') : words.map(shellWord).join(' ')
}

/** "train" from "python src/train.py --lr 3e-4". */
function nameOf(command: string): string {
  const line = command.split('\n').find((one) => one.trim() !== '' && !one.startsWith('#')) ?? 'job'
  const words = line.trim().split(/\s+/)
  const script = words.find((word) => /\.\w{1,4}$/.test(word)) ?? words[0] ?? 'job'
  const name = basename(script.replaceAll(/['"]/g, '')).replace(/\.\w+$/, '')
  return name.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '').slice(0, MAX_JOB_NAME_CHARS) || 'job'
}

/**
 * The job and the values of its variables. `lines`: of its variables; `dependsOn`: ids. Throws a `CliExit` that never
 * has a value.
 */
export function toJobSpec(
  words: readonly string[],
  choices: JobChoices,
  given: {
    readonly lines: readonly string[]
    readonly dependsOn: readonly string[]
    readonly accountId: string | null
  },
): { readonly spec: JobSpec; readonly variables: Readonly<Record<string, string>> } {
  const command = commandOf(words)
  if (command.trim() === '') throw new CliExit(exitCodes.usage, jobProblemText.noCommand)
  const variables = parseEnvironment(environmentLinesIn(given.lines))
  if (!variables.ok) throw new CliExit(exitCodes.usage, withNothing(variables.error, 'added'))
  if (choices.onSuccess === 'stop' && (choices.results ?? []).length > 0 && choices.to === undefined)
    throw new CliExit(exitCodes.usage, withNothing(jobProblemText.noResultsFolder, 'added'))
  const spec = {
    name: choices.name ?? nameOf(command),
    command,
    workingDirectory: choices.cwd ?? null,
    variableNames: Object.keys(variables.value),
    files: (choices.file ?? []).map((path) => ({ name: basename(path), path: resolve(path) })),
    resultGlobs: choices.results ?? [],
    resultsFolder: choices.to === undefined ? null : resolve(choices.to),
    needs: {
      gpuType: choices.gpu ?? null,
      gpuCount: choices.gpus ?? 1,
      gpuMemoryGb: choices.vram ?? null,
      label: choices.label ?? null,
      accountId: given.accountId,
    },
    sharesPod: choices.share === true,
    priority: choices.priority ?? 'normal',
    estimatedSeconds: choices.estimate ?? null,
    maxSeconds: choices.maxTime ?? DEFAULT_MAX_SECONDS,
    retries: choices.retries ?? 0,
    dependsOn: given.dependsOn,
    afterSuccess: choices.onSuccess ?? 'keep',
  }
  const parsed = v.safeParse(jobSpecSchema, spec)
  if (parsed.success) return { spec: parsed.output, variables: variables.value }
  const [issue] = parsed.issues
  throw new CliExit(exitCodes.usage, withNothing(jobProblemText.invalid(v.getDotPath(issue)), 'added'))
}
