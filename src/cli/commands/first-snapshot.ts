import type { Monitor } from '../../core/monitor/monitor-types'
import type { Snapshot } from '../../core/view/snapshot'
import type { ConnectionView } from '../../core/polling/connection'
import { CliExit, exitCodes } from '../output/exit'
import { connectionProblem } from './connection-text'

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
  const problem = connectionProblem(connection)
  if (problem === null) return null
  const isKeyAtFault = ['key-doubted', 'key-refused', 'forbidden'].includes(connection.kind)
  return new CliExit(isKeyAtFault ? exitCodes.noKey : exitCodes.unreachable, problem)
}
