import type { Clock } from '../../../core/base/time/clock'
import type { Snapshot } from '../../../core/view/snapshot'
import type { Settings } from '../../../core/settings/settings'
import type { CliAccount } from '../../account/account'
import { createCliMonitor } from '../../account/create-monitor'
import { watchedObstacles } from '../../commands/doctor/watched-obstacles'
import { readStatus } from '../../commands/status'

export interface PolledStatus {
  /** Polls once. Throws a `CliExit`. */
  readonly read: () => Promise<void>
  readonly snapshot: () => Promise<Snapshot>
  readonly dispose: () => void
}

/** An account by a poll of this program. It is loaded alone: beside a program that watches, nothing of it is needed. */
export function openPolledStatus(
  account: CliAccount,
  folder: string,
  clock: Clock,
  settings: () => Settings,
  report: (text: string) => void,
): PolledStatus {
  const monitor = createCliMonitor({ account, clock, journal: null, report, settings })
  return {
    async read() {
      const { problem } = await readStatus(monitor, account.provider.readBalance !== undefined)
      if (problem !== null) throw problem
    },
    async snapshot() {
      const obstacles = await watchedObstacles(folder, account.view.id, clock)
      const snapshot = monitor.snapshot()
      return { ...snapshot, obstacles: (obstacles.ok ? obstacles.value : null) ?? snapshot.obstacles }
    },
    dispose: () => monitor.dispose(),
  }
}
