import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Terminal } from '@xterm/headless'
import { boundedUnicode } from '../../src/core/terminal/output/bounded-graphemes'
import { fixXterm } from '../../src/core/terminal/output/xterm-fixes'
import { createOutputFilter } from '../../src/core/terminal/output/output-filter'
import { openTerminalHarness, type TerminalHarness } from '../../test/harness/app/start/terminal-harness'
import { waitUntil } from '../../test/harness/app/act/wait-until'
import { watchPauses } from '../../test/harness/app/act/watch-pauses'
import type { Measurement } from '../measurement'
import { createSeededRandom } from '../seeded-random'
import { watchFrames } from './frames'
import { hostileOutput } from './grammar'

// In Node the addon reads its table at the wrong offset if the buffer pool is used.
Buffer.poolSize = 0
const { UnicodeGraphemesAddon } = await import('@xterm/addon-unicode-graphemes')

const SEQUENCES = 500_000
const ROUND = 10_000
const SIZE = { columns: 80, rows: 24 }
/** The window draws a frame after what it has parsed. */
const DRAWN_MS = 5_000

/**
 * Generated output, from a program on a real server into the app's window: the longest pauses of main and of the
 * window. Throws if the window shows anything else than a terminal without a window does.
 */
export async function measureHostileWindow(): Promise<readonly Measurement[]> {
  const harness = await openTerminalHarness()
  try {
    await harness.resizeTo(SIZE.columns, SIZE.rows)
    const write = await startWriter(harness)
    const endOfWatch = await watchPauses(harness.scene.running.app)
    const longestFrameMs = await watchFrames(harness.page)
    const seed = Date.now() % 1_000_000
    console.log(`${SEQUENCES} sequences from seed ${seed}`)
    for (let round = 0; round * ROUND < SEQUENCES; round++) {
      const output = outputOf(seed + round, round)
      await write(output)
      await waitUntil('the end', async () => (await harness.text()).includes(endOf(round)), 120_000)
      const wanted = await drawn(output)
      const isDrawn = await waitUntil(
        'the screen',
        async () => (await harness.text()) === wanted,
        DRAWN_MS,
      ).catch(() => false)
      if (!isDrawn)
        throw new Error(`seed ${seed + round}: the window shows\n${await harness.text()}\nand not\n${wanted}`)
    }
    const { longestMs, mostWorkMs } = await endOfWatch()
    console.log(`at most ${mostWorkMs.toFixed(0)} ms of work in a pause of main`)
    const common = { group: 'hostile', spread: null, baseline: null, beside: null, unit: 'ms' }
    const name = `${SEQUENCES} sequences in the window`
    return [
      {
        ...common,
        name: `${name}: longest pause of main`,
        value: longestMs,
        goal: { kind: 'value', atMost: 50 },
      },
      {
        ...common,
        name: `${name}: longest time without a frame`,
        value: await longestFrameMs(),
        goal: { kind: 'value', atMost: 250 },
      },
    ]
  } finally {
    await harness.close()
  }
}

const endOf = (round: number): string => `END-${round}.`

function outputOf(seed: number, round: number): Buffer {
  const random = createSeededRandom(seed)
  return Buffer.concat([
    Buffer.from('\x18\x1bc'),
    ...Array.from({ length: ROUND }, () => hostileOutput(random)),
    // Whatever was begun ends, and this is visible.
    Buffer.from(`\x18\x1b[!p\x1b[0m\x1b(B\x0f\x1b[4l\x1b[?7h\x1b[24;1H\x1b[2K${endOf(round)}`),
  ])
}

/** Starts a program on the server that writes what it is given and reads whatever it gets. */
async function startWriter(harness: TerminalHarness): Promise<(output: Buffer) => Promise<void>> {
  const file = join(harness.home, 'output')
  const program = join(harness.home, 'writer.mjs')
  await writeFile(
    program,
    `import { existsSync, readFileSync, rmSync } from 'node:fs'
    process.stdin.setRawMode(true).on('data', () => {})
    process.stdout.write('started')
    setInterval(() => {
      if (!existsSync(${JSON.stringify(file)})) return
      const output = readFileSync(${JSON.stringify(file)})
      rmSync(${JSON.stringify(file)})
      process.stdout.write(output)
    }, 5)`,
  )
  await harness.type(`${process.execPath} ${program}\r`)
  await waitUntil('the writer', async () => (await harness.text()).includes('started'))
  return async (output) => {
    await writeFile(`${file}.new`, output)
    await rename(`${file}.new`, file)
  }
}

/** The lines of a terminal without a window, as the window's page has them. */
async function drawn(output: Buffer): Promise<string> {
  const { columns: cols, rows } = SIZE
  const terminal = new Terminal({ cols, rows, scrollback: 1_000, allowProposedApi: true, logLevel: 'off' })
  fixXterm(terminal)
  new UnicodeGraphemesAddon().activate({ unicode: boundedUnicode(terminal) } as Terminal)
  // A terminal driver adds carriage returns.
  const onWire = Buffer.from(output.toString('latin1').replaceAll('\n', '\r\n'), 'latin1')
  const pieces = createOutputFilter(() => SIZE)(onWire)
  for (const piece of pieces) await new Promise<void>((done) => terminal.write(piece, done))
  const { active } = terminal.buffer
  const lines = Array.from({ length: rows }, (_row, y) => {
    const line = active.getLine(active.viewportY + y)
    let text = ''
    for (let x = 0; x < cols; x++) {
      const cell = line?.getCell(x)
      if (cell === undefined || cell.getWidth() === 0) continue
      text += cell.isInvisible() ? ' ' : cell.getChars() || ' '
    }
    return text.replaceAll('\u00a0', ' ').trimEnd()
  })
  terminal.dispose()
  return lines.join('\n').trimEnd()
}
