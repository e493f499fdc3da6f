import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createHostFiles } from '../../../src/ssh/hosts/host-files'
import { writeUserConfig } from '../../../src/ssh/hosts/user-config'
import { tempFolder } from '../../harness/ssh/openssh-for-test'

function prepare(text: string | null = null) {
  const home = tempFolder('home')
  mkdirSync(join(home, '.ssh'), { mode: 0o700 })
  const config = join(home, '.ssh/config')
  if (text !== null) writeFileSync(config, text, 'latin1')
  return { home, config, files: createHostFiles(home, '/data'), read: () => readFileSync(config, 'latin1') }
}
const done = { ok: true, value: undefined }
const refused = (reason: string) => ({ ok: false, error: expect.stringContaining(reason) })

test('the line comes and goes, and every other byte of the config stays', () => {
  for (const text of [
    '',
    'Host a',
    '# \xff\xfe bytes\r\nHost a\r\n',
    'Match exec "x"\n  Port 1\n\n\n',
    '\n',
  ]) {
    const { files, read } = prepare(text)
    expect(files.include()).toEqual(done)
    expect(read()).toBe(`${files.line}${text.includes('\r\n') ? '\r\n' : '\n'}${text}`)
    expect(files.include()).toEqual(done)
    expect(read().split(files.line)).toHaveLength(2)
    expect(files.exclude()).toEqual(done)
    expect(read()).toBe(text)
    expect(files.exclude()).toEqual(done)
  }
})

test('without a config, or a .ssh folder, one is made for this user only', () => {
  const { home, config, files, read } = prepare()
  rmSync(join(home, '.ssh'), { recursive: true })
  expect(files.include()).toEqual(done)
  expect(read()).toBe(`${files.line}\n`)
  expect(statSync(config).mode & 0o777).toBe(0o600)
  expect(statSync(join(home, '.ssh')).mode & 0o777).toBe(0o700)
})

test('a config that is a link stays a link', () => {
  const { home, config, files } = prepare()
  const elsewhere = join(home, 'dotfiles')
  writeFileSync(elsewhere, 'Host a\n')
  symlinkSync(elsewhere, config)
  expect(files.include()).toEqual(done)
  expect(lstatSync(config).isSymbolicLink()).toBe(true)
  expect(readFileSync(elsewhere, 'utf8')).toBe(`${files.line}\nHost a\n`)
})

test('a config that is no file to write is left alone, and the line is given to add by hand', () => {
  const { config, files } = prepare('Host a\n')
  chmodSync(config, 0o400)
  expect(files.include()).toEqual(
    refused(`it is read-only. Add this line at its beginning yourself: ${files.line}`),
  )
  chmodSync(config, 0o600)
  linkSync(config, `${config}.other`)
  expect(files.include()).toEqual(refused('more than one name'))
  rmSync(config)
  symlinkSync('/nowhere', config)
  expect(files.include()).toEqual(refused('a link that leads nowhere'))
  expect(files.state()).toBeNull()
  rmSync(config)
  mkdirSync(config)
  expect(files.include()).toEqual(refused('it isn’t a file'))
  rmSync(config, { recursive: true })
  writeFileSync(config, '#'.repeat(1024 * 1024 + 1))
  expect(files.include()).toEqual(refused('larger than 1 MB'))
})

test('a config that changed since it was read is left alone', () => {
  const { config, read } = prepare('Host a\n')
  expect(writeUserConfig(config, 'Host b\n', 'x')).toEqual(refused('another program changed it'))
  expect(read()).toBe('Host a\n')
})

test('a line under a Host does not count, and one in other words is not removed', () => {
  const { files, read, home } = prepare()
  const own = `Host a\n  Include ${join(home, '.ssh/podkeeper.d')}/*.config\n`
  writeFileSync(files.configPath, own)
  expect(files.state()).toBe('conditional')
  expect(files.include()).toEqual(done)
  expect(files.state()).toBe('applies')
  expect(files.exclude()).toEqual(refused('still includes them'))
  expect(read()).toBe(own)
})
