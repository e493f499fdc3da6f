import type { Monitor } from '../../core/monitor'
import { formatClock } from '../../core/base/format'
import type { Snapshot } from '../../core/view/snapshot'
import type { Connection } from '../../core/polling/connection'
import { Ending, exitCodes } from '../output/exit'

/** Starts the monitor and resolves with the first snapshot that an answer, or its failure, made. */
export function firstLook(monitor: Monitor): Promise<Snapshot> {
  return new Promise((resolve) => {
    const unsubscribe = monitor.subscribe((snapshot) => {
      if (snapshot.connection.kind === 'connecting') return
      unsubscribe()
      resolve(snapshot)
    })
    monitor.start()
  })
}

/** Why one look did not succeed, as a command's end; null when it did. */
export function lookProblem(connection: Connection): Ending | null {
  switch (connection.kind) {
    case 'live':
      return null
    case 'key-doubted':
    case 'key-refused':
      return new Ending(
        exitCodes.noKey,
        'Runpod does not accept this key. Give a new one: podkeeper login, or RUNPOD_API_KEY.',
      )
    case 'forbidden':
      return new Ending(exitCodes.noKey, `The key is valid, but may not see pods. ${connection.failure}`)
    case 'unreadable':
      return new Ending(
        exitCodes.unreachable,
        `Something between us and Runpod answered in its place. ${connection.failure}`,
      )
    case 'rate-limited':
      return new Ending(
        exitCodes.unreachable,
        `Runpod asks to wait until ${formatClock(connection.untilMs)} (too many requests).`,
      )
    case 'offline':
      return new Ending(exitCodes.unreachable, `Runpod could not be reached. ${connection.failure}`)
    case 'no-account':
    case 'connecting':
      return new Ending(exitCodes.unreachable, 'Nothing was answered.')
  }
}
