import { Terminal } from '@xterm/headless'
import { expect, onTestFinished, test } from 'vitest'
import { fixXterm } from '../../../../src/core/terminal/output/xterm-fixes'

async function shown(output: string): Promise<string> {
  const terminal = new Terminal({ cols: 10, rows: 3, allowProposedApi: true, logLevel: 'off' })
  onTestFinished(() => terminal.dispose())
  fixXterm(terminal)
  await new Promise<void>((done) => terminal.write(output, done))
  const { active } = terminal.buffer
  return [0, 1, 2].map((y) => active.getLine(active.baseY + y)?.translateToString(true)).join('|')
}

test.each(['1', '?1'])(
  'erasing all above the last cell erases the screen, and output continues: %s',
  async (kind) => {
    expect(await shown(`one\r\ntwo\r\nthree\x1b[3;10H\x1b[${kind}Jx`)).toBe('||         x')
  },
)

test('erasing above any other cell is left to the terminal', async () => {
  expect(await shown('one\r\ntwo\r\nthree\x1b[3;3H\x1b[1Jx')).toBe('||  xee')
  expect(await shown('one\r\ntwo\r\nthree\x1b[2;10H\x1b[1J\x1b[Hx')).toBe('x||three')
  expect(await shown('one\r\ntwo\r\nthree\x1b[3;10H\x1b[J\x1b[Hx')).toBe('xne|two|three')
})

test('a full reset ends that a line feed returns the carriage, and nothing else does', async () => {
  expect(await shown('ab\ncd')).toBe('ab|  cd|')
  expect(await shown('\x1b[20hab\ncd')).toBe('ab|cd|')
  expect(await shown('\x1b[20h\x1bcab\ncd')).toBe('ab|  cd|')
  expect(await shown('\x1b[20h\x1b[!pab\ncd')).toBe('ab|cd|')
})
