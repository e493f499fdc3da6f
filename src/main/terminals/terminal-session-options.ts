import type { Clock } from '../../core/base/clock'
import type { HostKeyQuestion, NotAsked, SshFailure } from '../../core/terminal/host-key'
import type { TerminalConnection } from '../../core/terminal/terminal'
import type { OpenShell } from '../../ssh/connection/ssh-shell'
import type { RemoteEmulator } from './process/remote-emulator'
import type { OutputStreamOptions } from './output-stream'
import type { TerminalPod } from './terminal-pod'

export interface TerminalSessionOptions extends Pick<OutputStreamOptions, 'newAttachment' | 'send'> {
  readonly id: string
  readonly accountId: string
  readonly podId: string
  readonly pod: TerminalPod
  readonly emulator: RemoteEmulator
  readonly openShell: OpenShell
  readonly clock: Clock
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
  readonly onChange: () => void
  readonly onInput: () => void
  readonly onOpen: (connection: TerminalConnection) => void
  readonly onFailure: (failure: SshFailure) => void
  readonly onEnd: (reason: string) => void
}
