import { accountName } from '../../core/view/account-name'
import type { Clock } from '../../core/base/time/clock'
import type { TerminalInputTracker } from '../../core/terminal/terminal-input'
import type { Ssh } from '../../ssh/create-ssh'
import type { AccountSession } from '../account/account-session-types'
import { findPod } from '../gpus/app-gpus'
import type { FileDialogs } from '../ipc/file-dialogs'
import { askInWindow, createConnectPrompts } from '../terminals/connect-prompts'
import type { Terminals } from '../terminals/terminals-types'
import type { PromptWindow } from '../windows/prompt-window'
import type { Windows } from '../windows/windows'
import { createFileDrops } from './file-drops'
import { createFileHandlers, type FileHandlers } from './file-handlers'
import { createLocalFolders } from './local-folders'
import { createPodFolders } from './pod-folders'
import { openPodFiles, type ReachPodOptions } from './reach-pod'
import { createTransfers, type Transfers } from './transfers'

export interface AppFilesOptions {
  readonly clock: Clock
  readonly session: Pick<AccountSession, 'monitor' | 'snapshot'>
  readonly dialogs: FileDialogs
  readonly windows: Pick<Windows, 'send' | 'showMain' | 'onMainLost'>
  readonly promptWindow: Pick<PromptWindow, 'ask'>
  readonly terminalInput: TerminalInputTracker
  readonly ssh: Pick<Ssh, 'openFileSession'>
  readonly terminals: Pick<Terminals, 'session'>
  readonly report: (what: string, cause?: unknown) => void
}

export interface AppFiles extends Pick<FileHandlers, 'fileHandlers'> {
  readonly transfers: Transfers
  /** Takes files that were dropped on a window. */
  readonly takeDrop: ReturnType<typeof createFileDrops>
}

/** Files of pods in the app, and the request handlers. */
export function createAppFiles(options: AppFilesOptions): AppFiles {
  const { clock, session, windows } = options
  const { ask } = options.promptWindow
  const answers = askInWindow(ask, (accountId) => accountName(session.snapshot(), accountId))
  const reach: ReachPodOptions = {
    findPod: (podKey) => findPod(session, podKey),
    promptsFor: (podName, onAsking) =>
      createConnectPrompts(podName, answers, ({ kind }) => onAsking(kind !== 'step')),
    openFileSession: options.ssh.openFileSession,
  }
  const transfers = createTransfers({
    clock,
    open: (podKey, signal, onAsking) => openPodFiles(reach, podKey, signal, onAsking),
    accountPods: (accountId) => session.monitor(accountId)?.accountPods() ?? null,
    input: options.terminalInput,
    publish: (view) => windows.send('transfers', view),
  })
  const podFolders = createPodFolders({
    clock,
    ...reach,
  })
  windows.onMainLost(() => podFolders.closeAll())
  const { fileHandlers, onDrop } = createFileHandlers({
    ...options.dialogs,
    findPod: reach.findPod,
    transfers,
    podFolders,
    localFolders: createLocalFolders(),
    ask,
    nameOf: (accountId) => accountName(session.snapshot(), accountId),
    terminal(terminalId) {
      const found = options.terminals.session(terminalId)
      return found.ok ? { podKey: found.value.view().podKey, folder: () => found.value.folder() } : null
    },
  })
  const takeDrop = createFileDrops({
    nowMs: () => clock.now().monotonicMs,
    report: options.report,
    async onDrop(drop) {
      const done = await onDrop(drop)
      if (done.ok && done.value && !drop.isShownThere) windows.showMain('files', drop.podKey)
      return done
    },
    onFailed: (message) => windows.send('dropFailed', message),
  })
  return { transfers, fileHandlers, takeDrop }
}
