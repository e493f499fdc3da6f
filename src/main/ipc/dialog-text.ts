/** Titles and file types of the system’s file dialogs. */
export const dialogText = {
  exportActivity: 'Export activity',
  jsonLines: 'JSON lines',
  exportCosts: 'Export costs',
  csv: 'Comma-separated values',
  saveLog: 'Save log',
  text: 'Text',
  chooseKey: 'Choose a private key',
  chooseJobFiles: 'Choose files for the job',
  chooseResultsFolder: 'Choose a folder for the results',
  exportSettings: 'Export settings',
  importSettings: 'Import settings',
  settings: 'Settings',
  exportPreset: 'Export preset',
  importPreset: 'Import preset',
  presets: 'Presets',
} as const
