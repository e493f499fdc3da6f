import { formatNumber } from '../base/format'
import { fail, ok, type Result } from '../base/result'
import { plainName } from '../pods/pod-name'
import type { Job } from './jobs/job'
import type { JobHost } from './host/job-host'
import type { ResultFiles } from './queue-ports'
import type { QueuePod } from './schedule'

/** The results of one job: more is a mistake in its globs. */
const MAX_RESULT_FILES = 2_000

export interface FetchedResults {
  readonly folder: string
  readonly fileCount: number
}

/** Errors that may pass, such as a pod that can't be reached now, are worth another try. */
export interface FetchError {
  readonly message: string
  readonly isPassing: boolean
}

/**
 * Fetches the results of a job's last run into a new folder in `folder`. Each file is checked by its hash, and its
 * name, which is hostile, never leads out of that folder. `onProgress` has the bytes received so far, of all.
 */
export async function fetchResults(
  { run, spec, runCount }: Job,
  { pod }: QueuePod,
  folder: string,
  host: JobHost,
  resultFiles: ResultFiles,
  onProgress: (receivedBytes: number, totalBytes: number) => void,
): Promise<Result<FetchedResults, FetchError>> {
  const failed = (message: string): Result<never, FetchError> => fail({ message, isPassing: false })
  if (run === null) return failed('The job has not run yet.')
  if (spec.resultGlobs.length === 0) return failed('The job doesn’t say which files are its results.')
  const listed = await host.listResults(pod, run.id, spec.resultGlobs)
  if (!listed.ok)
    return fail({ message: listed.error.message, isPassing: listed.error.kind === 'unreachable' })
  const files = listed.value
  if (files.length > MAX_RESULT_FILES)
    return failed(
      `There are ${formatNumber(files.length)} result files, more than ${formatNumber(MAX_RESULT_FILES)}. Nothing was fetched.`,
    )
  const made = resultFiles.makeFolder(folder, `${spec.name}-${runCount}`)
  if (!made.ok) return failed(made.error)
  const totalBytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  let doneBytes = 0
  for (const file of files) {
    const fetched = await host.fetchResult(pod, run.id, file, made.value, (receivedBytes) =>
      onProgress(doneBytes + receivedBytes, totalBytes),
    )
    if (!fetched.ok)
      return fail({
        message: `${plainName(file.name)}: ${fetched.error.message}`,
        isPassing: fetched.error.kind === 'unreachable',
      })
    doneBytes += file.sizeBytes
  }
  return ok({ folder: made.value, fileCount: files.length })
}
