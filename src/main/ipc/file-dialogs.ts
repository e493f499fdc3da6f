import { dialog } from 'electron'
import type { AuditExportFormat } from '../../core/audit-log/audit-export'
import type { FileDialogs } from '../settings/settings-import-export'

/** Asks where to save the table of a month; null when canceled. */
export async function chooseCostsFile(defaultPath: string): Promise<string | null> {
  const { canceled, filePath } = await dialog.showSaveDialog({
    title: 'Export costs',
    defaultPath,
    filters: [{ name: 'Comma-separated values', extensions: ['csv'] }],
  })
  return canceled || !filePath ? null : filePath
}

/** Asks where to save entries of the activity log; null when canceled. */
export async function chooseActivityFile(
  defaultPath: string,
  format: AuditExportFormat,
): Promise<string | null> {
  const { canceled, filePath } = await dialog.showSaveDialog({
    title: 'Export activity',
    defaultPath,
    filters: [
      format === 'csv'
        ? { name: 'Comma-separated values', extensions: ['csv'] }
        : { name: 'JSON lines', extensions: ['jsonl'] },
    ],
  })
  return canceled || !filePath ? null : filePath
}

/** Asks where to save a log; null when canceled. */
export async function chooseLogPath(defaultPath: string): Promise<string | null> {
  const { canceled, filePath } = await dialog.showSaveDialog({
    title: 'Save log',
    defaultPath,
    filters: [{ name: 'Text', extensions: ['txt', 'log'] }],
  })
  return canceled || !filePath ? null : filePath
}

/** Asks for a private key file; null when canceled. */
export async function chooseKeyFile(): Promise<string | null> {
  const { canceled, filePaths } = await dialog.showOpenDialog({
    title: 'Choose a private key',
    properties: ['openFile', 'showHiddenFiles'],
  })
  return canceled ? null : (filePaths[0] ?? null)
}

const jsonDialogs = (what: string, name: string): FileDialogs => {
  const filters = [{ name, extensions: ['json'] }]
  return {
    async chooseSavePath(defaultPath) {
      const { canceled, filePath } = await dialog.showSaveDialog({
        title: `Export ${what}`,
        defaultPath,
        filters,
      })
      return canceled || !filePath ? null : filePath
    },
    async chooseOpenPath() {
      const { canceled, filePaths } = await dialog.showOpenDialog({
        title: `Import ${what}`,
        filters,
        properties: ['openFile'],
      })
      return canceled ? null : (filePaths[0] ?? null)
    },
  }
}

export const settingsFileDialogs = jsonDialogs('settings', 'Settings')
export const presetFileDialogs = jsonDialogs('preset', 'Presets')
