import { plainText } from '../../../core/base/text/plain-text'
import { SECOND_MS } from '../../../core/base/time/time'
import { isRunningState } from '../../../core/queue/queue-view'
import type { ControlledQueueView } from '../../../node/control/queue-control'
import { type Control, refusalExit } from '../../account/open-control'
import { exitCodes } from '../../output/exit'
import type { CliOutput } from '../../output/terminal'

const FOLLOW_EVERY_MS = 2 * SECOND_MS

export interface FollowLogOptions {
  readonly control: Control
  readonly isJson: boolean
  readonly output: CliOutput
  readonly wait: (ms: number) => Promise<void>
  readonly jobId: string
  /** Goes on until the job is over. */
  readonly isFollowing: boolean
  readonly readView: () => Promise<ControlledQueueView>
}

/** Prints what the job's last run printed, line by line. */
export async function followLog(options: FollowLogOptions): Promise<number> {
  const { control, jobId, isFollowing, isJson, output } = options
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
    const job = (await options.readView()).jobs.find(({ id }) => id === jobId)
    if (!isFollowing || job === undefined || !isRunningState(job.state)) {
      const last = `${partial}${unfinishedLine}`
      if (last !== '') print(last)
      return exitCodes.ok
    }
    await options.wait(FOLLOW_EVERY_MS)
  }
}
