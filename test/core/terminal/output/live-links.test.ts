import { Terminal } from '@xterm/headless'
import { expect, onTestFinished, test } from 'vitest'
import { limitLinks, MAX_LINK_CHARS, MAX_LIVE_LINKS } from '../../../../src/core/terminal/output/live-links'

function bench() {
  const terminal = new Terminal({
    cols: 80,
    rows: 24,
    scrollback: 10_000,
    allowProposedApi: true,
    logLevel: 'off',
  })
  onTestFinished(() => terminal.dispose())
  const trimLinks = limitLinks(terminal)
  const write = (text: string): Promise<void> =>
    new Promise((resolve) =>
      terminal.write(text, () => {
        trimLinks()
        resolve()
      }),
    )
  return { terminal, write }
}

const link = (address: string): string => `\x1b]8;;${address}\x07x\x1b]8;;\x07`

test('of many links the newest stay', async () => {
  const { terminal, write } = bench()
  await write(link('https://example.test/first'))
  const [first] = terminal.markers
  for (let at = 0; at < 10; at++) await write(link(`https://example.test/${at}`).repeat(1_000))
  expect(terminal.markers).toHaveLength(MAX_LIVE_LINKS)
  expect(first?.isDisposed).toBe(true)
})

test('one that is open over many lines is limited as well', async () => {
  const { terminal, write } = bench()
  await write(`\x1b]8;;https://example.test/\x07`)
  for (let at = 0; at < 10; at++) await write('x\r\n'.repeat(1_000))
  expect(terminal.markers.length).toBeLessThanOrEqual(MAX_LIVE_LINKS)
})

test('an ordinary number of links is left alone', async () => {
  const { terminal, write } = bench()
  for (let at = 0; at < 50; at++) await write(`${link(`https://example.test/${at}`)}\r\n`)
  expect(terminal.markers).toHaveLength(50)
})

test('a link whose address is too long is none', async () => {
  const { terminal, write } = bench()
  await write(`\x1b]8;id=a;${'x'.repeat(MAX_LINK_CHARS)}\x07`)
  expect(terminal.markers).toHaveLength(1)
  await write(`\x1b]8;id=b;${'x'.repeat(MAX_LINK_CHARS + 1)}\x07`)
  expect(terminal.markers).toHaveLength(1)
})

test('a link whose id is too long is none', async () => {
  const { terminal, write } = bench()
  await write(`\x1b]8;id=${'x'.repeat(247)};https://example.test/\x07`)
  expect(terminal.markers).toHaveLength(1)
  await write(`\x1b]8;id=${'y'.repeat(248)};https://example.test/\x07`)
  expect(terminal.markers).toHaveLength(1)
})
