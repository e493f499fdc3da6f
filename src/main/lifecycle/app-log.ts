import { join } from 'node:path'
import { app } from 'electron'
import type { Clock } from '../../core/base/clock'
import { type Log, openLog } from './log'

/** The log of this run, which says what runs on what. */
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
