import { basename } from 'node:path'
import { fail, ok, type Result } from '../../core/base/result'
import { parseEnvironment } from '../../core/pods/labs/lab-pod-spec'
import type { JobSpec } from '../../core/queue/job'
import type { Queue } from '../../core/queue/queue'
import type { Handlers } from '../../shared/ipc'
import { type JobDraft, MAX_JOB_LOG_BYTES, type QueueRequests } from '../../shared/queue-requests'
import { toRequestError } from '../ipc/to-request-error'

export interface QueueHandlersOptions {
  /** Null while the demo runs. */
  readonly queue: () => Queue | null
  readonly readClipboard: () => Promise<string>
  /** Both ask with the system's dialog; null: canceled. */
  readonly chooseFiles: () => Promise<readonly string[] | null>
  readonly chooseFolder: () => Promise<string | null>
  readonly newId: () => string
}

type Handler = Pick<Handlers, keyof QueueRequests>

/** What a window chose and must not know. The oldest is forgotten. */
const MAX_KEPT = 20

/**
 * Requests of windows about the queue. Values of variables and paths of this computer stay here: a window names them by
 * an id, so that a page that is not ours any more can neither read a value nor send a file away.
 */
export function createQueueHandlers(options: QueueHandlersOptions): Handler {
  const { newId } = options
  const variables = createKept<Readonly<Record<string, string>>>(newId)
  const files = createKept<JobSpec['files']>(newId)
  const folders = createKept<string>(newId)

  async function withQueue<T>(
    request: (queue: Queue) => Result<T, string> | Promise<Result<T, string>>,
  ): Promise<Result<T, { message: string }>> {
    const queue = options.queue()
    return toRequestError(queue === null ? fail('The demo has no queue.') : await request(queue))
  }

  /** `before`: the job that is edited, of which everything stays that has no id. */
  function resolve(
    { spec, variablesId, filesId, resultsFolderId }: JobDraft,
    before: JobSpec | null,
  ): Result<{ spec: JobSpec; values: Readonly<Record<string, string>> | null }, string> {
    const values = variablesId === null ? null : variables.find(variablesId)
    const chosenFiles = filesId === null ? (before?.files ?? []) : files.find(filesId)
    const folder = resultsFolderId === null ? (before?.resultsFolder ?? null) : folders.find(resultsFolderId)
    if (values === undefined) return fail('Paste the variables again: they were not kept.')
    if (chosenFiles === undefined) return fail('Choose the files again: they were not kept.')
    if (folder === undefined) return fail('Choose the folder again: it was not kept.')
    const variableNames = values === null ? (before?.variableNames ?? []) : Object.keys(values)
    return ok({ spec: { ...spec, variableNames, files: chosenFiles, resultsFolder: folder }, values })
  }

  return {
    addJob: (draft) =>
      withQueue(async (queue) => {
        const resolved = resolve(draft, null)
        if (!resolved.ok) return resolved
        const { spec, values } = resolved.value
        return queue.requests.addJob(spec, values ?? {}, { isHeld: draft.isHeld, isFromCommandLine: false })
      }),
    editJob: (jobId, draft) =>
      withQueue(async (queue) => {
        const resolved = resolve(draft, queue.requests.job(jobId)?.spec ?? null)
        if (!resolved.ok) return resolved
        return queue.requests.editJob(jobId, resolved.value.spec, resolved.value.values)
      }),
    changeJob: (jobId, action) => withQueue((queue) => queue.requests.changeJob(jobId, action)),
    moveJob: (jobId, target) => withQueue((queue) => queue.requests.moveJob(jobId, target)),
    runJob: (jobId, podKey) => withQueue((queue) => queue.requests.runJob(jobId, podKey)),
    runNextJob: (podKey) => withQueue((queue) => queue.requests.runNextJob(podKey)),
    skipStart: (podKey) => withQueue((queue) => queue.requests.skipStart(podKey)),
    setSchedule: (rules) => withQueue((queue) => queue.requests.setSchedule(rules)),
    jobLog: (jobId, fromByte) =>
      withQueue((queue) => queue.requests.jobLog(jobId, fromByte, MAX_JOB_LOG_BYTES)),
    async fetchJobResults(jobId) {
      const folder = await options.chooseFolder()
      if (folder === null) return ok({ kind: 'declined' })
      return withQueue(async (queue) => {
        const fetched = await queue.requests.fetchJobResults(jobId, folder)
        return fetched.ok ? ok({ kind: 'fetched' as const, ...fetched.value }) : fetched
      })
    },
    async pasteJobVariables() {
      const text = await options.readClipboard()
      const lines = text.split(/\r?\n/).map((line) => line.replace(/^\s*export\s+/, ''))
      const parsed = parseEnvironment(lines.filter((line) => line.trim() !== '' && !/^\s*#/.test(line)))
      if (!parsed.ok) return toRequestError(parsed)
      const names = Object.keys(parsed.value)
      return names.length === 0
        ? fail({ message: 'The clipboard holds no variables. Copy lines such as NAME=value.' })
        : ok({ id: variables.keep(parsed.value), names })
    },
    async chooseJobFiles() {
      const paths = await options.chooseFiles()
      if (paths === null) return ok(null)
      const chosen = paths.map((path) => ({ name: basename(path), path }))
      const names = chosen.map(({ name }) => name)
      return new Set(names).size < names.length
        ? fail({ message: 'Two of these files have the same name.' })
        : ok({ id: files.keep(chosen), names })
    },
    async chooseResultsFolder() {
      const folder = await options.chooseFolder()
      return ok(folder === null ? null : { id: folders.keep(folder), names: [basename(folder)] })
    },
  }
}

function createKept<T>(newId: () => string) {
  const kept = new Map<string, T>()
  return {
    keep(value: T): string {
      const [oldest] = kept.keys()
      if (kept.size >= MAX_KEPT && oldest !== undefined) kept.delete(oldest)
      const id = newId()
      kept.set(id, value)
      return id
    },
    find: (id: string): T | undefined => kept.get(id),
  }
}
