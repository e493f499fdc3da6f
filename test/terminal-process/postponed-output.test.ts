import { expect, test } from 'vitest'
import { harmlessOutput, hostileOutput } from '../../bench/hostile/grammar'
import { createSeededRandom, type SeededRandom } from '../../bench/seeded-random'
import { createPostponedOutput } from '../../src/core/terminal/output/postponed-output'
import { type Emulator, loadEmulator } from '../../src/terminal-process/emulator'

const createEmulator = await loadEmulator()
const [SCROLLBACK, ROWS] = [20, 6] as const
const SIZE = { columns: 30, rows: ROWS }

async function parse(emulator: Emulator, bytes: Uint8Array): Promise<void> {
  emulator.write(bytes)
  while (!(await emulator.parse()));
}

/** Everything that a terminal tells. */
function told(emulator: Emulator, links: readonly string[]) {
  return {
    screen: emulator.serialize(),
    isOnAlternateScreen: emulator.isOnAlternateScreen(),
    title: emulator.takeTitle(),
    marks: emulator.takeMarks(),
    links: links.filter((link) => emulator.doesShow(link)),
    line: emulator.cursorLine(),
  }
}

/** Lines of programs, with what outlasts them. */
function plainLine(random: SeededRandom): string {
  const text = (): string =>
    random.pick(['loss 0.25', 'é 한 😀', 'a\tb', 'x'.repeat(40), 'e\u0301', '[####  ]', ''])
  const parts = Array.from({ length: random.integer(0, 4) }, () =>
    random.pick<() => string>([
      text,
      text,
      () => `\x1b[${random.pick(['31', '0', '', '1;44', '38;5;99', '4:3', '0;7', '39'])}m`,
      () => `\x1b[${random.pick(['K', '2K', '5C', '3D', '7G'])}`,
      () => random.pick(['\r', '\b', '\x07']),
      () => `\x1b[?${random.pick(['25', '2004', '1'])}${random.pick(['h', 'l'])}`,
      () => `\x1b]${random.pick(['0', '2'])};title ${random.integer(1, 99)}\x07`,
      () => `\x1b]133;${random.pick(['A', 'C', 'D;1'])}\x1b\\`,
      () =>
        `\x1b]8;;https://example.test/${random.integer(1, 40)}\x1b\\link${random.pick(['', '\x1b]8;;\x07'])}`,
    ])(),
  )
  return `${parts.join('')}${random.pick(['\r\n', '\r\n', '\r\n', '\n', '\r\n\r\n'])}`
}

/** Compares a terminal that parses everything with one whose output waits. Returns the share that was parsed there. */
async function compare(
  seed: number,
  next: (random: SeededRandom) => Uint8Array,
  before = '',
): Promise<number> {
  const random = createSeededRandom(seed)
  const output = Buffer.concat(Array.from({ length: 600 }, () => next(random)))
  const [whole, waiting] = [createEmulator(SIZE, SCROLLBACK), createEmulator(SIZE, SCROLLBACK)]
  for (const each of [whole, waiting]) await parse(each, Buffer.from(before))
  const postponed = createPostponedOutput(() => waiting.linesUntilGone(), random.pick([5, 30, 100, 300]))
  let parsed = 0
  for (let from = 0; from < output.length;) {
    const chunk = output.subarray(from, (from += random.integer(1, 500)))
    await parse(whole, chunk)
    postponed.append(Uint8Array.from(chunk))
    // Some of it is needed, or nothing comes for a while.
    for (let parts = random.bool(0.03) ? random.integer(1, 5) : 0; parts > 0; parts--) {
      const part = postponed.takeFirst()
      if (part !== null) await parse(waiting, part)
      parsed += part?.length ?? 0
    }
  }
  for (let part = postponed.takeFirst(); part !== null; part = postponed.takeFirst()) {
    await parse(waiting, part)
    parsed += part.length
  }
  expect(postponed.bytes()).toBe(0)
  const links = Array.from({ length: 99 }, (_, at) => `https://example.test/${at}`)
  const [all, some] = [told(whole, links), told(waiting, links)]
  whole.dispose()
  waiting.dispose()
  expect(some, `seed ${seed}`).toEqual(all)
  return parsed / output.length
}

const SEEDS = Array.from({ length: 5 }, (_, at) => at + 1)

test('of lines of programs, what has scrolled out is not parsed, and the terminal tells the same', async () => {
  const shares: number[] = []
  for (const seed of SEEDS) shares.push(await compare(seed, (random) => Buffer.from(plainLine(random))))
  expect(shares.reduce((sum, share) => sum + share, 0) / shares.length).toBeLessThan(0.75)
})

test('of lines with other sequences among them, the terminal tells the same', async () => {
  for (const seed of SEEDS)
    await compare(seed, (random) =>
      random.bool(0.02) ? harmlessOutput(random) : Buffer.from(plainLine(random)),
    )
})

test('of hostile output among lines, the terminal tells the same', async () => {
  for (const seed of SEEDS)
    await compare(seed, (random) =>
      random.bool(0.03) ? hostileOutput(random) : Buffer.from(plainLine(random)),
    )
})

test('of lines without carriage returns, whose columns depend on all before, the terminal tells the same', async () => {
  for (const seed of SEEDS)
    await compare(seed, (random) => Buffer.from(`${random.pick(['a', 'text', 'x'.repeat(20)])}\n`))
})

/** Rarely longer than the one before. */
const textLine = (random: SeededRandom): string =>
  `${random.bool(0.02) ? 'x'.repeat(25) : random.pick(['', 'a', 'text'])}\r\n`

test.each([
  ['margins above the cursor', '\x1b[1;3r\x1b[6;1H'],
  ['margins around the cursor', '\x1b[2;4r\x1b[2;1H'],
  ['a full-screen program', 'text\x1b[?1049h'],
  ['a saved cursor', 'a\r\nb\x1b7'],
  ['the cursor at the top of a full screen', `${'old and long\r\n'.repeat(40)}\x1b[H`],
  ['half a color', 'text\x1b[3'],
  ['half a title', 'text\x1b]0;tit'],
  ['half a string of the device', 'text\x1bPq#'],
])('of lines after %s, the terminal tells the same', async (_name, before) => {
  for (const seed of SEEDS.slice(0, 4)) {
    let isFirst = true
    await compare(
      seed,
      (random) => {
        const start = isFirst ? '1m' : ''
        isFirst = false
        return Buffer.from(start + textLine(random))
      },
      before,
    )
  }
})

test.each([
  ['with margins', '\x1b[2;4r', null],
  ['where backspaces lead to earlier lines', '\x1b[?45h', null],
  ['in the middle of a color', '\x1b[3', null],
  ['in the middle of a title', '\x1b]0;tit', null],
  ['after margins and all that ended', '\x1b[2;4r\x1b[r\x1b[?45h\x1b[?45l\x1b[31m\x1b]0;t\x07', 32],
  ['in a full-screen program', '\x1b[?1049h', 32],
])('%s, lines push out all that was before: %j → %j', async (_name, before, lines) => {
  const emulator = createEmulator(SIZE, SCROLLBACK)
  await parse(emulator, Buffer.from(before))
  expect(emulator.linesUntilGone()).toBe(lines)
  emulator.dispose()
})
