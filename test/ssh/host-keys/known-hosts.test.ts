import { createHmac } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { knownHostName, readKnownHosts, readKnownHostsFile } from '../../../src/ssh/host-keys/known-hosts'
import { matchesWildcard } from '../../../src/ssh/config/wildcards'
import { tempFolder } from '../../harness/ssh/openssh-for-test'
import { ecdsa, ed25519, lineOf, rsa } from '../keys/key-samples'

const [one, two] = [ed25519(1), ed25519(2)]
const trusted = (text: string, host = 'ssh.example.com', port = 22) =>
  readKnownHosts(text, host, port).trusted

function hashed(name: string, salt = Buffer.alloc(20, 3)): string {
  const hash = createHmac('sha1', salt).update(name).digest('base64')
  return `|1|${salt.toString('base64')}|${hash}`
}

describe('the file known_hosts', () => {
  it('is read from the folder .ssh of the home folder', () => {
    const home = tempFolder('known-hosts')
    mkdirSync(join(home, '.ssh'))
    writeFileSync(join(home, '.ssh', 'known_hosts'), `ssh.example.com ${lineOf(one)}\n`)
    expect(readKnownHostsFile(home, 'ssh.example.com', 22)).toEqual({ trusted: [one], revoked: [] })
  })

  it('says nothing where there is none', () => {
    expect(readKnownHostsFile(tempFolder('none'), 'ssh.example.com', 22)).toEqual({
      trusted: [],
      revoked: [],
    })
  })
})

describe('an entry of known_hosts', () => {
  it.each([
    ['ssh.example.com', 22, 'ssh.example.com'],
    ['SSH.Example.COM', 22, 'ssh.example.com'],
    ['ssh.example.com', 22, 'SSH.EXAMPLE.com'],
    ['ssh.example.com', 22, 'other,ssh.example.com,third'],
    ['ssh.example.com', 22, '*.example.com'],
    ['ssh.example.com', 22, '*'],
    ['ssh.example.com', 22, 's?h.*.com'],
    ['ssh.example.com', 2222, '[ssh.example.com]:2222'],
    ['ssh.example.com', 2222, '[*.example.com]:2222'],
    ['ssh.example.com', 2222, '[ssh.example.com]:*'],
    ['ssh.example.com', 22, '*.example.com,!other.example.com'],
    ['2001:db8::1', 22, '2001:db8::1'],
    ['2001:db8::1', 2222, '[2001:db8::1]:2222'],
  ])('matches %s, port %d: %s', (host, port, pattern) => {
    expect(trusted(`${pattern} ${lineOf(one)}`, host, port)).toEqual([one])
  })

  it.each([
    ['ssh.example.com', 22, 'example.com'],
    ['ssh.example.com', 22, '*.example.com,!ssh.example.com'],
    ['ssh.example.com', 22, '!ssh.example.com,*.example.com'],
    ['ssh.example.com', 22, '!other'],
    ['ssh.example.com', 22, '[ssh.example.com]:2222'],
    ['ssh.example.com', 2222, 'ssh.example.com'],
    ['ssh.example.com', 2222, '[ssh.example.com]:22'],
    ['ssh.example.com', 22, 's?.example.com'],
  ])('does not match %s, port %d: %s', (host, port, pattern) => {
    expect(trusted(`${pattern} ${lineOf(one)}`, host, port)).toEqual([])
  })

  it('can be hashed, with and without a port', () => {
    expect(trusted(`${hashed('ssh.example.com')} ${lineOf(one)}`)).toEqual([one])
    expect(trusted(`${hashed('[ssh.example.com]:99')} ${lineOf(one)}`, 'SSH.example.com', 99)).toEqual([one])
    expect(trusted(`${hashed('other')} ${lineOf(one)}`)).toEqual([])
  })

  it.each(['|1|AAAA', '|2|AAAA|AAAA', '|1|AAAA|AAAA|x', '|1||', '|', '|1|AAAA|'])(
    'matches no server if it is hashed in another way: %s',
    (pattern) => {
      expect(trusted(`${pattern} ${lineOf(one)}`)).toEqual([])
    },
  )

  it('matches no server if its hash has another version', () => {
    const other = hashed('ssh.example.com')
    expect(trusted(`${other.replace('|1|', '|2|')} ${lineOf(one)}`)).toEqual([])
    expect(trusted(`${other}|more ${lineOf(one)}`)).toEqual([])
  })

  it('can be revoked and is then not trusted', () => {
    expect(
      readKnownHosts(`@revoked * ${lineOf(one)}\nssh.example.com ${lineOf(two)}`, 'ssh.example.com', 22),
    ).toEqual({
      trusted: [two],
      revoked: [one],
    })
  })

  it.each(['@cert-authority', '@else', '@'])('with the marker %s is skipped', (marker) => {
    expect(readKnownHosts(`${marker} * ${lineOf(one)}`, 'h', 22)).toEqual({ trusted: [], revoked: [] })
  })

  it('is skipped if it cannot be parsed, and the others count', () => {
    const text = [
      '# a comment',
      '',
      '   ',
      'ssh.example.com',
      'ssh.example.com ssh-ed25519',
      'ssh.example.com ssh-ed25519 AAAA',
      `ssh.example.com ssh-rsa ${one.blob.toString('base64')}`,
      `#ssh.example.com ${lineOf(two)}`,
      `#,* ${lineOf(two)}`,
      `\tssh.example.com   ${lineOf(ecdsa(1))} a comment with words\r`,
      `ssh.example.com ${lineOf(rsa(2048))}`,
    ].join('\n')
    expect(trusted(text)).toEqual([ecdsa(1), rsa(2048)])
  })
})

it('a host name includes its port unless that is 22', () => {
  expect(knownHostName('Host', 22)).toBe('host')
  expect(knownHostName('Host', 23)).toBe('[host]:23')
})

describe('a pattern', () => {
  it.each([
    ['', '', true],
    ['', '*', true],
    ['', '?', false],
    ['a', '', false],
    ['abc', 'a*c', true],
    ['ab', '*ab', true],
    ['ab', 'a*b', true],
    ['abc', 'a*b', false],
    ['abc', '*b*', true],
    ['abc', '***', true],
    ['abc', '???', true],
    ['abc', '????', false],
    ['abc', 'abc*', true],
    ['abcbc', 'a*bc', true],
    ['abcd', 'a*c', false],
    ['a', 'a*?', false],
    ['ab', '*?', true],
  ])('%j compared with %j: %s', (text, pattern, isMatch) => {
    expect(matchesWildcard(text, pattern)).toBe(isMatch)
  })

  it('with many stars takes no significant time', () => {
    // CPU time, since the machine may be busy.
    const before = process.cpuUsage()
    expect(matchesWildcard('a'.repeat(5_000), `${'*a'.repeat(500)}b`)).toBe(false)
    expect(process.cpuUsage(before).user / 1_000).toBeLessThan(500)
  })
})
