import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import { parseConfig } from '../../src/core/settings/config-schema'
import { openAppStore } from '../../src/main/settings/app-store'
import { migrateFolder } from '../../src/node/data-folder/format/folder-format'
import type { Measurement } from '../measurement'

const KILLS = 200
const AT_ONCE = 4
/** Writes that each process confirms before it is killed. */
const CONFIRMED_FIRST = 2
const account = {
  id: '0',
  baseUrl: 'https://x.test/',
  keyEnding: 'cess',
  encryptedKey: '0',
  name: 'Runpod',
  color: 'blue',
} as const
const quiet = { warn: () => {} }

/** The settings file of a program that is killed while it writes. */
export async function measureStoreKills(): Promise<readonly Measurement[]> {
  const program = await buildStoreProgram(mkdtempSync(join(tmpdir(), 'podkeeper-store-program-')))
  const wrongs = await killWhileWriting(program, KILLS)
  for (const wrong of wrongs) console.error(wrong)
  return [
    {
      group: 'crash',
      name: `settings files damaged or gone back, ${KILLS} kills`,
      unit: '',
      value: wrongs.length,
      spread: null,
      baseline: null,
      beside: null,
      goal: { kind: 'value', atMost: 0 },
    },
  ]
}

/** Builds the program that writes to a store and returns its path. */
export async function buildStoreProgram(folder: string): Promise<string> {
  await build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: 'test/main/settings/app-store-program.ts',
      outDir: folder,
      rolldownOptions: { output: { format: 'cjs', entryFileNames: 'program.cjs' } },
    },
  })
  return join(folder, 'program.cjs')
}

/** A new folder with the data of a small account. */
export function newStoreFolder(): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'podkeeper-store-')), 'data')
  mkdirSync(folder, { mode: 0o700 })
  migrateFolder(folder)
  openAppStore(folder, () => 1, quiet).saveAccount(account, null)
  return folder
}

/** Kills the program `kills` times while it writes and returns what was wrong with the file afterwards. */
export async function killWhileWriting(program: string, kills: number): Promise<readonly string[]> {
  const parts = Array.from({ length: AT_ONCE }, (_, part) =>
    killPart(program, Math.ceil(kills / AT_ONCE), part),
  )
  return (await Promise.all(parts)).flat()
}

async function killPart(program: string, kills: number, part: number): Promise<readonly string[]> {
  const folder = newStoreFolder()
  const wrongs: string[] = []
  let written = 0
  for (let kill = 0; kill < kills; kill++) {
    const confirmed = await writeUntilKilled(program, folder, 1 + ((kill * 13 + part * 7) % 23))
    const content = parseConfig(readFileSync(join(folder, 'config.json'), 'utf8'))
    const [kept] = content.ok ? content.value.accounts : []
    if (kept === undefined) return [...wrongs, `Kill ${kill}: the file is damaged.`]
    const { id, encryptedKey } = kept
    const number = Number(id)
    if (!(number >= Math.max(written, confirmed)))
      wrongs.push(`Kill ${kill}: write ${Math.max(written, confirmed)} was confirmed, and ${id} is kept.`)
    if (number > 0 && encryptedKey !== String(number % 10).repeat(1 + ((number * 7_919) % 20_000)))
      wrongs.push(`Kill ${kill}: two writes are mixed.`)
    written = number
  }
  if (written < kills * CONFIRMED_FIRST) wrongs.push(`Only ${written} writes in ${kills} processes.`)
  const problems = openAppStore(folder, () => 1, quiet).drainProblems()
  const asides = readdirSync(folder).filter((name) => name.includes('unreadable'))
  return [...wrongs, ...problems, ...asides]
}

/**
 * Lets the program write, kills it `afterMs` after its second confirmed write, and returns the number of the last
 * confirmed write.
 */
async function writeUntilKilled(program: string, folder: string, afterMs: number): Promise<number> {
  const child = spawn(process.execPath, [program, 'write-on', folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  let isKillPlanned = false
  await new Promise<void>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', () => resolve())
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text
      if (isKillPlanned || output.split('\n').length <= CONFIRMED_FIRST) return
      isKillPlanned = true
      setTimeout(() => child.kill('SIGKILL'), afterMs)
    })
  })
  return Number(output.trimEnd().split('\n').at(-1))
}
