import { createCipheriv, createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openTerminalHarness, type TerminalHarness } from '../../test/harness/app/start/terminal-harness'
import { waitUntil } from '../../test/harness/app/act/wait-until'
import { watchFlow } from '../../test/harness/app/act/watch-flow'
import type { Measurement } from '../measurement'

const MEGABYTES = 200
const MINUTES = 60_000

const BLOCK_BYTES = 1_000_000
/** The same in every run: nonrepeating plain text. */
function block(number: number): Buffer {
  const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16, number), Buffer.alloc(16))
  const text = cipher.update(Buffer.alloc(BLOCK_BYTES)).toString('base64')
  return Buffer.from(text.replaceAll(/(.{79})./g, '$1\n').slice(0, BLOCK_BYTES))
}

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** Starting at the line that says BEGIN, the window keeps the hash of each block that it receives. */
const RECEIVE = `(() => {
  const received = { hashes: [], rest: 0 }
  Object.assign(globalThis, { received })
  let head = ''
  let isOn = false
  let block = new Uint8Array(${BLOCK_BYTES})
  let at = 0
  const hash = async (bytes, index) => {
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
    received.hashes[index] = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  }
  let blocks = 0
  const take = (bytes) => {
    for (let from = 0; from < bytes.length; ) {
      const part = bytes.subarray(from, from + block.length - at)
      block.set(part, at)
      at += part.length
      from += part.length
      if (at < block.length) continue
      void hash(block, blocks++)
      block = new Uint8Array(${BLOCK_BYTES})
      at = 0
    }
    received.rest = at
  }
  window.app.on('terminalOutput', ({ bytes }) => {
    if (isOn) return take(bytes)
    head = (head + String.fromCharCode(...bytes)).slice(-70_000)
    const begin = head.indexOf('BEGIN\\n')
    if (begin < 0) return
    isOn = true
    take(Uint8Array.from(head.slice(begin + 6), (one) => one.charCodeAt(0)))
  })
})()`

/** Resident memory of the main process, MB. */
const memoryMb = ({ scene }: TerminalHarness): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${scene.running.pid}/status`, 'utf8'))?.[1]) / 1_024

export interface WholeStream {
  /** The hash of each 1 MB block as it was written and as the window received it. */
  readonly sent: readonly string[]
  readonly received: readonly string[]
  readonly seconds: number
  /** The maximum number of bytes in flight to the window. */
  readonly mostPendingBytes: number
  /** How much the main process grew in the meantime. */
  readonly grownMb: number
}

/** Lets a program on the test server write this many megabytes and waits until the window has received them. */
export async function streamWhole(harness: TerminalHarness, megabytes: number): Promise<WholeStream> {
  const file = join(harness.home, 'large')
  const blocks = Array.from({ length: megabytes }, (_, number) => block(number))
  const sent = blocks.map(hashOf)
  await writeFile(file, blocks)
  const mostPending = await watchFlow(harness.scene.running.app)
  await harness.page.evaluate(RECEIVE)
  const beforeMb = memoryMb(harness)
  const startedAtMs = performance.now()
  let mostMb = beforeMb
  await harness.type(`stty raw -echo; printf 'BEG'; printf 'IN\\n'; cat ${file}; stty sane\r`)
  await waitUntil(
    'all of it',
    async () => {
      mostMb = Math.max(mostMb, memoryMb(harness))
      return (await harness.page.evaluate<number>('received.hashes.filter(Boolean).length')) >= megabytes
    },
    4 * MINUTES,
  )
  return {
    sent,
    received: await harness.page.evaluate<string[]>('received.hashes'),
    seconds: (performance.now() - startedAtMs) / 1_000,
    mostPendingBytes: await mostPending(),
    grownMb: mostMb - beforeMb,
  }
}

/** Checks that the window receives what a pod writes, complete and in order. Throws if it doesn't. */
export async function measureStream(): Promise<readonly Measurement[]> {
  const harness = await openTerminalHarness()
  try {
    const { sent, received, seconds, mostPendingBytes, grownMb } = await streamWhole(harness, MEGABYTES)
    const wrong = sent.filter((hash, index) => received[index] !== hash).length
    if (wrong > 0 || received.length !== sent.length)
      throw new Error(`${wrong} of ${sent.length} megabytes did not arrive as they were sent`)
    const common = { group: 'terminal', spread: null, baseline: null, beside: null }
    return [
      { ...common, name: `${MEGABYTES} MB, whole and in order`, unit: 's', value: seconds, goal: null },
      {
        ...common,
        name: `${MEGABYTES} MB: bytes under way, at most`,
        unit: 'kB',
        value: mostPendingBytes / 1_000,
        goal: { kind: 'value', atMost: 500 },
      },
      {
        ...common,
        name: `${MEGABYTES} MB: growth of the main process`,
        unit: 'MB',
        value: grownMb,
        goal: { kind: 'value', atMost: 150 },
      },
    ]
  } finally {
    await harness.close()
  }
}
