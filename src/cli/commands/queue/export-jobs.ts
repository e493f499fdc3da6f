import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Document } from 'yaml'
import { errorText } from '../../../core/base/text/error-text'
import { plainText } from '../../../core/base/text/plain-text'
import type { PodForm } from '../../../core/creation/form/pod-form'
import { dstackTask } from '../../../core/queue/export/dstack-task'
import { skypilotTask } from '../../../core/queue/export/skypilot-task'
import { type TaskFile, taskName, type TaskPod } from '../../../core/queue/export/task-file'
import type { Job } from '../../../core/queue/jobs/job'
import { noSchedule, type QueueRecord, type ScheduleRules } from '../../../core/queue/jobs/job-codec'
import { CliExit, exitCodes } from '../../output/exit'
import type { CliOutput } from '../../output/terminal'
import type { ExportFormat } from '../arguments'
import { exportText, queueText } from './queue-text'

export interface ExportChoices {
  /** Names or the starts of ids; none: all that wait. */
  readonly jobs: readonly string[]
  readonly format: ExportFormat
  /** Null: the only one that may create pods for jobs, if there is one. */
  readonly preset: string | null
  readonly folder: string
}

export interface ExportOptions extends ExportChoices {
  /** As they are on disk: what the queue shows has only the beginning of a long script. */
  readonly records: readonly QueueRecord[]
  readonly presetForm: (name: string) => PodForm | null
  readonly output: CliOutput
}

const engines = {
  skypilot: { toTask: skypilotTask, ending: '.sky.yaml' },
  dstack: { toTask: dstackTask, ending: '.dstack.yml' },
} as const

/** Writes jobs as task files of another engine. Nothing of the queue changes. Throws a `CliExit`. */
export function exportJobs(options: ExportOptions): void {
  const { records, format, folder, output } = options
  const all = records.flatMap((record) =>
    record.kind === 'job' && record.job.isRemoved !== true ? [record.job] : [],
  )
  const rules = records.flatMap((record) => (record.kind === 'rules' ? [record.rules] : []))[0] ?? noSchedule
  const jobs = chosenJobs(all, options.jobs)
  if (jobs.length === 0) throw new CliExit(exitCodes.notFound, exportText.nothing)
  const { toTask, ending } = engines[format]
  const taken = new Set<string>()
  const tasks = jobs.map((job) => {
    const pod = podOf(job, rules, options)
    const dependsOn = job.spec.dependsOn.map((id) => all.find((each) => each.id === id)?.spec.name ?? id)
    const base = taskName(job.spec.name)
    const name = taken.has(base) ? `${base}-${job.id.slice(0, 8)}` : base
    taken.add(name)
    return { job, path: join(folder, `${name}${ending}`), file: toTask({ spec: job.spec, dependsOn, pod }) }
  })
  for (const { job, path, file } of tasks) {
    write(path, yamlOf(job, file))
    output.result(plainText(exportText.written(path, file.notes.length)))
  }
  output.progress(exportText.stays)
}

function chosenJobs(all: readonly Job[], queries: readonly string[]): readonly Job[] {
  const isWaiting = ({ phase }: Job): boolean => phase === 'queued' || phase === 'held'
  if (queries.length === 0) return all.filter(isWaiting)
  return queries.map((query) => {
    const named = all.filter(
      ({ id, spec }) =>
        (query.length >= 4 && id.startsWith(query)) || spec.name.toLowerCase() === query.toLowerCase(),
    )
    const waiting = named.filter(isWaiting)
    const [only, ...others] = waiting.length > 0 ? waiting : named
    if (only === undefined) throw new CliExit(exitCodes.notFound, queueText.noJob(query))
    if (others.length === 0) return only
    const ids = [only, ...others].map(({ id }) => id.slice(0, 8))
    throw new CliExit(exitCodes.notFound, queueText.severalJobs(query, ids))
  })
}

function podOf({ spec }: Job, { creates: all = [] }: ScheduleRules, options: ExportOptions): TaskPod | null {
  const { preset, presetForm } = options
  const { accountId } = spec.needs
  const creates = all.filter((rule) => accountId === null || rule.accountId === accountId)
  const names = new Set(creates.map(({ presetName }) => presetName))
  const name = preset ?? (names.size === 1 ? [...names][0] : undefined)
  if (name === undefined) return null
  const form = presetForm(name)
  if (form === null) {
    if (preset === null) return null
    throw new CliExit(exitCodes.notFound, exportText.noPreset(preset))
  }
  const prices = creates.filter((rule) => rule.presetName === name).map(({ maxPerHourUsd }) => maxPerHourUsd)
  return {
    image: form.image.trim() === '' ? null : form.image.trim(),
    gpuTypeIds: form.hardware === 'gpu' ? form.gpuTypeIds : [],
    gpuCount: form.hardware === 'gpu' ? form.gpuCount : 0,
    maxPerHourUsd: prices.length === 0 ? null : Math.min(...prices),
  }
}

function yamlOf({ spec }: Job, { task, notes }: TaskFile): string {
  const document = new Document(task)
  document.commentBefore = [exportText.head(spec.name), ...notes.map((note) => `- ${note}`)]
    .map((line) => ` ${plainText(line)}`)
    .join('\n')
  return document.toString({ lineWidth: 0, blockQuote: 'literal' })
}

function write(path: string, text: string): void {
  try {
    writeFileSync(path, text, { flag: 'wx' })
  } catch (cause) {
    const isThere = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST'
    throw new CliExit(
      exitCodes.failed,
      isThere ? exportText.exists(path) : exportText.notWritten(path, errorText(cause)),
    )
  }
}
