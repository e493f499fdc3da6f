import { fail, ok, type Result } from '../../core/base/result'
import { bindOperations } from '../../core/operations/bind-operations'
import {
  type QueueOperations,
  queueOperationNames,
  queueOperations,
} from '../../core/operations/queue-operations'
import type { Queue } from '../../core/queue/queue'
import { isRunningState, isWaitingState, type JobView } from '../../core/queue/queue-view'
import type { ControlActions, ControlRefusal } from './control-requests'
import type { QueueControlRequests } from './queue-control'

/** Bytes of a log in one reply. */
const MAX_LOG_BYTES = 256 * 1_024

/** Whole scripts of many jobs would be too large for a reply. */
const MAX_COMMAND_CHARS_SHOWN = 1_000

/** Of the jobs that are over. */
const MAX_DONE_LISTED = 200

const isOpen = ({ state }: JobView): boolean => isWaitingState(state) || isRunningState(state)

const withShortCommand = (job: JobView): JobView =>
  job.spec.command.length <= MAX_COMMAND_CHARS_SHOWN
    ? job
    : { ...job, spec: { ...job.spec, command: `${job.spec.command.slice(0, MAX_COMMAND_CHARS_SHOWN - 1)}…` } }

/** Carries out what commands ask of the queue. */
export function createQueueControlHandlers(
  ownQueue: () => Queue | null,
): Pick<ControlActions, keyof QueueControlRequests> {
  async function withQueue<T>(
    request: (queue: Queue) => Result<T, string> | Promise<Result<T, string>>,
  ): Promise<Result<T, ControlRefusal | string>> {
    const queue = ownQueue()
    if (queue === null)
      return fail({ code: 'other-account', message: 'That Podkeeper has no queue, so nothing was done.' })
    return await request(queue)
  }

  return {
    ...bindOperations<QueueOperations, keyof QueueOperations, ControlRefusal | string>(
      queueOperationNames,
      (run) => withQueue((queue) => run(queueOperations(queue, MAX_LOG_BYTES, { isFromCommandLine: true }))),
    ),
    queue: () =>
      withQueue((queue) => {
        const { jobs, suggestions, countdowns, rules, experiments } = queue.view()
        return ok({
          jobs: [...jobs.filter(isOpen), ...queue.doneJobs('', MAX_DONE_LISTED).jobs].map(withShortCommand),
          suggestions,
          countdowns,
          rules,
          experiments,
          pods: queue.podNames(),
        })
      }),
  }
}
