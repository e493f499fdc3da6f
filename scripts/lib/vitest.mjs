import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inProject, readJson } from './project.mjs'
import { run } from './run.mjs'
import { keepTemporaryFilesInMemory } from './temporary-files.mjs'
import { recordTestSeconds } from './test-seconds.mjs'

const VITEST = inProject('node_modules/vitest/vitest.mjs')

/** The vitest projects of each step of `npm test` that runs tests. */
export const PROJECTS = { unit: ['unit', 'unit-shared'], browser: ['browser'], e2e: ['e2e'] }

/** Runs vitest on this terminal, with `options` of its own, also to watch; resolves to its exit code. */
export async function showVitest({ projects, filters, options, workers, env = process.env }) {
  keepTemporaryFilesInMemory()
  const args = [
    VITEST,
    ...projects.map((project) => `--project=${project}`),
    ...(workers === undefined ? [] : [`--maxWorkers=${workers}`]),
    ...options,
    ...filters,
  ]
  const child = spawn(process.execPath, args, { cwd: inProject(), env, stdio: 'inherit' })
  const [code] = await once(child, 'exit')
  return code ?? 1
}

/**
 * Runs one vitest project. Resolves to the `code`, `output` and `processorSeconds` of the run, and to its `files` as
 * described in `test-report.mjs`, which are empty when vitest did not get that far.
 */
export async function runVitest({ project, filters, workers, env = process.env, isShown = false }) {
  keepTemporaryFilesInMemory()
  const folder = mkdtempSync(join(tmpdir(), 'podkeeper-report-'))
  const report = join(folder, 'report.json')
  try {
    const args = [
      VITEST,
      'run',
      `--project=${project}`,
      '--reporter=default',
      `--reporter=${inProject('scripts/lib/test-report.mjs')}`,
    ]
    if (workers !== undefined) args.push(`--maxWorkers=${workers}`)
    // A filter may match only files of another project.
    if (filters.length > 0) args.push('--passWithNoTests', ...filters)
    const { code, output, processorSeconds } = await run(process.execPath, args, {
      cwd: inProject(),
      env: { ...env, PODKEEPER_TEST_REPORT: report },
      isShown,
    })
    const files = readReport(report)
    recordTestSeconds(files)
    return { code, output, processorSeconds, files }
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
