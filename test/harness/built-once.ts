import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inject } from 'vitest'

const LOOK_AGAIN_MS = 50
/** For the hook that waits for it: by then it has thrown an error of its own. */
export const BUILT_WITHIN_MS = 130_000
const BUILT_MS = 120_000

/**
 * The folder into which `build` has written `name`, a program of ours. Whichever test file of a run needs it first
 * builds it, from the sources as they are then; the others wait for it. The folder goes with the run.
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

/** Only one caller can make a folder. */
function isFirst(marker: string): boolean {
  try {
    mkdirSync(marker)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}
