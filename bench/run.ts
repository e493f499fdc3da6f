import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { measureAccountMemory } from './app/account-memory'
import { measureAppAccounts } from './app/accounts'
import { measureCards } from './app/cards'
import { measureCommandLine } from './app/command-line'
import { measureRest } from './app/rest'
import { measureSizes } from './app/sizes'
import { measureStart } from './app/start'
import { measureSuite } from './app/suite'
import { measureAppPolls } from './app/poll'
import { measureChannels } from './channels/suite'
import { measureDrawing } from './money/drawing'
import { measureAccuracy, measureOpening, measureWrongClocks } from './money/suite'
import { measureConnect } from './terminal/connect'
import { measureFloods } from './terminal/floods'
import { measureKeys } from './terminal/keys'
import { measureMemory } from './terminal/memory'
import { measureStream } from './terminal/stream'
import { measureThroughput } from './terminal/throughput'
import { measurePollSoak } from './soak/polls'
import { measureWindowSoak } from './soak/windows'
import { measureMutations } from './guard/mutations'
import { measureAppSimulations } from './guard/run-app-simulation'
import { formatActingWorld, measureActingWorlds } from './acting/measure-acting-worlds'
import { measureGuardAccounts } from './guard/measure-accounts'
import { measureGuardSimulations } from './guard/measure-simulations'
import { formatStory, judgeSeeds } from './guard/run-simulations'
import { measureDamage, measureDiskFaults, measureMigrations } from './disk/suite'
import { measureFileThroughput, measureForward, measureResumes, measureSmallFiles } from './files/suite'
import { measureHistoryDrawing } from './history/drawing'
import { measureHistoryFiles, measureHistoryKills } from './history/suite'
import { measureHostileControl } from './hostile/control'
import { measureHostileFuzz } from './hostile/fuzz'
import { measurePatterns } from './hostile/patterns'
import { measureHostileRedaction } from './hostile/redaction'
import { measureTelemetryLives } from './telemetry/measure-telemetry-lives'
import { measureHostileInputs } from './hostile/inputs'
import { measureHostileWindow } from './hostile/window'
import { measureCreates } from './create/suite'
import { measureKills } from './crash/kills'
import { measureStoreKills } from './crash/store-kills'
import { measureMillionLines } from './logs/million'
import { measureLogStream } from './logs/stream'
import { measureLongLines } from './ssh/long-lines'
import { measureGuardedQueues } from './queue/guarded'
import { measureQueues } from './queue/lives'
import { measureRequestedPods } from './queue/requested'
import { measureOwnKeys } from './ssh/own-keys'
import { measureJobStarts } from './queue/suite'
import { measureApiFuzz } from './podsapi/fuzz'
import { measureApiLoad } from './podsapi/load'
import { measureGuardInPod } from './podguard/suite'
import { measureCostsWritten } from './server/costs-written'
import { measureServerYear } from './server/year'
import { formatTable, type Measurement, type JudgedMeasurement, toResult } from './measurement'

/** The benchmarks of `npm run bench`, by group and part. */
const groups: Readonly<Record<string, Readonly<Record<string, () => Promise<readonly Measurement[]>>>>> = {
  app: {
    sizes: measureSizes,
    polls: measureAppPolls,
    accounts: measureAppAccounts,
    memory: measureAccountMemory,
    cards: measureCards,
    'command-line': measureCommandLine,
    start: measureStart,
    rest: measureRest,
    suite: measureSuite,
  },
  podsapi: { load: measureApiLoad, fuzz: measureApiFuzz },
  channels: { stories: measureChannels },
  queue: {
    lives: measureQueues,
    starts: measureJobStarts,
    requested: measureRequestedPods,
    guarded: measureGuardedQueues,
  },
  podguard: { days: measureGuardInPod },
  server: { year: measureServerYear, costs: measureCostsWritten },
  terminal: {
    throughput: measureThroughput,
    keys: measureKeys,
    connect: measureConnect,
    floods: measureFloods,
    stream: measureStream,
    memory: measureMemory,
  },
  files: {
    throughput: measureFileThroughput,
    small: measureSmallFiles,
    resumes: measureResumes,
    forward: measureForward,
  },
  history: { files: measureHistoryFiles, kills: measureHistoryKills, drawing: measureHistoryDrawing },
  logs: { million: measureMillionLines, stream: measureLogStream },
  hostile: {
    patterns: measurePatterns,
    inputs: measureHostileInputs,
    control: measureHostileControl,
    redaction: measureHostileRedaction,
    fuzz: measureHostileFuzz,
    window: measureHostileWindow,
  },
  guard: {
    simulations: measureGuardSimulations,
    telemetry: measureTelemetryLives,
    acting: measureActingWorlds,
    accounts: measureGuardAccounts,
    app: measureAppSimulations,
    mutations: measureMutations,
  },
  money: {
    opening: measureOpening,
    drawing: measureDrawing,
    clocks: measureWrongClocks,
    accuracy: measureAccuracy,
  },
  crash: { kills: measureKills, store: measureStoreKills },
  create: { runs: measureCreates },
  disk: { faults: measureDiskFaults, damage: measureDamage, migration: measureMigrations },
  ssh: { 'own-keys': measureOwnKeys, 'long-lines': measureLongLines },
  soak: { polls: measurePollSoak, windows: measureWindowSoak },
}

/**
 * These take long and run only if named. A missed goal here means a leak, a broken rule or a wrong total, and is an
 * error.
 */
const PROOFS: readonly string[] = [
  'soak',
  'channels',
  'crash',
  'create',
  'disk',
  'guard',
  'history',
  'hostile',
  'money',
  'podguard',
  'queue',
  'server',
  'ssh',
]

/**
 * Runs the named groups (`app`) or parts (`app/polls`), or everything except the proofs if none is named. Prints a
 * table and writes `bench/results.json`. Returns the exit code, which is 1 if a part failed or a proof missed a goal.
 * `--seed N` prints the log of one guard simulation instead, with `--accounts N` accounts, or of that world of
 * `guard/acting`. `--seed N --count M` judges the guard simulations of M seeds and prints the logs of those alone that
 * broke a rule.
 */
export async function runBench(args: readonly string[], projectRoot: string): Promise<number> {
  const { values, positionals: names } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string' },
      count: { type: 'string' },
      accounts: { type: 'string', default: '1' },
    },
    allowPositionals: true,
  })
  if (values.seed !== undefined) {
    const seed = Number(values.seed)
    const accounts = Number(values.accounts)
    if (values.count !== undefined)
      return (await judgeSeeds(seed, Number(values.count), accounts, console.log)) === 0 ? 0 : 1
    const isActing = names.includes('guard/acting')
    console.log(await (isActing ? formatActingWorld(seed) : formatStory(seed, 'whole', accounts)))
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
  const results: JudgedMeasurement[] = []
  const failures: string[] = []
  const folder = join(projectRoot, 'bench')
  await mkdir(folder, { recursive: true })
  const writeResults = (): Promise<void> =>
    writeFile(join(folder, 'results.json'), `${JSON.stringify(results, null, 2)}\n`)
  await writeResults()
  for (const { group, part, measure } of wanted) {
    console.log(`Measuring ${group}/${part} …`)
    try {
      results.push(...(await measure()).map(toResult))
      // After each part, since a proof that is interrupted took an hour.
      await writeResults()
    } catch (cause) {
      // The figures of the other parts count nevertheless.
      const failure = `${group}/${part} failed: ${cause instanceof Error ? cause.stack : String(cause)}`
      console.error(failure)
      failures.push(failure)
    }
  }
  console.log(`\n${formatTable(results)}\n\nWritten to bench/results.json.`)
  for (const failure of failures) console.error(`\n${failure}`)
  const isBroken = results.some(({ group, holds }) => PROOFS.includes(group) && holds === false)
  return isBroken || failures.length > 0 ? 1 : 0
}
