import { spawn } from 'node:child_process'
import { join } from 'node:path'
import {
  openTerminalOf,
  prepareTerminalHarness,
  PROMPT,
  type TerminalHarness,
} from '../../test/harness/app/start/terminal-harness'
import { waitUntil } from '../../test/harness/app/act/wait-until'
import { interleaved, type Measurement, median, spreadOf } from '../measurement'

const ROUNDS = 20

/** From the click on the pod's button to the drawn prompt, compared with the `ssh` command until it prints a prompt. */
export async function measureConnect(): Promise<readonly Measurement[]> {
  const harness = await prepareTerminalHarness()
  try {
    // The first connection asks the user to check the host key.
    await openTerminalOf(harness)
    await close(harness)
    const { ours, ssh } = await interleaved(ROUNDS + 1, {
      ours: () => msToPrompt(harness),
      ssh: () => msOfSsh(harness),
    })
    return [
      {
        group: 'terminal',
        name: 'from the click to the prompt',
        unit: 'ms',
        value: median(ours.slice(1)),
        spread: spreadOf(ours.slice(1)),
        baseline: median(ssh.slice(1)),
        beside: 'the command ssh, until it has written the prompt',
        goal: { kind: 'ratio', atMost: 1.05 },
      },
    ]
  } finally {
    await harness.close()
  }
}

async function msToPrompt(harness: TerminalHarness): Promise<number> {
  const { page } = harness
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
  await openTerminalOf(harness, true)
  const ms = await page.evaluate<number>('prompted')
  await close(harness)
  return ms
}

async function close({ page, terminal }: TerminalHarness): Promise<void> {
  const { id } = await terminal()
  await page.evaluate(`window.app.closeTerminal(${JSON.stringify(id)})`)
  await waitUntil('no terminal', async () => (await page.locator('.screen').count()) === 0)
}

function msOfSsh({ server, home }: TerminalHarness): Promise<number> {
  const options = ['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'LogLevel=ERROR']
  const flags = options.map((option) => `-o ${option}`).join(' ')
  const command = `ssh -tt -F none -i ${join(home, '.ssh/id_ed25519')} ${flags} -p ${server.port} ${server.username}@127.0.0.1`
  const sinceMs = performance.now()
  // With its own PTY, as in a user's terminal.
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
