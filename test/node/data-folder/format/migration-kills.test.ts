import { rmSync } from 'node:fs'
import { beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { spread } from '../../../../bench/disk/fault-matrix'
import {
  folderToMigrate,
  migrationChanges,
  migrationFaults,
  runMigrationCases,
} from '../../../../bench/disk/migration-matrix'
import { BUILT_WITHIN_MS } from '../../../harness/setup/built-once'
import { buildProgram } from '../../../harness/setup/build-program'

// Many processes or fsyncs: seconds, but far more on a machine under load.
vi.setConfig({ testTimeout: 180_000 })

/** `npm run bench -- disk/migration` runs every case. */
const CASES = 8

let program: string
beforeAll(async () => {
  program = await buildProgram('bench/disk/migration-program.ts')
}, BUILT_WITHIN_MS)

test('a migration that is killed or fails at any change is completed by the next program, and an older one does no harm', async () => {
  const used = await folderToMigrate()
  onTestFinished(() => rmSync(used, { recursive: true }))
  const faults = migrationFaults(await migrationChanges(program, used))
  expect(faults.length).toBeGreaterThan(100)
  expect(await runMigrationCases(program, used, spread(faults, CASES))).toEqual([])
})
