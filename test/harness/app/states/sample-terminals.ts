import type { TerminalState, TerminalView } from '../../../../src/core/terminal/terminal'
import type { SshKeysView } from '../../../../src/core/terminal/ssh-keys'
import { NOW_MS } from '../../samples/pod-views'
import { hostKeyQuestion, known, offered, server, terminalView } from '../../samples/terminal-view'

/* Terminals in every possible state, on the pods of the crafted snapshots. */

const second = terminalView({
  id: 't2',
  podId: 'idle',
  podName: 'mcmc-planck',
  state: { kind: 'ended', exitCode: 0, reason: '', isPodStopped: false },
})
const failed = (failure: Extract<TerminalState, { kind: 'failed' }>['failure']): TerminalState => ({
  kind: 'failed',
  failure,
})

export const sampleKeys: SshKeysView = {
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
  issues: [
    { kind: 'odd-registered-line', problem: 'two-keys-on-a-line', line: 2 },
    { kind: 'perhaps-registered-after-start' },
  ],
  canRegister: true,
}

/** The states of the terminal page or dock, by name. */
export const sampleTerminals: Readonly<Record<string, readonly TerminalView[]>> = {
  open: [terminalView(), second],
  'host-key': [terminalView({ state: { kind: 'asking', question: hostKeyQuestion } }), second],
  'host-key-after-restart': [
    terminalView({
      state: {
        kind: 'asking',
        question: {
          ...hostKeyQuestion,
          kind: 'changed-by-restart',
          known,
          acceptedForJobs: { ...offered, atMs: NOW_MS },
        },
      },
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
  ended: [{ ...second, state: { kind: 'ended', exitCode: 1, reason: '', isPodStopped: false } }],
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
