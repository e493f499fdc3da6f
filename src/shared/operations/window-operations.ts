import type { WindowOperation } from './operation'

/** What only windows may ask for about accounts and the app. The requests say what each does. */
export const windowOperations = {
  snapshot: { cause: ['reads'], window: { rate: 'reading' } },
  refresh: { cause: ['reads'], window: {} },
  costs: { cause: ['reads'], window: {} },
  exportCosts: { cause: ['uses-files'], window: { asks: { 'uses-files': 'system-dialog' } } },
  auditPage: { cause: ['reads'], window: { rate: 'reading' } },
  exportActivity: {
    cause: ['uses-files'],
    window: { asks: { 'uses-files': 'system-dialog' }, rate: 'external' },
  },
  sendTestNotification: { cause: ['changes-here'], window: { rate: 'external' } },
  dismissNotice: { cause: ['changes-here'], window: {} },
  pauseAlerts: { cause: ['changes-here'], window: {} },
  resumeAlerts: { cause: ['changes-here'], window: {} },
  copyDiagnostics: { cause: ['changes-here'], window: {} },
  openWindow: { cause: ['changes-here'], window: {} },
  openWindowAt: { cause: ['changes-here'], window: {} },
  hidePopover: { cause: ['changes-here'], window: {} },
  openPage: { cause: ['leaves-computer'], window: { rate: 'external' } },
  updates: { cause: ['reads'], window: {} },
  checkForUpdates: { cause: ['leaves-computer'], window: { rate: 'external' } },
  downloadUpdate: { cause: ['leaves-computer'], window: { rate: 'external' } },
  restartForUpdate: { cause: ['changes-here'], window: { rate: 'external' } },
  cancelRestart: { cause: ['changes-here'], window: {} },
  openRelease: { cause: ['leaves-computer'], window: { rate: 'external' } },
  licenses: { cause: ['reads'], window: {} },
  releaseNotes: { cause: ['reads'], window: {} },

  pasteKey: {
    cause: ['changes-here', 'leaves-computer'],
    window: { asks: { 'leaves-computer': 'own-window' }, rate: 'external' },
  },
  pasteLabKey: {
    cause: ['changes-here', 'leaves-computer'],
    window: { asks: { 'leaves-computer': 'own-window' }, rate: 'external' },
  },
  addLabs: { cause: ['changes-here'], window: { rate: 'external' } },
  replaceLabKey: {
    cause: ['changes-here', 'leaves-computer'],
    window: { asks: { 'leaves-computer': 'own-window' }, rate: 'external' },
  },
  testKey: { cause: ['reads'], window: {} },
  startAccountCheck: { cause: ['reads'], window: { rate: 'checking' } },
  cancelAccountCheck: { cause: ['changes-here'], window: {} },
  changeAccount: { cause: ['changes-here'], window: {} },
  orderAccounts: { cause: ['changes-here'], window: {} },
  removeAccount: { cause: ['destroys'], window: { asks: { destroys: 'own-window' }, rate: 'external' } },
  answerAccountQuestion: { cause: ['changes-here'], window: { asks: { 'changes-here': 'own-window' } } },
  connectServer: {
    cause: ['uses-files', 'leaves-computer'],
    window: { asks: { 'uses-files': 'system-dialog', 'leaves-computer': 'own-window' }, rate: 'external' },
  },
  serverPage: { cause: ['reads'], window: { rate: 'reading' } },
  disconnectServer: {
    cause: ['changes-here'],
    window: { asks: { 'changes-here': 'own-window' }, rate: 'external' },
  },
  retryKeyring: { cause: ['reads'], window: {} },
  startDemo: { cause: ['changes-here'], window: { rate: 'external' } },
  runDemoCommand: { cause: ['changes-here'], window: {} },
  leaveDemo: { cause: ['changes-here'], window: { rate: 'external' } },
  changeLabSettings: { cause: ['changes-there', 'runs-on-pod'], window: { rate: 'external' } },
  openWebApp: { cause: ['leaves-computer'], window: { rate: 'external' } },
  pasteEnvironment: { cause: ['changes-here'], window: { rate: 'external' } },
  createLabPod: {
    cause: ['spends', 'runs-on-pod'],
    window: { asks: { spends: 'own-window', 'runs-on-pod': 'own-window' }, rate: 'external' },
  },

  channels: { cause: ['reads'], window: {} },
  addChannel: { cause: ['leaves-computer'], window: { asks: { 'leaves-computer': 'own-window' } } },
  replaceChannelAddress: {
    cause: ['leaves-computer'],
    window: { asks: { 'leaves-computer': 'own-window' } },
  },
  changeChannel: { cause: ['changes-here'], window: {} },
  removeChannel: { cause: ['changes-here'], window: { asks: { 'changes-here': 'own-window' } } },
  testChannel: { cause: ['leaves-computer'], window: {} },
  podsApi: { cause: ['reads'], window: {} },
  grantApiAccess: { cause: ['grants-access'], window: { asks: { 'grants-access': 'own-window' } } },
  revokeApiAccess: { cause: ['changes-here'], window: { asks: { 'changes-here': 'own-window' } } },

  editJob: {
    cause: ['changes-here', 'spends', 'runs-on-pod'],
    window: { asks: { spends: 'own-window', 'runs-on-pod': 'own-window' }, rate: 'acting' },
  },
  runNextJob: { cause: ['runs-on-pod'], window: { rate: 'acting' } },
  doneJobs: { cause: ['reads'], window: { rate: 'following' } },
  pasteJobVariables: { cause: ['changes-here'], window: { rate: 'external' } },
  chooseJobFiles: {
    cause: ['uses-files'],
    window: { asks: { 'uses-files': 'system-dialog' }, rate: 'external' },
  },
  chooseResultsFolder: {
    cause: ['uses-files'],
    window: { asks: { 'uses-files': 'system-dialog' }, rate: 'external' },
  },

  changeApiAddress: {
    cause: ['grants-access'],
    window: { asks: { 'grants-access': 'own-window' }, rate: 'external' },
  },
  exportSettings: { cause: ['uses-files'], window: { asks: { 'uses-files': 'system-dialog' } } },
  chooseImport: { cause: ['uses-files'], window: { asks: { 'uses-files': 'system-dialog' } } },
  applyImport: { cause: ['changes-here', 'stops'], window: {} },
} as const satisfies Readonly<Record<string, WindowOperation>>
