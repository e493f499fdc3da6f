import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import {
  type ConfigQuery,
  expandHome,
  MAX_DEPTH,
  MAX_INCLUDED_CHARS,
  readSshConfig,
} from '../../../src/ssh/config/ssh-config'
import { tempFolder } from '../../harness/ssh/openssh-for-test'

const ask: ConfigQuery = {
  host: '203.0.113.7',
  user: 'root',
  localUser: 'me',
  aliases: ['pod1'],
  home: '/home/me',
  env: { MY_AGENT: '/run/mine' },
  include: () => [],
}
/** Files by the path of an `Include`. */
const including = (files: Readonly<Record<string, string>>) => ({
  include: (path: string) => (files[path] === undefined ? [] : [files[path]]),
})
const read = (text: string, more: Partial<ConfigQuery> = {}) => readSshConfig(text, { ...ask, ...more })

describe('an ssh_config', () => {
  it('specifies nothing for a server that it does not match', () => {
    expect(read('')).toEqual({ files: [], isIdentitiesOnly: false, agent: null })
    expect(read('Host other\n IdentityFile ~/x\n IdentitiesOnly yes\n IdentityAgent /a')).toEqual({
      files: [],
      isIdentitiesOnly: false,
      agent: null,
    })
  })

  it('specifies key files by host, pod name, patterns and user', () => {
    const text = [
      'Host pod1',
      '  IdentityFile ~/.ssh/of-pod',
      'Host 203.0.113.*',
      '  identityfile /keys/of-net',
      'Host *',
      '  IdentityFile "~/.ssh/with space"',
      'Match user root',
      '  IdentityFile ~/.ssh/of-root',
      'Match user else',
      '  IdentityFile ~/.ssh/never',
    ].join('\n')
    expect(read(text)?.files).toEqual([
      '/keys/of-net',
      '/home/me/.ssh/with space',
      '/home/me/.ssh/of-root',
      '/home/me/.ssh/of-pod',
    ])
  })

  it('expands tokens in paths and skips a path with an unknown token', () => {
    const text =
      'Host *\n IdentityFile %d/a\n IdentityFile ~/%h/%r/%u\n IdentityFile /100%%\n IdentityFile ~/%C\n IdentityFile none'
    const files = ['/home/me/a', '/home/me/203.0.113.7/root/me', '/100%']
    expect(read(text, { aliases: [] })?.files).toEqual(files)
    expect(read('IdentityFile /%u', { localUser: null })?.files).toEqual([])
    expect(read('IdentityFile ${MY_AGENT}/x\nIdentityFile ${NOT_THERE}/x')?.files).toEqual(['/run/mine/x'])
  })

  it.each([
    ['yes', true],
    ['YES', true],
    ['true', true],
    ['"yes" # but', true],
    ['yes\r', true],
    ['yesno', false],
    ['nonyes', false],
    ['', false],
    ['no\n IdentitiesOnly yes', false],
    ['no', false],
  ])('can limit the keys to those that it specifies: %s', (word, isIdentitiesOnly) => {
    expect(read(`Host *\n IdentitiesOnly ${word}`)?.isIdentitiesOnly).toBe(isIdentitiesOnly)
    expect(read(`Host pod1\n IdentitiesOnly ${word}`)?.isIdentitiesOnly).toBe(isIdentitiesOnly)
  })

  it.each([
    ['none', 'none'],
    ['NONE', 'none'],
    ['SSH_AUTH_SOCK', null],
    ['$MY_AGENT', '/run/mine'],
    ['${MY_AGENT}', '/run/mine'],
    ['$NOT_THERE', 'none'],
    ['~/agent.sock', '/home/me/agent.sock'],
    ['/run/%C', 'none'],
    ['/first\n IdentityAgent /second', '/first'],
    ['\\\\.\\pipe\\mine', '\\\\.\\pipe\\mine'],
  ])('can specify an agent: %s', (value, agent) => {
    expect(read(`Host 203.0.113.7\n IdentityAgent ${value}`)?.agent).toBe(agent)
  })

  it("prefers the host's entry to the pod's", () => {
    expect(read('Host pod1\n IdentityAgent /a\nHost 203.0.113.7\n IdentityAgent /b')?.agent).toBe('/b')
  })

  it('runs nothing and resolves nothing', () => {
    const here = tempFolder('config')
    const mark = join(here, 'ran')
    writeFileSync(join(here, 'nslookup'), `#!/bin/sh\ntouch '${mark}'\n`, { mode: 0o755 })
    vi.stubEnv('PATH', `${here}:${process.env['PATH']}`)
    onTestFinished(() => void vi.unstubAllEnvs())
    const text = ['exec', 'EXEC', '!exec', 'host 203.0.113.7 exec'].map(
      (match) => `Match ${match} "touch ${mark}"\n IdentityFile ~/never`,
    )
    const names = 'Host *\n CanonicalizeHostname yes\n CanonicalDomains a.example b.example'
    expect(read([...text, names].join('\n'))?.files).toEqual([])
    expect(existsSync(mark)).toBe(false)
  })

  it('is reported if it is invalid', () => {
    expect(read('Host "unclosed\n IdentityFile x')).toBeNull()
    expect(read("IdentityFile 'unclosed")).toBeNull()
    expect(read('Match host')).toBeNull()
    expect(read('ProxyCommand "unclosed\nIdentityFile /x')?.files).toEqual(['/x'])
  })
})

describe('a line of an ssh_config', () => {
  it.each([
    ['IdentityFile=/a', '/a'],
    ['IdentityFile = /a', '/a'],
    ['\t identityfile\t/a \r', '/a'],
    ['IdentityFile "/a b"', '/a b'],
    ["IdentityFile '/a b'", '/a b'],
    ['IdentityFile /a\\ b', '/a b'],
    ['IdentityFile "/a\\ b"', '/a\\ b'],
    ['IdentityFile "/a\\"b"', '/a"b'],
    ["IdentityFile /a\\'b", "/a'b"],
    ['IdentityFile "/it\'s"', "/it's"],
    ['IdentityFile /a"b c"d', '/ab cd'],
    ['IdentityFile C:\\Users\\me\\key', 'C:\\Users\\me\\key'],
    ['IdentityFile /a # b', '/a'],
    ['IdentityFile /a#b', '/a#b'],
    ['IdentityFile "#a"', '#a'],
    ['IdentityFile ""', ''],
  ])('is split into words, quoted or not: %s', (line, file) => {
    expect(read(line)?.files).toEqual([file])
  })

  it.each([
    '# IdentityFile /a',
    '#IdentityFile /a',
    '',
    'IdentityFile',
    'IdentityFile # /a',
    'IdentityFiles /a',
    '=/a',
  ])('can specify nothing: %s', (line) => {
    expect(read(line)?.files).toEqual([])
  })
})

describe('lines after a condition', () => {
  it.each([
    ['Host 203.0.113.?', true],
    ['Host other 203.*', true],
    ['Host * !203.0.113.7', false],
    ['Host !203.0.113.7 *', false],
    ['Host !other', false],
    ['Host * !other', true],
    ['Host x203.* 203.*', true],
    ['Match host *,!other', true],
    ['Match xhost 203.*', false],
    ['Match x!host other', false],
    ['Host "203.0.113.7"', true],
    ['Match all', true],
    ['Match !all', false],
    ['match HOST 203.0.113.7', true],
    ['Match host=203.0.113.7', true],
    ['Match host a,203.*', true],
    ['Match host *,!203.*', false],
    ['Match !host a,b', true],
    ['Match !host 203.*', false],
    ['Match originalhost 203.*', true],
    ['Match originalhost a', false],
    ['Match user root', true],
    ['Match user ROOT', false],
    ['Match localuser me,you', true],
    ['Match localuser you', false],
    ['Match user root localuser me', true],
    ['Match user root localuser you', false],
    ['Match user you localuser me', false],
    ['Match final', true],
    ['Match canonical', false],
    ['Match !canonical', true],
    ['Match final canonical all', true],
    ['Match version OpenSSH_*', false],
    ['Match !tagged x', false],
  ])('apply or do not apply: %s', (line, isMeant) => {
    const text = `${line}\n IdentityFile /a`
    expect(read(text, { aliases: [] })?.files).toEqual(isMeant ? ['/a'] : [])
  })

  it('do not apply if they require a local user that is unknown or different', () => {
    expect(
      read('Match localuser me\nIdentityFile /a\nMatch !localuser me\nIdentityFile /a', { localUser: null })
        ?.files,
    ).toEqual([])
  })

  it('match a host by the name that the config gives it', () => {
    const text = [
      'Match host NEW.example',
      ' IdentityFile /before',
      'Host pod1',
      ' HostName new.example',
      ' HostName other.example',
      'Match host NEW.example',
      ' IdentityFile /host-%h',
      'Match originalhost POD1',
      ' IdentityFile /original',
      'Host new.example',
      ' IdentityFile /by-host',
    ]
    const once = ['/host-new.example', '/original']
    const ofPod = { host: 'pod1', aliases: [] }
    expect(read(text.join('\n'), ofPod)?.files).toEqual(once)
    const twice = [...text, 'Match final', ' IdentityFile /last'].join('\n')
    expect(read(twice, ofPod)?.files).toEqual([...once, '/before', '/by-host', '/last'])
    expect(read('HostName new\nIdentityAgent /%h', ofPod)?.agent).toBe('/new')
    const late = 'Match final\nHostName late\nHost late\nIdentityFile /a\nHost pod1\nIdentityFile /b'
    expect(read(late, ofPod)?.files).toEqual(['/b'])
    expect(read('HostName %h.example\nIdentityFile /%h', ofPod)?.files).toEqual(['/pod1.example'])
  })
})

describe('an Include of an ssh_config', () => {
  it('is inserted where it occurs', () => {
    const text = 'IdentityFile /1\nInclude more # and\nIdentityFile /4'
    const more = 'IdentityFile /2\nIdentityFile /3'
    expect(read(text, including({ more }))?.files).toEqual(['/1', '/2', '/3', '/4'])
    expect(read('IdentityAgent /a\nInclude more', including({ more: 'IdentityAgent /b' }))?.agent).toBe('/a')
    expect(read('Include more\nIdentityAgent /b', including({ more: 'IdentityAgent /a' }))?.agent).toBe('/a')
  })

  it('can have several paths with tokens; one with an unknown token matches no file', () => {
    const files = including({
      '/home/me/a': 'IdentityFile /1',
      'b c': 'IdentityFile /2',
      '203.0.113.7': 'IdentityFile /3',
    })
    const text = 'INCLUDE ~/a none "b c"\nInclude=%h %C %u${NOT_THERE}'
    expect(read(text, files)?.files).toEqual(['/1', '/2', '/3'])
  })

  it('applies only if the lines around it do, and its conditions end with its file', () => {
    const text = 'Host 203.*\n Include more\n IdentityFile /mine\nHost x\n Include more\n IdentityFile /never'
    const more =
      'IdentityFile /top\nHost x\n IdentityFile /of-x\nHost 203.0.113.7\n IdentityFile /own\nHost y'
    expect(read(text, { ...including({ more }), aliases: [] })?.files).toEqual(['/top', '/own', '/mine'])
    expect(read(text, { ...including({ more }), aliases: [], host: 'x' })?.files).toEqual([
      '/top',
      '/of-x',
      '/never',
    ])
    expect(read(text, { ...including({ more }), aliases: [], host: 'y' })?.files).toEqual([])
  })

  it(`can be nested ${MAX_DEPTH} levels deep`, () => {
    const files = Object.fromEntries(
      Array.from({ length: 20 }, (_, n) => [`${n + 1}`, `IdentityFile /${n + 1}\nInclude ${n + 2}`]),
    )
    expect(read('Include 1', including(files))?.files).toHaveLength(MAX_DEPTH)
  })

  it('ends when files include each other, which also limits the total length', () => {
    const lines = 'Include more more more more\nIdentityFile /x'
    expect(read(lines, including({ more: lines }))?.files).toEqual(['/x'])
    const long = `#${' '.repeat(MAX_INCLUDED_CHARS / 2 - 17)}\nIdentityFile /1`
    expect(long).toHaveLength(MAX_INCLUDED_CHARS / 2)
    const files = including({ long, half: long.replace('/1', '/4'), short: 'IdentityFile /2' })
    expect(read('Include long\nInclude half', files)?.files).toEqual(['/1', '/4'])
    expect(read('Include long\nInclude long', files)?.files).toEqual(['/1'])
    expect(read('Include long\nInclude long\nInclude short\nIdentityFile /3', files)?.files).toEqual([
      '/1',
      '/3',
    ])
    expect(read('Include long\nInclude short', files)?.files).toEqual(['/1', '/2'])
  })
})

it('a path relative to the home folder becomes absolute', () => {
  expect(expandHome('~/x', '/home/me')).toBe('/home/me/x')
  expect(expandHome('~\\x', 'C:\\me')).toBe('C:\\me\\x')
  expect(expandHome('/~/x', '/home/me')).toBe('/~/x')
  expect(expandHome('~other/x', '/home/me')).toBe('~other/x')
})
