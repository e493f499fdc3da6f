import { formatNumber } from '../base/format'
import { fail, ok, type Result } from '../base/result'
import { plainName } from '../pods/pod-name'
import type { Job } from './job'
import type { JobHost } from './job-host'
import type { ResultFiles } from './queue-ports'
import { MAX_RESULT_FILES, resultNameProblem } from './result-names'
import type { QueuePod } from './schedule'

export interface FetchedResults {
  readonly folder: string
  readonly fileCount: number
}

/** Errors that may pass, such as a pod that can't be reached now, are worth another try. */
export interface FetchError {
  readonly message: string
  readonly isPassing: boolean
}

/** Fetches the results of a job's last run into a new folder in `folder`. Each file is checked by its hash. */
export async function fetchResults(
  job: Job,
  queuePod: QueuePod,
  folder: string,
  { host, resultFiles }: { readonly host: JobHost; readonly resultFiles: ResultFiles },
): Promise<Result<FetchedResults, FetchError>> {
  const { run, spec } = job
  if (run === null) return fail({ message: 'The job has not run yet.', isPassing: false })
  if (spec.resultGlobs.length === 0)
    return fail({ message: 'The job doesn’t say which files are its results.', isPassing: false })
  const listed = await host.listResults(queuePod.pod, run.id, spec.resultGlobs)
  if (!listed.ok)
    return fail({ message: listed.error.message, isPassing: listed.error.kind === 'unreachable' })
  const files = listed.value
  if (files.length > MAX_RESULT_FILES)
    return fail({
      message: `There are ${formatNumber(files.length)} result files, more than ${formatNumber(MAX_RESULT_FILES)}. Nothing was fetched.`,
      isPassing: false,
    })
  // On many systems names that differ in case only are one file.
  const names = new Set<string>()
  for (const { name } of files) {
    const problem = names.has(name.toLowerCase()) ? 'another file has the same name' : resultNameProblem(name)
    if (problem !== null)
      return fail({ message: `${plainName(name)} can’t be fetched, because ${problem}.`, isPassing: false })
    names.add(name.toLowerCase())
  }
  const made = resultFiles.makeFolder(folder, `${spec.name}-${job.runCount}`)
  if (!made.ok) return fail({ message: made.error, isPassing: false })
  for (const file of files) {
    const path = resultFiles.pathOf(made.value, file.name)
    if (!path.ok) return fail({ message: path.error, isPassing: false })
    const fetched = await host.fetchResult(queuePod.pod, run.id, file, path.value)
    if (!fetched.ok)
      return fail({
        message: `${plainName(file.name)}: ${fetched.error.message}`,
        isPassing: fetched.error.kind === 'unreachable',
      })
  }
  return ok({ folder: made.value, fileCount: files.length })
}
