import fc from 'fast-check'
import { expect, test } from 'vitest'
import { editorArguments, isRemoteFolder, usualFolder } from '../../../src/core/editors/editors'
import { hostsText, knownHostsText, podAlias } from '../../../src/core/editors/ssh-hosts'
import {
  editorCommandProblem,
  parseEditorCommand,
} from '../../../src/core/settings/definitions/editor-command'
import { pod as somePod } from '../../harness/samples/pods'
import { anyCharacter } from '../../harness/base/any-character'

const endpoint = { host: '213.173.98.14', port: 11_827, username: 'root' }

test('each editor gets the host and the folder as its own arguments', () => {
  expect(editorArguments('code', 'pod-a', '/workspace/my code', null)).toEqual([
    '--remote',
    'ssh-remote+pod-a',
    '/workspace/my code',
  ])
  expect(editorArguments('cursor', 'pod-a', '/root', null)).toEqual(['--remote', 'ssh-remote+pod-a', '/root'])
  expect(editorArguments('zed', 'pod-a', '/workspace/my code?#%', null)).toEqual([
    'ssh://pod-a/workspace/my%20code%3F%23%25',
  ])
  const custom = parseEditorCommand('emacsclient -n "/ssh:{alias}:{folder}"')
  expect(editorArguments('custom', 'pod-a', '/x {alias}', custom)).toEqual(['-n', '/ssh:pod-a:/x {alias}'])
})

test('a command is a program and its arguments, and nothing of a shell', () => {
  expect(parseEditorCommand('"/opt/my editor/bin"  --to {alias} "a b" ')).toEqual({
    program: '/opt/my editor/bin',
    args: ['--to', '{alias}', 'a b'],
  })
  for (const fine of ['nvim-remote {alias}', '/usr/bin/x --h={alias}:{folder}', 'C:\\x\\y.exe {alias}'])
    expect(editorCommandProblem(fine), fine).toBeNull()
  for (const wrong of [
    '',
    'code',
    'code {folder}',
    'code "{alias}',
    'code a"b" {alias}',
    'x\n{alias}',
    '-e {alias}',
    './x {alias}',
    '"" {alias}',
    'x{alias} y',
    `x {alias} ${'a'.repeat(500)}`,
    'x {alias} \u202e',
  ])
    expect(editorCommandProblem(wrong), wrong).not.toBeNull()
  // Characters of a shell are those of an argument.
  expect(parseEditorCommand('x {alias} ;rm $(id) `id`')?.args).toEqual(['{alias}', ';rm', '$(id)', '`id`'])
})

test('the folder is where a volume is mounted, or the home folder', () => {
  const pod = {
    ...somePod(),
    persistentMount: null,
    networkMounts: [],
    ssh: { direct: endpoint, proxy: null },
  }
  expect(usualFolder(pod)).toBe('/root')
  expect(usualFolder({ ...pod, persistentMount: { sizeGb: 1, path: '/workspace' } })).toBe('/workspace')
  expect(usualFolder({ ...pod, networkMounts: [{ volumeId: 'v', path: '/data' }] })).toBe('/data')
  expect(usualFolder({ ...pod, persistentMount: { sizeGb: 1, path: '--install-extension=x' } })).toBe('/root')
  expect(isRemoteFolder('/a\nb')).toBe(false)
})

test('an alias is one safe word with the id of the pod, whatever the pod is called', () => {
  expect(podAlias({ id: 'k7q2', name: 'Llama 70B (SFT)' })).toBe('pod-llama-70b-sft-k7q2')
  expect(podAlias({ id: 'k7q2', name: 'pod-1' })).toBe('pod-1-k7q2')
  expect(podAlias({ id: 'K7q2', name: '‮!*?' })).toBe('pod-k7q2')
  for (const id of ['', '-a', 'a b', 'a\nHost *', '*', '../a', 'a'.repeat(65)])
    expect(podAlias({ id, name: 'x' }), id).toBeNull()
  fc.assert(
    fc.property(fc.string({ unit: anyCharacter }), (name) => {
      expect(podAlias({ id: 'k7q2', name })).toMatch(/^pod(-[a-z0-9]+)*-k7q2$/)
    }),
  )
})

const host = (alias: string, overrides: object = {}) => ({
  alias,
  endpoint,
  hostKey: 'ssh-ed25519 AAAA',
  identityFiles: [],
  ...overrides,
})

test('two pods never share a name, and what could end a word gives no line', () => {
  const hosts = [host('pod-a', { hostKey: 'ssh-ed25519 FIRST' }), host('pod-b'), host('pod-a')]
  expect(hostsText(hosts, '/h/k').match(/^Host .*/gm)).toEqual(['Host pod-a', 'Host pod-b'])
  expect(knownHostsText(hosts)).toBe('pod-a ssh-ed25519 FIRST\npod-b ssh-ed25519 AAAA\n')
  const text = hostsText(
    [host('pod-a', { identityFiles: ['/h/a b%', '/h/"x', '/h/$HOME', '/h/a\nProxyCommand evil'] })],
    '/h/k',
  )
  expect(text.match(/IdentityFile .*/g)).toEqual(['IdentityFile "/h/a b%%"'])
  expect(text).not.toContain('evil')
})

test('a pod that can’t be reached has a name that leads nowhere', () => {
  for (const gone of [null, { ...endpoint, host: 'a b' }, { ...endpoint, username: '-oProxyCommand=evil' }])
    expect(hostsText([host('pod-a', { endpoint: gone })], '/h/k')).toMatch(
      /^Host pod-a\n {2}HostName pod-a\.invalid\n {2}HostKeyAlias/m,
    )
})
