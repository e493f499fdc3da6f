import { acceleratorProblem } from './shortcut'
import { baseUrlProblem } from './base-url'
import { alertSettings } from './alert-settings'
import { guardSettings } from './guard-settings'
import { moneySettings } from './money-settings'
import { terminalSettings } from './terminal-settings'
import {
  type ChoiceSetting,
  numberSetting,
  type NumberSetting,
  type Setting,
  type TextSetting,
  toggleSetting,
  type ToggleSetting,
} from './setting-types'

/** All settings, named as in `config.json`. Names of numbers include the unit. */
export const settingList = {
  pollActiveS: numberSetting(
    'watching',
    'While a pod runs, look every',
    'seconds',
    [15, 1, 3_600],
    'Idleness is measured between two looks, so fewer looks mean coarser times.',
  ),
  pollIdleS: numberSetting(
    'watching',
    'While none runs, look every',
    'seconds',
    [60, 1, 3_600],
    'Also the longest pause between two tries while Runpod cannot be reached.',
  ),
  pollTransitionS: numberSetting(
    'watching',
    'During an action, look every',
    'seconds',
    [5, 1, 600],
    'Until a pod that was told to start or stop has done so.',
  ),
  pollBalanceS: numberSetting(
    'watching',
    'Read the balance every',
    'seconds',
    [300, 10, 86_400],
    'It is asked for apart from the pods.',
  ),
  busyAtPercent: numberSetting(
    'idle',
    'Busy from',
    '%',
    [5, 0.1, 100],
    'Of any GPU, or of the CPU of a pod without GPUs. Below it a pod is idle.',
  ),
  bootMin: numberSetting(
    'idle',
    'Ignore the first',
    'minutes',
    [10, 0, 240],
    'After a start a pod boots and downloads, which looks idle and is not.',
  ),
  gapMin: numberSetting(
    'idle',
    'A gap ends idleness after',
    'minutes',
    [5, 0.5, 60],
    'Time that was not observed, because of sleep or no network, is never counted as idle.',
  ),
  clockToleranceS: numberSetting(
    'idle',
    'Clocks may differ by',
    'seconds',
    [30, 1, 600],
    'When the computer’s two clocks disagree by more, the time between two looks counts as a gap.',
  ),
  quietCpuPercent: numberSetting(
    'idle',
    'Quiet below a CPU of',
    '%',
    [3, 0.1, 100],
    'Or half a core, if that is less. Quiet is stricter than idle: a download or a tar is not quiet.',
  ),
  stillMemoryPoints: numberSetting(
    'idle',
    'Quiet while memory moves less than',
    'points',
    [2, 0.1, 100],
    'Percentage points of GPU and host memory, over the whole quiet time.',
  ),
  idleAlertAfterMin: numberSetting(
    'alerts',
    'Tell me after',
    'minutes',
    [15, 0.05, 10_080],
    'One notification for each stretch of observed idleness that reaches this.',
  ),
  idleAlertEveryMin: numberSetting(
    'alerts',
    'At most once per pod in',
    'minutes',
    [120, 0.05, 10_080],
    'However often a pod goes busy and idle again.',
  ),
  ...alertSettings,
  ...guardSettings,
  ...moneySettings,
  ...terminalSettings,
  undoS: numberSetting(
    'actions',
    'Undo a stop for',
    'seconds',
    [5, 1, 60],
    'Or a restart. Nothing is sent to Runpod before this time is over.',
  ),
  stopDeadlineS: numberSetting(
    'actions',
    'A stop is overdue after',
    'seconds',
    [120, 5, 3_600],
    'A pod that still runs then has not been stopped, and you are told.',
  ),
  startDeadlineMin: numberSetting(
    'actions',
    'A start is overdue after',
    'minutes',
    [15, 0.1, 240],
    'A pod that does not run by then has not been started, and you are told.',
  ),
  restartDeadlineS: numberSetting(
    'actions',
    'A restart is overdue after',
    'seconds',
    [180, 5, 3_600],
    'A pod whose uptime has not fallen by then has not been restarted, and you are told.',
  ),
  terminateDeadlineS: numberSetting(
    'actions',
    'A terminate is overdue after',
    'seconds',
    [120, 5, 3_600],
    'A pod that is still there then has not been terminated, and you are told.',
  ),
  gpuRetryS: numberSetting(
    'actions',
    'Waiting for a GPU, ask every',
    'seconds',
    [60, 1, 3_600],
    'For a pod that you told to start when a GPU is free. Ever more slowly, to spare the quota.',
  ),
  gpuRetrySlowestS: numberSetting(
    'actions',
    'At last only every',
    'seconds',
    [300, 1, 3_600],
    'The longest pause between two tries to get a GPU.',
  ),
  gpuGiveUpH: numberSetting(
    'actions',
    'Stop waiting for a GPU after',
    'hours',
    [8, 0.01, 168],
    'The pod is then left as it is, and you are told.',
  ),
  theme: {
    kind: 'choice',
    group: 'window',
    label: 'Appearance',
    default: 'system',
    options: { system: 'As the system', light: 'Light', dark: 'Dark' },
    help: 'Of both windows.',
  },
  trayTitle: {
    kind: 'choice',
    group: 'window',
    label: 'Beside the tray icon',
    default: 'burn',
    options: { burn: 'What burns now', month: 'What the month cost', both: 'Both' },
    help: 'In its tooltip, and on macOS as text.',
  },
  isLaunchedAtLogin: toggleSetting(
    'window',
    'Start when I log in',
    false,
    'Without a window, in the tray. Podkeeper watches only while it runs.',
  ),
  globalShortcut: {
    kind: 'text',
    group: 'window',
    label: 'Keys that open Podkeeper',
    default: null,
    none: 'None',
    problem: acceleratorProblem,
    help: 'From any program, such as Ctrl+Alt+P. Empty: none.',
  },
  hiddenWindowKeepS: numberSetting(
    'window',
    'Keep a closed window for',
    'seconds',
    [300, 1, 86_400],
    'It opens faster meanwhile; then its memory is freed.',
  ),
  runpodBaseUrl: {
    kind: 'text',
    group: 'connection',
    label: 'Address of Runpod’s API',
    default: null,
    none: 'Runpod’s own',
    changedIn: 'own-window',
    problem: baseUrlProblem,
    help: 'https, or on this computer. A kept key is never sent to another address than it was given for.',
  },
  keyRetryS: numberSetting(
    'connection',
    'Try a refused key again after',
    'seconds',
    [300, 1, 3_600],
    'One refusal may be a hiccup; only the second one is believed.',
  ),
} as const satisfies Record<string, Setting>

type ValueOf<S extends Setting> = S extends NumberSetting
  ? number
  : S extends ToggleSetting
    ? boolean
    : S extends ChoiceSetting
      ? keyof S['options']
      : string | null

export type SettingName = keyof typeof settingList
export type Settings = { readonly [K in SettingName]: ValueOf<(typeof settingList)[K]> }

export const settingNames = Object.keys(settingList) as readonly SettingName[]

/** Where the setting is changed if not by the requests of windows and by imports; otherwise null. */
export function changedIn(name: SettingName): TextSetting['changedIn'] | null {
  const setting: Setting = settingList[name]
  return (setting.kind === 'text' ? setting.changedIn : null) ?? null
}

export const isSettingName = (name: string): name is SettingName => Object.hasOwn(settingList, name)

export const defaultSettings = Object.fromEntries(
  settingNames.map((name) => [name, settingList[name].default]),
) as unknown as Settings
