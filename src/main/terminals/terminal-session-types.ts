import type { Result } from '../../core/base/result'
import type { HostKeyQuestion, NotAsked, SshFailure } from '../../core/terminal/host-key'
import type { RememberedTab } from '../../core/terminal/remembered-tabs'
import type {
  TerminalConnection,
  TerminalSize,
  TerminalSnapshot,
  TerminalView,
} from '../../core/terminal/terminal'
import type { OpenShell } from '../../ssh/connection/ssh-shell'
import type { OutputStream, OutputStreamOptions } from './output/output-stream'
import type { CommandWatchOptions } from './sessions/command-watch'
import type { SessionMemoryOptions } from './sessions/session-memory'
import type { TerminalPod } from './terminal-pod'

/** One tab: its content, and the shell behind it while there is one. */
export interface TerminalSession {
  readonly view: () => TerminalView
  /** Must be called after each poll; null when the pod is currently unknown, which changes nothing. */
  updatePod(pod: TerminalPod | null): void
  /** There is nothing to connect to any longer; `reason` is a sentence. */
  end(reason: string): void
  /** A condition that it may wait for is met: the network is back or the computer woke up. */
  retryNow(): void
  retry(): Result<void, string>
  rename(name: string | null): void
  readonly doesShow: TerminalSessionOptions['emulator']['doesShow']
  /** The folder of the pod that its shell is in, absolute; null: not known. */
  folder(): Promise<string | null>
  attach(size: TerminalSize): Promise<TerminalSnapshot>
  readonly output: Pick<OutputStream, 'isAttached' | 'detach' | 'detachCurrent' | 'ack' | 'pendingBytes'>
  type(text: string, as: 'text' | 'bytes'): Result<void, string>
  resize(size: TerminalSize): void
  readonly clear: () => void
  readonly dismissNotice: () => void
  /** Whether the end of the command that runs, or of the next one, is to be reported. */
  readonly notifyOfCommand: (isWanted: boolean) => void
  /** A window that may show it got the focus. */
  readonly onFocus: () => void
  /** What the next run needs to come back to its session; null: there is none. */
  readonly remembered: () => RememberedTab | null
  /** `endsSession`: its owner closed it. Otherwise its session stays on the pod. */
  close(endsSession?: boolean): void
}

export interface TerminalSessionOptions
  extends
    Pick<OutputStreamOptions, 'emulator' | 'newAttachment' | 'send'>,
    Pick<CommandWatchOptions, 'clock' | 'onCommandEnd' | 'onSeen' | 'onChange'> {
  readonly id: string
  readonly accountId: string
  readonly podId: string
  readonly pod: TerminalPod
  readonly openShell: OpenShell
  readonly memory: Omit<SessionMemoryOptions, 'podStartedAtMs' | 'onForeground' | 'onChange'>
  /** 0 ≤ random < 1. */
  readonly random: () => number
  readonly askHostKey: (
    podName: string,
    question: HostKeyQuestion,
    signal: AbortSignal,
  ) => Promise<boolean | NotAsked>
  readonly askPassphrase: (
    keyName: string,
    isRetry: boolean,
    signal: AbortSignal,
  ) => Promise<string | null | NotAsked>
  readonly onInput: () => void
  /** Whether the window that shows it has the focus. */
  readonly isWindowFocused: () => boolean
  readonly onOpen: (connection: TerminalConnection) => void
  readonly onFailure: (failure: SshFailure) => void
  readonly onEnd: (reason: string) => void
}
