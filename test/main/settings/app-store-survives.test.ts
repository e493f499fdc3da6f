import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { buildStoreProgram, killWhileWriting, newStoreFolder } from '../../../bench/crash/store-kills'

/** `npm run bench -- crash` kills it 200 times. */
const KILLS = 16
const isPosix = process.platform !== 'win32'
const account = {
  id: '0',
  name: 'Runpod',
  color: 'blue',
  baseUrl: 'https://x.test/',
  keyEnding: 'cess',
  encryptedKey: '0',
}

let program: string
beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'podkeeper-store-program-'))
  chmodSync(folder, 0o755)
  program = await buildStoreProgram(folder)
})

/** A folder with a stored account, and its files unchanged. */
function usedFolder() {
  const folder = newStoreFolder()
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

// A file size limit behaves like a full disk: one write is partial and the next fails.
test.runIf(isPosix)('a write on a full disk is rejected with a message, and changes nothing', () => {
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
  expect(Object.keys(files()).sort()).toEqual(['config.json', 'config.json.last-good', 'format.json'])
  expect(files()['config.json']).toBe(before['config.json']?.replace('{}', '{\n    "undoS": 9\n  }'))
})

test.runIf(isPosix)('a write in a read-only folder is rejected with a message, and changes nothing', () => {
  const { folder, files, before } = usedFolder()
  const isRoot = process.getuid?.() === 0
  // Root can write everywhere, so root runs this as nobody.
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
})

test.runIf(isPosix)(
  `killed ${KILLS} times while it writes, the file is the old one or the new one`,
  async () => {
    expect(await killWhileWriting(program, KILLS)).toEqual([])
  },
  180_000,
)
