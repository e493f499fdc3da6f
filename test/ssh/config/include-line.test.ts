import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findInclude, withInclude, withoutInclude } from '../../../src/ssh/config/include-line'

const LINE = 'Include ~/.ssh/podkeeper.d/*.config'
const find = (text: string) => findInclude(text, '/home/me/.ssh/podkeeper.d/*.config', '/home/me')

test('a line applies before the first Host or Match only, however it is written', () => {
  for (const text of [
    `${LINE}\nHost *\n`,
    `# mine\n\nForwardAgent no\r\n  include="podkeeper.d/*.config"\r\nMatch all\n`,
    'INCLUDE other /home/me/.ssh/podkeeper.d/*.config',
    `# Host x\n${LINE}`,
  ])
    expect(find(text), text).toBe('applies')
  for (const text of [`Host *\n${LINE}\n`, `Match host x exec "y"\n  ${LINE}\n`, `host=x\r\n${LINE}`])
    expect(find(text), text).toBe('conditional')
  for (const text of [
    '',
    `#${LINE}\n`,
    'Include ~/.ssh/podkeeper.d/other\n',
    'Include "~/.ssh/podkeeper.d/*.config\n',
  ])
    expect(find(text), text).toBe('absent')
})

test('the line goes to the beginning, with the line ends of the file, and nothing else changes', () => {
  expect(withInclude('', LINE)).toBe(`${LINE}\n`)
  expect(withInclude('Host a\r\n  Port 1', LINE)).toBe(`${LINE}\r\nHost a\r\n  Port 1`)
  expect(withInclude('Host a\n  Port 1\r\n', LINE)).toBe(`${LINE}\nHost a\n  Port 1\r\n`)
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('\n', '\r', '#', 'Host a', ' ', 'é', '\0', LINE) }),
      (text) => {
        const added = withInclude(text, LINE)
        expect(find(added)).toBe('applies')
        expect(added.endsWith(text)).toBe(true)
        if (!text.includes(LINE)) expect(withoutInclude(added, LINE)).toBe(text)
        expect(withoutInclude(text, LINE).split(/\r?\n/)).not.toContain(LINE)
      },
    ),
  )
})
