import { expect, test } from 'vitest'
import type { TerminalState } from '../../../../src/core/terminal/terminal'
import type { SshFailure } from '../../../../src/core/terminal/host-key'
import type { SshKeyIssue } from '../../../../src/core/terminal/ssh-keys'
import {
  connectingText,
  endedText,
  failureText,
  isKeyFailure,
  keyTroubleText,
  solutionOf,
  terminalConnectionText,
  waitingText,
} from '../../../../src/renderer/terminal/panels/terminal-text'
import { terminalStatus } from '../../../../src/renderer/terminal/state/terminal-status-text'
import { NOW_MS } from '../../../harness/samples/pod-views'

const server = { route: 'direct', host: '205.196.19.52', port: 11_452 } as const
const key = { algorithm: 'ssh-ed25519', fingerprint: 'SHA256:x' }

test('the header shows route, address, host key and round-trip time', () => {
  expect(terminalConnectionText({ server, hostKey: key, roundTripMs: 41.4 })).toBe(
    'direct · 205.196.19.52:11452 · ed25519 verified · 41 ms',
  )
  const proxy = { route: 'proxy', host: 'ssh.runpod.io', port: 22 } as const
  expect(
    terminalConnectionText({
      server: proxy,
      hostKey: { ...key, algorithm: 'ecdsa-sha2-nistp256' },
      roundTripMs: null,
    }),
  ).toBe('via Runpod’s proxy · ssh.runpod.io:22 · ecdsa verified')
})

test('the text of a lost connection gives the reason, the number of tries and the time of the next one', () => {
  const waiting = {
    kind: 'waiting',
    reason: 'the pod did not answer',
    nextTryAtMs: NOW_MS + 4_200,
    tries: 1,
  } as const
  expect(waitingText(waiting, NOW_MS)).toBe('The pod did not answer. Tried once, next try in 5 s.')
  expect(waitingText({ ...waiting, tries: 0 }, NOW_MS)).toBe('The pod did not answer. Next try in 5 s.')
  expect(waitingText(waiting, NOW_MS + 9_000)).toBe('The pod did not answer. Tried once, trying now.')
})

test('the text of an ended terminal says what is known about its end', () => {
  expect(endedText({ kind: 'ended', exitCode: 1, reason: '', isPodStopped: false })).toBe(
    'The shell ended with exit code 1.',
  )
  expect(endedText({ kind: 'ended', exitCode: null, reason: '', isPodStopped: false })).toBe(
    'The shell ended.',
  )
  expect(
    endedText({ kind: 'ended', exitCode: null, reason: 'the pod is stopped', isPodStopped: false }),
  ).toBe('The pod is stopped.')
})

test('every state has a color and a word, and every connection step has a sentence', () => {
  const states: TerminalState[] = [
    { kind: 'connecting', step: 'reaching' },
    {
      kind: 'asking',
      question: { accountId: 'a', kind: 'new', server, username: 'root', isKnownProxy: false, offered: key },
    },
    { kind: 'asking-passphrase', keyName: 'k' },
    { kind: 'open' },
    { kind: 'waiting', reason: '', nextTryAtMs: 0, tries: 0 },
    { kind: 'ended', exitCode: 0, reason: '', isPodStopped: false },
    { kind: 'failed', failure: { kind: 'no-key' } },
  ]
  const statusWords = states.map((state) => terminalStatus(state).word)
  expect(statusWords).not.toContain('')
  for (const step of ['reaching', 'checking-host-key', 'signing-in', 'opening-shell'] as const)
    expect(connectingText({ kind: 'connecting', step })).toMatch(/…$/)
})

const failures: readonly SshFailure[] = [
  { kind: 'no-route' },
  { kind: 'no-ssh-server', server },
  { kind: 'unreachable', server, message: 'the connection was refused' },
  { kind: 'no-common-algorithm', server, message: 'it offers ssh-rsa only' },
  { kind: 'packet-too-long', server },
  { kind: 'host-key-changed', server, offered: key, known: key },
  { kind: 'host-key-revoked', server, offered: key },
  { kind: 'host-key-declined' },
  { kind: 'passphrase-declined', keyName: '~/.ssh/id_rsa' },
  { kind: 'not-asked', message: 'Ten questions are open.' },
  { kind: 'key-too-slow', keyName: '~/.ssh/id_rsa', limitMs: 60_000 },
  { kind: 'no-key' },
  { kind: 'keys-refused', server, keyNames: ['a', 'b'] },
  { kind: 'no-shell', message: 'the channel was refused' },
]

test.each(failures)('the failure $kind is described in sentences', (failure) => {
  const { title, text } = failureText(failure, 'alpha')
  expect(title).toMatch(/^[A-Za-z].*[^.]$/)
  expect(text).toMatch(/^(alpha|[A-Z]).*\.$/s)
  expect(text).not.toMatch(/undefined|\.\./)
})

test('key repair is offered only for failures that keys may cause', () => {
  expect(failures.filter(isKeyFailure).map(({ kind }) => kind)).toEqual([
    'no-route',
    'no-ssh-server',
    'no-key',
    'keys-refused',
  ])
})

test.each<SshKeyIssue>([
  { kind: 'no-local-key' },
  { kind: 'none-registered' },
  { kind: 'not-registered' },
  { kind: 'odd-registered-line', problem: 'fingerprint', line: 2 },
  { kind: 'odd-registered-line', problem: 'private-key', line: 1 },
  { kind: 'perhaps-registered-after-start' },
  { kind: 'perhaps-made-without-ssh' },
])('the key issue $kind is described in a sentence', (trouble) =>
  expect(keyTroubleText(trouble)).toMatch(/^[A-Z].*\.$/s),
)

test('the primary button is the one that most likely solves the failure', () => {
  const failure = (kind: SshFailure['kind']) => ({ kind }) as SshFailure
  const solutions = (kind: SshFailure['kind']) =>
    [false, true].map((isKeyRegistered) => solutionOf(failure(kind), isKeyRegistered))
  expect(solutions('no-route')).toEqual(['retry', 'retry'])
  expect(solutions('no-key')).toEqual(['key', 'restart'])
  expect(solutions('no-registered-key')).toEqual(['key', 'restart'])
  expect(solutions('unreachable')).toEqual(['retry', 'retry'])
})
