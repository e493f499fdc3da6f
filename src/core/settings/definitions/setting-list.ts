import { acceleratorProblem } from './shortcut'
import { apiSettings } from './api-settings'
import { alertSettings } from './alert-settings'
import { guardSettings } from './guard-settings'
import { moneySettings } from './money-settings'
import { terminalSettings } from './terminal-settings'
import { updateSettings } from './update-settings'
import {
  type ChoiceSetting,
  numberSetting,
  type NumberSetting,
  type Setting,
  type TextSetting,
  toggleSetting,
  type ToggleSetting,
} from './setting-types'

/** Matches an address and captures its scheme and host. */
const URL_PATTERN = /^(https?):\/\/(\[[\da-f:.]+\]|[\w.-]+)(:\d{1,5})?(\/[^\s?#]*)?$/i
const LOOPBACK = /^(localhost|\[::1\]|127\.\d+\.\d+\.\d+)$/i

/** All settings, named as in `config.json`. Names of numbers include the unit. */
export const settingList = {
  theme: {
    kind: 'choice',
    group: 'appearance',
    label: 'Appearance',
    default: 'system',
    options: { system: 'System', light: 'Light', dark: 'Dark' },
    help: 'For all windows',
    keywords: 'theme mode night color scheme',
  },
  zoomPercent: numberSetting(
    'appearance',
    'Zoom',
    '%',
    [100, 50, 250],
    'Also with Ctrl or Cmd and +, − or 0',
    'size scale larger smaller magnify',
  ),
  trayTitle: {
    kind: 'choice',
    group: 'appearance',
    label: 'Tray text',
    default: 'burn',
    options: { burn: 'Current rate', month: 'Month to date', both: 'Both' },
    help: 'In the tooltip of the icon; on macOS beside it',
    keywords: 'menu bar title icon',
  },
  isLaunchedAtLogin: toggleSetting(
    'startup',
    'Start at login',
    false,
    'Opens in the tray. Podkeeper watches only while it runs',
    'launch boot autostart open',
  ),
  globalShortcut: {
    kind: 'text',
    group: 'startup',
    label: 'Global shortcut',
    default: null,
    none: 'None',
    problem: acceleratorProblem,
    help: 'Opens Podkeeper from any app, such as Ctrl+Alt+P',
    keywords: 'keyboard hotkey keys',
  },
  undoS: numberSetting(
    'actions',
    'Undo time',
    'seconds',
    [5, 1, 60],
    'A stop or restart is sent after this time',
    'cancel delay',
  ),
  ...updateSettings,
  ...alertSettings,
  ...guardSettings,
  ...moneySettings,
  ...terminalSettings,
  ...apiSettings,
  busyAtPercent: numberSetting(
    'idle',
    'Idle below',
    '%',
    [5, 0.1, 100],
    'Utilization of every GPU, or of the CPU in a pod without GPUs',
    'busy threshold utilization',
  ),
  bootMin: numberSetting(
    'idle',
    'Ignore after start',
    'minutes',
    [10, 0, 240],
    'Booting and downloading look idle, but aren’t',
    'boot grace period',
  ),
  gapMin: numberSetting(
    'idle',
    'Longest gap',
    'minutes',
    [5, 0.5, 60],
    'A longer time without an observation ends an idle streak and never counts as idle',
    'sleep network missing',
  ),
  clockToleranceS: numberSetting(
    'idle',
    'Clock tolerance',
    'seconds',
    [30, 1, 600],
    'If this computer’s two clocks differ by more, the time between two polls counts as a gap',
    'time jump',
  ),
  quietCpuPercent: numberSetting(
    'idle',
    'Auto-stop CPU limit',
    '%',
    [3, 0.1, 100],
    'Auto-stop needs the CPU below this, or below half a core if that is less',
    'quiet utilization',
  ),
  stillMemoryPoints: numberSetting(
    'idle',
    'Auto-stop memory limit',
    'points',
    [2, 0.1, 100],
    'Auto-stop needs GPU and host memory to change by fewer percentage points',
    'quiet still unchanged',
  ),
  pollActiveS: numberSetting(
    'polling',
    'Poll while pods run',
    'seconds',
    [15, 1, 3_600],
    'Idle time is measured between polls, so it gets coarser with fewer of them',
    'interval refresh update frequency',
  ),
  pollIdleS: numberSetting(
    'polling',
    'Poll while none run',
    'seconds',
    [60, 1, 3_600],
    'Also the longest pause between attempts while the API can’t be reached',
    'interval refresh update frequency',
  ),
  pollTransitionS: numberSetting(
    'polling',
    'Poll during actions',
    'seconds',
    [5, 1, 600],
    'While a pod starts or stops',
    'interval refresh update frequency',
  ),
  pollBalanceS: numberSetting(
    'polling',
    'Refresh balance every',
    'seconds',
    [300, 10, 86_400],
    'Requested separately from the pods',
    'interval poll update frequency',
  ),
  pollBillsMin: numberSetting(
    'polling',
    'Refresh bills every',
    'minutes',
    [15, 5, 1_440],
    'Bills arrive at least an hour late',
    'interval poll update frequency costs',
  ),
  stopDeadlineS: numberSetting(
    'timeouts',
    'Stop timeout',
    'seconds',
    [120, 5, 3_600],
    'You’re alerted if the pod still runs after this time',
    'deadline overdue',
  ),
  startDeadlineMin: numberSetting(
    'timeouts',
    'Start timeout',
    'minutes',
    [15, 0.1, 240],
    'You’re alerted if the pod doesn’t run after this time',
    'deadline overdue',
  ),
  restartDeadlineS: numberSetting(
    'timeouts',
    'Restart timeout',
    'seconds',
    [180, 5, 3_600],
    'You’re alerted if the pod hasn’t restarted after this time',
    'deadline overdue',
  ),
  terminateDeadlineS: numberSetting(
    'timeouts',
    'Terminate timeout',
    'seconds',
    [120, 5, 3_600],
    'You’re alerted if the pod still exists after this time',
    'deadline overdue delete',
  ),
  gpuRetryS: numberSetting(
    'timeouts',
    'First GPU retry',
    'seconds',
    [60, 1, 3_600],
    'Pause between two attempts to start a pod that waits for a GPU; it grows with each',
    'interval capacity',
  ),
  gpuRetrySlowestS: numberSetting(
    'timeouts',
    'Slowest GPU retry',
    'seconds',
    [300, 1, 3_600],
    'The longest pause between two attempts',
    'interval capacity',
  ),
  gpuGiveUpH: numberSetting(
    'timeouts',
    'GPU wait limit',
    'hours',
    [8, 0.01, 168],
    'After this, Podkeeper stops waiting for a free GPU and alerts you',
    'give up capacity',
  ),
  hiddenWindowKeepS: numberSetting(
    'window',
    'Keep closed window',
    'seconds',
    [300, 1, 86_400],
    'In memory, so that it reopens faster',
    'ram cache',
  ),
  activityLogMb: numberSetting(
    'activity-log',
    'Activity log size',
    'MB',
    [5, 1, 1_000],
    'About 3,500 actions for 5 MB; the oldest entries are removed first',
    'retention keep history audit days disk',
  ),
  runpodBaseUrl: {
    kind: 'text',
    group: 'connection',
    label: 'Runpod API address',
    default: null,
    none: 'Default',
    changedIn: 'own-window',
    problem: baseUrlProblem,
    help: 'A key is only ever sent to the address that it was entered for',
    keywords: 'url host endpoint proxy server',
  },
  keyRetryS: numberSetting(
    'connection',
    'Rejected key retry',
    'seconds',
    [300, 1, 3_600],
    'One rejection may be temporary, so the key is tried again before you are alerted',
    'api key refused',
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

/**
 * Why a text cannot be the address of an API, to follow its name; null when it can. Checks only the text;
 * `parseBaseUrl` of the providers makes the final decision. See docs/product-rules.md#9-first-run.
 */
function baseUrlProblem(text: string): string | null {
  if (!/^https?:\/\//i.test(text)) return 'must begin with https://'
  if (/[?#@]/.test(text)) return 'must have no “?”, “#” or user name in it'
  const [, scheme = '', host = ''] = URL_PATTERN.exec(text) ?? []
  if (host === '') return 'must be a whole address, such as https://api.example.com/v2'
  if (scheme.toLowerCase() === 'http' && !LOOPBACK.test(host))
    return 'must begin with https://, or be on this computer'
  return null
}
