import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fromHome, readSshConfig, type ConfigAsk } from '../../src/ssh/ssh-config'
import { folder } from '../helpers/open-ssh'

const ask: ConfigAsk = {
  host: '203.0.113.7',
  user: 'root',
  aliases: ['pod1'],
  home: '/home/me',
  env: { MY_AGENT: '/run/mine' },
}
const read = (text: string, more: Partial<ConfigAsk> = {}) => readSshConfig(text, { ...ask, ...more })

describe('an ssh_config', () => {
  it('says nothing of a server that it does not name', () => {
    expect(read('')).toEqual({ files: [], isOnlyThese: false, agent: null })
    expect(read('Host other\n IdentityFile ~/x\n IdentitiesOnly yes\n IdentityAgent /a')).toEqual({
      files: [],
      isOnlyThese: false,
      agent: null,
    })
  })

  it('names files by host, by the pod, by patterns and by user', () => {
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

  it('has tokens for parts of a path; a path with an unknown one is left out', () => {
    const text =
      'Host *\n IdentityFile %d/a\n IdentityFile ~/%h/%r\n IdentityFile /100%%\n IdentityFile ~/%C\n IdentityFile none'
    expect(read(text, { aliases: [] })?.files).toEqual(['/home/me/a', '/home/me/203.0.113.7/root', '/100%'])
  })

  it.each([
    ['yes', true],
    ['YES', true],
    ['no', false],
  ])('limits the keys to those it names: %s', (word, isOnlyThese) => {
    expect(read(`Host *\n IdentitiesOnly ${word}`)?.isOnlyThese).toBe(isOnlyThese)
    expect(read(`Host pod1\n IdentitiesOnly ${word}`)?.isOnlyThese).toBe(isOnlyThese)
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
  ])('names an agent: %s', (value, agent) => {
    expect(read(`Host 203.0.113.7\n IdentityAgent ${value}`)?.agent).toBe(agent)
  })

  it('is that of the host before that of the pod', () => {
    expect(read('Host pod1\n IdentityAgent /a\nHost 203.0.113.7\n IdentityAgent /b')?.agent).toBe('/b')
  })

  it('runs nothing', () => {
    const mark = join(folder('config'), 'ran')
    const text = ['exec', 'EXEC', 'host 203.0.113.7 exec'].map(
      (match) => `Match ${match} "touch ${mark}"\n IdentityFile ~/never`,
    )
    expect(read(text.join('\n'))?.files).toEqual([])
    expect(existsSync(mark)).toBe(false)
  })

  it('that cannot be understood says so', () => {
    expect(read('Host "unclosed\n IdentityFile x')).toBeNull()
  })
})

it('a path from the home folder is made whole', () => {
  expect(fromHome('~/x', '/home/me')).toBe('/home/me/x')
  expect(fromHome('~\\x', 'C:\\me')).toBe('C:\\me\\x')
  expect(fromHome('/~/x', '/home/me')).toBe('/~/x')
  expect(fromHome('~other/x', '/home/me')).toBe('~other/x')
})
