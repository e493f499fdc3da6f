import type { CommandRun } from '../../output/command-run'
import { resolve } from 'node:path'
import { plainText } from '../../../core/base/text/plain-text'
import type { Result } from '../../../core/base/result'
import { SECOND_MS } from '../../../core/base/time/time'
import type { PodKey } from '../../../core/pods/pod'
import { isRunningState, type JobView } from '../../../core/queue/queue-view'
import type { MoveTarget } from '../../../core/queue/jobs/job-order'
import type { ControlRefusal } from '../../../node/control/control-requests'
import type { ControlledQueueView } from '../../../node/control/queue-control'
import { type Control, refusalExit } from '../../account/open-control'
import { CliExit, exitCodes } from '../../output/exit'
import { JSON_VERSION } from '../../output/json'
import { jobJson, jobLines, queueJson, shortId } from './job-lines'
import { type AutoChange, changedRules, rulesLines } from './auto-rules'
import { type JobChoices, toJobSpec } from './to-spec'
import { queueText } from './queue-text'

const FOLLOW_EVERY_MS = 2 * SECOND_MS

/** What is asked of the queue. `job`: a name or the start of an id. */
export type QueueCommand =
  | {
      readonly verb: 'add'
      readonly words: readonly string[]
      readonly choices: JobChoices
      readonly lines: readonly string[]
      readonly accountId: string | null
    }
  | { readonly verb: 'list' }
  | { readonly verb: 'log'; readonly job: string; readonly isFollowing: boolean }
  | { readonly verb: 'cancel' | 'retry' | 'hold' | 'release' | 'remove'; readonly job: string }
  | {
      readonly verb: 'move'
      readonly job: string
      readonly to: 'first' | 'last' | { readonly before: string }
    }
  | { readonly verb: 'run'; readonly job: string; readonly pod: string | null }
  | { readonly verb: 'results'; readonly job: string; readonly folder: string }
  | ({ readonly verb: 'auto' } & AutoChange)
  | { readonly verb: 'pause' | 'resume' }

export interface QueueCommandOptions extends Pick<CommandRun, 'isJson' | 'output' | 'columns' | 'print'> {
  /** The digest of a preset as it is stored now; null: there is none of that name. */
  readonly presetDigest: (name: string) => string | null
  readonly control: Control
  readonly command: QueueCommand
  readonly nowMs: () => number
  readonly wait: (ms: number) => Promise<void>
}

/** Carries out a command about the queue; returns the exit code. */
export async function runQueueCommand(options: QueueCommandOptions): Promise<number> {
  const { command, isJson, output } = options
  const { requests } = options.control
  switch (command.verb) {
    case 'add':
      return addJob(options, command)
    case 'list':
      return listJobs(options)
    case 'log': {
      needsRunner(options)
      const { id } = findJob(await readView(options), command.job)
      return followLog(options, id, command.isFollowing)
    }
    case 'cancel':
    case 'retry':
    case 'hold':
    case 'release':
    case 'remove': {
      const { id, spec } = findJob(await readView(options), command.job)
      valueOf(await requests.changeJob(id, command.verb))
      return showJob(options, id, (job) => changedText(command.verb, spec.name, job))
    }
    case 'move': {
      const view = await readView(options)
      const { id, spec } = findJob(view, command.job)
      const target: MoveTarget =
        typeof command.to === 'string' ? command.to : { beforeJobId: findJob(view, command.to.before).id }
      valueOf(await requests.moveJob(id, target))
      return showJob(options, id, () => queueText.moved(spec.name))
    }
    case 'run': {
      needsRunner(options)
      const view = await readView(options)
      const { id, spec } = findJob(view, command.job)
      valueOf(await requests.runJob(id, command.pod === null ? null : findPodKey(view, command.pod)))
      return showJob(options, id, (job) => queueText.starting(spec.name, job?.run?.podName))
    }
    case 'results': {
      needsRunner(options)
      const { id } = findJob(await readView(options), command.job)
      const { folder, fileCount } = valueOf(await requests.fetchJobResults(id, resolve(command.folder)))
      if (isJson) output.result(JSON.stringify({ version: JSON_VERSION, folder, fileCount }, null, 2))
      else output.result(plainText(queueText.fetched(fileCount, folder)))
      return exitCodes.ok
    }
    case 'pause':
    case 'resume': {
      const { rules } = await readView(options)
      valueOf(await requests.setSchedule({ ...rules, isPaused: command.verb === 'pause' }))
      return showRules(options)
    }
    case 'auto':
      return changeSchedule(options, command)
  }
}

type CommandOf<Verb extends QueueCommand['verb']> = Extract<QueueCommand, { verb: Verb }>

/** Returns the reply's value, or throws a `CliExit`. */
function valueOf<T>(reply: Result<T, ControlRefusal>, isReadOnly = false): T {
  if (reply.ok) return reply.value
  throw refusalExit(reply.error, isReadOnly)
}

const readView = async ({ control }: Pick<QueueCommandOptions, 'control'>): Promise<ControlledQueueView> =>
  valueOf(await control.requests.queue(), true)

/** Pods are reached by the program that runs jobs: throws a `CliExit` where none runs. */
function needsRunner({ control }: QueueCommandOptions): void {
  if (!control.isRemote) throw new CliExit(exitCodes.failed, queueText.nobodyRuns)
}

/** Prints a job as it is after a change, or what `text` says of it. */
async function showJob(
  options: QueueCommandOptions,
  jobId: string,
  text: (job: JobView | undefined) => string,
): Promise<number> {
  const { isJson, output, control } = options
  const view = await readView(options)
  const job = view.jobs.find(({ id }) => id === jobId)
  const json = { version: JSON_VERSION, job: job === undefined ? null : jobJson(job, view) }
  output.result(isJson ? JSON.stringify(json, null, 2) : plainText(text(job)))
  if (!control.isRemote) output.progress(queueText.nobodyRuns)
  return exitCodes.ok
}

async function addJob(options: QueueCommandOptions, command: CommandOf<'add'>): Promise<number> {
  const view = await readView(options)
  const dependsOn = (command.choices.after ?? []).map((query) => findJob(view, query).id)
  const { spec, variables } = toJobSpec(command.words, command.choices, {
    lines: command.lines,
    dependsOn,
    accountId: command.accountId,
  })
  const isHeld = command.choices.hold === true
  const id = valueOf(await options.control.requests.addJob(spec, variables, isHeld))
  return showJob(options, id, () => queueText.added(spec.name, shortId({ id })))
}

async function listJobs(options: QueueCommandOptions): Promise<number> {
  const { control, isJson, output, nowMs } = options
  const view = await readView(options)
  if (isJson) output.result(JSON.stringify(queueJson(view, control.isRemote, nowMs()), null, 2))
  else for (const line of jobLines(view, options.columns, nowMs())) options.print(line)
  if (!control.isRemote) output.progress(queueText.nobodyRuns)
  return exitCodes.ok
}

async function changeSchedule(options: QueueCommandOptions, command: CommandOf<'auto'>): Promise<number> {
  const view = await readView(options)
  if (command.isOn !== null) {
    const key = command.pod === null ? null : findPodKey(view, command.pod)
    const rules = changedRules(view.rules, command, key, options.presetDigest)
    valueOf(await options.control.requests.setSchedule(rules))
  }
  return showRules(options)
}

async function showRules(options: QueueCommandOptions): Promise<number> {
  const { isJson, output } = options
  const view = await readView(options)
  if (isJson) output.result(JSON.stringify({ version: JSON_VERSION, autoSchedule: view.rules }, null, 2))
  else for (const line of rulesLines(view, options.presetDigest)) output.result(plainText(line))
  return exitCodes.ok
}

function changedText(verb: string, name: string, job: JobView | undefined): string {
  if (job === undefined) return queueText.removed(name)
  if (verb === 'cancel') return job.isCanceling ? queueText.canceling(name) : queueText.canceled(name)
  return verb === 'hold' ? queueText.held(name) : queueText.waits(name)
}

/** By the start of its id, or by its name: one that is not over yet goes before those that are. */
export function findJob(view: Pick<ControlledQueueView, 'jobs'>, query: string): JobView {
  const byId = query.length < 4 ? [] : view.jobs.filter(({ id }) => id.startsWith(query))
  const named = view.jobs.filter(({ spec }) => spec.name.toLowerCase() === query.toLowerCase())
  const open = named.filter(({ state }) => !['passed', 'failed', 'canceled'].includes(state))
  const found = byId.length > 0 ? byId : open.length > 0 ? open : named.slice(0, 1)
  const [only, ...others] = found
  if (only === undefined) throw new CliExit(exitCodes.notFound, queueText.noJob(query))
  if (others.length === 0) return only
  throw new CliExit(exitCodes.notFound, queueText.severalJobs(query, found.map(shortId)))
}

function findPodKey({ pods }: ControlledQueueView, query: string): PodKey {
  const found = pods.filter(
    ({ key, name }) =>
      key === query || key.endsWith(`/${query}`) || name.toLowerCase() === query.toLowerCase(),
  )
  const [only, ...others] = found
  if (only !== undefined && others.length === 0) return only.key
  const why = only === undefined ? queueText.noPod(query) : queueText.severalPods(query)
  throw new CliExit(exitCodes.notFound, why)
}

/** Prints what the job's last run printed, line by line. `isFollowing`: goes on until the job is over. */
async function followLog(options: QueueCommandOptions, jobId: string, isFollowing: boolean): Promise<number> {
  const { control, isJson, output } = options
  let fromByte = 0
  /** The beginning of a line that is longer than a piece. */
  let partial = ''
  const print = (line: string): void =>
    output.result(isJson ? JSON.stringify({ line: plainText(line) }) : plainText(line))
  for (;;) {
    const piece = await control.requests.jobLog(jobId, fromByte)
    if (!piece.ok) throw refusalExit(piece.error, true)
    const { text, unfinishedLine, nextByte, sizeBytes } = piece.value
    const lines = `${partial}${text}`.split('\n')
    partial = lines.pop() ?? ''
    for (const line of lines) print(line)
    const isAtEnd = nextByte >= sizeBytes || nextByte === fromByte
    fromByte = nextByte
    if (!isAtEnd) continue
    const job = (await readView(options)).jobs.find(({ id }) => id === jobId)
    if (!isFollowing || job === undefined || !isRunningState(job.state)) {
      const last = `${partial}${unfinishedLine}`
      if (last !== '') print(last)
      return exitCodes.ok
    }
    await options.wait(FOLLOW_EVERY_MS)
  }
}
