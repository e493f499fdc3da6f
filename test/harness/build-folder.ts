import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** A folder for what `builtOnce` builds, new for each run, so that nothing in it is older than the sources. */
    builds: string
  }
}

/** Vitest's global setup: makes that folder, inside the project, since some packages stay outside of the bundles. */
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

/** A run that was killed could not remove its folder. Where /proc is missing, folders of other runs stay. */
function removeAbandoned(cache: string): void {
  if (!existsSync('/proc/self')) return
  for (const name of readdirSync(cache)) {
    const pid = /^builds-(\d+)-/.exec(name)?.[1]
    if (pid !== undefined && !existsSync(`/proc/${pid}`))
      rmSync(join(cache, name), { recursive: true, force: true })
  }
}
