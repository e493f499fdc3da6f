import { dialog } from 'electron'
import type { AuditExportFormat } from '../../core/audit-log/audit-export'
import type { SettingsFileDialogs } from '../settings/settings-import-export'
import { dialogText } from './dialog-text'

/** Asks where to save the table of a month; null when canceled. */
export async function chooseCostsFile(defaultPath: string): Promise<string | null> {
  const { canceled, filePath } = await dialog.showSaveDialog({
    title: dialogText.exportCosts,
    defaultPath,
    filters: [{ name: dialogText.csv, extensions: ['csv'] }],
  })
  return canceled || !filePath ? null : filePath
}

/** Asks where to save entries of the activity log; null when canceled. */
export async function chooseActivityFile(
  defaultPath: string,
  format: AuditExportFormat,
): Promise<string | null> {
  const { canceled, filePath } = await dialog.showSaveDialog({
    title: dialogText.exportActivity,
    defaultPath,
    filters: [
      format === 'csv'
        ? { name: dialogText.csv, extensions: ['csv'] }
        : { name: dialogText.jsonLines, extensions: ['jsonl'] },
    ],
  })
  return canceled || !filePath ? null : filePath
}

/** Asks where to save a log; null when canceled. */
export async function chooseLogPath(defaultPath: string): Promise<string | null> {
  const { canceled, filePath } = await dialog.showSaveDialog({
    title: dialogText.saveLog,
    defaultPath,
    filters: [{ name: dialogText.text, extensions: ['txt', 'log'] }],
  })
  return canceled || !filePath ? null : filePath
}

/** Asks for a private key file; null when canceled. */
export async function chooseKeyFile(): Promise<string | null> {
  const { canceled, filePaths } = await dialog.showOpenDialog({
    title: dialogText.chooseKey,
    properties: ['openFile', 'showHiddenFiles'],
  })
  return canceled ? null : (filePaths[0] ?? null)
}

/** Asks for files that a job brings along; null when canceled. */
export async function chooseJobFiles(): Promise<readonly string[] | null> {
  const { canceled, filePaths } = await dialog.showOpenDialog({
    title: dialogText.chooseJobFiles,
    properties: ['openFile', 'multiSelections', 'showHiddenFiles'],
  })
  return canceled || filePaths.length === 0 ? null : filePaths
}

/** Asks for a folder for the results of jobs; null when canceled. */
export async function chooseResultsFolder(): Promise<string | null> {
  const { canceled, filePaths } = await dialog.showOpenDialog({
    title: dialogText.chooseResultsFolder,
    properties: ['openDirectory', 'createDirectory'],
  })
  return canceled ? null : (filePaths[0] ?? null)
}

/** Asks for what to upload; null when canceled. `folder`: of the pod. */
export async function chooseUploads(
  podName: string,
  folder: string,
  what: 'files' | 'folder',
): Promise<readonly string[] | null> {
  const title = dialogText.upload(podName, folder)
  const { canceled, filePaths } = await dialog.showOpenDialog({
    title,
    message: title,
    buttonLabel: dialogText.uploadLabel,
    properties: [what === 'files' ? 'openFile' : 'openDirectory', 'multiSelections', 'showHiddenFiles'],
  })
  return canceled || filePaths.length === 0 ? null : filePaths
}

/** Asks for the folder that gets so many downloaded items; null when canceled. */
export async function chooseDownloadFolder(count: number, podName: string): Promise<string | null> {
  const title = dialogText.download(count, podName)
  const { canceled, filePaths } = await dialog.showOpenDialog({
    title,
    message: title,
    buttonLabel: dialogText.downloadLabel,
    properties: ['openDirectory', 'createDirectory'],
  })
  return canceled ? null : (filePaths[0] ?? null)
}

/** Asks for a folder to show; null when canceled. */
export async function chooseLocalFolder(): Promise<string | null> {
  const title = dialogText.openFolder
  const { canceled, filePaths } = await dialog.showOpenDialog({
    title,
    message: title,
    properties: ['openDirectory', 'createDirectory', 'showHiddenFiles'],
  })
  return canceled ? null : (filePaths[0] ?? null)
}

interface JsonDialogTexts {
  readonly exportTitle: string
  readonly importTitle: string
  /** Of the file type. */
  readonly name: string
}

const jsonDialogs = ({ exportTitle, importTitle, name }: JsonDialogTexts): SettingsFileDialogs => {
  const filters = [{ name, extensions: ['json'] }]
  return {
    async chooseSavePath(defaultPath) {
      const { canceled, filePath } = await dialog.showSaveDialog({
        title: exportTitle,
        defaultPath,
        filters,
      })
      return canceled || !filePath ? null : filePath
    },
    async chooseOpenPath() {
      const { canceled, filePaths } = await dialog.showOpenDialog({
        title: importTitle,
        filters,
        properties: ['openFile'],
      })
      return canceled ? null : (filePaths[0] ?? null)
    },
  }
}

export const settingsFileDialogs = jsonDialogs({
  exportTitle: dialogText.exportSettings,
  importTitle: dialogText.importSettings,
  name: dialogText.settings,
})
export const presetFileDialogs = jsonDialogs({
  exportTitle: dialogText.exportPreset,
  importTitle: dialogText.importPreset,
  name: dialogText.presets,
})
