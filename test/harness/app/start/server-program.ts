import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TerminalHarness } from './terminal-harness'
import { waitUntil } from '../act/wait-until'

let programs = 0

/**
 * Starts the Node program `source` in the shell of the terminal harness with the terminal in raw mode; `write(bytes)`
 * resolves once the bytes are sent. The returned function waits for what the program assigns to `result`.
 */
export async function startOnServer(
  { home, type }: TerminalHarness,
  source: string,
): Promise<() => Promise<string>> {
  const file = join(home, `program-${(programs += 1)}.mjs`)
  await writeFile(
    file,
    `import { renameSync, writeFileSync } from 'node:fs'
    const write = (bytes) => new Promise((done) => process.stdout.write(bytes, done))
    let result = ''
    process.stdin.setRawMode(true)
    ${source}
    process.stdin.setRawMode(false)
    // Under its name only once it is whole.
    writeFileSync(${JSON.stringify(`${file}.part`)}, result)
    renameSync(${JSON.stringify(`${file}.part`)}, ${JSON.stringify(`${file}.result`)})
    process.exit()`,
  )
  await type(`${process.execPath} ${file}\r`)
  return () =>
    waitUntil('the program to end', () => readFile(`${file}.result`, 'utf8').catch(() => null), 60_000)
}

/** The same to its end. */
export const runOnServer = async (harness: TerminalHarness, source: string): Promise<string> =>
  (await startOnServer(harness, source))()

/**
 * Writes the output of `source` without reading the terminal's replies, then reads those, so that the shell doesn't get
 * them, and writes `mark` on an empty screen.
 */
export async function attackFromServer(
  harness: TerminalHarness,
  source: string,
  mark: string,
): Promise<void> {
  await runOnServer(
    harness,
    `
    await write(${source})
    let heard = ''
    process.stdin.on('data', (bytes) => (heard = (heard + bytes.toString('latin1')).slice(-20)))
    // Replies come in order, so with that to the last question all are read. The terminal drops some of very many.
    for (let column = 1, waitMs = 500; ; column += 1, waitMs *= 2) {
      await write('\\x18\\x1b[1;' + column + 'H\\x1b[6n')
      const isRead = () => heard.endsWith('\\x1b[1;' + column + 'R')
      const untilMs = performance.now() + waitMs
      while (!isRead() && performance.now() < untilMs) await new Promise((done) => setTimeout(done, 20))
      if (isRead()) break
    }
    await write('\\x18\\x1bc' + ${JSON.stringify(mark)} + '\\r\\n')`,
  )
  await waitUntil('the mark', async () => (await harness.text()).startsWith(mark), 60_000)
}

/** Makes a shell write the output of `source` and draws all of it. Returns the longest time without a frame, ms. */
export async function longestGapMs(harness: TerminalHarness, source: string): Promise<number> {
  await harness.page.evaluate(`(() => {
    let lastMs = performance.now()
    const gaps = { mostMs: 0, isOver: false }
    Object.assign(globalThis, { gaps })
    const look = () => {
      const nowMs = performance.now()
      gaps.mostMs = Math.max(gaps.mostMs, nowMs - lastMs)
      lastMs = nowMs
      if (!gaps.isOver) requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
  })()`)
  // Ends whatever sequence it began.
  await runOnServer(harness, `await write(${source}); await write('\\x18\\x1bc')`)
  await harness.type(`echo thr''ough\r`)
  await waitUntil('the end', async () => (await harness.text()).includes('through'), 60_000)
  return harness.page.evaluate<number>('gaps.isOver = true, gaps.mostMs')
}
