import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder for `builtOnce`, new for each run, so that nothing in it is older than the sources. */
    builds: string
  }
}

/** Vitest's global setup: creates that folder inside the project, because some packages are not bundled. */
export default function setup(project: TestProject): () => void {
  const cache = resolve(import.meta.dirname, '../../.cache')
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
  return remove
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
