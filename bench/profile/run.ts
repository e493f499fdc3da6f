import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Profiler } from 'node:inspector'
import { type ProfileListing, profileMemory } from './memory'
import { createOriginFinder } from './origin'
import { formatProfile } from './report'
import { profilePolls } from './polls'
import { profileStart } from './start'
import { profileTerminal } from './terminal'

const profiles: Readonly<Record<string, (root: string) => Promise<readonly ProfileListing[]>>> = {
  start: listed(profileStart),
  polls: listed(profilePolls),
  terminal: listed(profileTerminal),
  memory: profileMemory,
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
  for (const name of names)
    for (const { title, text, file } of (await profiles[name]?.(root)) ?? []) {
      console.log(`\n${title}: ${text}`)
      if (file === null) continue
      const path = join(folder, `${name}-${title.replaceAll(/\W+/g, '-')}.${file.ending}`)
      await writeFile(path, file.text)
      console.log(path)
    }
  return 0
}

function listed(profile: () => Promise<Readonly<Record<string, Profiler.Profile>>>) {
  return async (root: string): Promise<readonly ProfileListing[]> => {
    const originOf = createOriginFinder(root)
    return Object.entries(await profile()).map(([title, one]) => ({
      title,
      text: formatProfile(one, originOf),
      file: { ending: 'cpuprofile', text: JSON.stringify(one) },
    }))
  }
}
