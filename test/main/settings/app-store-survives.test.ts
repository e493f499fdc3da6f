import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import { beforeAll, expect, test } from 'vitest'
import { parseConfig } from '../../../src/core/settings/config-schema'
import { openStore } from '../../../src/main/settings/app-store'

const quiet = { warn: () => {} }

/** `npm run bench -- crash` kills it 200 times. */
const KILLS = 16
const AT_ONCE = 4
const isPosix = process.platform !== 'win32'
const account = { id: '0', baseUrl: 'https://x.test/', keyEnding: 'cess', encryptedKey: '0' }

let program: string
beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'podkeeper-store-program-'))
  chmodSync(folder, 0o755)
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
  program = join(folder, 'program.cjs')
}, 30_000)

/** A folder in which a small account is kept, and its files as they are. */
function usedFolder() {
  const folder = join(mkdtempSync(join(tmpdir(), 'podkeeper-store-')), 'data')
  mkdirSync(folder, { mode: 0o700 })
  openStore(folder, () => 1, quiet).saveAccount(account)
  const files = () =>
    Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]))
  return { folder, files, before: files() }
}

function writeOnce(runner: readonly string[], folder: string): Record<string, unknown> {
  const [command = '', ...args] = [...runner, process.execPath, program, 'write-once', folder] as string[]
  const { stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' })
  if (stdout === '') throw new Error(`the program said nothing but: ${stderr}`)
  return JSON.parse(stdout) as Record<string, unknown>
}

// A limit of a file's size does what a full disk does: a write that writes a part, and then one that fails.
test.runIf(isPosix)('on a full disk a write is refused, says so, and changes nothing', () => {
  const { folder, files, before } = usedFolder()
  const limited = ['bash', '-c', 'ulimit -f 1; exec "$@"', 'limited']
  expect(writeOnce(limited, folder)).toMatchObject({
    results: [
      { ok: false, error: expect.stringMatching(/^config\.json could not be written \(E(FBIG|NOSPC)/) },
      // What still fits is written.
      { ok: true },
    ],
    account,
    undoS: 9,
  })
  expect(Object.keys(files()).sort()).toEqual(['config.json', 'config.json.last-good'])
  expect(files()['config.json']).toBe(before['config.json']?.replace('{}', '{\n    "undoS": 9\n  }'))
})

test.runIf(isPosix)(
  'in a folder that cannot be written a write is refused, says so, and changes nothing',
  () => {
    const { folder, files, before } = usedFolder()
    const isRoot = process.getuid?.() === 0
    // Root writes everywhere, so the tests of root do it as nobody.
    for (const place of [folder, join(folder, '..')]) chmodSync(place, isRoot ? 0o755 : 0o500)
    for (const name of readdirSync(folder)) chmodSync(join(folder, name), isRoot ? 0o644 : 0o400)
    const runner = isRoot ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--'] : []
    expect(writeOnce(runner, folder)).toMatchObject({
      results: [
        { ok: false, error: expect.stringContaining('EACCES') },
        { ok: false, error: [{ name: 'undoS', reason: expect.stringMatching(/^Not changed: .*EACCES/) }] },
      ],
      account,
      undoS: 5,
    })
    expect(files()).toEqual(before)
  },
)

test.runIf(isPosix)(
  `killed ${KILLS} times while it writes, the file is the old one or the new one`,
  async () => {
    await Promise.all(
      Array.from({ length: AT_ONCE }, async (_, part) => {
        const { folder, files } = usedFolder()
        let written = 0
        for (let kill = 0; kill < KILLS / AT_ONCE; kill++) {
          const confirmed = await writeUntilKilled(folder, 1 + ((kill * 13 + part * 7) % 23))
          const content = parseConfig(files()['config.json'] ?? '')
          if (!content.ok || content.value.account === null) throw new Error('the file is damaged')
          const { id, encryptedKey } = content.value.account
          const number = Number(id)
          // Nothing that was confirmed is lost, and nothing is mixed.
          expect(number).toBeGreaterThanOrEqual(Math.max(written, confirmed))
          if (number > 0)
            expect(encryptedKey).toBe(String(number % 10).repeat(1 + ((number * 7_919) % 20_000)))
          written = number
        }
        expect(written).toBeGreaterThan(KILLS / AT_ONCE)
        expect(openStore(folder, () => 1, quiet).takeProblems()).toEqual([])
        expect(readdirSync(folder).filter((name) => name.includes('unreadable'))).toEqual([])
      }),
    )
  },
  180_000,
)

/** Lets it write, kills it `afterMs` after the first confirmed write, and returns the number of the last one. */
async function writeUntilKilled(folder: string, afterMs: number): Promise<number> {
  const child = spawn(process.execPath, [program, 'write-on', folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  await new Promise<void>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', () => resolve())
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (said === '') setTimeout(() => child.kill('SIGKILL'), afterMs)
      said += text
    })
  })
  return Number(said.trimEnd().split('\n').at(-1))
}
