import { fail, ok, type Result } from '../base/result'
import { plainName } from '../pods/pod-name'
import type { Job } from './jobs/job'
import type { JobHost } from './host/job-host'
import type { ResultFiles } from './queue-ports'
import type { QueuePod } from './schedule/schedule'

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
 * Fetches the results of a job's last run into a folder that `makeFolder` makes or names. Each file is checked by its
 * hash, and its name, which is hostile, never leads out of that folder; one that is there already isn't fetched again.
 * `onProgress` has the bytes received so far, of all.
 */
export async function fetchResults(
  { run, spec }: Job,
  { pod }: QueuePod,
  host: JobHost,
  makeFolder: () => Result<string, string>,
  resultFiles: Pick<ResultFiles, 'roomProblem'>,
  onProgress: (receivedBytes: number, totalBytes: number) => void,
): Promise<Result<FetchedResults, FetchError>> {
  const failed = (message: string): Result<never, FetchError> => fail({ message, isPassing: false })
  if (run === null) return failed('The job has not run yet.')
  if (spec.resultGlobs.length === 0) return failed('The job doesn’t say which files are its results.')
  const listed = await host.listResults(pod, run.id, spec.resultGlobs)
  if (!listed.ok)
    return fail({ message: listed.error.message, isPassing: listed.error.kind === 'unreachable' })
  const files = listed.value
  const made = makeFolder()
  if (!made.ok) return failed(made.error)
  const problem = resultFiles.roomProblem(made.value, files)
  if (problem !== null) return failed(problem)
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
