import { existsSync } from 'node:fs'
import { countsOf, type Measurement } from '../measurement'
import { checkConnectionKills } from './connection-kills'
import { checkStartKills } from './start-kills'

const queueFigure = countsOf('queue')

const STARTS = 2_000
const CONNECTIONS = 300

/** Jobs whose start is cut off or killed at any moment: one that runs twice, or whose end is not seen, fails it. */
export async function measureJobStarts(): Promise<readonly Measurement[]> {
  const busybox = existsSync('/usr/bin/busybox') ? ([['busybox', 'sh']] as const) : []
  const started = await checkStartKills(1_000, STARTS, [['dash'], ...busybox])
  const connected = await checkConnectionKills(1_000, CONNECTIONS)
  for (const line of [...started, ...connected].slice(0, 20)) console.error(line)
  return [
    queueFigure(`jobs that are not what was said, of ${STARTS} whose shell was killed`, started.length, 0),
    queueFigure(
      `jobs that are not what was said, of ${CONNECTIONS} whose SSH connection was cut`,
      connected.length,
      0,
    ),
  ]
}
