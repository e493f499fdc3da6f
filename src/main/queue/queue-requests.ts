import { basename } from 'node:path'
import { fail, ok, type Result } from '../../core/base/result'
import {
  type AllowedAnew,
  isSameWork,
  jobQuestion,
  scheduleQuestion,
} from '../../core/confirmation/job-questions'
import { CHOSEN } from '../../core/confirmation/confirmation'
import { type Ask, askWhether, type Question } from '../../core/confirmation/question-queue'
import { environmentLinesIn, parseEnvironment } from '../../core/pods/labs/lab-pod-spec'
import { type AccountId, parsePodKey, type PodKey } from '../../core/pods/pod'
import { plainName } from '../../core/pods/pod-name'
import { type CreateRule, type ScheduleRules, withNewKey } from '../../core/queue/jobs/job-codec'
import { allowedAnew } from '../../core/queue/schedule/allowed-anew'
import type { StoredPreset } from '../../core/monitor/queue-pod-sources'
import { bindOperations } from '../../core/operations/bind-operations'
import { type QueueOperations, queueOperations } from '../../core/operations/queue-operations'
import type { Queue } from '../../core/queue/queue'
import type { HandlersOf } from '../../shared/ipc'
import { type JobDraft, MAX_JOB_LOG_BYTES, type QueueRequests } from '../../shared/requests/queue-requests'
import { NONE } from '../../shared/requests/limits'
import { requestsText } from '../account/account-text'
import { queueRequestsText } from './queue-text'
import type { JobSpec } from '../../core/queue/jobs/job-spec'

export interface QueueHandlersOptions {
  readonly queue: () => Queue
  /** Asks in the app's own window. */
  readonly ask: Ask
  /** What a person calls the account; null where there is only one. */
  readonly nameOf: (accountId: AccountId) => string | null
  readonly readClipboard: () => Promise<string>
  /** Both ask with the system's dialog; null: canceled. */
  readonly chooseFiles: () => Promise<readonly string[] | null>
  readonly chooseFolder: () => Promise<string | null>
  readonly newId: () => string
  /** The preset as it is stored now; null: there is none of that name. */
  readonly findPreset: (name: string) => StoredPreset | null
}

type QueueHandlers = HandlersOf<QueueRequests>

/** What a window may ask for without a question. */
const unaskedOperations = ['changeJob', 'moveJob', 'runJob', 'skipStart', 'jobLog'] as const
type UnaskedOperation = (typeof unaskedOperations)[number]

const operations = (queue: Queue): QueueOperations => queueOperations(queue, MAX_JOB_LOG_BYTES)

/** What a window chose and must not know. The oldest is forgotten. */
const MAX_KEPT = 20

/**
 * Requests of windows about the queue. What a job runs, and where jobs may start on their own, is confirmed in the
 * app's own window first, whoever asks; a job that was confirmed may then be started by a window. Values of variables
 * and paths of this computer stay here: a window names them by an id, so that a page that is no longer ours can neither
 * read a value nor send a file away.
 */
export function createQueueHandlers(options: QueueHandlersOptions): QueueHandlers {
  const { newId } = options
  const variables = createKept<Readonly<Record<string, string>>>(newId)
  const files = createKept<JobSpec['files']>(newId)
  const folders = createKept<string>(newId)

  const askAboutJob = (spec: JobSpec, isNew: boolean): Promise<Result<boolean, string>> => {
    const { accountId } = spec.needs
    return askWhether(
      options.ask,
      jobQuestion({ spec, isNew, accountName: accountId === null ? null : options.nameOf(accountId) }),
    )
  }

  /**
   * The rules with what each new preset says now, and the question about what is allowed anew; null: nothing is. A new
   * host key is accepted by what is allowed anew only where that was chosen (`acceptsNewKeys`), whatever the page says.
   */
  function checkSchedule(
    queue: Queue,
    rules: ScheduleRules,
  ): Result<{ toRules: (acceptsNewKeys: boolean) => ScheduleRules; question: Question | null }, string> {
    const before = queue.view().rules
    const podNames = new Map(queue.podNames().map(({ key, name }) => [key, name]))
    const placeOf = (key: PodKey) => ({
      name: plainName(podNames.get(key) ?? key),
      podId: parsePodKey(key).podId,
    })
    const allowed = allowedAnew(before, rules)
    const creates: AllowedAnew['creates'][number][] = []
    const digests = new Map<CreateRule, string>()
    for (const rule of rules.creates ?? []) {
      if (!allowed.creates.includes(rule)) continue
      const { accountId, presetName, maxPerHourUsd } = rule
      const preset = options.findPreset(presetName)
      if (preset === null) return fail(queueRequestsText.noPreset(plainName(presetName)))
      creates.push({ presetName, form: preset.form, accountName: options.nameOf(accountId), maxPerHourUsd })
      // What is shown counts, whatever the page says.
      digests.set(rule, preset.digest)
    }
    const places = [
      ...allowed.accountIds.map((id) => ({
        name: options.nameOf(id) ?? queueRequestsText.allPods,
        podId: null,
      })),
      ...allowed.podKeys.map(placeOf),
    ]
    const starts = allowed.starts.map(({ podKey, maxPerHourUsd }) => ({
      pod: placeOf(podKey),
      maxPerHourUsd,
      keyOutlook: queue.keyOutlook(podKey),
    }))
    const isAsked = places.length + starts.length + creates.length > 0
    const toRules = (acceptsNewKeys: boolean): ScheduleRules => ({
      ...rules,
      ...(rules.starts && {
        starts: rules.starts.map((rule) =>
          allowed.starts.includes(rule) ? withNewKey(rule, acceptsNewKeys) : rule,
        ),
      }),
      ...(rules.creates && {
        creates: rules.creates.map((rule) => {
          const digest = digests.get(rule)
          return digest === undefined ? rule : withNewKey({ ...rule, digest }, acceptsNewKeys)
        }),
      }),
    })
    return ok({
      toRules,
      question: isAsked ? scheduleQuestion({ places, starts, creates }) : null,
    })
  }

  /** `before`: the job that is edited, of which everything stays that has no id. */
  function resolve(
    { spec, variablesId, filesId, resultsFolderId }: JobDraft,
    before: JobSpec | null,
  ): Result<{ spec: JobSpec; values: Readonly<Record<string, string>> | null }, string> {
    const values = variablesId === null ? null : variablesId === NONE ? {} : variables.find(variablesId)
    const chosenFiles = filesId === null ? (before?.files ?? []) : filesId === NONE ? [] : files.find(filesId)
    const folder =
      resultsFolderId === null
        ? (before?.resultsFolder ?? null)
        : resultsFolderId === NONE
          ? null
          : folders.find(resultsFolderId)
    if (values === undefined) return fail(requestsText.variablesNotKept)
    if (chosenFiles === undefined) return fail(queueRequestsText.filesNotKept)
    if (folder === undefined) return fail(queueRequestsText.folderNotKept)
    const variableNames = values === null ? (before?.variableNames ?? []) : Object.keys(values)
    return ok({ spec: { ...spec, variableNames, files: chosenFiles, resultsFolder: folder }, values })
  }

  const withQueue = <T>(request: (queue: Queue) => T): T => request(options.queue())

  return {
    ...bindOperations<QueueOperations, UnaskedOperation, string>(unaskedOperations, async (run) =>
      withQueue((queue) => run(operations(queue))),
    ),
    addJob: (draft) =>
      withQueue(async (queue) => {
        const resolved = resolve(draft, null)
        if (!resolved.ok) return resolved
        const { spec, values } = resolved.value
        const asked = await askAboutJob(spec, true)
        if (!asked.ok || !asked.value) return asked.ok ? ok(null) : asked
        return operations(queue).addJob(spec, values ?? {}, draft.isHeld)
      }),
    editJob: (jobId, draft) =>
      withQueue(async (queue) => {
        const before = queue.requests.job(jobId)?.spec ?? null
        const resolved = resolve(draft, before)
        if (!resolved.ok) return resolved
        const { spec, values } = resolved.value
        // Other values can make the same command do something else.
        if (
          before === null ||
          (values !== null && spec.variableNames.length > 0) ||
          !isSameWork(before, spec)
        ) {
          const asked = await askAboutJob(spec, false)
          if (!asked.ok || !asked.value) return asked
        }
        const edited = await queue.requests.editJob(jobId, spec, values)
        return edited.ok ? ok(true) : edited
      }),
    runNextJob: (podKey) => withQueue((queue) => queue.requests.runNextJob(podKey)),
    setSchedule: (rules) =>
      withQueue(async (queue) => {
        const checked = checkSchedule(queue, rules)
        if (!checked.ok) return checked
        const { question } = checked.value
        const before = JSON.stringify(queue.view().rules)
        const asked = question === null ? ok('') : await options.ask(question)
        if (!asked.ok) return asked
        if (asked.value === null) return ok(false)
        // What was turned off while it was asked must not come on again by this answer.
        if (JSON.stringify(queue.view().rules) !== before) return fail(queueRequestsText.scheduleChanged)
        const set = operations(queue).setSchedule(checked.value.toRules(asked.value === CHOSEN))
        return set.ok ? ok(true) : set
      }),
    doneJobs: (search, count) => withQueue((queue) => ok(queue.doneJobs(search, count))),
    async fetchJobResults(jobId) {
      const folder = await options.chooseFolder()
      if (folder === null) return ok({ kind: 'declined' })
      return withQueue(async (queue) => {
        const fetched = await operations(queue).fetchJobResults(jobId, folder)
        return fetched.ok ? ok({ kind: 'fetched' as const, ...fetched.value }) : fetched
      })
    },
    async pasteJobVariables() {
      const text = await options.readClipboard()
      const parsed = parseEnvironment(environmentLinesIn(text.split(/\r?\n/)))
      if (!parsed.ok) return parsed
      const names = Object.keys(parsed.value)
      return names.length === 0
        ? fail(requestsText.noVariables)
        : ok({ id: variables.keep(parsed.value), names })
    },
    async chooseJobFiles() {
      const paths = await options.chooseFiles()
      if (paths === null) return ok(null)
      const chosen = paths.map((path) => ({ name: basename(path), path }))
      const names = chosen.map(({ name }) => name)
      return new Set(names).size < names.length
        ? fail(queueRequestsText.sameFileName)
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
