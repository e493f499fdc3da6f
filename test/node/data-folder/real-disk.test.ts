import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { usedFolder } from '../../../bench/disk/damage-matrix'
import { type ProgramRun, runProgram } from '../../../bench/disk/faults'
import { findViolations } from '../../../bench/disk/folder-oracle'
import { stepsOf } from '../../../bench/disk/steps'
import { BUILT_WITHIN_MS } from '../../harness/setup/built-once'
import { buildProgram } from '../../harness/setup/build-program'

// Many processes or fsyncs: seconds, but far more on a machine under load.
vi.setConfig({ testTimeout: 180_000 })

/* A disk of its own for one program: a file system in memory, in a mount namespace that ends with the program. Where
   the system allows no such thing, disk-faults.test.ts lets the same calls fail within the program. */

const newFolder = (): string => mkdtempSync(join(tmpdir(), 'podkeeper-real-disk-'))

/** How to get a mount namespace here: as root, or as a user who is root in a namespace; null: not at all. */
const unshare =
  [['--mount'], ['--user', '--map-root-user', '--mount']].find(
    (flags) => spawnSync('unshare', [...flags, 'mount', '-t', 'tmpfs', 'none', newFolder()]).status === 0,
  ) ?? null

let program: string
beforeAll(async () => {
  program = await buildProgram('bench/disk/folder-program.ts')
}, BUILT_WITHIN_MS)

/** Runs the program on the disk; returns what it did, and a copy of the folder at its end. */
async function runOnDisk(
  who: string,
  sizeKb: number,
  prepare = '',
): Promise<{ run: ProgramRun; left: string }> {
  const [folder, left] = [newFolder(), newFolder()]
  const script = `dir=$1 left=$2 && shift 2
    mount -t tmpfs -o size=${sizeKb}k,mode=700 none "$dir" || exit 99
    ${prepare}
    "$@"; code=$?
    cp -a "$dir/." "$left/" && rm -rf "$left/writer"; exit $code`
  const runner = ['unshare', ...(unshare ?? []), 'sh', '-c', script, 'sh', folder, left]
  return { run: await runProgram({ program, folder, args: [who], runner }), left }
}

const contentsOf = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path.slice(folder.length), readFileSync(path, 'utf8')]),
  )

test.runIf(unshare !== null)(
  'a program on a disk that is full refuses what it cannot keep, and loses nothing else',
  async () => {
    const outcomes = []
    for (const sizeKb of [4, 20, 36, 1_024]) {
      const { run, left } = await runOnDisk('a', sizeKb)
      expect([sizeKb, await findViolations(left, [{ ...run, who: 'a' }])]).toEqual([sizeKb, []])
      outcomes.push(run.refused.size)
    }
    // From almost everything to nothing.
    expect(outcomes[0]).toBeGreaterThan(stepsOf('a').length / 2)
    expect(outcomes.at(-1)).toBe(0)
  },
)

test.runIf(unshare !== null)(
  'a program on a read-only disk changes nothing, and says so for each thing',
  async () => {
    const used = await usedFolder()
    onTestFinished(() => rmSync(used, { recursive: true }))
    const { run, left } = await runOnDisk('b', 1_024, `cp -a ${used}/. "$dir/" && mount -o remount,ro "$dir"`)
    expect(contentsOf(left)).toEqual(contentsOf(used))
    expect(run.crashes).toEqual([])
    expect(run.told.join()).toMatch(/EROFS/)
    // The same polls again change no costs, and some writers say once that they cannot write.
    const isExpected = (name: string): boolean =>
      /^costs|^(alert|idle episode|request|typing) .* b-2$/.test(name)
    expect(run.confirmed.filter((name) => !isExpected(name))).toEqual([])
  },
)
