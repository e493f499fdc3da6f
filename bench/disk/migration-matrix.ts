import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { presentFormat } from '../../src/node/data-folder/format/folder-format'
import { backupFolder } from '../../src/node/data-folder/format/migration'
import { type Fault, faultText, type ProgramRun, runProgram } from './faults'
import { usedFolder } from './damage-matrix'
import { MIGRATED, nextFormat } from './next-format'
import { openFolder } from './open-folder'

/** Files whose backup has them as they were. */
const backedUp = ['config.json', 'intents.jsonl', 'alert-marks.json'] as const

/** A folder as programs of the present version left it. */
export async function folderToMigrate(): Promise<string> {
  const path = await usedFolder()
  // Opening it again tidies up the journal, so that an older program that opens it once more changes nothing.
  const folder = await openFolder(path)
  folder.close()
  rmSync(join(path, 'writer'), { recursive: true })
  return path
}

/** The changes of the folder that a migration makes. */
export async function migrationChanges(
  program: string,
  used: string,
): Promise<NonNullable<ProgramRun['changes']>> {
  const folder = copyOf(used)
  const run = await runProgram({ program, folder, args: ['next', 'first'] })
  const violations = violationsIn(folder, used, [run])
  if (run.changes === null || violations.length > 0)
    throw new Error(`A migration without a fault: ${JSON.stringify({ run, violations })}`)
  rmSync(folder, { recursive: true })
  return run.changes
}

/** The faults of a migration with these changes. */
export const migrationFaults = ({ steps, writes }: NonNullable<ProgramRun['changes']>): readonly Fault[] =>
  Array.from({ length: steps }, (_, index) => index + 1).flatMap((step): Fault[] => [
    { kind: 'kill', step },
    ...(writes.includes(step) ? [{ kind: 'kill-part', step, byte: 30 } as const] : []),
    { kind: 'fail-once', step, byte: 30 },
    { kind: 'read-only', step },
  ])

/**
 * Lets the newer program fail at one change. Then an older program and another newer one find the folder at the same
 * time. The older one may act only on a folder that is still the old one, and the newer one completes the migration.
 */
export async function runMigrationCases(
  program: string,
  used: string,
  faults: readonly Fault[],
): Promise<readonly string[]> {
  const violations: string[] = []
  for (const fault of faults) {
    const folder = copyOf(used)
    const failed = await runProgram({ program, folder, fault, args: ['next', 'first'] })
    const [older, newer] = await Promise.all([
      runProgram({ program, folder, args: ['present', 'older'] }),
      runProgram({ program, folder, args: ['next', 'newer'] }),
    ])
    const found = violationsIn(folder, used, [failed, older, newer])
    violations.push(...found.map((text) => `${faultText(fault)}: ${text}`))
    rmSync(folder, { recursive: true, force: true })
  }
  return violations
}

function violationsIn(folder: string, used: string, runs: readonly ProgramRun[]): readonly string[] {
  const text = (...names: string[]): string => readFileSync(join(folder, ...names), 'utf8')
  const before = (name: string): string => readFileSync(join(used, name), 'utf8')
  const check = (isRight: boolean, what: string): string[] => (isRight ? [] : [what])
  const lines = text('intents.jsonl')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { id: string; podName: string })
  const isOlder = (id: string): boolean => id.startsWith('older') || id.startsWith('a-')
  const confirmed = runs.flatMap((run) => run.confirmed)
  const last = runs.at(-1)
  return [
    ...runs.flatMap(({ crashes }) => crashes.map((crash) => `crashed: ${crash}`)),
    ...check(
      text('format.json') === `{"version":${nextFormat.version}}\n`,
      `the format is ${text('format.json')}`,
    ),
    ...check(last?.confirmed.length === 3, 'the newer program did not act'),
    ...check(
      confirmed.every((id) => lines.some((line) => line.id === id)),
      'an action was lost',
    ),
    ...check(
      lines.filter(({ id }) => id === 'a-stop-2').length === 1,
      'an action from before was lost or doubled',
    ),
    ...check(
      lines.every(({ id, podName }) => podName.endsWith(MIGRATED) === isOlder(id)),
      'an older program wrote after the migration, or an action was not migrated',
    ),
    ...check(
      JSON.stringify({ ...(JSON.parse(text('config.json')) as object), format: undefined }) ===
        JSON.stringify(JSON.parse(before('config.json'))),
      'settings were changed',
    ),
    ...check(text('alert-marks.json') === before('alert-marks.json'), 'alerts were changed'),
    ...backedUp.flatMap((name) => {
      const backup = join(backupFolder(folder, presentFormat.version), name)
      const isKept = existsSync(backup) && readFileSync(backup, 'utf8').startsWith(before(name).trimEnd())
      return check(isKept, `the backup of ${name} is not what it was`)
    }),
    ...check(!readdirSync(folder).some((name) => /damaged|unreadable/.test(name)), 'a file was set aside'),
  ]
}

function copyOf(used: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'podkeeper-migration-'))
  cpSync(used, folder, { recursive: true })
  return folder
}
