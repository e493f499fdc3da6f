import type { Terminal } from '@xterm/headless'
import { FOLDER_SEQUENCES, parseFolderReport, type ReportedFolder } from '../core/files/shell-folder'
import { MAX_FOLDERS } from '../shared/terminal-process'

/** Observes in which folder the shell says that it is. Returns the last reports since the last call. */
export function trackFolder(terminal: Terminal): () => ReportedFolder[] {
  let reports: ReportedFolder[] = []
  for (const code of Object.values(FOLDER_SEQUENCES))
    terminal.parser.registerOscHandler(code, (data) => {
      const report = parseFolderReport(code, data)
      if (report !== null) reports = [...reports, report].slice(-MAX_FOLDERS)
      return false
    })
  return () => {
    const taken = reports
    reports = []
    return taken
  }
}
