import { otherInstalledBuild } from '../../node/installed-build'
import { watchText } from './watch-text'

export interface BuildWatch {
  /** Reads which build is installed. */
  readonly check: () => void
  /** A restart would run another one. */
  readonly isOutdated: () => boolean
}

/** `report` gets a sentence once for each build that is installed while the one in `folder` runs. */
export function createBuildWatch(folder: string, report: (text: string) => void): BuildWatch {
  const reported = new Set<string>()
  let isOutdated = false
  return {
    check() {
      const other = otherInstalledBuild(folder, '../podkeeper.mjs')
      isOutdated = other !== null
      if (other === null || reported.has(other)) return
      reported.add(other)
      report(watchText.otherBuild(other))
    },
    isOutdated: () => isOutdated,
  }
}
