import { Terminal } from '@xterm/headless'
import { afterEach, expect, test } from 'vitest'
import { boundedUnicode, MAX_JOINED } from '../../../../src/core/terminal/output/bounded-graphemes'

// In Node the addon reads its table at the wrong offset if the buffer pool is used.
Buffer.poolSize = 0
const { UnicodeGraphemesAddon } = await import('@xterm/addon-unicode-graphemes')

const open: Terminal[] = []
afterEach(() => open.splice(0).forEach((terminal) => terminal.dispose()))

function terminalWith(isBounded: boolean): Terminal {
  const terminal = new Terminal({ cols: 200, rows: 24, allowProposedApi: true, logLevel: 'off' })
  open.push(terminal)
  const addon = new UnicodeGraphemesAddon()
  addon.activate(isBounded ? ({ unicode: boundedUnicode(terminal) } as Terminal) : terminal)
  return terminal
}

/** The text of each cell of the first line, up to the cursor. */
async function cells(text: string, isBounded: boolean): Promise<readonly string[]> {
  const terminal = terminalWith(isBounded)
  // In two chunks: what is counted outlasts them.
  const half = Math.floor(text.length / 4) * 2
  terminal.write(text.slice(0, half))
  await new Promise<void>((done) => terminal.write(text.slice(half), done))
  const { active } = terminal.buffer
  const line = active.getLine(0)
  return Array.from({ length: active.cursorX }, (_, at) => line?.getCell(at)?.getChars() ?? '')
}

test('what people write is drawn as without the limit', async () => {
  const written = [
    '👩🏽‍❤️‍💋‍👨🏿 👨‍👩‍👧‍👦 🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f} 🇩🇪🇫🇷',
    'e\u0301\u0323 é 漢字 한국어 \u1112\u1161\u11ab',
    'น้ำ หนังสือ नमस्ते க்ஷ ﷺ עִבְרִית',
    `a${'\u0301'.repeat(MAX_JOINED)}b`,
  ]
  for (const text of written) expect(await cells(text, true)).toEqual(await cells(text, false))
})

test.each([
  ['marks', 'a', '\u0301'],
  ['joiners', '👩', '\u200d'],
  ['letters that join', 'a', '\u1100'],
  ['tags', '🏴', '\u{e0061}'],
])(
  '%s without end are spread over cells, each of which holds at most 31 characters',
  async (_name, first, more) => {
    const text = first + more.repeat(100)
    expect(Math.max(...(await cells(text, false)).map((cell) => Array.from(cell).length))).toBeGreaterThan(90)
    const bounded = await cells(text, true)
    expect(Math.max(...bounded.map((cell) => Array.from(cell).length))).toBeLessThanOrEqual(MAX_JOINED + 1)
    expect(bounded.join('')).toBe(text)
  },
)

test('what follows a wide character that has no room does not pile up in the cell before it', async () => {
  const terminal = terminalWith(true)
  terminal.write('\x1b[?7l\x1b[199Ge')
  await new Promise<void>((done) => terminal.write(`漢${'\u0301'.repeat(30)}`.repeat(100), done))
  const line = terminal.buffer.active.getLine(0)
  for (const at of [197, 198, 199])
    expect(Array.from(line?.getCell(at)?.getChars() ?? '').length, `cell ${at}`).toBeLessThanOrEqual(
      MAX_JOINED + 1,
    )
})
