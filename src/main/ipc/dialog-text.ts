import { displayName } from '../../core/files/file-name'

/** Titles and file types of the system’s file dialogs. */
export const dialogText = {
  exportActivity: 'Export activity',
  jsonLines: 'JSON lines',
  exportCosts: 'Export costs',
  csv: 'Comma-separated values',
  saveLog: 'Save log',
  text: 'Text',
  upload: (pod: string, folder: string) => `Upload to ${pod}: ${displayName(folder)}`,
  uploadLabel: 'Upload',
  download: (count: number, pod: string) =>
    `Download ${count === 1 ? '1 item' : `${count} items`} from ${pod} to a folder`,
  downloadLabel: 'Download here',
  openFolder: 'Open a folder of this computer',
  chooseKey: 'Choose a private key',
  chooseCertificate: 'Choose a certificate',
  certificate: 'Certificates (PEM)',
  chooseJobFiles: 'Choose files for the job',
  chooseResultsFolder: 'Choose a folder for the results',
  exportSettings: 'Export settings',
  importSettings: 'Import settings',
  settings: 'Settings',
  exportPreset: 'Export preset',
  importPreset: 'Import preset',
  presets: 'Presets',
} as const
