import { mkdir, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { Stryker } from '@stryker-mutator/core'
import { groups, MIN_KILLED_PERCENT } from '../tools/mutation/groups.mjs'
import { inProject } from './lib/project.mjs'
import { log, runCommand, UserError } from './lib/log.mjs'

/** For working copies of the checkout and for the results; not part of the repository. */
const OUTPUT_FOLDER = '.cache/mutation'

/**
 * `npm run mutate [-- GROUP[/FILE] …]`: mutation testing of all groups, of the groups named, or of one FILE of a group
 * (its name without `.ts`). Writes the survivors to `.cache/mutation/GROUP[-FILE].txt` and ends with exit code 1 when a
 * group falls below its goal.
 */
await runCommand(async () => {
  const named = process.argv.slice(2)
  const unknown = named.filter((name) => filesOf(name).length === 0)
  if (unknown.length > 0)
    throw new UserError(`There is no group ${unknown.join(', ')}. Known: ${Object.keys(groups).join(', ')}`)
  await mkdir(inProject(OUTPUT_FOLDER), { recursive: true })
  const scores = []
  for (const name of named.length > 0 ? named : Object.keys(groups)) scores.push(await mutate(name))
  for (const { name, killed, counted, percent } of scores)
    log(`${name}: ${killed} of ${counted} killed, ${percent.toFixed(1)} %`)
  return scores.some(({ percent }) => percent < MIN_KILLED_PERCENT) ? 1 : 0
})

/** The files to mutate for "GROUP" or "GROUP/FILE"; none if there is no such group or file. */
function filesOf(name) {
  const [group, fileName] = name.split('/')
  if (!Object.hasOwn(groups, group)) return []
  const { files } = groups[group]
  return fileName === undefined ? files : files.filter((file) => basename(file, '.ts') === fileName)
}

async function mutate(name) {
  const { tests } = groups[name.split('/')[0]]
  const outputName = name.replaceAll('/', '-')
  process.env.PODKEEPER_MUTATION_TESTS = JSON.stringify(tests)
  const results = await new Stryker({
    mutate: filesOf(name),
    testRunner: 'vitest',
    plugins: ['@stryker-mutator/vitest-runner'],
    vitest: { configFile: 'tools/mutation/vitest.config.mjs', related: false },
    coverageAnalysis: 'perTest',
    ignoreStatic: true,
    concurrency: 2,
    timeoutMS: 30_000,
    // The working copy needs sources and unit tests only, some of which use parts of the bench.
    ignorePatterns: ['*', '!src/**', '!test/**', 'test/e2e', '!tools/**', '!bench/**', '!package.json'],
    // A file that does not exist: Stryker cannot rewrite the configuration of this version of TypeScript.
    tsconfigFile: 'none.json',
    tempDirName: `${OUTPUT_FOLDER}/${outputName}`,
    reporters: ['progress-append-only'],
    allowConsoleColors: false,
    disableTypeChecks: false,
  }).runMutationTest()
  const counted = results.filter(({ status }) =>
    ['Killed', 'Timeout', 'Survived', 'NoCoverage'].includes(status),
  )
  const survivors = counted.filter(({ status }) => status === 'Survived' || status === 'NoCoverage')
  await writeFile(inProject(OUTPUT_FOLDER, `${outputName}.txt`), survivors.map(survivorText).sort().join(''))
  const killed = counted.length - survivors.length
  return { name, killed, counted: counted.length, percent: (killed / counted.length) * 100 }
}

function survivorText({ fileName, location, mutatorName, replacement, status }) {
  const place = `${fileName.slice(inProject().length + 1)}:${location.start.line}:${location.start.column}`
  return `${place} ${status} ${mutatorName}: ${replacement.replaceAll(/\s+/g, ' ')}\n`
}
