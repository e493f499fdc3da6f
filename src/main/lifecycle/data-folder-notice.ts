import type { Notices } from '../../core/view/notices'
import { lifecycleText } from './lifecycle-text'

export interface StartedApp {
  readonly isPackaged: boolean
  readonly commandLine: { hasSwitch(name: string): boolean }
}

/**
 * Whoever starts a package with another data folder decides which rules hold, so the windows say it, whatever account
 * is watched. `nowMs` in Unix ms.
 */
export function addDataFolderNotice(
  { isPackaged, commandLine }: StartedApp,
  dataFolder: string,
  notices: Pick<Notices, 'add'>,
  nowMs: number,
): void {
  if (!isPackaged || !commandLine.hasSwitch('user-data-dir')) return
  const text = lifecycleText.otherDataFolder(dataFolder)
  notices.add({ id: 'data-folder', accountId: null, podId: null, text, atMs: nowMs })
}
