import { dialog } from 'electron'
import type { FileDialogs } from './settings-transfer'

const filters = [{ name: 'Settings', extensions: ['json'] }]

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
