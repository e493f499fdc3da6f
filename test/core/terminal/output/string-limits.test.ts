import { Terminal } from '@xterm/headless'
import { expect, onTestFinished, test } from 'vitest'
import { limitStrings } from '../../../../src/core/terminal/output/string-limits'

test('colors of a whole palette pass, and what is longer than any is dropped whole', async () => {
  const terminal = new Terminal({ allowProposedApi: true, logLevel: 'off' })
  onTestFinished(() => terminal.dispose())
  const passed: number[] = []
  terminal.parser.registerOscHandler(4, (data) => passed.push(data.split(';').length / 2) > 0)
  limitStrings(terminal)
  const colors = (count: number): string =>
    Array.from({ length: count }, (_, at) => `;${at % 256};rgb:ffff/ffff/ffff`).join('')
  const titles: string[] = []
  terminal.onTitleChange((title) => void titles.push(title))
  const write = (text: string): Promise<void> => new Promise((done) => terminal.write(text, done))
  await write(`\x1b]4${colors(256)}\x07\x1b]4${colors(3_000)}\x1b\\\x1b]4${colors(1)}\x07`)
  await write(`\x1b]0;${'x'.repeat(20_000)}\x07\x1b]2;short\x07still here`)
  expect(passed).toEqual([256, 1])
  expect(titles).toEqual(['short'])
  expect(terminal.buffer.active.getLine(0)?.translateToString(true)).toBe('still here')
})
