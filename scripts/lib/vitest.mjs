import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inProject, readJson } from './project.mjs'
import { run } from './run.mjs'
import { recordTestSeconds } from './test-seconds.mjs'

/**
 * Runs one vitest project. Resolves to the `code` and `output` of the run, and to its `files` as described in
 * `test-report.mjs`, which are empty when vitest did not get that far.
 */
export async function runVitest({ project, filters, workers, env = process.env, isShown = false }) {
  const folder = mkdtempSync(join(tmpdir(), 'podkeeper-report-'))
  const report = join(folder, 'report.json')
  try {
    const args = [
      inProject('node_modules/vitest/vitest.mjs'),
      'run',
      `--project=${project}`,
      '--reporter=default',
      `--reporter=${inProject('scripts/lib/test-report.mjs')}`,
    ]
    if (workers !== undefined) args.push(`--maxWorkers=${workers}`)
    // A filter may match only files of another project.
    if (filters.length > 0) args.push('--passWithNoTests', ...filters)
    const { code, output } = await run(process.execPath, args, {
      cwd: inProject(),
      env: { ...env, PODKEEPER_TEST_REPORT: report },
      isShown,
    })
    const files = readReport(report)
    recordTestSeconds(files)
    return { code, output, files }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function readReport(path) {
  try {
    return readJson(path)
  } catch {
    return []
  }
}
