import { openBareXterm } from '../../test/harness/app/faults/bare-xterm'
import { openTerminalHarness, type TerminalHarness } from '../../test/harness/app/start/terminal-harness'
import { watchFlow } from '../../test/harness/app/act/watch-flow'
import { terminalProcessIds } from '../../test/harness/app/start/terminal-process-id'
import { cpuMsOf, ownCpuMsOf } from '../processes'
import { interleaved, type Measurement, median, spreadOf } from '../measurement'
import { outputs, writeOutput } from './output-files'
import { openRawShell } from './raw-shell'

export const [COLUMNS, ROWS] = [120, 30] as const
const ROUNDS = 20
/** Above this, xterm.js becomes sluggish, and at 50 MB it discards data. */
const MAX_PENDING_BYTES = 500_000
const FEED_BYTES = 64 * 1024

/**
 * How long files written by a shell on a real server take until their last line is drawn in the app's window, compared
 * with the slower of its two components: ssh2 with the output discarded, and xterm.js fed from memory in the same
 * window.
 */
export async function measureThroughput(): Promise<readonly Measurement[]> {
  const harness = await openTerminalHarness()
  const raw = openRawShell(harness, COLUMNS, ROWS)
  try {
    await harness.resizeTo(COLUMNS, ROWS)
    const mostPending = await watchFlow(harness.scene.running.app)
    const page = await harness.page.context().newCDPSession(harness.page)
    /** Keeps the cleanup after one run out of the next measurement. */
    const cleanUp = (): Promise<unknown> => page.send('HeapProfiler.collectGarbage')
    const measurements: Measurement[] = []
    let marks = 0
    for (const output of outputs) {
      const { path, bytes } = await writeOutput(harness.home, output)
      await keepInPage(harness, bytes)
      const megabytes = bytes.length / 1_000_000
      const command = (): { text: string; mark: string } => {
        const mark = `end-${(marks += 1)}.`
        return { text: `cat ${path}; echo ${mark.replace('-', "''-")}\r`, mark }
      }
      const { running } = harness.scene
      const [parser = 0] = await terminalProcessIds(running.app)
      const cpuMs: number[][] = []
      const times = await interleaved(ROUNDS + 1, {
        async ours() {
          const { text, mark } = command()
          await cleanUp()
          const pids = [running.pid, parser]
          const used = (): number[] => [cpuMsOf(running.pid), ...pids.map(ownCpuMsOf)]
          const before = used()
          const ms = await runInPage(harness, text, mark)
          cpuMs.push(used().map((after, index) => (after - (before[index] ?? 0)) / megabytes))
          return ms / megabytes
        },
        async ssh2() {
          const { text, mark } = command()
          return (await raw.run(text, mark)) / megabytes
        },
        async xterm() {
          const bare = await openBareXterm(harness.page, { columns: COLUMNS, rows: ROWS, isLikeOurs: false })
          await cleanUp()
          const ms = await harness.page.evaluate<number>(FEED_BARE)
          await bare.close()
          return ms / megabytes
        },
      })
      const [ours, ssh2, xterm] = [times.ours, times.ssh2, times.xterm].map((all) => all.slice(1))
      if (ours === undefined || ssh2 === undefined || xterm === undefined)
        throw new Error('nothing was measured')
      const floors = { 'ssh2 alone, bytes dropped': median(ssh2), 'xterm.js alone': median(xterm) }
      const [slower] = Object.entries(floors).sort(([, one], [, other]) => other - one)
      for (const [name, ms] of Object.entries(floors))
        console.log(`${output.name}: ${name} ${ms.toFixed(1)} ms/MB, ${(1_000 / ms).toFixed(1)} MB/s`)
      measurements.push({
        group: 'terminal',
        name: `${output.name}, until it is drawn`,
        unit: 'ms/MB',
        value: median(ours),
        spread: spreadOf(ours),
        baseline: slower?.[1] ?? null,
        beside: slower?.[0] ?? null,
        // Three quarters of its speed.
        goal: { kind: 'ratio', atMost: 1.34 },
      })
      for (const [index, of] of ['all of the app', 'main', 'the terminal process'].entries()) {
        const all = cpuMs.slice(1).map((each) => each[index] ?? 0)
        measurements.push({
          group: 'terminal',
          name: `${output.name}, processor time of ${of}`,
          unit: 'ms/MB',
          value: median(all),
          spread: spreadOf(all),
          baseline: null,
          beside: null,
          goal: null,
        })
      }
    }
    measurements.push({
      group: 'terminal',
      name: 'bytes on their way to the window, at most',
      unit: 'kB',
      value: (await mostPending()) / 1_000,
      spread: null,
      baseline: null,
      beside: null,
      goal: { kind: 'value', atMost: MAX_PENDING_BYTES / 1_000 },
    })
    return measurements
  } finally {
    raw.end()
    await harness.close()
  }
}

/** In chunks, as a terminal receives it. */
async function keepInPage({ page }: TerminalHarness, bytes: Buffer): Promise<void> {
  const onWire = Buffer.from(bytes.toString('latin1').replaceAll('\n', '\r\n'), 'latin1')
  await page.evaluate(`(() => {
    const all = Uint8Array.from(atob('${onWire.toString('base64')}'), (one) => one.charCodeAt(0))
    globalThis.fed = []
    for (let at = 0; at < all.length; at += ${FEED_BYTES}) fed.push(all.slice(at, at + ${FEED_BYTES}))
  })()`)
}

/** Resolves to the ms until `mark` is among the lines drawn at `place`, checking every frame. */
const untilDrawn = (place: string, mark: string, begin: string): string => `new Promise((done) => {
  const sinceMs = performance.now()
  const rows = document.querySelector('${place} .xterm-rows')
  const look = () =>
    rows.textContent.includes('${mark}') ? done(performance.now() - sinceMs) : requestAnimationFrame(look)
  requestAnimationFrame(look)
  ${begin}
})`

async function runInPage({ page, terminal }: TerminalHarness, text: string, mark: string): Promise<number> {
  const { id } = await terminal()
  const type = `void window.app.typeInTerminal(${JSON.stringify(id)}, ${JSON.stringify(text)}, 'text')`
  return page.evaluate<number>(untilDrawn('.screen', mark, type))
}

const FEED_BARE = untilDrawn(
  '#bare-xterm',
  'end of it',
  `let at = 0
  let pending = 0
  const end = new TextEncoder().encode('\\r\\nend of it\\r\\n')
  const feed = () => {
    while (at <= fed.length && pending < 400 * 1024) {
      const part = fed[at++] ?? end
      pending += part.length
      bare.write(part, () => {
        pending -= part.length
        feed()
      })
    }
  }
  feed()`,
)
