import type { TerminalSize } from '../../src/core/terminal/terminal'
import { type Emulator, loadEmulator } from '../../src/terminal-process/emulator'
import type { Measurement } from '../measurement'
import { createSeededRandom } from '../seeded-random'
import { fuzzControlRound } from './control-fuzz'
import { hostileOutput } from './grammar'

// While it can be imported: the runner of the benchmarks imports nothing later.
const createEmulator = await loadEmulator()

export interface FuzzOptions {
  readonly seed: number
  /** The number of sequences, in whole thousands. */
  readonly count: number
}

const ROUND = 1_000
const SIZES: readonly [TerminalSize, ...TerminalSize[]] = [
  { columns: 80, rows: 24 },
  { columns: 211, rows: 57 },
  { columns: 2, rows: 1 },
]

/**
 * Parses generated output as the terminal process does, in two terminals: as a whole, and in chunks of any length.
 * Throws if they differ or if one cannot continue. Returns the most processor time from one pause of the event loop to
 * the next, ms.
 */
export async function fuzzHeadless({ seed, count }: FuzzOptions): Promise<number> {
  let longestMs = 0
  for (let round = 0; round < count / ROUND; round++)
    longestMs = Math.max(longestMs, await fuzzRound(seed + round))
  return longestMs
}

/** Every so many rounds are in control mode. */
const CONTROL_EVERY = 5
const SHOWN_ROUNDS = 250
const MB = 1_024 * 1_024

/** As `fuzzHeadless`, and a fifth of it in control mode. `rssMb`: when it is over, and after the first rounds. */
async function fuzzAll({ seed, count }: FuzzOptions) {
  let [screenMs, controlMs, firstRssMb] = [0, 0, 0]
  const startedAtMs = performance.now()
  for (let round = 0; round < count / ROUND; round++) {
    if (round % CONTROL_EVERY === CONTROL_EVERY - 1)
      controlMs = Math.max(controlMs, await fuzzControlRound(seed + round, ROUND))
    else screenMs = Math.max(screenMs, await fuzzRound(seed + round))
    if ((round + 1) % SHOWN_ROUNDS !== 0) continue
    const rssMb = process.memoryUsage.rss() / MB
    firstRssMb ||= rssMb
    const perSecond = ((round + 1) * ROUND * 1_000) / (performance.now() - startedAtMs)
    console.log(
      `${(round + 1) * ROUND} sequences, ${perSecond.toFixed(0)} a second, longest step ${screenMs.toFixed(0)} ms and ${controlMs.toFixed(0)} ms in control mode, ${rssMb.toFixed(0)} MB`,
    )
  }
  return { screenMs, controlMs, firstRssMb, lastRssMb: process.memoryUsage.rss() / MB }
}

const SEQUENCES = 10_000_000
const MAX_MORE_MB = 100

/** Throws on the first divergence or crash. */
export async function measureHostileFuzz(): Promise<readonly Measurement[]> {
  const seed = Date.now() % 1_000_000
  console.log(`${SEQUENCES} sequences from seed ${seed}`)
  const { screenMs, controlMs, firstRssMb, lastRssMb } = await fuzzAll({ seed, count: SEQUENCES })
  const common = { group: 'hostile', unit: 'ms', spread: null, baseline: null, beside: null } as const
  return [
    {
      ...common,
      name: `${SEQUENCES} sequences: longest step of the terminal process`,
      value: screenMs,
      goal: { kind: 'value', atMost: 250 },
    },
    {
      ...common,
      name: `${SEQUENCES} sequences: longest step of control mode, in main`,
      value: controlMs,
      goal: { kind: 'value', atMost: 50 },
    },
    {
      ...common,
      unit: 'MB',
      name: `${SEQUENCES} sequences: memory`,
      value: lastRssMb,
      baseline: firstRssMb,
      beside: `after ${SHOWN_ROUNDS * ROUND} sequences`,
      goal: { kind: 'difference', atMost: MAX_MORE_MB },
    },
  ]
}

async function fuzzRound(seed: number): Promise<number> {
  const random = createSeededRandom(seed)
  const size = random.pick(SIZES)
  const output = Buffer.concat(Array.from({ length: ROUND }, () => hostileOutput(random)))
  const chunks: Uint8Array[] = []
  for (let at = 0; at < output.length;) {
    const length = random.pick([1, 2, 3, 20, 500, 40_000])
    chunks.push(output.subarray(at, at + length))
    at += length
  }
  const [whole, inChunks] = [createEmulator(size, 300), createEmulator(size, 300)]
  try {
    const longest = [await parse(whole, [output]), await parse(inChunks, chunks)]
    if (whole.serialize() !== inChunks.serialize())
      throw new Error(`seed ${seed}: the screen depends on how the output is split`)
    // Whatever was printed, what follows is drawn.
    await parse(whole, [Buffer.from('\x18\x1bcstill here')])
    if (!whole.serialize().includes('still here')) throw new Error(`seed ${seed}: nothing more is drawn`)
    return Math.max(...longest)
  } finally {
    whole.dispose()
    inChunks.dispose()
  }
}

/** Returns the longest step, as ms of processor time. */
async function parse(emulator: Emulator, chunks: readonly Uint8Array[]): Promise<number> {
  for (const chunk of chunks) emulator.write(chunk)
  let longestMs = 0
  for (let isDone = false; !isDone;) {
    const before = process.cpuUsage()
    isDone = await emulator.parse()
    const { user, system } = process.cpuUsage(before)
    longestMs = Math.max(longestMs, (user + system) / 1_000)
  }
  return longestMs
}
