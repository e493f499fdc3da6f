import type { PasteRisk } from '../screen/clipboard/clean-paste'
import { formatNumber, formatTimeOfDay } from '../../../core/base/text/format'
import type { TerminalNotice } from '../../../core/terminal/kept-session'
import type { SshRoute } from '../../../core/pods/pod'
import type { HostKeyQuestion } from '../../../core/terminal/host-key'
import type { SshKeysView } from '../../../core/terminal/ssh-keys'

export const statePanelText = {
  couldNotConnect: (pod: string) => `Couldn’t connect to ${pod}`,
  typedIsKept: 'What you typed is sent once the shell is open.',
  reconnects: 'This terminal reconnects when the pod runs again.',
  startPod: 'Start pod',
  attach: 'Attach',
  newShell: 'New shell',
  pressEnter: 'Press Enter for a new one.',
  passphraseNeeded: 'Passphrase needed',
  keyProtected: 'is protected. A separate window asks for its passphrase, which is kept in memory only.',
} as const

export const paneText = {
  couldNotRead: (problem: string) => `Couldn’t read this terminal’s screen: ${problem}`,
  typedNotSent: 'What you typed while connecting wasn’t sent. Type it again once the shell is open.',
  pasteQuestion: 'Paste this?',
  paste: 'Paste',
  pasteRisk: (risk: PasteRisk, pod: string) =>
    risk.kind === 'lines'
      ? `${risk.count === 1 ? 'This text ends a line' : `This text has ${formatNumber(risk.count)} lines`}. The program on ${pod} receives each at once, as if you pressed Enter.`
      : `This text has ${formatNumber(risk.chars)} characters.`,
  menu: 'Terminal',
  pressToPaste: 'Paste: press',
  selectAll: 'Select all',
  clear: 'Clear',
  search: 'Search',
} as const

/** What a terminal lost. */
export const noticeText = {
  lost: (notice: TerminalNotice): string => {
    const why = notice.isPodRestarted ? 'The pod was restarted' : 'The connection was lost'
    if (notice.kind === 'shell-lost')
      return `${why}, and with it the shell and what ran in it. This is a new shell.`
    const lost = notice.isPodRestarted ? 'The pod was restarted' : 'The session on the pod is gone'
    const command = notice.command === null ? '' : ` It was running ${notice.command}.`
    return `${lost}${notice.isPodRestarted ? ', and its session is gone.' : '.'}${command} This is a new session.`
  },
  install: 'Install tmux on the pod to keep the next ones:',
  tooOld: 'The pod’s tmux is older than 3.2, so it can’t keep them.',
  byProxy: 'Shells that are reached through the proxy of this pod end with their connection.',
  typeCommand: 'Type this command',
  couldNotType: 'Couldn’t type the command',
  dismiss: 'Dismiss',
  couldNotDismiss: 'Couldn’t dismiss the message',
} as const

export const searchBarText = {
  search: 'Search terminal',
  placeholder: 'Search',
  matchCase: 'Match case',
  matchCaseSign: 'Aa',
  regex: 'Regular expression',
  close: 'Close search',
} as const

export const failurePanelText = {
  couldNotRetry: 'Couldn’t try again',
  restartPod: 'Restart pod',
} as const

export const hostKeyText = {
  title: (kind: HostKeyQuestion['kind'], server: string) =>
    kind === 'new' ? `Is this ${server}?` : `${server} has a new key after its restart`,
  proxy: 'Runpod’s proxy',
  /** Stand before and after the name of the server. */
  whetherToTrust: 'A separate window asks whether to trust the key of',
  nothingSent: '. Nothing has been sent there yet.',
  couldNotShow: 'Couldn’t show the question',
  show: 'Show the question',
  offered: 'Its key',
  offeredNow: 'Offered now',
  known: 'Known',
  acceptedForJobs: (atMs: number, fingerprint: string) =>
    `Accepted by the queue at ${formatTimeOfDay(atMs)}, for its jobs only: ${fingerprint}`,
  couldNotForget: 'Couldn’t forget the key',
  couldNotRetry: 'Couldn’t try again',
  forget: 'Forget the known key…',
  /** What to do about a changed key. */
  changedAdvice: (route: SshRoute) =>
    `${
      route === 'proxy'
        ? 'Check whether Runpod has announced a new key for its proxy. If it hasn’t'
        : 'Check in the service’s console whether the pod was reset or moved. If it wasn’t'
    }, don’t continue, and don’t type a password or key anywhere on it.`,
} as const

export const keyRepairText = {
  couldNotRegister: 'Couldn’t register the key',
  registration: {
    registered:
      'Key registered. A running pod gets it only after a restart, and this terminal then reconnects.',
    restarting: 'Key registered. The pod restarts to get it, and this terminal then reconnects.',
  },
  couldNotCreate: 'Couldn’t create a key',
  created: (name: string) => `Created ${name}.`,
  couldNotChoose: 'Couldn’t choose a file',
  checking: 'Checking your keys…',
  couldNotRead: (problem: string) => `Couldn’t read your keys: ${problem}`,
  likelyCause: 'Likely cause',
  localKeys: 'Keys on this computer',
  noKeys: 'No keys found.',
  createAndRegister: 'Create and register key',
  create: 'Create key',
  chooseFile: 'Choose file…',
  afterRestart: 'A running pod gets a newly registered key only after a restart.',
  /** `isRegistered`: null while unknown. */
  state: (isRegistered: boolean | null) =>
    isRegistered === null ? 'unknown' : isRegistered ? 'registered' : 'not registered',
  register: 'Register key',
  registerKey: (name: string) => `Register key: ${name}`,
  fingerprintLater: 'Its fingerprint is shown once you’ve entered its passphrase.',
  registeredCount({ registeredCount, problem }: SshKeysView): string {
    if (registeredCount === null) return `Couldn’t read the registered keys: ${problem ?? 'no answer.'}`
    if (registeredCount === 0) return 'No keys registered in your account.'
    return registeredCount === 1
      ? '1 key registered in your account.'
      : `${registeredCount} keys registered in your account.`
  },
} as const
