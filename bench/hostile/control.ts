import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openTerminalOf, prepareTerminalHarness } from '../../test/harness/app/start/terminal-harness'
import { waitUntil } from '../../test/harness/app/act/wait-until'
import type { Measurement } from '../measurement'
import { createFakeTmux } from './fake-tmux'
import { createRestingApp } from './resting-app'
import { watchAttack } from './watch-attack'

/** A reply may have 16 MB, and is held as it is received and as it is passed on. */
const MAX_HELD_MB = 150
const MARK = 'through'

/** What a pod writes that pretends to be tmux in control mode, as programs: see `FakeTmux`. */
const attacks: Readonly<Record<string, string>> = {
  'a reply of 16 MB of line feeds': String.raw`
    await write('%begin 2 1 1\n')
    for (let i = 0; i < 256; i++) await write('\n'.repeat(65536))
    await write('%end 2 1 1\n')`,
  'a reply of 16 MB in lines of 1 KB': String.raw`
    await write('%begin 2 1 1\n')
    for (let i = 0; i < 256; i++) await write(('x'.repeat(1023) + '\n').repeat(64))
    await write('%end 2 1 1\n')`,
  'a line of 32 MB': String.raw`for (let i = 0; i < 512; i++) await write('%output %0 ' + 'x'.repeat(65536))`,
  '2,000,000 pauses': String.raw`for (let i = 0; i < 400; i++) await write('%pause %0\n'.repeat(5000))`,
  '100 pauses, each answered with 10,000 lines': String.raw`
    history = 10_000
    for (let i = 0; i < 100; i++) {
      await write('%pause %0\n')
      await answered(1)
    }`,
  'interleaved blocks': String.raw`
    for (let i = 0; i < 200; i++)
      await write(Array.from({ length: 500 }, (_, at) => {
        const guard = '3 ' + (i * 500 + at) + ' 1'
        return '%begin ' + guard + '\n%output %0 inside\n%begin 3 0 1\n%end 3 0 1\n%pause %0\n%error 9 9 9\n%end ' + guard + '\n'
      }).join(''))`,
  '1,000,000 replies to nothing': String.raw`
    for (let i = 0; i < 1000; i++) await write('%begin 4 1 1\n%end 4 1 1\n'.repeat(1000))`,
  '2,000,000 pieces of output': String.raw`for (let i = 0; i < 400; i++) await write('%output %0 x\n'.repeat(5000))`,
  '20 MB of escaped output': String.raw`
    for (let i = 0; i < 400; i++) await write(('%output %0 ' + '\\033[31mred\\015\\012'.repeat(60) + '\n').repeat(40))`,
  '200,000 names of programs': String.raw`
    for (let i = 0; i < 200; i++)
      await write(Array.from({ length: 1000 }, (_, at) =>
        '%subscription-changed command $0 @0 0 %0 : program-' + (i * 1000 + at) + '\n').join(''))`,
}

/**
 * For each attack, in a session of its own: the longest pause of main, the longest time without a frame, the most memory
 * that main holds meanwhile, and that of the app after the terminal is closed, compared with before.
 */
export async function measureHostileControl(): Promise<readonly Measurement[]> {
  const folder = await mkdtemp(join(process.env['PODKEEPER_SESSION'] ?? tmpdir(), 'fake-tmux-'))
  const tmux = await createFakeTmux(join(folder, 'bin'))
  const harness = await prepareTerminalHarness({
    command: tmux.command,
    settings: { areTerminalSessionsKept: true },
  })
  try {
    const app = await createRestingApp(harness)
    await openTerminalOf(harness)
    await app.closeTerminal()
    const measurements: Measurement[] = []
    for (const [name, source] of Object.entries(attacks)) {
      const beforeMb = await app.memoryMb()
      await openTerminalOf(harness, true)
      const first = await waitUntil('the session', () => sessionOf(harness))
      const endOfWatch = await watchAttack(harness.scene.running, harness.page, MAX_HELD_MB)
      const startedAtMs = performance.now()
      await tmux.attack(
        `${source}\nhistory = 0\nscreen = '${MARK}\\n'\nawait write('%output %0 \\\\033c${MARK}\\n')`,
      )
      await waitUntil(
        'the end',
        async () => (await isThrough(harness)) || (await isOver(harness, first)),
        60_000,
      )
      const figures = await endOfWatch(`tmux, ${name}`)
      const tookMs = performance.now() - startedAtMs
      const { state } = await harness.terminal()
      console.log(`${name}: ${tookMs.toFixed(0)} ms, then ${JSON.stringify(state)}`)
      await app.closeTerminal()
      measurements.push(...figures, await app.restingMemory(`tmux, ${name}`, beforeMb))
    }
    return measurements
  } finally {
    await harness.close()
  }
}

type Harness = Awaited<ReturnType<typeof prepareTerminalHarness>>

const isThrough = async ({ text }: Harness): Promise<boolean> => (await text()).startsWith(MARK)

const sessionOf = async ({ text }: Harness): Promise<string | null> =>
  [...(await text()).matchAll(/ready-\d+\./g)].at(-1)?.[0] ?? null

/** The app gave the session up, and may have another one already. */
async function isOver(harness: Harness, first: string): Promise<boolean> {
  const { state } = await harness.terminal()
  const now = await sessionOf(harness)
  return state.kind !== 'open' || (now !== null && now !== first)
}
