import type { Dialog } from 'electron'
import type { AuditExportFormat } from '../../core/audit-log/audit-export'
import type { SettingsFileDialogs } from '../settings/settings-import-export'
import { dialogText } from './dialog-text'

/** The part of Electron's dialogs that is used. */
export type FileDialog = Pick<Dialog, 'showSaveDialog' | 'showOpenDialog'>

/** Asks for files with the system's dialogs. */
export interface FileDialogs {
  /** Asks where to save the table of a month; null when canceled. */
  readonly chooseCostsFile: (defaultPath: string) => Promise<string | null>
  /** Asks where to save entries of the activity log; null when canceled. */
  readonly chooseActivityFile: (defaultPath: string, format: AuditExportFormat) => Promise<string | null>
  /** Asks where to save a log; null when canceled. */
  readonly chooseLogPath: (defaultPath: string) => Promise<string | null>
  /** Asks for a private key file; null when canceled. */
  readonly chooseKeyFile: () => Promise<string | null>
  /** Asks for the certificate of who signed that of a server; null when canceled. */
  readonly chooseCertificate: () => Promise<string | null>
  /** Asks for files that a job brings along; null when canceled. */
  readonly chooseJobFiles: () => Promise<readonly string[] | null>
  /** Asks for a folder for the results of jobs; null when canceled. */
  readonly chooseResultsFolder: () => Promise<string | null>
  /** Asks for what to upload; null when canceled. `folder`: of the pod. */
  readonly chooseUploads: (
    podName: string,
    folder: string,
    what: 'files' | 'folder',
  ) => Promise<readonly string[] | null>
  /** Asks for the folder that gets so many downloaded items; null when canceled. */
  readonly chooseDownloadFolder: (count: number, podName: string) => Promise<string | null>
  /** Asks for a folder to show; null when canceled. */
  readonly chooseLocalFolder: () => Promise<string | null>
  readonly settings: SettingsFileDialogs
  readonly presets: SettingsFileDialogs
}

interface JsonDialogTexts {
  readonly exportTitle: string
  readonly importTitle: string
  /** Of the file type. */
  readonly name: string
}

function jsonDialogs(
  dialog: FileDialog,
  { exportTitle, importTitle, name }: JsonDialogTexts,
): SettingsFileDialogs {
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

export function createFileDialogs(dialog: FileDialog): FileDialogs {
  async function chooseCostsFile(defaultPath: string): Promise<string | null> {
    const { canceled, filePath } = await dialog.showSaveDialog({
      title: dialogText.exportCosts,
      defaultPath,
      filters: [{ name: dialogText.csv, extensions: ['csv'] }],
    })
    return canceled || !filePath ? null : filePath
  }

  async function chooseActivityFile(defaultPath: string, format: AuditExportFormat): Promise<string | null> {
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

  async function chooseLogPath(defaultPath: string): Promise<string | null> {
    const { canceled, filePath } = await dialog.showSaveDialog({
      title: dialogText.saveLog,
      defaultPath,
      filters: [{ name: dialogText.text, extensions: ['txt', 'log'] }],
    })
    return canceled || !filePath ? null : filePath
  }

  async function chooseKeyFile(): Promise<string | null> {
    const { canceled, filePaths } = await dialog.showOpenDialog({
      title: dialogText.chooseKey,
      properties: ['openFile', 'showHiddenFiles'],
    })
    return canceled ? null : (filePaths[0] ?? null)
  }

  async function chooseCertificate(): Promise<string | null> {
    const { canceled, filePaths } = await dialog.showOpenDialog({
      title: dialogText.chooseCertificate,
      filters: [{ name: dialogText.certificate, extensions: ['pem', 'crt', 'cer'] }],
      properties: ['openFile'],
    })
    return canceled ? null : (filePaths[0] ?? null)
  }

  async function chooseJobFiles(): Promise<readonly string[] | null> {
    const { canceled, filePaths } = await dialog.showOpenDialog({
      title: dialogText.chooseJobFiles,
      properties: ['openFile', 'multiSelections', 'showHiddenFiles'],
    })
    return canceled || filePaths.length === 0 ? null : filePaths
  }

  async function chooseResultsFolder(): Promise<string | null> {
    const { canceled, filePaths } = await dialog.showOpenDialog({
      title: dialogText.chooseResultsFolder,
      properties: ['openDirectory', 'createDirectory'],
    })
    return canceled ? null : (filePaths[0] ?? null)
  }

  async function chooseUploads(
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

  async function chooseDownloadFolder(count: number, podName: string): Promise<string | null> {
    const title = dialogText.download(count, podName)
    const { canceled, filePaths } = await dialog.showOpenDialog({
      title,
      message: title,
      buttonLabel: dialogText.downloadLabel,
      properties: ['openDirectory', 'createDirectory'],
    })
    return canceled ? null : (filePaths[0] ?? null)
  }

  async function chooseLocalFolder(): Promise<string | null> {
    const title = dialogText.openFolder
    const { canceled, filePaths } = await dialog.showOpenDialog({
      title,
      message: title,
      properties: ['openDirectory', 'createDirectory', 'showHiddenFiles'],
    })
    return canceled ? null : (filePaths[0] ?? null)
  }

  return {
    chooseCostsFile,
    chooseActivityFile,
    chooseLogPath,
    chooseKeyFile,
    chooseCertificate,
    chooseJobFiles,
    chooseResultsFolder,
    chooseUploads,
    chooseDownloadFolder,
    chooseLocalFolder,
    settings: jsonDialogs(dialog, {
      exportTitle: dialogText.exportSettings,
      importTitle: dialogText.importSettings,
      name: dialogText.settings,
    }),
    presets: jsonDialogs(dialog, {
      exportTitle: dialogText.exportPreset,
      importTitle: dialogText.importPreset,
      name: dialogText.presets,
    }),
  }
}
