import { createServer, get } from 'node:http'
import { createReadStream, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createHash } from 'node:crypto'
import { createHeldConnection } from '../../src/ssh/forward/held-connection'
import { listenLocally } from '../../src/ssh/forward/local-port'
import { interleaved, type Measurement, median, spreadOf } from '../measurement'
import { type Direction, type FileWorld, hashFile, startFileWorld, writeRandom } from './world'

const MB = 1_000_000
const ROUNDS = 4
const ROUND_BYTES = 200 * MB
const LARGE_BYTES = 2_000 * MB
const CUTS = 3
const SMALL_FILES = 10_000
const directions: readonly Direction[] = ['up', 'down']
const words = { up: 'to a pod', down: 'from a pod' }

const measured = (name: string, unit: string, values: readonly number[]): Omit<Measurement, 'goal'> => ({
  group: 'files',
  name,
  unit,
  value: median(values),
  spread: values.length > 1 ? spreadOf(values) : null,
  baseline: null,
  beside: null,
})

async function timed(run: () => Promise<unknown>): Promise<number> {
  const sinceMs = performance.now()
  await run()
  return performance.now() - sinceMs
}

async function inWorld<T>(run: (world: FileWorld) => Promise<T>): Promise<T> {
  const world = await startFileWorld()
  try {
    return await run(world)
  } finally {
    await world.stop()
  }
}

/** How fast one large file is copied, beside a channel of ssh2 in this runtime, and `sftp`. Their bytes
 * come from a file and go to one on the pod; what ssh2 receives is dropped. */
export function measureFileThroughput(): Promise<readonly Measurement[]> {
  return inWorld(async (world) => {
    const { pod, local, copy, sftp } = world
    for (const folder of [pod, local]) writeRandom(join(folder, 'source'), ROUND_BYTES)
    const client = await world.openClient()
    const channel = (command: string): Promise<NodeJS.ReadWriteStream> =>
      new Promise((resolve, reject) =>
        client.exec(command, (error, opened) => (error === undefined ? resolve(opened) : reject(error))),
      )
    const alone = {
      async up() {
        const opened = await channel(`cat > ${join(pod, 'alone')}`)
        const closed = new Promise((resolve) => opened.once('close', resolve))
        opened.resume()
        await pipeline(createReadStream(join(local, 'source'), { highWaterMark: 256 * 1_024 }), opened)
        await closed
      },
      async down() {
        const opened = await channel(`cat ${join(pod, 'source')}`)
        await new Promise((resolve) => opened.on('data', () => {}).once('close', resolve))
      },
    }
    const results: Measurement[] = []
    for (const direction of directions) {
      const [from, to] = direction === 'up' ? [local, pod] : [pod, local]
      const target = join(to, 'copied')
      const clean = (): void => rmSync(target, { force: true })
      const perMb = (ms: number): number => ms / (ROUND_BYTES / MB)
      const times = await interleaved(ROUNDS + 1, {
        // The others have a connection.
        async ours() {
          clean()
          let sinceMs = 0
          const onProgress = (): void => void (sinceMs = performance.now())
          await copy(direction, join(from, 'source'), target, { onProgress })
          return perMb(performance.now() - sinceMs)
        },
        ssh2: async () => perMb(await timed(alone[direction])),
        async sftp() {
          clean()
          const verb = direction === 'up' ? 'put' : 'get'
          return perMb(await timed(() => sftp(`${verb} ${join(from, 'source')} ${target}\n`)))
        },
      })
      const [ours, ssh2, program] = [times.ours, times.ssh2, times.sftp].map((all) => all.slice(1))
      if (ours === undefined || ssh2 === undefined || program === undefined)
        throw new Error('nothing was measured')
      for (const [name, all] of Object.entries({ ours, ssh2, sftp: program }))
        console.log(`${words[direction]}: ${name} ${(1_000 / median(all)).toFixed(0)} MB/s`)
      results.push({
        ...measured(`a large file ${words[direction]}`, 'ms/MB', ours),
        baseline: median(ssh2),
        beside: 'a channel of ssh2 alone, in the same runtime',
        // 0.8 of its speed.
        goal: { kind: 'ratio', atMost: 1.25 },
      })
    }
    client.end()
    return results
  })
}

/** Ten thousand small files in a hundred folders, beside `sftp`. */
export function measureSmallFiles(): Promise<readonly Measurement[]> {
  return inWorld(async ({ pod, local, copy, sftp }) => {
    for (const folder of [pod, local])
      for (let at = 0; at < SMALL_FILES; at += 1) {
        const inner = join(folder, 'many', `folder ${at % 100}`)
        if (at < 100) mkdirSync(inner, { recursive: true })
        writeFileSync(join(inner, `file ${at}`), `content of ${at}`)
      }
    const results: Measurement[] = []
    for (const direction of directions) {
      const [from, to] = direction === 'up' ? [local, pod] : [pod, local]
      const targets = ['ours', 'theirs'].map((name) => join(to, name))
      for (const path of targets) mkdirSync(path)
      const [ours = '', theirs = ''] = targets
      const ms = await timed(async () => {
        const summary = await copy(direction, join(from, 'many'), ours)
        if (summary?.copied !== SMALL_FILES) throw new Error('files are missing')
      })
      const verb = direction === 'up' ? 'put' : 'get'
      const sftpMs = await timed(() => sftp(`${verb} -R ${join(from, 'many')} ${theirs}\n`))
      results.push({
        ...measured(`10,000 small files ${words[direction]}`, 's', [ms / 1_000]),
        baseline: sftpMs / 1_000,
        beside: 'the command sftp',
        goal: { kind: 'ratio', atMost: 1 },
      })
    }
    return results
  })
}

/** Copies 2 GB each way over a connection that is cut, canceled once and begun again. Counts wrong hashes. */
export function measureResumes(): Promise<readonly Measurement[]> {
  return inWorld(async ({ pod, local, copy, relay }) => {
    let wrong = 0
    const results: Measurement[] = []
    for (const direction of directions) {
      const [from, to] = direction === 'up' ? [local, pod] : [pod, local]
      writeRandom(join(from, 'large'), LARGE_BYTES)
      const seconds = await timed(async () => {
        const canceling = new AbortController()
        let cuts = 0
        const timers: NodeJS.Timeout[] = []
        const watch = (read: () => { readonly bytesDone: number }): void => {
          timers.push(
            setInterval(() => {
              if (read().bytesDone < ((cuts + 1) * LARGE_BYTES) / (CUTS + 2)) return
              cuts += 1
              if (cuts === 2) canceling.abort()
              else if (cuts <= CUTS) relay.cut()
            }, 5),
          )
        }
        const begin = (signal?: AbortSignal) =>
          copy(direction, join(from, 'large'), to, {
            isCut: true,
            onProgress: watch,
            ...(signal && { signal }),
          })
        if ((await begin(canceling.signal)) !== null) throw new Error('it was not canceled')
        if (readdirSync(to).includes('large')) wrong += 1
        await begin()
        for (const timer of timers) clearInterval(timer)
        if (cuts < CUTS) throw new Error('it was not cut')
      })
      if ((await hashFile(join(from, 'large'))) !== (await hashFile(join(to, 'large')))) wrong += 1
      if (readdirSync(to).some((name) => name.endsWith('.part'))) wrong += 1
      console.log(`2 GB ${words[direction]} with ${CUTS} breaks: ${(seconds / 1_000).toFixed(1)} s`)
      for (const folder of [from, to]) rmSync(join(folder, 'large'))
    }
    results.push({
      ...measured('files that are wrong after breaks, of 2 GB each way', 'files', [wrong]),
      goal: { kind: 'value', atMost: 0 },
    })
    return results
  })
}

const REQUESTS = 100
const REQUEST_BYTES = 10 * MB

/** A hundred requests of 10 MB at a time through a forwarded port. */
export function measureForward(): Promise<readonly Measurement[]> {
  return inWorld(async (world) => {
    const path = join(world.local, 'body')
    writeRandom(path, REQUEST_BYTES)
    const expected = await hashFile(path)
    const server = createServer((_request, response) => void createReadStream(path).pipe(response))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const held = createHeldConnection({ open: () => world.openPorts(), onState: () => {} })
    await held.start()
    const local = await listenLocally(20_000, () => held.openPort(port))
    if (!local.ok) throw new Error(local.error)
    const request = (): Promise<string> =>
      new Promise((resolve, reject) => {
        const hash = createHash('sha256')
        get({ host: '127.0.0.1', port: local.value.port, agent: false }, (response) => {
          response.on('data', (bytes: Buffer) => hash.update(bytes)).on('error', reject)
          response.on('end', () => resolve(hash.digest('hex')))
        }).on('error', reject)
      })
    let hashes: readonly string[] = []
    const ms = await timed(async () => {
      hashes = await Promise.all(Array.from({ length: REQUESTS }, request))
    })
    const wrong = hashes.filter((hash) => hash !== expected).length
    console.log(`forward: ${((REQUESTS * REQUEST_BYTES) / MB / (ms / 1_000)).toFixed(0)} MB/s`)
    local.value.close()
    held.close()
    server.close()
    return [
      { ...measured('1 GB by 100 requests at a time through a forward', 's', [ms / 1_000]), goal: null },
      { ...measured('of these, wrong', 'requests', [wrong]), goal: { kind: 'value', atMost: 0 } },
    ]
  })
}
