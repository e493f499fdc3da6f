import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { applyDamage, type Damage } from '../../bench/disk/damage'
import { usedFolder } from '../../bench/disk/damage-matrix'
import { runCli, type RunningCli, startCli, startSimulator } from '../harness/cli/cli'

/* The command line on a folder with damaged files: what does not need the file continues. */

const kinds: readonly Damage['kind'][] = ['nul', 'folder', 'loop', 'empty']
const pods = [{ name: 'a', id: 'a', mode: 'training', stoppingS: 0.1 } as const]

let used: string
beforeAll(async () => {
  used = await usedFolder()
})
afterAll(() => rmSync(used, { recursive: true }))

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [join(entry.parentPath, entry.name).slice(folder.length + 1)] : [],
  )

function damagedFolder(names: readonly string[], kind: Damage['kind']): string {
  const folder = mkdtempSync(join(tmpdir(), 'podkeeper-damaged-cli-'))
  cpSync(used, folder, { recursive: true })
  for (const name of names) applyDamage(join(folder, name), { kind } as Damage)
  return folder
}

/** Without a place for the journal nothing may be sent. */
const isWithoutJournal = (name: string, kind: Damage['kind']): boolean =>
  name === 'intents.jsonl' && (kind === 'folder' || kind === 'loop')

/** A format that cannot be read counts as newer. */
const forbidsActing = (name: string, kind: Damage['kind']): boolean =>
  name === 'format.json' || isWithoutJournal(name, kind)

test.each(kinds)(
  'a stop is carried out on a folder in which one file is damaged (%s), unless it is the journal that cannot be written or the format',
  async (kind) => {
    const outcomes = filesIn(used).map(async (name) => {
      const runpod = await startSimulator(pods)
      const { code, stderr } = await runCli({
        args: ['stop', 'a', '--yes'],
        runpod,
        dataFolder: damagedFolder([name], kind),
      })
      const sent = runpod.requests.flatMap(({ action }) => action ?? [])
      const hasStumbled = /Something went wrong|\n    at /.test(stderr)
      return { name, code, sent, hasStumbled, isSilent: stderr.trim() === '', stderr }
    })
    for (const { name, stderr, ...outcome } of await Promise.all(outcomes)) {
      const isRefused = forbidsActing(name, kind)
      expect({ name, ...outcome }, stderr).toMatchObject({
        name,
        code: isRefused ? 1 : 0,
        sent: isRefused ? [] : ['stop'],
        hasStumbled: false,
        isSilent: false,
      })
    }
  },
)

test('a watch alerts on a folder in which everything but the settings, the format and the journal is damaged', async () => {
  const watches = kinds.map(async (kind) => {
    const runpod = await startSimulator(pods)
    const names = filesIn(used).filter(
      (name) => !name.startsWith('config.json') && !forbidsActing(name, kind),
    )
    const dataFolder = damagedFolder(names, kind)
    const settings = { pollActiveS: 1, pollIdleS: 1 }
    writeFileSync(join(dataFolder, 'config.json'), JSON.stringify({ settings }))
    const watching = startCli({ args: ['watch', '--log', 'json'], runpod, dataFolder })
    await watching.waitForOutput(/"event":"pod"/)
    runpod.removePod('a')
    await watching.waitForOutput(/"kind":"pod-gone"/)
    await ends(watching)
  })
  await Promise.all(watches)
})

test('a service on a folder whose format is damaged ends with a code of its own, and says that it does not act', async () => {
  const watches = kinds.map(async (kind) => {
    const runpod = await startSimulator(pods)
    const dataFolder = damagedFolder(['format.json'], kind)
    const watching = startCli({ args: ['watch', '--log', 'json'], runpod, dataFolder })
    const { code, stdout, stderr } = await watching.exited
    expect([code, stderr]).toEqual([9, expect.not.stringContaining('Something went wrong')])
    expect(stdout).toMatch(/"event":"role".*"role":"reading"/)
  })
  await Promise.all(watches)
})

test('a watch whose settings are damaged shows the pods, and says that it stops none', async () => {
  const watches = kinds.map(async (kind) => {
    const runpod = await startSimulator(pods)
    const dataFolder = damagedFolder(['config.json', 'config.json.last-good'], kind)
    const watching = startCli({ args: ['watch', '--log', 'json'], runpod, dataFolder })
    await watching.waitForOutput(/"event":"pod"/)
    await watching.waitForOutput(/config\.json .*no pod is stopped automatically until it can/)
    await ends(watching)
  })
  await Promise.all(watches)
})

async function ends(watching: RunningCli): Promise<void> {
  watching.child.kill('SIGTERM')
  const { code, stderr } = await watching.exited
  expect([code, stderr]).toEqual([143, expect.not.stringContaining('Something went wrong')])
}
