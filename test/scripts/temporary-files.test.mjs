import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, statfsSync } from 'node:fs'
import { expect, it } from 'vitest'
import { inProject } from '../../scripts/lib/project.mjs'

const ROOM_BYTES = 2 * 1024 ** 3

const url = JSON.stringify(inProject('scripts/lib/temporary-files.mjs'))

/** The temporary folder of a program that asked for one in memory, and whether a program can write to it. */
function folderOf(env) {
  const program = `
    import { existsSync } from 'node:fs'
    import { tmpdir } from 'node:os'
    import { keepTemporaryFilesInMemory } from ${url}
    keepTemporaryFilesInMemory()
    const first = tmpdir()
    keepTemporaryFilesInMemory()
    console.log(JSON.stringify({ folder: tmpdir(), isSame: first === tmpdir(), exists: existsSync(tmpdir()) }))`
  const { TMPDIR: _, ...others } = process.env
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    env: { ...others, ...env },
    encoding: 'utf8',
  })
  return JSON.parse(stdout)
}

const hasRoom = () => {
  const { bavail, bsize } = statfsSync('/dev/shm')
  return bavail * bsize >= ROOM_BYTES
}

it.runIf(existsSync('/dev/shm') && hasRoom())(
  'temporary files lie in one folder in memory, which ends with the program',
  () => {
    const { folder, ...others } = folderOf({})
    expect(folder).toMatch(/^\/dev\/shm\/pk-\d+-/)
    expect(others).toEqual({ isSame: true, exists: true })
    expect(existsSync(folder)).toBe(false)
  },
)

it.runIf(existsSync('/dev/shm') && hasRoom())(
  'a signal that ends the program ends the folder, too',
  async () => {
    const program = `
    import { keepTemporaryFilesInMemory } from ${url}
    keepTemporaryFilesInMemory()
    console.log(process.env.TMPDIR)
    setInterval(() => {}, 1_000)`
    const { TMPDIR: _, ...env } = process.env
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = await once(child.stdout, 'data')
    const folder = String(line).trim()
    expect(existsSync(folder)).toBe(true)
    child.kill('SIGTERM')
    expect(await once(child, 'exit')).toEqual([143, null])
    expect(existsSync(folder)).toBe(false)
  },
)

it('a folder that a person chose stays', () => {
  expect(folderOf({ TMPDIR: inProject() })).toEqual({ folder: inProject(), isSame: true, exists: true })
})
