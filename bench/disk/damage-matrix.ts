import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { errorText } from '../../src/core/base/text/error-text'
import { applyDamage, type Damage, damagesOf, damageText } from './damage'
import { goOn } from './folder-oracle'
import { ACCOUNT, type OpenDataFolder, openFolder } from './open-folder'
import { type DataFile, dataFiles, type DurableStep } from './step'
import { countedMinutes, MINUTES_UNTIL_LAST_POLL, stepsOf } from './steps'

/** The copy of config.json. */
const LAST_GOOD = 'config.json.last-good'

/** One damage of one file of a folder that programs used. */
export interface DamageCase {
  readonly file: DataFile
  /** Relative to the folder. */
  readonly name: string
  readonly damage: Damage
}

/** A folder in which every step was taken. */
export async function usedFolder(): Promise<string> {
  const path = mkdtempSync(join(tmpdir(), 'podkeeper-used-'))
  const folder = await openFolder(path)
  for (const step of stepsOf('a')) {
    const outcome = step.write(folder)
    if (!outcome.ok) throw new Error(`${step.name}: ${outcome.error}`)
  }
  folder.close()
  rmSync(join(path, 'writer'), { recursive: true })
  return path
}

/** Every damage of every file of the folder. */
export function damageCases(folder: string): readonly DamageCase[] {
  return dataFiles.flatMap((file) =>
    namesOf(folder, file).flatMap((name) =>
      damagesOf(join(folder, name)).map((damage) => ({ file, name, damage })),
    ),
  )
}

/** The newest file of the activity log, which is written, and the oldest. */
function namesOf(folder: string, file: DataFile): readonly string[] {
  if (file === 'activity') {
    const names = readdirSync(join(folder, file)).sort()
    return [names[0], names.at(-1)].flatMap((name) => (name === undefined ? [] : [join(file, name)]))
  }
  if (file === 'config.json') return [file, LAST_GOOD]
  if (file !== 'costs') return [file]
  return readdirSync(join(folder, file, ACCOUNT)).map((name) => join(file, ACCOUNT, name))
}

/** Runs the cases on copies of `used`; returns a line for each thing that is wrong. */
export async function runDamageCases(used: string, cases: readonly DamageCase[]): Promise<readonly string[]> {
  const violations: string[] = []
  for (const each of cases) {
    const path = mkdtempSync(join(tmpdir(), 'podkeeper-damaged-'))
    cpSync(used, path, { recursive: true })
    applyDamage(join(path, each.name), each.damage)
    const found = await violationsOf(path, each)
    violations.push(...found.map((text) => `${each.name} ${damageText(each.damage)}: ${text}`))
    rmSync(path, { recursive: true, force: true })
  }
  return violations
}

async function violationsOf(path: string, damageCase: DamageCase): Promise<readonly string[]> {
  const { file, name, damage } = damageCase
  const damagedPath = join(path, name)
  const damaged = contentOf(damagedPath)
  let folder: OpenDataFolder
  try {
    folder = await openFolder(path)
  } catch (cause) {
    return [`the program crashed: ${errorText(cause)}`]
  }
  try {
    const found = stepsOf('a').map((step) => ({ step, isThere: isThereNow(step, folder) }))
    const told = folder.drainProblems()
    const lost = found.flatMap(({ step, isThere }) => (isThere === true ? [] : [step]))
    const crashed = found.flatMap(({ step, isThere }) =>
      typeof isThere === 'string' ? [`reading ${step.name} crashed: ${isThere}`] : [],
    )
    const others = lost.filter((step) => step.file !== file)
    const own = lost.filter((step) => step.file === file)
    const isKept = damaged === null || hasCopy(path, damaged)
    return [
      ...crashed,
      ...others.map(({ name: step }) => `another file lost ${step}`),
      ...(countedMinutes(folder.ledger) > MINUTES_UNTIL_LAST_POLL + 0.01 &&
      told.length === 0 &&
      damage.kind !== 'flip'
        ? ['costs were counted twice']
        : []),
      ...(name === LAST_GOOD ? lostSteps(own) : expectations[file]({ damage, own, told, isKept })),
      ...goOn(folder, blockedFiles(file, damage)),
    ]
  } finally {
    folder.close()
  }
}

function isThereNow(step: DurableStep, folder: OpenDataFolder): boolean | string {
  try {
    return step.isThere(folder)
  } catch (cause) {
    return errorText(cause)
  }
}

interface DamagedFileRecord {
  readonly damage: Damage
  /** Steps of the damaged file that are not there any more. */
  readonly own: readonly DurableStep[]
  /** What a person was told. */
  readonly told: readonly string[]
  /** Whether the damaged bytes are still somewhere in the folder. */
  readonly isKept: boolean
}

function journalExpectation({ damage, own, told, isKept }: DamagedFileRecord): readonly string[] {
  return [
    ...silentUnless(told.length > 0 || isCutByCrash(damage) || own.length <= stepsOnOneLine(damage), own),
    ...(told.length > 0 && own.length > stepsOnOneLine(damage) ? lostSteps(own) : []),
    ...(told.length > 0 ? notKept(isKept) : []),
  ]
}

/** What docs/data-folder.md promises for each file. */
const expectations: Readonly<Record<DataFile, (found: DamagedFileRecord) => readonly string[]>> = {
  'config.json': ({ damage, own, told, isKept }) => {
    if (damage.kind === 'missing') return []
    if (told.some((text) => text.includes('config.json could not be')))
      return [...lostSteps(own), ...notKept(isKept)]
    // A changed value of valid JSON cannot be told from an edit by hand. It concerns one thing.
    return own.length <= 1 ? [] : [`settings, rules or account were reset in silence: ${namesText(own)}`]
  },
  'intents.jsonl': journalExpectation,
  'creates.jsonl': journalExpectation,
  activity: ({ damage, own }) => (isOfOneLine(damage) && own.length > 2 ? lostSteps(own) : []),
  'alert-marks.json': ({ damage, own, told, isKept }) => [
    ...silentUnless(told.length > 0 || damage.kind === 'missing' || own.length <= 1, own),
    ...(told.length > 0 ? notKept(isKept) : []),
  ],
  'idle-episodes.json': () => [],
  // test/providers/hubify/shared-budget.test.ts says what a damaged one allows.
  'key-usage.json': () => [],
  costs: ({ damage, own, told, isKept }) => [
    ...silentUnless(told.length > 0 || damage.kind === 'missing' || isOfOneLine(damage), own),
    ...(told.length > 0 ? notKept(isKept) : []),
  ],
  'host-keys.json': ({ damage, own, told, isKept }) => [
    ...silentUnless(told.length > 0 || damage.kind === 'missing' || own.length <= 1, own),
    ...(told.length > 0 ? notKept(isKept) : []),
  ],
  'terminal-input.json': () => [],
  // What is read of it throws an error that says what to do; see test/cli/account/key-file.test.ts.
  'cli-key.json': () => [],
}

const namesText = (steps: readonly DurableStep[]): string => steps.map(({ name }) => name).join(', ')
const lostSteps = (steps: readonly DurableStep[]): readonly string[] =>
  steps.map(({ name }) => `lost ${name}`)
const notKept = (isKept: boolean): readonly string[] => (isKept ? [] : ['the damaged content was not kept'])
const silentUnless = (isRight: boolean, own: readonly DurableStep[]): readonly string[] =>
  isRight || own.length === 0 ? [] : [`lost in silence: ${namesText(own)}`]

/** A line that is cut at its end looks as a crash leaves it, which was never acted on. */
const isCutByCrash = ({ kind }: Damage): boolean => kind === 'cut' || kind === 'empty' || kind === 'missing'
const isOfOneLine = ({ kind }: Damage): boolean => kind === 'flip' || kind === 'nul-byte'
/** A changed line end damages two lines. */
const stepsOnOneLine = (damage: Damage): number => (isOfOneLine(damage) ? 2 : 5)

/** Files that cannot be written while a folder or a loop is in their place, until a person removed it. */
function blockedFiles(file: DataFile, { kind }: Damage): readonly DataFile[] {
  if (kind !== 'folder' && kind !== 'loop') return []
  return file === 'intents.jsonl' ? ['intents.jsonl', 'creates.jsonl', 'activity'] : [file]
}

/** Null for a file that is not one, or is too large to be copied. */
function contentOf(path: string): Buffer | null {
  try {
    const stat = statSync(path)
    return stat.isFile() && stat.size < 1_000_000 ? readFileSync(path) : null
  } catch {
    return null
  }
}

function hasCopy(folder: string, content: Buffer): boolean {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).some((entry) => {
    const path = join(entry.parentPath, entry.name)
    return entry.isFile() && existsSync(path) && contentOf(path)?.equals(content) === true
  })
}
