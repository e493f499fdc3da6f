import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { cardFigures } from './app/cards'
import { restFigures } from './app/rest'
import { sizeFigures } from './app/sizes'
import { startFigures } from './app/start'
import { suiteFigures } from './app/suite'
import { turnFigures } from './app/turn'
import { drawingFigures } from './money/drawing'
import { accuracyFigures, openingFigures } from './money/suite'
import { connectFigures } from './terminal/connect'
import { floodFigures } from './terminal/floods'
import { keyFigures } from './terminal/keys'
import { memoryFigures } from './terminal/memory'
import { throughputFigures } from './terminal/throughput'
import { longLineFigures } from './ssh/long-lines'
import { ownKeyFigures } from './ssh/own-keys'
import { pollFigures } from './soak/polls'
import { windowFigures } from './soak/windows'
import { faultFigures } from './guard/faults'
import { appLifeFigures } from './guard/app-lives'
import { lifeFigures, storyOf } from './guard/lives'
import { killFigures } from './crash/kills'
import { storeKillFigures } from './crash/store-kills'
import { type Figure, type Result, resultOf, tableOf } from './figure'

/** What `npm run bench` knows, by group and part. */
const groups: Readonly<Record<string, Readonly<Record<string, () => Promise<readonly Figure[]>>>>> = {
  app: {
    sizes: sizeFigures,
    turn: turnFigures,
    cards: cardFigures,
    start: startFigures,
    rest: restFigures,
    suite: suiteFigures,
  },
  terminal: {
    throughput: throughputFigures,
    keys: keyFigures,
    connect: connectFigures,
    floods: floodFigures,
    memory: memoryFigures,
  },
  guard: { lives: lifeFigures, app: appLifeFigures, faults: faultFigures },
  money: { opening: openingFigures, drawing: drawingFigures, accuracy: accuracyFigures },
  crash: { kills: killFigures, store: storeKillFigures },
  ssh: { 'own-keys': ownKeyFigures, 'long-lines': longLineFigures },
  soak: { polls: pollFigures, windows: windowFigures },
}

/** They take long and are run by their names only; here a missed goal is a leak, a broken rule or a wrong sum, and an error. */
const PROOFS: readonly string[] = ['soak', 'crash', 'guard', 'money', 'ssh']

/**
 * Measures the groups (`app`) or parts of them (`app/turn`) that are named, all but the proofs when none is; prints a table and writes
 * `bench/results.json`. Returns the exit code: a missed goal is told, not punished, but for a proof's. `--seed N` tells
 * what happens in one life of the guard instead.
 */
export async function runBench(args: readonly string[], projectRoot: string): Promise<number> {
  const { values, positionals: names } = parseArgs({
    args: [...args],
    options: { seed: { type: 'string' } },
    allowPositionals: true,
  })
  if (values.seed !== undefined) {
    console.log(await storyOf(Number(values.seed)))
    return 0
  }
  const parts = Object.entries(groups).flatMap(([group, members]) =>
    Object.entries(members).map(([part, measure]) => ({ group, part, measure })),
  )
  const isWanted = ({ group, part }: { group: string; part: string }): boolean =>
    (names.length === 0 && !PROOFS.includes(group)) ||
    names.some((name) => name === group || name === `${group}/${part}`)
  const wanted = parts.filter(isWanted)
  if (wanted.length === 0) {
    console.error(
      `There is no such group. Known: ${parts.map(({ group, part }) => `${group}/${part}`).join(', ')}`,
    )
    return 2
  }
  const results: Result[] = []
  for (const { group, part, measure } of wanted) {
    console.log(`Measuring ${group}/${part} …`)
    results.push(...(await measure()).map(resultOf))
  }
  const folder = join(projectRoot, 'bench')
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'results.json'), `${JSON.stringify(results, null, 2)}\n`)
  console.log(`\n${tableOf(results)}\n\nWritten to bench/results.json.`)
  return results.some(({ group, holds }) => PROOFS.includes(group) && holds === false) ? 1 : 0
}
