import type { WindowOperation } from './operation'

/** What only windows may ask for about pods. The requests say what each does. */
export const podOperations = {
  history: { cause: ['reads'], window: { rate: 'reading' } },
  confirmTerminate: { cause: ['destroys'], window: { asks: { destroys: 'own-window' }, rate: 'acting' } },
  confirmTerminateAtMaxHours: { cause: ['destroys'], window: { asks: { destroys: 'own-window' } } },
  endKeepOn: { cause: ['changes-here', 'stops'], window: {} },
  lookInside: { cause: ['runs-on-pod'], window: { rate: 'external' } },
  stopPods: { cause: ['stops', 'destroys'], window: { asks: { destroys: 'own-window' }, rate: 'bulk' } },
  keepPodsOn: { cause: ['changes-here'], window: { rate: 'bulk' } },
  selectForAutoStop: { cause: ['changes-here', 'stops'], window: { rate: 'bulk' } },
  setStopTime: { cause: ['changes-here', 'stops'], window: {} },
  turnOnAutoStop: { cause: ['changes-here', 'stops'], window: { rate: 'bulk' } },
  undoAll: { cause: ['changes-here'], window: { rate: 'undoing' } },
  refreshVolumes: { cause: ['reads'], window: { rate: 'acting' } },
  cleanUp: { cause: ['reads'], window: { rate: 'reading' } },
  deleteTemplate: { cause: ['destroys'], window: { asks: { destroys: 'own-window' }, rate: 'acting' } },
  volumePlaces: { cause: ['reads'], window: { rate: 'external' } },
  editablePod: { cause: ['reads'], window: { rate: 'external' } },
  podUsage: { cause: ['reads'], window: { rate: 'reading' } },
  podDetails: { cause: ['reads'], window: {} },
  podDiskLines: { cause: ['reads'], window: { rate: 'reading' } },
  readPodDisks: { cause: ['runs-on-pod'], window: { rate: 'external' } },
  measureFolders: { cause: ['runs-on-pod'], window: { rate: 'external' } },
  recognizePod: { cause: ['changes-here'], window: {} },
  openPodPort: {
    cause: ['leaves-computer'],
    window: { asks: { 'leaves-computer': 'own-window' }, rate: 'external' },
  },

  podCatalog: { cause: ['reads'], window: { rate: 'choosing' } },
  prefilledForm: { cause: ['reads'], window: { rate: 'external' } },
  cancelCreate: { cause: ['changes-here'], window: { rate: 'undoing' } },
  presets: { cause: ['reads'], window: {} },
  savePreset: { cause: ['changes-here'], window: {} },
  renamePreset: { cause: ['changes-here'], window: {} },
  deletePreset: { cause: ['changes-here'], window: {} },
  exportPreset: {
    cause: ['uses-files'],
    window: { asks: { 'uses-files': 'system-dialog' }, rate: 'external' },
  },
  importPreset: {
    cause: ['uses-files', 'changes-here'],
    window: { asks: { 'uses-files': 'system-dialog', 'changes-here': 'system-dialog' }, rate: 'external' },
  },
  accountSshKeys: { cause: ['reads'], window: { rate: 'external' } },

  editorChoices: { cause: ['reads'], window: {} },
  editPodWith: {
    cause: ['changes-here', 'uses-files', 'grants-access'],
    window: {
      asks: { 'changes-here': 'own-window', 'uses-files': 'own-window', 'grants-access': 'own-window' },
      rate: 'external',
    },
  },
  removeSshHosts: {
    cause: ['uses-files'],
    window: { asks: { 'uses-files': 'own-window' }, rate: 'external' },
  },
  changeEditorCommand: {
    cause: ['grants-access'],
    window: { asks: { 'grants-access': 'own-window' }, rate: 'external' },
  },

  transfers: { cause: ['reads'], window: {} },
  pauseTransfer: { cause: ['changes-here'], window: {} },
  resumeTransfer: { cause: ['uses-files', 'runs-on-pod'], window: {} },
  removeTransfer: { cause: ['changes-here'], window: {} },
  listPodFolder: { cause: ['reads'], window: { rate: 'browsing' } },
  closePodFolders: { cause: ['changes-here'], window: {} },
  makePodFolder: { cause: ['runs-on-pod'], window: { rate: 'acting' } },
  renamePodFile: { cause: ['runs-on-pod'], window: { rate: 'acting' } },
  deletePodFiles: { cause: ['destroys'], window: { asks: { destroys: 'own-window' }, rate: 'external' } },
  openLocalFolder: {
    cause: ['uses-files'],
    window: { asks: { 'uses-files': 'system-dialog' }, rate: 'external' },
  },
  listLocalFolder: { cause: ['reads'], window: { rate: 'browsing' } },
  uploadChosen: {
    cause: ['uses-files', 'runs-on-pod'],
    window: { asks: { 'uses-files': 'system-dialog', 'runs-on-pod': 'system-dialog' }, rate: 'external' },
  },
  uploadFrom: {
    cause: ['uses-files', 'runs-on-pod'],
    window: { asks: { 'uses-files': 'own-window', 'runs-on-pod': 'own-window' }, rate: 'external' },
  },
  downloadToChosen: {
    cause: ['uses-files'],
    window: { asks: { 'uses-files': 'system-dialog' }, rate: 'external' },
  },
  downloadTo: { cause: ['uses-files'], window: { asks: { 'uses-files': 'own-window' }, rate: 'external' } },

  readGpus: {
    cause: ['runs-on-pod', 'grants-access'],
    window: { asks: { 'grants-access': 'own-window' }, rate: 'watching' },
  },
  closeGpus: { cause: ['changes-here'], window: { rate: 'reading' } },
  ports: { cause: ['reads'], window: {} },
  startForward: {
    cause: ['changes-here', 'grants-access'],
    window: { asks: { 'grants-access': 'own-window' }, rate: 'acting' },
  },
  stopForward: { cause: ['changes-here'], window: {} },
  removeForward: { cause: ['changes-here'], window: {} },
  lookUpPorts: {
    cause: ['runs-on-pod', 'grants-access'],
    window: { asks: { 'grants-access': 'own-window' }, rate: 'external' },
  },
  openForward: { cause: ['leaves-computer'], window: { rate: 'external' } },

  openLog: { cause: ['reads'], window: { rate: 'following' } },
  closeLog: { cause: ['changes-here'], window: { rate: 'reading' } },
  ackLog: { cause: ['reads'], window: { rate: 'flowing' } },
  chooseLogFile: {
    cause: ['uses-files'],
    window: { asks: { 'uses-files': 'system-dialog' }, rate: 'external' },
  },
  appendToLogFile: {
    cause: ['uses-files'],
    window: { asks: { 'uses-files': 'system-dialog' }, rate: 'flowing' },
  },
  finishLogFile: { cause: ['uses-files'], window: { asks: { 'uses-files': 'system-dialog' } } },

  terminals: { cause: ['reads'], window: {} },
  openTerminal: {
    cause: ['runs-on-pod', 'grants-access'],
    window: { asks: { 'grants-access': 'own-window' }, rate: 'acting' },
  },
  splitTerminal: {
    cause: ['runs-on-pod', 'grants-access'],
    window: { asks: { 'grants-access': 'own-window' }, rate: 'acting' },
  },
  resizePane: { cause: ['changes-here'], window: { rate: 'resizing' } },
  closeTerminal: { cause: ['changes-here', 'stops'], window: {} },
  retryTerminal: {
    cause: ['runs-on-pod', 'grants-access'],
    window: { asks: { 'grants-access': 'own-window' } },
  },
  renameTerminal: { cause: ['changes-here'], window: {} },
  moveTerminal: { cause: ['changes-here'], window: {} },
  placeTerminal: { cause: ['changes-here'], window: { rate: 'acting' } },
  showTerminalWindow: { cause: ['changes-here'], window: {} },
  showQuestion: { cause: ['changes-here'], window: { rate: 'external' } },
  forgetHostKey: {
    cause: ['grants-access'],
    window: { asks: { 'grants-access': 'own-window' }, rate: 'external' },
  },
  attachTerminal: { cause: ['reads'], window: { rate: 'attaching' } },
  detachTerminal: { cause: ['changes-here'], window: { rate: 'reading' } },
  typeInTerminal: { cause: ['runs-on-pod'], window: { rate: 'typing' } },
  resizeTerminal: { cause: ['changes-here'], window: { rate: 'resizing' } },
  clearTerminal: { cause: ['changes-here'], window: {} },
  ackTerminal: { cause: ['reads'], window: { rate: 'flowing' } },
  dismissTerminalNotice: { cause: ['changes-here'], window: {} },
  notifyOfCommand: { cause: ['changes-here'], window: {} },
  openTerminalLink: {
    cause: ['leaves-computer'],
    window: { asks: { 'leaves-computer': 'own-window' }, rate: 'external' },
  },
  sshKeys: { cause: ['reads'], window: { rate: 'external' } },
  createSshKey: { cause: ['uses-files'], window: { rate: 'external' } },
  registerSshKey: {
    cause: ['grants-access', 'stops'],
    window: { asks: { 'grants-access': 'own-window', stops: 'own-window' }, rate: 'external' },
  },
  chooseSshKeyFile: {
    cause: ['uses-files', 'changes-here'],
    window: { asks: { 'uses-files': 'system-dialog', 'changes-here': 'system-dialog' }, rate: 'external' },
  },
  snippets: { cause: ['reads'], window: {} },
  saveSnippets: { cause: ['changes-here'], window: {} },
  snippetValues: { cause: ['reads'], window: {} },
} as const satisfies Readonly<Record<string, WindowOperation>>
