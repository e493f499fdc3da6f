import { spawn } from 'node:child_process'
import { join } from 'node:path'
import {
  openTerminalOf,
  prepareTerminalRig,
  PROMPT,
  type TerminalRig,
} from '../../test/harness/app/terminal-rig'
import { until } from '../../test/harness/app/waiting'
import { type Figure, interleaved, medianOf, spreadOf } from '../figure'

const ROUNDS = 10

/** From the click on the pod's button to the prompt that is drawn, beside the command `ssh` until it has written one. */
export async function connectFigures(): Promise<readonly Figure[]> {
  const rig = await prepareTerminalRig()
  try {
    // The first time somebody has to look at the key of the server.
    await openTerminalOf(rig)
    await close(rig)
    const { ours, ssh } = await interleaved(ROUNDS + 1, {
      ours: () => msToPrompt(rig),
      ssh: () => msOfSsh(rig),
    })
    return [
      {
        group: 'terminal',
        name: 'from the click to the prompt',
        unit: 'ms',
        value: medianOf(ours.slice(1)),
        spread: spreadOf(ours.slice(1)),
        baseline: medianOf(ssh.slice(1)),
        beside: 'the command ssh, until it has written the prompt',
        goal: null,
      },
    ]
  } finally {
    await rig.close()
  }
}

async function msToPrompt(rig: TerminalRig): Promise<number> {
  const { page } = rig
  await page.evaluate(`(() => {
    globalThis.prompted = new Promise((done) => {
      let sinceMs = null
      addEventListener('pointerdown', (event) => (sinceMs ??= event.timeStamp), { capture: true, once: true })
      const look = () => {
        const rows = document.querySelector('.screen .xterm-rows')
        const text = rows === null ? '' : rows.textContent.replaceAll('\\u00a0', ' ').trimEnd()
        if (sinceMs !== null && text.endsWith('${PROMPT.trimEnd()}')) done(performance.now() - sinceMs)
        else requestAnimationFrame(look)
      }
      look()
    })
  })()`)
  await openTerminalOf(rig, true)
  const ms = await page.evaluate<number>('prompted')
  await close(rig)
  return ms
}

async function close({ page, terminal }: TerminalRig): Promise<void> {
  const { id } = await terminal()
  await page.evaluate(`window.app.closeTerminal(${JSON.stringify(id)})`)
  await until('no terminal', async () => (await page.locator('.screen').count()) === 0)
}

function msOfSsh({ server, home }: TerminalRig): Promise<number> {
  const options = ['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'LogLevel=ERROR']
  const flags = options.map((option) => `-o ${option}`).join(' ')
  const command = `ssh -tt -F none -i ${join(home, '.ssh/id_ed25519')} ${flags} -p ${server.port} ${server.username}@127.0.0.1`
  const sinceMs = performance.now()
  // With a terminal of its own, as a person has it.
  const child = spawn('script', ['-q', '-c', command, '/dev/null'], { stdio: ['pipe', 'pipe', 'inherit'] })
  return new Promise((done) => {
    let text = ''
    child.stdout.on('data', (bytes: Buffer) => {
      text += bytes.toString()
      if (!text.includes(PROMPT)) return
      done(performance.now() - sinceMs)
      child.kill()
    })
  })
}
