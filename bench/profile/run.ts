import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Profiler } from 'node:inspector'
import { createOriginFinder } from './origin'
import { formatProfile } from './report'
import { profileStart } from './start'
import { profileTerminal } from './terminal'
import { profileTurn } from './turn'

const profiles: Readonly<Record<string, () => Promise<Readonly<Record<string, Profiler.Profile>>>>> = {
  start: profileStart,
  turn: profileTurn,
  terminal: profileTerminal,
}

/** Prints the profiles of this name, and writes them whole to .cache/profiles. Returns the exit code. */
export async function runProfiles(names: readonly string[], root: string): Promise<number> {
  const unknown = names.filter((name) => !Object.hasOwn(profiles, name))
  if (names.length === 0 || unknown.length > 0) {
    console.error(`Name what to profile: ${Object.keys(profiles).join(', ')}.`)
    return 2
  }
  const folder = join(root, '.cache/profiles')
  await mkdir(folder, { recursive: true })
  const originOf = createOriginFinder(root)
  for (const name of names)
    for (const [title, profile] of Object.entries((await profiles[name]?.()) ?? {})) {
      const file = join(folder, `${name}-${title.replaceAll(/\W+/g, '-')}.cpuprofile`)
      await writeFile(file, JSON.stringify(profile))
      console.log(`\n${title}: ${formatProfile(profile, originOf)}\n${file}`)
    }
  return 0
}
