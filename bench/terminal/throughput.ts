import { openBareXterm } from '../../test/harness/app/bare-xterm'
import { openTerminalRig, type TerminalRig } from '../../test/harness/app/terminal-rig'
import { watchFlow } from '../../test/harness/app/watch-flow'
import { type Figure, interleaved, medianOf, spreadOf } from '../figure'
import { outputs, writeOutput } from './output-files'
import { openRawShell } from './raw-shell'

export const [COLUMNS, ROWS] = [120, 30] as const
const ROUNDS = 9
/** Above it xterm.js grows sluggish, and discards at 50 MB. */
const MAX_PENDING_BYTES = 500_000
const FEED_BYTES = 64 * 1024

/**
 * Files that a shell on a real server writes, until their last line is drawn in the app's window; beside the slower of the
 * two that it is made of: ssh2 with what comes dropped, and xterm.js that is fed from memory in the same window.
 */
export async function throughputFigures(): Promise<readonly Figure[]> {
  const rig = await openTerminalRig()
  const raw = openRawShell(rig, COLUMNS, ROWS)
  try {
    await rig.fit(COLUMNS, ROWS)
    const mostPending = await watchFlow(rig.scene.running.app)
    const page = await rig.page.context().newCDPSession(rig.page)
    /** What one leaves behind is not to be cleaned up in the time of the other. */
    const cleanUp = (): Promise<unknown> => page.send('HeapProfiler.collectGarbage')
    const figures: Figure[] = []
    let marks = 0
    for (const output of outputs) {
      const { path, bytes } = await writeOutput(rig.home, output)
      await keepInPage(rig, bytes)
      const megabytes = bytes.length / 1_000_000
      const command = (): { text: string; mark: string } => {
        const mark = `end-${(marks += 1)}.`
        return { text: `cat ${path}; echo ${mark.replace('-', "''-")}\r`, mark }
      }
      const times = await interleaved(ROUNDS + 1, {
        async ours() {
          const { text, mark } = command()
          await cleanUp()
          return (await runInPage(rig, text, mark)) / megabytes
        },
        async ssh2() {
          const { text, mark } = command()
          return (await raw.run(text, mark)) / megabytes
        },
        async xterm() {
          const bare = await openBareXterm(rig.page, { columns: COLUMNS, rows: ROWS, isLikeOurs: false })
          await cleanUp()
          const ms = await rig.page.evaluate<number>(FEED_BARE)
          await bare.close()
          return ms / megabytes
        },
      })
      const [ours, ssh2, xterm] = [times.ours, times.ssh2, times.xterm].map((all) => all.slice(1))
      if (ours === undefined || ssh2 === undefined || xterm === undefined)
        throw new Error('nothing was measured')
      const floors = { 'ssh2 alone, bytes dropped': medianOf(ssh2), 'xterm.js alone': medianOf(xterm) }
      const [slower] = Object.entries(floors).sort(([, one], [, other]) => other - one)
      for (const [name, ms] of Object.entries(floors))
        console.log(`${output.name}: ${name} ${ms.toFixed(1)} ms/MB, ${(1_000 / ms).toFixed(1)} MB/s`)
      figures.push({
        group: 'terminal',
        name: `${output.name}, until it is drawn`,
        unit: 'ms/MB',
        value: medianOf(ours),
        spread: spreadOf(ours),
        baseline: slower?.[1] ?? null,
        beside: slower?.[0] ?? null,
        // Three quarters of its speed.
        goal: { kind: 'ratio', atMost: 1.34 },
      })
    }
    figures.push({
      group: 'terminal',
      name: 'bytes on their way to the window, at most',
      unit: 'kB',
      value: (await mostPending()) / 1_000,
      spread: null,
      baseline: null,
      beside: null,
      goal: { kind: 'value', atMost: MAX_PENDING_BYTES / 1_000 },
    })
    return figures
  } finally {
    raw.end()
    await rig.close()
  }
}

/** As a terminal gets it, in parts. */
async function keepInPage({ page }: TerminalRig, bytes: Buffer): Promise<void> {
  const onWire = Buffer.from(bytes.toString('latin1').replaceAll('\n', '\r\n'), 'latin1')
  await page.evaluate(`(() => {
    const all = Uint8Array.from(atob('${onWire.toString('base64')}'), (one) => one.charCodeAt(0))
    globalThis.fed = []
    for (let at = 0; at < all.length; at += ${FEED_BYTES}) fed.push(all.slice(at, at + ${FEED_BYTES}))
  })()`)
}

/** Resolves to ms once `mark` is among the lines that are drawn at `place`, looking at each frame. */
const untilDrawn = (place: string, mark: string, begin: string): string => `new Promise((done) => {
  const sinceMs = performance.now()
  const rows = document.querySelector('${place} .xterm-rows')
  const look = () =>
    rows.textContent.includes('${mark}') ? done(performance.now() - sinceMs) : requestAnimationFrame(look)
  requestAnimationFrame(look)
  ${begin}
})`

async function runInPage({ page, terminal }: TerminalRig, text: string, mark: string): Promise<number> {
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
