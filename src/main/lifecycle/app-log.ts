import { join } from 'node:path'
import { app } from 'electron'
import type { Clock } from '../../core/base/time/clock'
import { type Log, openLog } from './log'

/** Opens the log of this run, which starts with the versions in use. */
export function openAppLog(userData: string, clock: Clock): Log {
  const log = openLog({
    path: join(userData, 'logs/podkeeper.log'),
    nowMs: () => clock.now().wallMs,
    echo: (line) => process.stderr.write(`${line}\n`),
  })
  log.info(
    `Podkeeper ${app.getVersion()} starts on Electron ${process.versions.electron}, ${process.platform}`,
  )
  return log
}
