import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'

/** What a lockfile of npm's third format says of a package; what is not used here is left out. */
interface LockedPackage {
  readonly version?: string
  readonly resolved?: string
  readonly integrity?: string
  readonly link?: boolean
  readonly hasInstallScript?: boolean
  readonly [group: `${string}ependencies`]: Readonly<Record<string, string>> | undefined
}
interface Lockfile {
  readonly lockfileVersion: number
  readonly packages: Readonly<Record<string, LockedPackage>>
}

const read = (path: string): string => readFileSync(resolve(import.meta.dirname, '..', path), 'utf8')
const GROUPS = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'] as const

/** They would build native accelerators of ssh2, which goes without; what npm runs is held by the test at the end. */
const SCRIPTS_NOT_RUN = ['node_modules/ssh2', 'node_modules/cpu-features']

describe.each(['.', 'tools/electron-runtime', 'tools/installers'])('the packages of %s', (folder) => {
  const lock = JSON.parse(read(`${folder}/package-lock.json`)) as Lockfile
  const manifest = JSON.parse(read(`${folder}/package.json`)) as LockedPackage
  const { '': own, ...packages } = lock.packages
  const entries = Object.entries(packages)

  test('are all known by a hash that cannot be forged', () => {
    expect(lock.lockfileVersion).toBe(3)
    expect(entries.length).toBeGreaterThan(0)
    expect(entries.filter(([, { integrity }]) => !integrity?.startsWith('sha512-'))).toEqual([])
  })

  test('come from the registry, never from a folder, an archive or a repository', () => {
    // Where they were fetched from is left out of the lockfile, so that a mirror does as well.
    const isElsewhere = ({ resolved, link }: LockedPackage): boolean =>
      link === true || resolved !== undefined
    expect(entries.filter(([, entry]) => isElsewhere(entry))).toEqual([])
    const asked = Object.values(lock.packages).flatMap((entry) =>
      GROUPS.flatMap((group) => Object.entries(entry[group] ?? {})),
    )
    expect(asked.filter(([, range]) => /[:/]/.test(range))).toEqual([])
  })

  test('would run nothing new when they are installed', () => {
    const asking = entries.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path)
    expect(asking.filter((path) => !SCRIPTS_NOT_RUN.includes(path))).toEqual([])
  })

  test('are pinned to one version each, the same in both files', () => {
    for (const group of GROUPS) {
      const wanted = manifest[group] ?? {}
      expect(own?.[group] ?? {}).toEqual(wanted)
      for (const [name, version] of Object.entries(wanted)) {
        expect([name, version]).toEqual([name, expect.stringMatching(/^\d+\.\d+\.\d+$/)])
        expect([name, packages[`node_modules/${name}`]?.version]).toEqual([name, version])
      }
    }
  })
})

test('npm runs no install script, whatever a package brings', () => {
  expect(read('.npmrc')).toMatch(/^ignore-scripts=true$/m)
})

test('nothing is installed beside the app: all that it needs is bundled', () => {
  const { dependencies, optionalDependencies } = JSON.parse(read('package.json')) as LockedPackage
  expect([dependencies, optionalDependencies]).toEqual([undefined, undefined])
})
