import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Pod } from '../../src/core/pods/pod'
import type { JobHost, JobReading } from '../../src/core/queue/host/job-host'
import { createSsh } from '../../src/ssh/create-ssh'
import { createJobHost } from '../../src/ssh/jobs/job-host'
import { generateEd25519Key } from '../../src/ssh/keys/ed25519-key'
import { startOpenSshServer } from '../../test/harness/ssh/openssh-server'
import { pod } from '../../test/harness/samples/pods'
import { createSeededRandom, type SeededRandom } from '../seeded-random'

const EXIT_CODE = 7
const CONCURRENT = 4
/** A start exchanges about this much, and takes about this long on a machine at rest. */
const MAX_BYTES = 20_000
const MAX_MS = 400

/**
 * Starts jobs on a real OpenSSH server over connections that are cut at any moment, again and again under the same id
 * until one is seen to have ended. Returns what went wrong, by seed: a job that ran twice or never, an error that says
 * that nothing happened although it did, an end that was not seen.
 */
export async function checkConnectionKills(first: number, count: number): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'podkeeper-queue-'))
  const key = generateEd25519Key('')
  const config = ['MaxStartups 100', 'ForceCommand exec dash', ...withoutPenalties()]
  const server = await startOpenSshServer(folder, { authorized: [key.publicLine.trim()], config })
  const volume = join(folder, 'workspace')
  mkdirSync(volume)
  const ssh = createSsh({
    hostKeyFile: join(folder, 'host-keys.json'),
    home: folder,
    env: {},
    hosts: 'loopback-only',
    platform: process.platform,
    nowMs: Date.now,
    isKnownProxy: () => false,
    chosenKeyFile: () => null,
    accountKey: () => key.privateText,
    unlockWorkerPath: '',
    onProblem: () => {},
  })
  const podAt = (port: number): Pod =>
    pod({
      persistentMount: { sizeGb: 1, path: volume },
      ssh: { direct: { host: '127.0.0.1', port, username: server.username }, proxy: null },
    })
  const waiting = Array.from({ length: count }, (_, i) => first + i)
  const besideIds = waiting.map((seed) => `job-${seed}`)
  const world = { host: createJobHost('a', ssh), podAt, volume, port: server.port, besideIds }
  try {
    const problems: string[] = []
    const work = async (): Promise<void> => {
      for (let seed = waiting.shift(); seed !== undefined; seed = waiting.shift())
        problems.push(...(await checkSeed(seed, world)).map((problem) => `seed ${seed}: ${problem}`))
    }
    await Promise.all(Array.from({ length: CONCURRENT }, work))
    return problems
  } finally {
    await server.stop()
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** Newer servers shut out an address of which many connections break. */
function withoutPenalties(): readonly string[] {
  const { stderr } = spawnSync('/usr/sbin/sshd', ['-t', '-f', '/dev/null', '-o', 'PerSourcePenalties=no'])
  return stderr.includes('PerSourcePenalties') ? [] : ['PerSourcePenalties no']
}

interface KillWorld {
  readonly host: JobHost
  readonly podAt: (port: number) => Pod
  readonly volume: string
  readonly port: number
  /** All jobs are of one queue. */
  readonly besideIds: readonly string[]
}

async function checkSeed(
  seed: number,
  { host, podAt, volume, port, besideIds }: KillWorld,
): Promise<readonly string[]> {
  const random = createSeededRandom(seed)
  const id = `job-${seed}`
  const counter = join(volume, `count-${seed}`)
  const folder = join(volume, '.podkeeper/jobs', id)
  const job = {
    id,
    command: `echo ran >>${counter}; exit ${EXIT_CODE}`,
    workingDirectory: null,
    environment: { SECRET: 'x'.repeat(random.integer(0, 9_000)) },
    files: [],
    maxSeconds: 60,
    gpuIndexes: null,
    besideIds,
  }
  const problems: string[] = []
  let reading: JobReading = { jobId: id, kind: 'absent' }
  // What arrived of an earlier start may still be carried out.
  let mayEarlierFollow = false
  for (let tries = 0; tries < 100 && reading.kind !== 'ended'; tries += 1) {
    if (reading.kind === 'absent') {
      const relay = await startCuttingRelay(port, tries < 5 ? random : null)
      const mark = `# start ${tries}\n`
      const started = await host.start(podAt(relay.port), { ...job, command: mark + job.command })
      await relay.close()
      const isThere = existsSync(folder)
      const isOfThisStart = isThere && readIfThere(join(folder, 'command')).startsWith(mark)
      if (!started.ok && !started.error.isUnclear && (isOfThisStart || (isThere && !mayEarlierFollow)))
        problems.push(`nothing had happened: ${started.error.message}`)
      if (started.ok && !isThere) problems.push('it was said to be there')
      mayEarlierFollow ||= !started.ok && started.error.isUnclear
    }
    const read = await host.read(podAt(port), [id])
    if (!read.ok) return [...problems, read.error.message]
    reading = read.value[0] ?? reading
  }
  const runs = existsSync(counter) ? readFileSync(counter, 'utf8').split('\n').length - 1 : 0
  if (reading.kind !== 'ended' || reading.exitCode !== EXIT_CODE)
    problems.push(`it is ${JSON.stringify(reading)}`)
  if (runs !== 1) problems.push(`it ran ${runs} times`)
  return problems
}

const readIfThere = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8') : '')

/** Cuts each connection after some bytes of either side, or some time; null: never. */
async function startCuttingRelay(
  port: number,
  random: SeededRandom | null,
): Promise<{ readonly port: number; readonly close: () => Promise<void> }> {
  const sockets = new Set<Socket>()
  const server: Server = createServer((near) => {
    const far = connect(port, '127.0.0.1')
    const cut = (): void => [near, far].forEach((each) => each.destroy())
    let left = random === null ? Infinity : random.integer(0, MAX_BYTES)
    if (random !== null && random.bool(0.5)) {
      left = Infinity
      setTimeout(cut, random.between(0, MAX_MS)).unref()
    }
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from)
      from.setNoDelay(true)
      from.on('error', cut).on('close', cut)
      from.on('data', (bytes: Buffer) => {
        const part = bytes.subarray(0, left)
        left -= part.length
        to.write(part)
        if (left === 0) to.end(cut)
      })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        sockets.forEach((each) => each.destroy())
        server.close(() => resolve())
      }),
  }
}
