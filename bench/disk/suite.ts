import { rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { build } from 'vite'
import type { Measurement } from '../measurement'
import { damageCases, runDamageCases, usedFolder } from './damage-matrix'
import { faultCases, referenceRun, runCases } from './fault-matrix'
import { folderToMigrate, migrationChanges, migrationFaults, runMigrationCases } from './migration-matrix'

/** A program that kills itself or whose disk fails at each change of a data folder, alone and beside another one. */
export async function measureDiskFaults(): Promise<readonly Measurement[]> {
  const program = await buildDiskProgram('folder-program')
  const cases = faultCases(await referenceRun(program))
  const violations = await runCases(program, cases)
  return [toMeasurement(`lost, doubled or silent, ${cases.length} crashes and disk faults`, violations)]
}

/** Every file of a data folder, damaged as a whole and at each of its bytes. */
export async function measureDamage(): Promise<readonly Measurement[]> {
  const used = await usedFolder()
  const cases = damageCases(used)
  const violations = await runDamageCases(used, cases)
  rmSync(used, { recursive: true })
  return [toMeasurement(`silent or wrong, ${cases.length} damaged files`, violations)]
}

/** A migration that is broken off at each change, with an older and a newer program afterwards. */
export async function measureMigrations(): Promise<readonly Measurement[]> {
  const program = await buildDiskProgram('migration-program')
  const used = await folderToMigrate()
  const faults = migrationFaults(await migrationChanges(program, used))
  const violations = await runMigrationCases(program, used, faults)
  rmSync(used, { recursive: true })
  return [toMeasurement(`migrations lost or half done, ${faults.length} broken off`, violations)]
}

function toMeasurement(name: string, violations: readonly string[]): Measurement {
  for (const violation of violations) console.error(violation)
  return {
    group: 'disk',
    name,
    unit: '',
    value: violations.length,
    spread: null,
    baseline: null,
    beside: null,
    goal: { kind: 'value', atMost: 0 },
  }
}

async function buildDiskProgram(name: string): Promise<string> {
  const outDir = resolve('.cache', 'bench-disk')
  await build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: `bench/disk/${name}.ts`,
      outDir,
      emptyOutDir: false,
      rolldownOptions: { output: { format: 'cjs', entryFileNames: `${name}.cjs` } },
    },
  })
  return resolve(outDir, `${name}.cjs`)
}
