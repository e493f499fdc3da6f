import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder for `builtOnce`, new for each run, so that nothing in it is older than the sources. */
    builds: string
  }
}

/** Where tests put their temporary folders. Its name is short, since paths of sockets are. */
const TEMPORARY = 'pk-'

/**
 * Vitest's global setup: creates the folder for builds, inside the project because some packages are not bundled, and
 * one for the temporary files of tests. Both are removed after the run.
 */
export default function setup(project: TestProject): () => void {
  const removeTemporary = makeTemporary()
  const cache = resolve(import.meta.dirname, '../../../.cache')
  mkdirSync(cache, { recursive: true })
  removeAbandoned(cache)
  let folder = ''
  const makeNew = (): void => {
    folder = mkdtempSync(join(cache, `builds-${process.pid}-`))
    project.provide('builds', folder)
  }
  const remove = (): void => rmSync(folder, { recursive: true, force: true })
  makeNew()
  project.onTestsRerun(async () => {
    remove()
    makeNew()
  })
  return () => {
    remove()
    removeTemporary()
  }
}

/** `TMPDIR` of the workers, which are started later; the first of several projects makes it. */
function makeTemporary(): () => void {
  const parent = tmpdir()
  if (parent.includes(`/${TEMPORARY}`)) return () => undefined
  const folder = mkdtempSync(join(parent, TEMPORARY))
  // As the system's: some tests run programs as another user.
  chmodSync(folder, 0o1777)
  process.env['TMPDIR'] = folder
  return () => {
    process.env['TMPDIR'] = parent
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** A run that was killed could not remove its folder. Without /proc, folders of other runs are kept. */
function removeAbandoned(cache: string): void {
  if (!existsSync('/proc/self')) return
  for (const name of readdirSync(cache)) {
    const pid = /^builds-(\d+)-/.exec(name)?.[1]
    if (pid !== undefined && !existsSync(`/proc/${pid}`))
      rmSync(join(cache, name), { recursive: true, force: true })
  }
}
