import { askWhether } from '../../core/confirmation/question-queue'
import { localPortQuestion } from '../../core/confirmation/reach-questions'
import type { Clock } from '../../core/base/time/clock'
import { ok } from '../../core/base/result'
import type { TerminalInputTracker } from '../../core/terminal/terminal-input'
import { parsePodKey } from '../../core/pods/pod'
import { accountName } from '../../core/view/account-name'
import { openForwardsFile } from '../../node/data-folder/forwards-file'
import type { HandlersOf } from '../../shared/ipc'
import type { PortRequests } from '../../shared/requests/pod/port-requests'
import type { Ssh } from '../../ssh/create-ssh'
import type { AccountSession } from '../account/account-session-types'
import { isDemoId } from '../account/session/demo-entry'
import type { AppHost } from '../lifecycle/app-host'
import { parseForwardUrl } from '../hardening/external-url'
import { browserOpener } from '../hardening/harden-app'
import { askInWindow, createConnectPrompts } from '../terminals/connect-prompts'
import type { PromptWindow } from '../windows/prompt-window'
import type { Windows } from '../windows/windows'
import { createPorts, type Ports } from './ports'

export interface AppPortsOptions {
  readonly host: Pick<AppHost, 'openExternal'>
  readonly userData: string
  readonly clock: Clock
  readonly session: Pick<AccountSession, 'monitor' | 'snapshot'>
  readonly windows: Pick<Windows, 'send'>
  readonly promptWindow: Pick<PromptWindow, 'ask'>
  readonly terminalInput: TerminalInputTracker
  readonly ssh: Ssh
}

export interface AppPorts {
  readonly ports: Ports
  readonly portHandlers: HandlersOf<PortRequests>
}

/** The forwarded ports of the app, and their request handlers. Those of the demo are not saved. */
export function createAppPorts(options: AppPortsOptions): AppPorts {
  const { clock, session, windows } = options
  const answers = askInWindow(options.promptWindow.ask, (accountId) =>
    accountName(session.snapshot(), accountId),
  )
  const ports = createPorts({
    clock,
    ssh: options.ssh,
    promptsFor: (podName, onAsking) =>
      createConnectPrompts(podName, answers, ({ kind }) => onAsking(kind !== 'step')),
    accountPods: (accountId) => session.monitor(accountId)?.accountPods() ?? null,
    saved: openForwardsFile(options.userData),
    isSaved: (accountId) => !isDemoId(accountId),
    mayTakePort: ({ id, name }, podKey, forward) =>
      askWhether(
        options.promptWindow.ask,
        localPortQuestion(
          { id, name, accountName: accountName(session.snapshot(), parsePodKey(podKey).accountId) },
          forward,
        ),
      ),
    canHaveOwnAddress: process.platform !== 'darwin',
    input: options.terminalInput,
    openInBrowser: browserOpener(options.host, parseForwardUrl),
    publish: (view) => windows.send('ports', view),
  })
  return {
    ports,
    portHandlers: {
      ports: () => ok(ports.view()),
      startForward: (podKey, forward) => ports.start(podKey, forward),
      stopForward: (podKey, forward) => ok(ports.stop(podKey, forward)),
      removeForward: (podKey, forward) => ports.remove(podKey, forward),
      lookUpPorts: (podKey) => ports.lookUp(podKey),
      openForward: (podKey, forward) => ports.open(podKey, forward),
    },
  }
}
