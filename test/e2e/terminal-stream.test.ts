import { createCipheriv, createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { drawnHtml, openBareXterm } from '../harness/app/bare-xterm'
import { openTerminalRig, type TerminalRig } from '../harness/app/terminal-rig'
import { until } from '../harness/app/waiting'
import { watchFlow } from '../harness/app/watch-flow'

/* What a program on a real server writes is what the window gets and draws: all of it, in order, whatever the cuts. */

let rig: TerminalRig

beforeAll(async () => {
  rig = await openTerminalRig()
})
afterAll(() => rig?.close())

const BLOCK_BYTES = 1_000_000
const BLOCKS = 200
/** The same at each run: nothing repeats in it, and nothing is more than text. */
function block(number: number): Buffer {
  const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16, number), Buffer.alloc(16))
  const text = cipher.update(Buffer.alloc(BLOCK_BYTES)).toString('base64')
  return Buffer.from(text.replaceAll(/(.{79})./g, '$1\n').slice(0, BLOCK_BYTES))
}

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** From the line that says BEGIN on, the window keeps the hash of each block that it receives. */
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
const memoryMb = (): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${rig.scene.running.pid}/status`, 'utf8'))?.[1]) / 1_024

test('200 MB arrive whole and in order, in bounded memory', { timeout: 300_000 }, async () => {
  const file = join(rig.home, 'large')
  const wanted: string[] = []
  const blocks: Buffer[] = []
  for (let number = 0; number < BLOCKS; number++) {
    const bytes = block(number)
    blocks.push(bytes)
    wanted.push(hashOf(bytes))
  }
  await writeFile(file, blocks)
  blocks.length = 0
  const mostPending = await watchFlow(rig.scene.running.app)
  await rig.page.evaluate(RECEIVE)
  const beforeMb = memoryMb()
  const startedAtMs = performance.now()
  let mostMb = beforeMb
  await rig.type(`stty raw -echo; printf 'BEG'; printf 'IN\\n'; cat ${file}; stty sane\r`)
  const hashes = () => rig.page.evaluate<string[]>('received.hashes')
  await until(
    'all of it',
    async () => {
      mostMb = Math.max(mostMb, memoryMb())
      return (await rig.page.evaluate<number>('received.hashes.filter(Boolean).length')) >= BLOCKS
    },
    240_000,
  )
  const seconds = (performance.now() - startedAtMs) / 1_000
  const pending = await mostPending()
  console.info(
    `200 MB in ${seconds.toFixed(1)} s; at most ${pending} bytes under way, main ${beforeMb.toFixed(0)} → ${mostMb.toFixed(0)} MB`,
  )
  expect(await hashes()).toEqual(wanted)
  expect(pending).toBeLessThan(500_000)
  expect(mostMb - beforeMb).toBeLessThan(150)
})

test('a character is drawn alike, wherever its bytes are cut', { timeout: 120_000 }, async () => {
  await rig.type('\u0003clear\r')
  const text = 'a é € 𝄞 😀 👩‍👩‍👧 🇩🇪 e\u0301 한 \u2764\uFE0F .'
  const bytes = Buffer.from(text)
  await rig.fit(80, bytes.length + 6)
  const program = join(rig.home, 'cuts.mjs')
  await writeFile(
    program,
    `import { writeSync } from 'node:fs'
    const bytes = Buffer.from('${bytes.toString('base64')}', 'base64')
    const write = (part) => {
      writeSync(1, part)
      // So that the parts travel apart.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 7)
    }
    writeSync(1, '\\x1b[2J\\x1b[H')
    for (let cut = 1; cut < bytes.length; cut++) {
      write(bytes.subarray(0, cut))
      write(bytes.subarray(cut))
      write('\\r\\n')
    }
    for (const byte of bytes) write(Uint8Array.of(byte))
    write('\\r\\nall cut\\r\\n')`,
  )
  await rig.type(`${process.execPath} ${program}\r`)
  await until('the end', async () => (await rig.text()).includes('all cut'))
  const bare = await openBareXterm(rig.page, { columns: 80, rows: bytes.length + 6, isLikeOurs: true })
  await bare.write(Buffer.from(`${`${text}\r\n`.repeat(bytes.length)}`))
  const [drawn, wanted] = [await drawnHtml(rig.page), await bare.html()]
  await bare.close()
  expect(new Set(wanted.slice(0, bytes.length)).size).toBe(1)
  expect(drawn.slice(0, bytes.length)).toEqual(wanted.slice(0, bytes.length))
})
