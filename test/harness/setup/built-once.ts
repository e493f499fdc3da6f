import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inject } from 'vitest'

const LOOK_AGAIN_MS = 50
/** For the waiting hook, which should fail after the build has reported its own error. */
export const BUILT_WITHIN_MS = 130_000
const BUILT_MS = 120_000

/**
 * The folder into which `build` wrote the program `name`. The first test file of a run that needs it builds
 * it from the current sources, and the others wait. The folder is removed after the run.
 */
export async function builtOnce(name: string, build: (outDir: string) => Promise<unknown>): Promise<string> {
  const folder = join(inject('builds'), name.replaceAll('/', '-'))
  const failure = `${folder}.failed`
  if (isFirst(`${folder}.started`)) {
    try {
      await build(`${folder}.unfinished`)
      renameSync(`${folder}.unfinished`, folder)
    } catch (error) {
      writeFileSync(failure, String(error))
      throw error
    }
  }
  const deadline = performance.now() + BUILT_MS
  while (!existsSync(folder)) {
    if (existsSync(failure)) throw new Error(`${name} was not built: ${readFileSync(failure, 'utf8')}`)
    if (performance.now() > deadline) throw new Error(`${name} was not built within ${BUILT_MS / 1_000} s.`)
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS))
  }
  return folder
}

/** Creating a folder succeeds for one caller only. */
function isFirst(marker: string): boolean {
  try {
    mkdirSync(marker)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}
