import { chmodSync, cpSync, existsSync, mkdtempSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { expect, test, vi } from 'vitest'
import { placeBuild } from '../../scripts/lib/place-build.mjs'
import { newDataFolder, startCli, startSimulator } from '../harness/cli/cli'
import { builtCliFolder, copyOfCli, useRealCli } from '../harness/cli/real-program'

useRealCli()

/** A build of the same chunks, each of which says that it is the new one. */
function rebuild(cli: string, built: string, text: string): void {
  const staged = join(cli, 'builds/.new-1')
  cpSync(built, staged, { recursive: true })
  for (const name of readdirSync(staged).filter((each) => each.endsWith('.mjs')))
    writeFileSync(join(staged, name), `throw new Error(${JSON.stringify(text)})\n`)
  placeBuild(cli, staged, '9.9.9')
}

test('a watch loads its own code after six rebuilds, and the next start runs the newest', async () => {
  const cli = copyOfCli()
  symlinkSync(resolve('node_modules'), join(cli, 'node_modules'))
  const program = join(cli, 'podkeeper.mjs')
  const built = builtCliFolder(program)
  const tools = mkdtempSync(join(tmpdir(), 'podkeeper-notify-'))
  writeFileSync(join(tools, 'notify-send'), `#!/bin/sh\necho "$@" > ${tools}/shown\n`)
  chmodSync(join(tools, 'notify-send'), 0o755)
  const runpod = await startSimulator([{ name: 'a', id: 'a', mode: 'training' }])
  const watching = startCli({
    program,
    args: ['watch', '--log', 'json'],
    runpod,
    dataFolder: newDataFolder({ idleAlertAfterMin: 0.05, bootMin: 0 }),
    env: { PATH: `${tools}${delimiter}${process.env['PATH']}` },
  })
  await watching.waitForOutput(/"event":"pod"/)
  // As after the first minute of a program.
  writeFileSync(join(built, 'in-use'), '')
  for (const number of [1, 2, 3, 4, 5, 6]) rebuild(cli, built, `build ${number}`)
  runpod.setPod('a', { mode: 'idle' })
  await watching.waitForOutput(/"event":"alert"/)
  // What shows alerts is loaded with the first of them.
  await vi.waitFor(() => expect(existsSync(join(tools, 'shown'))).toBe(true), { timeout: 60_000 })
  expect(() => execFileSync(process.execPath, [program], { stdio: 'pipe' })).toThrow('build 6')
  expect(watching.child.exitCode).toBeNull()
})
