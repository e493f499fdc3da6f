import { describe, expect, it } from 'vitest'
import { diagnoseKeys } from '../../../src/ssh/key-setup/diagnose-keys'
import { fingerprintOf } from '../../../src/ssh/keys/public-key'
import { fingerprintsOf, parseRegisteredKeys } from '../../../src/ssh/key-setup/registered-keys'
import { ecdsa, ed25519, fields, lineOf, rsa } from '../keys/key-samples'

const keyLine = (line: number, key = ed25519(1)) => ({
  kind: 'key',
  line,
  fingerprint: fingerprintOf(key.blob),
})
const odd = (problem: string, line = 1) => ({ kind: 'malformed', line, problem })
const security = fields('sk-ssh-ed25519@openssh.com', Buffer.alloc(32), 'ssh:').toString('base64')

describe("a line of the account's registered keys", () => {
  it.each([
    [lineOf(ed25519(1)), ed25519(1)],
    [`${lineOf(ecdsa(1))} me@here with words`, ecdsa(1)],
    [`  ${lineOf(rsa(2048))}\t`, rsa(2048)],
    [`from="10.0.0.*",no-pty ${lineOf(ed25519(2))} x`, ed25519(2)],
    [lineOf(ed25519(1)).replace(' ', '\t'), ed25519(1)],
    [lineOf(ed25519(1)).replace(' ', '  '), ed25519(1)],
  ])('is recognized as a key: %s', (text, key) => {
    expect(parseRegisteredKeys([text])).toEqual([keyLine(1, key)])
  })

  it.each([
    [`sk-ssh-ed25519@openssh.com ${security}`],
    [`ssh-dss ${fields('ssh-dss', 'p', 'q').toString('base64')}`],
    [`ssh-rsa-cert-v01@openssh.com ${fields('ssh-rsa-cert-v01@openssh.com', 'n').toString('base64')}`],
    [`sk-ssh-ed25519 ${fields('sk-ssh-ed25519', 'n').toString('base64')}`],
  ])('is recognized as a key of an unsupported type: %s', (text) => {
    expect(parseRegisteredKeys([text])).toEqual([{ kind: 'other-key', line: 1 }])
  })

  it.each([
    ['SHA256:Jz0wYXbyXx0ZuoDxU6g4s1nVvVnhTq1jTt4eQyCwkWk', 'fingerprint'],
    ['  SHA256:Jz0wYXbyXx0ZuoDxU6g4s1nVvVnhTq1jTt4eQyCwkWk', 'fingerprint'],
    ['256 SHA256:Jz0wYXbyXx0ZuoDxU6g4s1nVvVnhTq1jTt4eQyCwkWk me (ED25519)', 'fingerprint'],
    ['MD5:16:27:ac:a5:76:28:2d:36:63:1b:56:4d:eb:df:a6:48', 'fingerprint'],
    ['2048 16:27:AC:A5:76:28:2d:36:63:1b:56:4d:eb:df:a6:48 me', 'fingerprint'],
    ['-----BEGIN OPENSSH PRIVATE KEY-----', 'private-key'],
    [`${lineOf(ed25519(1))} ${lineOf(ed25519(2))}`, 'two-keys-on-a-line'],
    [`${lineOf(rsa(2048))} me@here${lineOf(ed25519(2))} you`, 'two-keys-on-a-line'],
    ['hello', 'unreadable'],
    ['ssh-ed25519', 'unreadable'],
    ['ssh-ed25519 AAAA', 'unreadable'],
    [lineOf(ed25519(1)).slice(0, -8), 'unreadable'],
    [lineOf(ed25519(1)).replace('ssh-ed25519', 'ssh-rsa'), 'unreadable'],
    [`ssh-dss ${security}`, 'unreadable'],
    [`ssh-rsa ${fields('ssh-rsa', 'e').toString('base64')}`, 'unreadable'],
    [`ecdsa-sha2-nistp256 ${fields('ecdsa-sha2-nistp256').toString('base64')}`, 'unreadable'],
  ])('is reported as unusual: %s (%s)', (text, problem) => {
    expect(parseRegisteredKeys([text])).toEqual([odd(problem)])
  })

  it('is identified by its line number, not counting empty lines', () => {
    const lines = [
      '',
      lineOf(ed25519(1)),
      '  ',
      'hello',
      `${lineOf(ed25519(2))}\r\n${lineOf(ed25519(3))}\n${lineOf(ed25519(4))}`,
    ]
    expect(parseRegisteredKeys(lines)).toEqual([
      keyLine(2),
      odd('unreadable', 4),
      keyLine(5, ed25519(2)),
      keyLine(5, ed25519(3)),
      keyLine(5, ed25519(4)),
    ])
    expect([...fingerprintsOf(parseRegisteredKeys(lines))]).toEqual(
      [1, 2, 3, 4].map((seed) => fingerprintOf(ed25519(seed).blob)),
    )
  })
})

describe('the likely problem', () => {
  const is = (isRegistered: boolean | null) => ({ isRegistered })
  const kinds = (...args: Parameters<typeof diagnoseKeys>) =>
    diagnoseKeys(args[0], args[1]).map(({ kind }) => kind)
  const good = parseRegisteredKeys([lineOf(ed25519(1))])
  const pasted = parseRegisteredKeys([lineOf(ed25519(1)), 'hello'])
  const perhaps = ['perhaps-registered-after-start', 'perhaps-made-without-ssh']

  it('is that this computer has no key', () => {
    expect(kinds([], null)).toEqual(['no-local-key'])
    expect(kinds([], [])).toEqual(['no-local-key', 'none-registered'])
    expect(kinds([], good)).toEqual(['no-local-key'])
    expect(kinds([], pasted)).toEqual(['no-local-key', 'odd-registered-line'])
  })

  it('is that no key is registered', () => {
    expect(kinds([is(false)], [])).toEqual(['none-registered'])
  })

  it('is that none of the local keys is registered, unless there is an unusual line', () => {
    expect(kinds([is(false), is(false)], good)).toEqual(['not-registered'])
    expect(diagnoseKeys([is(false)], pasted)).toEqual([
      { kind: 'odd-registered-line', problem: 'unreadable', line: 2 },
      { kind: 'not-registered' },
    ])
  })

  it('may be the pod if a key is registered, after any unusual line', () => {
    expect(kinds([is(false), is(true)], good)).toEqual(perhaps)
    expect(kinds([is(true)], pasted)).toEqual([...perhaps, 'odd-registered-line'])
  })

  it("is open if a local key's public half is unknown", () => {
    expect(kinds([is(null), is(false)], good)).toEqual(perhaps)
    expect(kinds([is(null)], pasted)).toEqual(['odd-registered-line', ...perhaps])
  })

  it("is unknown if the account's keys are unknown", () => {
    expect(kinds([is(null)], null)).toEqual([])
  })
})
