import { SerializeAddon } from '@xterm/addon-serialize'
import { Terminal } from '@xterm/headless'
import { expect, test } from 'vitest'
import { fuzzHeadless } from '../../bench/hostile/fuzz'
import { harmlessOutput } from '../../bench/hostile/grammar'
import { createSeededRandom } from '../../bench/seeded-random'
import { fixXterm } from '../../src/core/terminal/output/xterm-fixes'
import { loadEmulator } from '../../src/terminal-process/emulator'

const createEmulator = await loadEmulator()
const { UnicodeGraphemesAddon } = await import('@xterm/addon-unicode-graphemes')
const SIZE = { columns: 80, rows: 24 }

/** What xterm.js draws on its own, without its bug. */
async function drawnAlone(output: Uint8Array): Promise<string> {
  const terminal = new Terminal({
    cols: 80,
    rows: 24,
    scrollback: 500,
    allowProposedApi: true,
    logLevel: 'off',
  })
  const serializer = new SerializeAddon()
  terminal.loadAddon(new UnicodeGraphemesAddon())
  terminal.loadAddon(serializer)
  fixXterm(terminal)
  await new Promise<void>((done) => terminal.write(output, done))
  const screen = serializer.serialize()
  terminal.dispose()
  return screen
}

async function drawn(output: Uint8Array): Promise<string> {
  const emulator = createEmulator(SIZE, 500)
  emulator.write(output)
  while (!(await emulator.parse()));
  const screen = emulator.serialize()
  emulator.dispose()
  return screen
}

test('output of ordinary programs is drawn as xterm.js draws it on its own', async () => {
  for (let seed = 1; seed <= 100; seed++) {
    const random = createSeededRandom(seed)
    const output = Buffer.concat(Array.from({ length: 100 }, () => harmlessOutput(random)))
    const [alone, ours] = [await drawnAlone(output), await drawn(output)]
    // Ours also restores what the addon leaves out.
    expect(ours.startsWith(alone), `seed ${seed}`).toBe(true)
  }
})

// `npm run bench -- hostile/fuzz` goes through ten million, with other seeds each time.
test('hostile output is parsed in short steps, the same in any chunks', async () => {
  expect(await fuzzHeadless({ seed: 1, count: 8_000 })).toBeLessThan(250)
})
