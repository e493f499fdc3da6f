import { expect, test } from 'vitest'
import type { TerminalState } from '../../../../src/core/terminal/terminal'
import type { SshFailure } from '../../../../src/core/terminal/host-key'
import type { SshKeyTrouble } from '../../../../src/core/terminal/ssh-keys'
import {
  addressWords,
  connectingWords,
  endedWords,
  failureWords,
  isAboutKeys,
  linkWords,
  terminalStatus,
  troubleWords,
  waitingWords,
} from '../../../../src/renderer/terminal/panels/terminal-text'
import { NOW_MS } from '../../../harness/pod-views'

const server = { route: 'direct', host: '205.196.19.52', port: 11_452 } as const
const key = { algorithm: 'ssh-ed25519', fingerprint: 'SHA256:x' }

test('the header says by which way, where, whose key and how far', () => {
  expect(linkWords({ server, hostKey: key, roundTripMs: 41.4 })).toBe(
    'direct · 205.196.19.52:11452 · ed25519 verified · 41 ms',
  )
  const proxy = { route: 'proxy', host: 'ssh.runpod.io', port: 22 } as const
  expect(
    linkWords({ server: proxy, hostKey: { ...key, algorithm: 'ecdsa-sha2-nistp256' }, roundTripMs: null }),
  ).toBe('by Runpod’s proxy · ssh.runpod.io:22 · ecdsa verified')
  expect(addressWords({ host: '2001:db8::1', port: 22 })).toBe('[2001:db8::1]:22')
})

test('a lost connection says why, how often it was tried and when it will be', () => {
  const waiting = {
    kind: 'waiting',
    reason: 'the pod did not answer',
    nextTryAtMs: NOW_MS + 4_200,
    tries: 1,
  } as const
  expect(waitingWords(waiting, NOW_MS)).toBe('The pod did not answer. Tried once, next try in 5 s.')
  expect(waitingWords({ ...waiting, tries: 0 }, NOW_MS)).toBe('The pod did not answer. Next try in 5 s.')
  expect(waitingWords(waiting, NOW_MS + 9_000)).toBe('The pod did not answer. Tried once, trying now.')
})

test('an end says what is known of it', () => {
  expect(endedWords({ kind: 'ended', exitCode: 1, reason: '' })).toBe('The shell ended with exit code 1.')
  expect(endedWords({ kind: 'ended', exitCode: null, reason: '' })).toBe('The shell ended.')
  expect(endedWords({ kind: 'ended', exitCode: null, reason: 'the pod is stopped' })).toBe(
    'The pod is stopped.',
  )
})

test('every state has a colour and a word, every step a sentence', () => {
  const states: TerminalState[] = [
    { kind: 'connecting', step: 'reaching' },
    { kind: 'asking', question: { kind: 'new', server, offered: key } },
    { kind: 'asking-passphrase', keyName: 'k' },
    { kind: 'open' },
    { kind: 'waiting', reason: '', nextTryAtMs: 0, tries: 0 },
    { kind: 'ended', exitCode: 0, reason: '' },
    { kind: 'failed', failure: { kind: 'no-key' } },
  ]
  const words = states.map((state) => terminalStatus(state).word)
  expect(words).not.toContain('')
  for (const step of ['reaching', 'checking-host-key', 'signing-in', 'opening-shell'] as const)
    expect(connectingWords({ kind: 'connecting', step })).toMatch(/…$/)
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
  { kind: 'key-too-slow', keyName: '~/.ssh/id_rsa', limitMs: 60_000 },
  { kind: 'no-key' },
  { kind: 'keys-refused', server, keyNames: ['a', 'b'] },
  { kind: 'no-shell', message: 'the channel was refused' },
]

test.each(failures)('$kind is said in sentences', (failure) => {
  const { title, text } = failureWords(failure, 'alpha')
  expect(title).toMatch(/^[A-Za-z].*[^.]$/)
  expect(text).toMatch(/^(alpha|[A-Z]).*\.$/s)
  expect(text).not.toMatch(/undefined|\.\./)
})

test('the keys are looked at where they may be the trouble', () => {
  expect(failures.filter(isAboutKeys).map(({ kind }) => kind)).toEqual([
    'no-route',
    'no-ssh-server',
    'no-key',
    'keys-refused',
  ])
})

test.each<SshKeyTrouble>([
  { kind: 'no-local-key' },
  { kind: 'none-registered' },
  { kind: 'not-registered' },
  { kind: 'odd-registered-line', problem: 'fingerprint', line: 2 },
  { kind: 'odd-registered-line', problem: 'private-key', line: 1 },
  { kind: 'perhaps-registered-after-start' },
  { kind: 'perhaps-made-without-ssh' },
])('$kind is a cause in a sentence', (trouble) => expect(troubleWords(trouble)).toMatch(/^[A-Z].*\.$/s))
