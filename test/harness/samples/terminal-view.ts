import type { TerminalState, TerminalView } from '../../../src/core/terminal/terminal'
import { podKeyOf } from '../../../src/core/pods/pod'
import type { HostKeyView } from '../../../src/core/terminal/host-key'

export const server = { route: 'direct', host: '205.196.19.52', port: 11_452 } as const
export const known: HostKeyView = {
  algorithm: 'ssh-ed25519',
  fingerprint: 'SHA256:uNiVztksCsDhcc0u9e8BgrJXVGDRsAYsLmFHqcJdX1Q',
}
export const offered: HostKeyView = {
  algorithm: 'ssh-ed25519',
  fingerprint: 'SHA256:p2QAMXNIC1TJYWeIOttrVc98/R1BUFWu3/LiyKgUfQM',
}

export const hostKeyQuestion = {
  kind: 'new',
  server,
  username: 'root',
  accountId: 'account',
  isKnownProxy: false,
  offered,
} as const

/** By default an open terminal. */
export function terminalView(over: Partial<TerminalView> = {}): TerminalView {
  const state: TerminalState = over.state ?? { kind: 'open' }
  const { accountId = 'account', podId = 'busy' } = over
  return {
    id: 't1',
    accountId,
    podId,
    podKey: podKeyOf(accountId, podId),
    podName: 'llama-70b-sft',
    name: null,
    title: '',
    connection: state.kind === 'open' ? { server, hostKey: known, roundTripMs: 41 } : null,
    bufferedInput: null,
    isCommandWatched: false,
    isKept: false,
    notice: null,
    ...over,
    state,
  }
}
