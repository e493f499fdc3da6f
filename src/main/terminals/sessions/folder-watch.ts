import {
  folderOnPod,
  type FolderState,
  noFolder,
  type ReportedFolder,
  withFolderReport,
} from '../../../core/files/shell-folder'
import type { SshShell } from '../../../ssh/connection/ssh-shell'

/** Knows the folder that a terminal's shell is in, as far as the pod says it. */
export interface FolderWatch {
  readonly onReports: (reports: readonly ReportedFolder[]) => void
  /** Another shell is there, which has reported nothing yet. */
  readonly onOpened: () => void
  /** Absolute; null: not known. */
  readonly current: (shell: SshShell | null) => Promise<string | null>
}

export function createFolderWatch(): FolderWatch {
  let state: FolderState = noFolder
  return {
    onReports: (reports) => void (state = reports.reduce(withFolderReport, state)),
    onOpened: () => void (state = noFolder),
    async current(shell) {
      if (shell === null) return null
      const { session } = shell
      // tmux looks now, and what a program printed may be old.
      return session === undefined || session.kind === 'none' ? folderOnPod(state) : session.folder()
    },
  }
}
