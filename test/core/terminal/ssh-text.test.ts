import { execFileSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sshCommand, sshConfigEntry } from '../../../src/core/terminal/ssh-text'
import { anyCharacter } from '../../harness/base/any-character'

const endpoint = { host: '213.173.98.14', port: 11_827, username: 'root' }

test('a command and an entry lead to the pod', () => {
  expect(sshCommand(endpoint)).toBe('ssh -p 11827 root@213.173.98.14')
  expect(sshCommand({ host: 'ssh.runpod.io', port: 22, username: 'k7q2-64410c' })).toBe(
    'ssh k7q2-64410c@ssh.runpod.io',
  )
  expect(sshConfigEntry(endpoint, 'mcmc planck', 'k7q2')).toBe(
    'Host pod-mcmc-planck\n  HostName 213.173.98.14\n  User root\n  Port 11827\n',
  )
  expect(sshConfigEntry(endpoint, 'pod-1', 'k7q2')).toMatch(/^Host pod-1\n/)
  expect(sshConfigEntry(endpoint, '*\n  ProxyCommand evil', 'k7q2')).toMatch(
    /^Host pod-ProxyCommand-evil\n {2}HostName/,
  )
  expect(sshConfigEntry(endpoint, '‮!*?', 'k7q2')).toMatch(/^Host pod-k7q2\n/)
})

test('a host or a user that a shell or ssh could take for something else gives no text', () => {
  for (const hostile of [
    { host: '-oProxyCommand=evil' },
    { host: 'a;rm -rf ~' },
    { host: 'a b' },
    { host: 'a\nHost *' },
    { host: '$(evil)' },
    { host: '' },
    { username: '-l' },
    { username: 'root evil' },
    { username: 'a@b' },
    { username: '' },
    { port: 0 },
    { port: 70_000 },
    { port: 1.5 },
  ]) {
    expect(sshCommand({ ...endpoint, ...hostile }), JSON.stringify(hostile)).toBeNull()
    expect(sshConfigEntry({ ...endpoint, ...hostile }, 'name', 'id')).toBeNull()
  }
})

test('whatever a pod is called, the entry is one host with four lines', () => {
  fc.assert(
    fc.property(fc.string({ unit: anyCharacter }), fc.string({ unit: anyCharacter }), (name, id) => {
      expect(sshConfigEntry(endpoint, name, id)).toMatch(/^Host pod-[A-Za-z0-9._-]+\n( {2}\w+ \S+\n){3}$/)
    }),
  )
})

test('ssh reads the entry as it is meant', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'podkeeper-ssh-text-')), 'config')
  writeFileSync(path, sshConfigEntry(endpoint, 'a * pod', 'id') ?? '')
  const read = execFileSync('ssh', ['-G', '-F', path, 'pod-a-pod'], { encoding: 'utf8' })
  expect(read).toMatch(/^hostname 213\.173\.98\.14$/m)
  expect(read).toMatch(/^user root$/m)
  expect(read).toMatch(/^port 11827$/m)
})
