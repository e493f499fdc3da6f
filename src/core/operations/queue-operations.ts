import type { LogText } from '../queue/job-log'
import type { JobRequests } from '../queue/job-requests'
import type { Queue } from '../queue/queue'
import type { JobSpec } from '../queue/jobs/job-spec'
import type { Result } from '../base/result'
import type { OperationRequester } from './account-operations'

/** What windows and commands may ask of the queue alike. See `AccountOperations`. */
export interface QueueOperations extends Pick<
  JobRequests,
  'changeJob' | 'moveJob' | 'runJob' | 'skipStart' | 'setSchedule' | 'fetchJobResults'
> {
  /** Returns the id of the job. */
  addJob(
    spec: JobSpec,
    variables: Readonly<Record<string, string>>,
    isHeld: boolean,
  ): Promise<Result<string, string>>
  jobLog(jobId: string, fromByte: number): Promise<Result<LogText, string>>
}

export const queueOperationNames = [
  'addJob',
  'changeJob',
  'moveJob',
  'runJob',
  'skipStart',
  'setSchedule',
  'jobLog',
  'fetchJobResults',
] as const satisfies readonly (keyof QueueOperations)[]

/** `maxLogBytes`: of a log, in one reply. */
export function queueOperations(
  { requests }: Queue,
  maxLogBytes: number,
  { isFromCommandLine = false }: OperationRequester = {},
): QueueOperations {
  return {
    ...requests,
    addJob: (spec, variables, isHeld) => requests.addJob(spec, variables, { isHeld, isFromCommandLine }),
    jobLog: (jobId, fromByte) => requests.jobLog(jobId, fromByte, maxLogBytes),
  }
}
