import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../base/free-port'

/** Debian's name of the program, and that of its makers; null where neither is installed. */
export const alertmanagerProgram: string | null =
  ['prometheus-alertmanager', 'alertmanager'].find(
    (name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0,
  ) ?? null

export interface Alertmanager {
  /** Takes alerts as Prometheus sends them. */
  post(alerts: readonly object[]): Promise<void>
  close(): Promise<void>
}

/** A real Alertmanager on this computer that sends each group of alerts to `webhookUrl`. */
export async function startAlertmanager(program: string, webhookUrl: string): Promise<Alertmanager> {
  const folder = mkdtempSync(join(tmpdir(), 'alertmanager-'))
  const config = join(folder, 'config.yml')
  writeFileSync(
    config,
    JSON.stringify({
      route: {
        receiver: 'Phone',
        group_by: ['alertname'],
        group_wait: '0s',
        group_interval: '1s',
        repeat_interval: '1h',
      },
      receivers: [{ name: 'Phone', webhook_configs: [{ url: webhookUrl, send_resolved: true }] }],
    }),
  )
  const port = await freePort()
  const child: ChildProcess = spawn(
    program,
    [
      `--config.file=${config}`,
      `--storage.path=${folder}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
    ],
    { stdio: 'ignore' },
  )
  const origin = `http://127.0.0.1:${port}`
  for (let tries = 0; !(await isReady(origin)); tries += 1) {
    if (tries > 1_200 || child.exitCode !== null) throw new Error('Alertmanager did not start')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return {
    async post(alerts) {
      const response = await fetch(`${origin}/api/v2/alerts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(alerts),
      })
      if (!response.ok) throw new Error(`Alertmanager refused alerts: ${await response.text()}`)
    },
    async close() {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGKILL')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const isReady = async (origin: string): Promise<boolean> =>
  fetch(`${origin}/-/ready`).then(
    ({ ok }) => ok,
    () => false,
  )
