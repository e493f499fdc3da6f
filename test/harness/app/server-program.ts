import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TerminalRig } from './terminal-rig'
import { until } from './waiting'

let programs = 0

/**
 * Runs `source` in the shell of the rig, by Node, with its terminal raw; `write(bytes)` ends once they are on their way.
 * Returns what it put into `result`.
 */
export async function runOnServer({ home, type }: TerminalRig, source: string): Promise<string> {
  const file = join(home, `program-${(programs += 1)}.mjs`)
  await writeFile(
    file,
    `import { writeFileSync } from 'node:fs'
    const write = (bytes) => new Promise((done) => process.stdout.write(bytes, done))
    let result = ''
    process.stdin.setRawMode(true)
    ${source}
    process.stdin.setRawMode(false)
    writeFileSync(${JSON.stringify(`${file}.result`)}, result)
    process.exit()`,
  )
  await type(`${process.execPath} ${file}\r`)
  return until('the program to end', () => readFile(`${file}.result`, 'utf8').catch(() => null), 60_000)
}

/** Lets a shell write what `source` makes, and draws all of it; the longest time without a frame meanwhile, ms. */
export async function longestGapMs(rig: TerminalRig, source: string): Promise<number> {
  await rig.page.evaluate(`(() => {
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
  // Ends whatever it began.
  await runOnServer(rig, `await write(${source}); await write('\\x18\\x1bc')`)
  await rig.type(`echo thr''ough\r`)
  await until('the end', async () => (await rig.text()).includes('through'), 60_000)
  return rig.page.evaluate<number>('gaps.isOver = true, gaps.mostMs')
}
