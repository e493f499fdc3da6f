import type { AlertKey } from '../../core/alerts/alert'
import { terminalOfAlert } from '../../core/alerts/command-alert'
import { shownPod } from '../../core/confirmation/confirmation'
import type { AccountPods } from '../../core/confirmation/confirmation-prompt'
import { askWhether } from '../../core/confirmation/question-queue'
import { copyQuestion, forgetHostKeyQuestion } from '../../core/confirmation/terminal-questions'
import { accountOperations } from '../../core/operations/account-operations'
import { accountName } from '../../core/view/account-name'
import { type AccountId, type PodKey, podKeyOf } from '../../core/pods/pod'
import type { Clock } from '../../core/base/time/clock'
import { fail, ok, type Result } from '../../core/base/result'
import type { TerminalInputTracker } from '../../core/terminal/terminal-input'
import { terminalWindows } from '../../core/terminal/panes/tab-layouts'
import type { Handlers, RequestName } from '../../shared/ipc'
import type { ServeOptions } from '../ipc/ipc'
import type { Ssh } from '../../ssh/create-ssh'
import type { PromptWindow } from '../windows/prompt-window'
import type { FileDialogs } from '../ipc/file-dialogs'
import type { AppHost } from '../lifecycle/app-host'
import { parseTerminalUrl } from '../hardening/external-url'
import { browserOpener } from '../hardening/harden-app'
import type { AccountSession } from '../account/account-session-types'
import type { AppStore } from '../settings/app-store'
import type { Windows } from '../windows/windows'
import { askInWindow } from './connect-prompts'
import { endSessions } from '../../ssh/sessions/end-session'
import type { TabStore } from './sessions/tab-records'
import { createSshKeyHandlers } from './ssh-key-handlers'
import { createTerminalHandlers, type TerminalRequestName } from './terminal-handlers'
import { createTerminalLinks } from './terminal-links'
import { createTerminalProcess, type TerminalProcess } from './process/terminal-process'
import { createTerminals } from './terminals'
import type { Terminals } from './terminals-types'
import { terminalsText } from './terminals-text'

export interface AppTerminalsOptions {
  readonly host: Pick<AppHost, 'writeClipboard' | 'openExternal'>
  readonly startProcess: () => TerminalProcess
  readonly dialogs: Pick<FileDialogs, 'chooseKeyFile'>
  readonly clock: Clock
  readonly session: Pick<AccountSession, 'withMonitor' | 'monitor' | 'provider' | 'snapshot'>
  readonly store: Pick<AppStore, 'settings' | 'changeSettings'>
  readonly windows: Pick<
    Windows,
    | 'send'
    | 'sendOutput'
    | 'showTerminal'
    | 'keepTerminalWindows'
    | 'terminalWindowOf'
    | 'isFocused'
    | 'onFocus'
    | 'onPageLost'
    | 'onTerminalWindowClosed'
  >
  readonly promptWindow: Pick<PromptWindow, 'ask' | 'showOpenQuestion'>
  readonly terminalInput: TerminalInputTracker
  readonly ssh: Ssh
  readonly tabStore: TabStore
  /** Removes notifications from the screen. */
  readonly withdraw: (isStale: (key: AlertKey) => boolean) => void
  /** Logs a sentence. */
  readonly report: (message: string) => void
}

export interface AppTerminals {
  readonly terminals: Terminals
  readonly terminalHandlers: Pick<Handlers, TerminalRequestName>
  /** Called when a window requests a terminal. */
  readonly openTerminal: (podKey: PodKey) => Result<void, string>
  /** Why these contents, which sent an admitted request, may not have it; null: they may. */
  readonly refusalOf: NonNullable<ServeOptions['refusalOf']>
  /** Shows the terminal that an alert is about. False: it is about none, or that is closed. */
  readonly showTerminalOf: (key: AlertKey) => boolean
}

/** Only the window that shows a terminal may read it, type in it and say how large it is. */
const OF_ITS_WINDOW: ReadonlySet<string> = new Set<RequestName>([
  'attachTerminal',
  'typeInTerminal',
  'resizeTerminal',
])

/** The app's terminals and their request handlers. No process is started until the first terminal is opened. */
export function createAppTerminals(options: AppTerminalsOptions): AppTerminals {
  const { host, clock, session, windows, promptWindow, ssh } = options
  const { ask } = promptWindow
  const settings = () => options.store.settings()
  const accountPods = (accountId: AccountId): AccountPods | null =>
    session.monitor(accountId)?.accountPods() ?? null
  const nameOf = (accountId: AccountId): string | null => accountName(session.snapshot(), accountId)
  const terminals = createTerminals({
    clock,
    random: Math.random,
    scrollbackLines: () => settings().terminalScrollbackLines,
    createEmulator: createTerminalProcess({
      start: options.startProcess,
      clock,
      report: options.report,
    }),
    openShell: ssh.openShell,
    ...askInWindow(ask, nameOf),
    keepsSessions: () => settings().areTerminalSessionsKept,
    tabStore: options.tabStore,
    endSession: (target, name) => endSessions(ssh.runCommand, target, [name]),
    accountPods,
    onTerminalEvent(accountId, podId, podName, event) {
      session.withMonitor(accountId, (monitor) => ok(monitor.onTerminalEvent(podId, podName, event)))
      if (event.kind === 'seen') options.withdraw((key) => terminalOfAlert(key) === event.terminalId)
    },
    isWindowFocused: windows.isFocused,
    copies: {
      isEnabled: () => settings().mayTerminalsSetClipboard !== 'never',
      ask: ({ podName, podId, accountId }, text) =>
        askWhether(ask, copyQuestion({ podName, podId, accountName: nameOf(accountId), text })),
      write: (text) => void host.writeClipboard(text),
    },
    input: options.terminalInput,
    publish(view) {
      windows.keepTerminalWindows(terminalWindows(view.tabs))
      windows.send('terminals', view)
    },
    send: windows.sendOutput,
  })

  windows.onPageLost((windowId) => terminals.detachAll(windowId))
  windows.onTerminalWindowClosed((windowId) => terminals.onWindowClosed(windowId))
  windows.onFocus(() => terminals.onFocus())
  const showTerminal = (id: string, isAtPointer = false): void =>
    windows.showTerminal(id, terminals.windowOf(id), isAtPointer)

  async function forgetHostKey(id: string): Promise<Result<boolean, string>> {
    const found = terminals.session(id)
    if (!found.ok) return found
    const { accountId, podId, podName, state } = found.value.view()
    if (state.kind !== 'failed' || state.failure.kind !== 'host-key-changed')
      return fail(terminalsText.notBlocked)
    const account = accountPods(accountId)
    const pod = account?.pods.find((each) => each.id === podId)
    const accepted = account && pod ? shownPod(accountId, pod, account.pods).acceptedInputs : [podName]
    const asked = await askWhether(ask, forgetHostKeyQuestion(podName, accepted, state.failure))
    if (!asked.ok || !asked.value) return asked
    ssh.forgetHostKey(accountId, podId, state.failure.server)
    const retried = terminals.retry(id)
    return retried.ok ? ok(true) : retried
  }

  function shown(opened: Result<string, string>): Result<string, string> {
    if (opened.ok) showTerminal(opened.value)
    return opened
  }
  const openTerminal = (podKey: PodKey): Result<string, string> => shown(terminals.open(podKey))

  return {
    terminals,
    refusalOf: (name, [id], contents) =>
      OF_ITS_WINDOW.has(name) && windows.terminalWindowOf(contents) !== terminals.windowOf(String(id))
        ? terminalsText.otherWindow
        : null,
    showTerminalOf(key) {
      const id = terminalOfAlert(key)
      if (id === null || !terminals.session(id).ok) return false
      showTerminal(id)
      return true
    },
    openTerminal(podKey) {
      const opened = openTerminal(podKey)
      return opened.ok ? ok(undefined) : opened
    },
    terminalHandlers: {
      ...createTerminalHandlers({
        terminals,
        openTerminal,
        splitTerminal: (id, direction) => shown(terminals.split(id, direction)),
        forgetHostKey,
        showTerminal,
        showWindow: (windowId) => windows.showTerminal(null, windowId),
        showQuestion: promptWindow.showOpenQuestion,
        links: createTerminalLinks(ask, browserOpener(host, parseTerminalUrl)),
      }),
      ...createSshKeyHandlers({
        ssh,
        accountPods,
        provider: session.provider,
        nameOf,
        chooseFile: options.dialogs.chooseKeyFile,
        saveFile: (path) => options.store.changeSettings({ sshKeyFile: path }),
        ask,
        podView: (accountId, podId) =>
          session.snapshot().pods.find(({ key }) => key === podKeyOf(accountId, podId)),
        restart: (accountId, podId) =>
          session.withMonitor(accountId, (monitor) => accountOperations(monitor).act(podId, 'restart')),
      }),
    },
  }
}
