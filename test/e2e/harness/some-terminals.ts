import type { HostKeyView, SshKeysView, TerminalState, TerminalView } from '../../../src/core/terminal'
import { NOW_MS } from '../../renderer/pod-views'

/* Terminals in every state that they can be in, on the pods of the crafted snapshots. */

const server = { route: 'direct', host: '205.196.19.52', port: 11_452 } as const
const known: HostKeyView = {
  algorithm: 'ssh-ed25519',
  fingerprint: 'SHA256:uNiVztksCsDhcc0u9e8BgrJXVGDRsAYsLmFHqcJdX1Q',
}
const offered: HostKeyView = {
  algorithm: 'ssh-ed25519',
  fingerprint: 'SHA256:p2QAMXNIC1TJYWeIOttrVc98/R1BUFWu3/LiyKgUfQM',
}

/** An open terminal, but for what is said otherwise. */
export function terminalView(over: Partial<TerminalView> = {}): TerminalView {
  const state: TerminalState = over.state ?? { kind: 'open' }
  return {
    id: 't1',
    accountId: 'account',
    podId: 'busy',
    podName: 'llama-70b-sft',
    name: null,
    title: '',
    link: state.kind === 'open' ? { server, hostKey: known, roundTripMs: 41 } : null,
    ...over,
    state,
  }
}

const second = terminalView({
  id: 't2',
  podId: 'idle',
  podName: 'mcmc-planck',
  state: { kind: 'ended', exitCode: 0, reason: '' },
})
const failed = (failure: Extract<TerminalState, { kind: 'failed' }>['failure']): TerminalState => ({
  kind: 'failed',
  failure,
})

export const someKeys: SshKeysView = {
  local: [
    {
      fingerprint: known.fingerprint,
      name: '~/.ssh/id_ed25519',
      algorithm: 'ssh-ed25519',
      source: 'usual-file',
      isRegistered: false,
      problem: null,
    },
    {
      fingerprint: null,
      name: '~/.ssh/id_rsa',
      algorithm: null,
      source: 'usual-file',
      isRegistered: null,
      problem: 'Others can read this file: chmod 600 ~/.ssh/id_rsa mends that.',
    },
    {
      fingerprint: offered.fingerprint,
      name: 'work laptop',
      algorithm: 'ssh-ed25519',
      source: 'agent',
      isRegistered: true,
      problem: null,
    },
  ],
  registeredCount: 2,
  problem: null,
  troubles: [
    { kind: 'odd-registered-line', problem: 'two-keys-on-a-line', line: 2 },
    { kind: 'perhaps-registered-after-start' },
  ],
  canRegister: true,
}

/** What a terminal page or dock can have to show, by name. */
export const someTerminals: Readonly<Record<string, readonly TerminalView[]>> = {
  open: [terminalView(), second],
  'host-key': [
    terminalView({ state: { kind: 'asking', question: { kind: 'new', server, offered } } }),
    second,
  ],
  'host-key-after-restart': [
    terminalView({
      state: { kind: 'asking', question: { kind: 'changed-by-restart', server, offered, known } },
    }),
  ],
  'host-key-changed': [
    terminalView({ state: failed({ kind: 'host-key-changed', server, offered, known }) }),
    second,
  ],
  passphrase: [terminalView({ state: { kind: 'asking-passphrase', keyName: '~/.ssh/id_ed25519' } })],
  connecting: [terminalView({ state: { kind: 'connecting', step: 'signing-in' } })],
  waiting: [
    terminalView({
      state: {
        kind: 'waiting',
        reason: 'The pod did not answer for 45 s',
        nextTryAtMs: NOW_MS + 12_000,
        tries: 3,
      },
    }),
    second,
  ],
  ended: [{ ...second, state: { kind: 'ended', exitCode: 1, reason: '' } }],
  'keys-refused': [
    terminalView({
      state: failed({ kind: 'keys-refused', server, keyNames: ['~/.ssh/id_ed25519', 'work laptop'] }),
    }),
    second,
  ],
  unreachable: [
    terminalView({ state: failed({ kind: 'unreachable', server, message: 'the connection was refused' }) }),
  ],
}
