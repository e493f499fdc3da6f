import { dialog } from 'electron'
import type { FileDialogs } from '../settings/settings-import-export'

const filters = [{ name: 'Settings', extensions: ['json'] }]

/** Where the table of a month shall lie; null: cancelled. */
export async function chooseCostsFile(defaultPath: string): Promise<string | null> {
  const { canceled, filePath } = await dialog.showSaveDialog({
    title: 'Export costs',
    defaultPath,
    filters: [{ name: 'Comma-separated values', extensions: ['csv'] }],
  })
  return canceled || !filePath ? null : filePath
}

/** The file of a private key; null: cancelled. */
export async function chooseKeyFile(): Promise<string | null> {
  const { canceled, filePaths } = await dialog.showOpenDialog({
    title: 'Choose a private key',
    properties: ['openFile', 'showHiddenFiles'],
  })
  return canceled ? null : (filePaths[0] ?? null)
}

export const systemFileDialogs: FileDialogs = {
  async chooseToSave(defaultPath) {
    const { canceled, filePath } = await dialog.showSaveDialog({
      title: 'Export settings',
      defaultPath,
      filters,
    })
    return canceled || !filePath ? null : filePath
  },
  async chooseToOpen() {
    const { canceled, filePaths } = await dialog.showOpenDialog({
      title: 'Import settings',
      filters,
      properties: ['openFile'],
    })
    return canceled ? null : (filePaths[0] ?? null)
  },
}
