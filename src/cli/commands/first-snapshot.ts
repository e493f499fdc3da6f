import type { Monitor } from '../../core/monitor-types'
import { formatTimeOfDay } from '../../core/base/format'
import type { Snapshot } from '../../core/view/snapshot'
import type { ConnectionView } from '../../core/polling/connection'
import { CliExit, exitCodes } from '../output/exit'

/** Starts the monitor and resolves with the first snapshot after a response or an error. */
export function firstSnapshot(monitor: Monitor): Promise<Snapshot> {
  return new Promise((resolve) => {
    const unsubscribe = monitor.subscribe((snapshot) => {
      if (snapshot.connection.kind === 'connecting') return
      unsubscribe()
      resolve(snapshot)
    })
    monitor.start()
  })
}

/** The exit for a failed poll; null if it succeeded. */
export function connectionExit(connection: ConnectionView): CliExit | null {
  switch (connection.kind) {
    case 'live':
      return null
    case 'key-doubted':
    case 'key-refused':
      return new CliExit(
        exitCodes.noKey,
        'Runpod does not accept this key. To use a new one, run podkeeper login or set RUNPOD_API_KEY.',
      )
    case 'forbidden':
      return new CliExit(
        exitCodes.noKey,
        `The key is valid but has no permission to read pods. ${connection.failure}`,
      )
    case 'unreadable':
      return new CliExit(
        exitCodes.unreachable,
        `Something between you and Runpod, such as a proxy, answered instead. ${connection.failure}`,
      )
    case 'rate-limited':
      return new CliExit(
        exitCodes.unreachable,
        `Too many requests. Runpod asks us to wait until ${formatTimeOfDay(connection.untilMs)}.`,
      )
    case 'offline':
      return new CliExit(exitCodes.unreachable, `Runpod could not be reached. ${connection.failure}`)
    case 'no-account':
    case 'connecting':
      return new CliExit(exitCodes.unreachable, 'There was no response.')
  }
}
