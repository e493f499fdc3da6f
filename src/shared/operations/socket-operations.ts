import type { SocketOperation } from './operation'

/** What commands and tokens may ask for, and windows too where a row has `window`. The requests say what each does. */
export const socketOperations = {
  account: { cause: ['reads'], socket: { by: ['command'], about: 'account', rate: 'reading' } },
  snapshot: { cause: ['reads'], socket: { by: ['command'], about: 'account', rate: 'reading' } },
  act: {
    cause: ['spends', 'stops', 'destroys'],
    window: { asks: { destroys: 'own-window' }, rate: 'acting' },
    socket: { by: ['command'], about: 'account', asks: { destroys: 'command-line' } },
  },
  startWhenFree: {
    cause: ['spends'],
    window: { rate: 'starting' },
    socket: { by: ['command'], about: 'account' },
  },
  undo: {
    cause: ['changes-here'],
    window: { rate: 'undoing' },
    socket: { by: ['command'], about: 'account', rate: 'unlimited' },
  },
  createPod: {
    cause: ['spends', 'runs-on-pod'],
    window: { asks: { spends: 'own-window', 'runs-on-pod': 'own-window' }, rate: 'starting', isLong: true },
    socket: {
      by: ['command', 'token'],
      about: 'account',
      asks: { spends: 'command-line', 'runs-on-pod': 'command-line' },
    },
  },
  undoCreate: {
    cause: ['changes-here'],
    socket: { by: ['command'], about: 'account', rate: 'unlimited' },
  },
  changeVolume: {
    cause: ['changes-there', 'spends', 'destroys'],
    window: { asks: { spends: 'own-window', destroys: 'own-window' }, rate: 'acting' },
    socket: {
      by: ['command'],
      about: 'account',
      asks: { spends: 'command-line', destroys: 'command-line' },
    },
  },
  setMinimumToZero: {
    cause: ['changes-there'],
    window: { asks: { 'changes-there': 'own-window' }, rate: 'acting' },
    socket: { by: ['command'], about: 'account', asks: { 'changes-there': 'command-line' } },
  },
  editPod: {
    cause: ['changes-there', 'spends', 'stops', 'runs-on-pod', 'destroys'],
    window: {
      asks: {
        spends: 'own-window',
        stops: 'own-window',
        'runs-on-pod': 'own-window',
        destroys: 'own-window',
      },
      rate: 'acting',
      isLong: true,
    },
    socket: {
      by: ['command'],
      about: 'account',
      asks: {
        spends: 'command-line',
        stops: 'command-line',
        'runs-on-pod': 'command-line',
        destroys: 'command-line',
      },
    },
  },
  askConfirmation: { cause: ['reads'], socket: { by: ['command'], about: 'account' } },
  answerConfirmation: {
    cause: ['changes-here', 'destroys'],
    socket: {
      by: ['command'],
      about: 'account',
      asks: { 'changes-here': 'command-line', destroys: 'command-line' },
    },
  },
  keepOn: {
    cause: ['changes-here'],
    window: {},
    socket: { by: ['command', 'token'], about: 'account' },
  },
  changePodRules: {
    cause: ['changes-here', 'stops', 'destroys'],
    window: { asks: { destroys: 'own-window' } },
    socket: { by: ['command'], about: 'account', asks: { destroys: 'command-line' } },
  },
  setAutoStop: {
    cause: ['changes-here', 'stops'],
    window: {},
    socket: { by: ['command'], about: 'account' },
  },
  podGuard: { cause: ['reads'], socket: { by: ['command', 'token'], about: 'account' } },
  changePodGuard: {
    cause: ['changes-here', 'changes-there', 'stops', 'runs-on-pod', 'destroys'],
    window: {
      asks: { 'changes-there': 'own-window', stops: 'own-window', destroys: 'own-window' },
      rate: 'acting',
    },
    socket: {
      by: ['command'],
      about: 'account',
      asks: { 'changes-there': 'command-line', stops: 'command-line', destroys: 'command-line' },
      isSlow: true,
    },
  },
  settings: {
    cause: ['reads'],
    window: {},
    socket: { by: ['command', 'token'], about: 'folder', rate: 'reading' },
  },
  changeSetting: {
    cause: ['changes-here', 'stops'],
    window: {},
    socket: { by: ['command', 'token'], about: 'folder' },
  },
  resetSetting: {
    cause: ['changes-here', 'stops'],
    window: {},
    socket: { by: ['command'], about: 'folder' },
  },

  applyConfig: {
    cause: ['changes-here', 'stops', 'destroys'],
    socket: { by: ['command'], about: 'folder', asks: { destroys: 'command-line' } },
  },

  health: {
    cause: ['reads'],
    socket: { by: ['command', 'token'], about: 'folder', rate: 'reading' },
  },
  queue: {
    cause: ['reads'],
    socket: { by: ['command', 'token'], about: 'folder', rate: 'reading' },
  },
  addJob: {
    cause: ['spends', 'runs-on-pod'],
    window: { asks: { spends: 'own-window', 'runs-on-pod': 'own-window' }, rate: 'acting' },
    socket: { by: ['command', 'token'], about: 'folder' },
  },
  changeJob: {
    cause: ['changes-here', 'spends', 'stops', 'runs-on-pod'],
    window: { rate: 'acting' },
    socket: { by: ['command', 'token'], about: 'folder' },
  },
  moveJob: {
    cause: ['changes-here'],
    window: {},
    socket: { by: ['command'], about: 'folder' },
  },
  runJob: {
    cause: ['runs-on-pod'],
    window: { rate: 'acting' },
    socket: { by: ['command'], about: 'folder' },
  },
  skipStart: {
    cause: ['changes-here'],
    window: { rate: 'undoing' },
    socket: { by: ['command'], about: 'folder' },
  },
  setSchedule: {
    cause: ['changes-here', 'spends', 'runs-on-pod'],
    window: { asks: { spends: 'own-window', 'runs-on-pod': 'own-window' } },
    socket: { by: ['command', 'token'], about: 'folder' },
  },
  jobLog: {
    cause: ['reads'],
    window: { rate: 'following' },
    socket: { by: ['command', 'token'], about: 'folder', rate: 'reading' },
  },
  fetchJobResults: {
    cause: ['uses-files'],
    window: { asks: { 'uses-files': 'system-dialog' }, rate: 'external' },
    socket: { by: ['command'], about: 'folder', isSlow: true },
  },

  recordTokenEvent: { cause: ['changes-here'], socket: { by: ['command'], about: 'folder' } },
  recordLabChange: { cause: ['changes-here'], socket: { by: ['command'], about: 'folder' } },
  recordServerLink: { cause: ['changes-here'], socket: { by: ['command'], about: 'folder' } },
  accountDetails: { cause: ['reads'], socket: { by: ['token'], about: 'account', rate: 'reading' } },
  /** Nothing that loses data. */
  actForToken: { cause: ['spends', 'stops'], socket: { by: ['token'], about: 'account' } },
  /** Nothing that loses data. */
  changeRulesForToken: {
    cause: ['changes-here', 'stops'],
    socket: { by: ['token'], about: 'account' },
  },
  /** Of a guard that a person installed. */
  changeGuardForToken: {
    cause: ['changes-here', 'stops', 'runs-on-pod'],
    socket: { by: ['token'], about: 'account', isSlow: true },
  },
  recordRequest: {
    cause: ['changes-here'],
    socket: { by: ['token'], about: 'account', rate: 'recording' },
  },
  recordRefused: {
    cause: ['changes-here'],
    socket: { by: ['token'], about: 'folder', rate: 'recording' },
  },
  askInWindow: {
    cause: ['destroys'],
    socket: { by: ['token'], about: 'account', asks: { destroys: 'own-window' } },
  },
  /** What an agent does once a person agreed, in the app's own window or by `answerApproval`. */
  requestApproval: {
    cause: ['spends', 'runs-on-pod'],
    socket: {
      by: ['token'],
      about: 'account',
      asks: { spends: 'own-window', 'runs-on-pod': 'own-window' },
    },
  },
  takeApproval: { cause: ['changes-here'], socket: { by: ['token'], about: 'folder', rate: 'reading' } },
  approvals: { cause: ['reads'], socket: { by: ['command'], about: 'folder', rate: 'reading' } },
  answerApproval: {
    cause: ['spends', 'runs-on-pod'],
    socket: {
      by: ['command'],
      about: 'folder',
      asks: { spends: 'command-line', 'runs-on-pod': 'command-line' },
    },
  },
} as const satisfies Readonly<Record<string, SocketOperation>>

export type SocketOperationName = keyof typeof socketOperations

export const socketOperationNames = Object.keys(socketOperations) as SocketOperationName[]

/** What the Pods API and agents may ask for in the name of a token. */
export type TokenOperationName = {
  [K in SocketOperationName]: 'token' extends (typeof socketOperations)[K]['socket']['by'][number] ? K : never
}[SocketOperationName]
