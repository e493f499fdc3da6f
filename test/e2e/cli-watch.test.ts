import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { FULL_KEY } from '../../src/simulator/simulator'
import { newDataFolder, startCli, startSimulator } from '../harness/cli/cli'
import { useRealCli } from '../harness/cli/real-program'
import { Notifications } from '../harness/app/desktop/notifications'

useRealCli()

const pod = (id: string, more: object = {}) => ({ name: id, id, mode: 'training', ...more }) as const
const WAIT = { timeout: 60_000, interval: 20 }

/** A folder for PATH with a fake `notify-send` that records its arguments, environment and process id. */
function notifySend(script = ''): {
  env: { PATH: string }
  shown: () => string[]
  environment: () => string
  pid: () => string
} {
  const folder = mkdtempSync(join(tmpdir(), 'podkeeper-notify-'))
  const file = join(folder, 'notify-send')
  writeFileSync(
    file,
    `#!/bin/sh\nenv > ${folder}/env\nfor each in "$@"; do printf '%s\\n' "$each" >> ${folder}/args; done\necho $$ > ${folder}/pid\n${script}\n`,
  )
  chmodSync(file, 0o755)
  const read = (name: string): string =>
    existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : ''
  return {
    env: { PATH: `${folder}${delimiter}${process.env['PATH']}` },
    shown: () => read('args').split('\n').slice(0, -1),
    environment: () => read('env'),
    pid: () => read('pid').trim(),
  }
}

/** Alerts after the shortest time that the settings allow. */
const alertSoon = { idleAlertAfterMin: 0.05, bootMin: 0 }

test('an idle pod raises one alert, in the terminal and through notify-send, without key and markup', async () => {
  const runpod = await startSimulator([pod('a', { mode: 'idle', name: '-u <b>$(touch /tmp/no)`no`"\\' })])
  const dataFolder = newDataFolder(alertSoon)
  const fake = notifySend()
  const env = { ...fake.env, SOME_TOKEN: 'secret' }
  const watching = startCli({
    isRealProgram: true,
    args: ['watch', '--log', 'json'],
    runpod,
    dataFolder,
    env,
  })
  await watching.waitForOutput(/"event":"alert"/)
  await vi.waitFor(() => expect(fake.shown().length).toBeGreaterThan(1), WAIT)
  expect(fake.shown()[0]).toMatch(/^u <b>\$\(touch \/tmp\/no\)`no`"\\ has been idle for \d+ s$/)
  expect(fake.shown()[1]).toContain('memory unchanged since')
  expect(fake.environment()).not.toContain(FULL_KEY)
  expect(fake.environment()).not.toContain('secret')
  watching.child.kill('SIGTERM')
  await watching.exited
  expect(watching.stdout().match(/"event":"alert"/g)).toHaveLength(1)

  const again = startCli({ args: ['watch', '--log', 'json'], runpod, dataFolder, env })
  await again.waitForOutput(/"idleForS":\d+/)
  const requests = runpod.requests.length
  await vi.waitFor(() => expect(runpod.requests.length).toBeGreaterThan(requests + 6), WAIT)
  expect(again.stdout()).not.toContain('"event":"alert"')
})

test('a notify-send that hangs is ended after 5 s, and the watch continues', async () => {
  const runpod = await startSimulator([pod('a', { mode: 'idle' })])
  const fake = notifySend('exec sleep 987')
  const watching = startCli({
    isRealProgram: true,
    args: ['watch'],
    runpod,
    dataFolder: newDataFolder(alertSoon),
    env: fake.env,
  })
  await watching.waitForOutput(/a has been idle for/)
  await vi.waitFor(() => expect(fake.pid()).not.toBe(''), WAIT)
  // Left alone, it would hang for a quarter of an hour.
  await vi.waitFor(() => expect(existsSync(`/proc/${fake.pid()}`)).toBe(false), WAIT)
  expect(watching.child.exitCode).toBeNull()
})

test('an alert without notify-send is still printed in the terminal', async () => {
  const runpod = await startSimulator([pod('a', { mode: 'idle' })])
  const watching = startCli({
    isRealProgram: true,
    args: ['watch'],
    runpod,
    dataFolder: newDataFolder(alertSoon),
    env: { PATH: '/nowhere' },
  })
  await watching.waitForOutput(/a has been idle for/)
  const SAID_ONCE = /^[^\n]*Notifications can’t be shown [^\n]*\n$/
  await vi.waitFor(() => expect(watching.stderr()).toMatch(SAID_ONCE), WAIT)
  const requests = runpod.requests.length
  await vi.waitFor(() => expect(runpod.requests.length).toBeGreaterThan(requests + 2), WAIT)
  expect(watching.child.exitCode).toBeNull()
  expect(watching.stderr()).toMatch(SAID_ONCE)
})

test('one watch is active, and a second one is read-only and takes over when the first is killed', async () => {
  const runpod = await startSimulator([pod('a', { mode: 'idle' })])
  const dataFolder = newDataFolder(alertSoon)
  const first = startCli({ isRealProgram: true, args: ['watch', '--log', 'json'], runpod, dataFolder })
  await first.waitForOutput(/"event":"pod"/)
  const second = startCli({ args: ['watch', '--log', 'json'], runpod, dataFolder })
  await second.waitForOutput(/"role":"reading"/)
  expect(second.stdout()).toContain(
    `Read-only: a podkeeper command (process ${first.child.pid}) sends alerts and acts.`,
  )
  await first.waitForOutput(/"event":"alert"/)

  first.child.kill('SIGKILL')
  await second.waitForOutput(/"role":"acting"/)
  const [whileReading] = second.stdout().split('"role":"acting"')
  expect(whileReading).not.toContain('"event":"alert"')
  expect(runpod.requests.some(({ action }) => action !== undefined)).toBe(false)
})

test('an alert of the real notify-send is shown by the real daemon with the exact name', async () => {
  const notifications = await Notifications.listen()
  onTestFinished(() => notifications.disconnect())
  const runpod = await startSimulator([pod('a', { mode: 'idle', name: 'R&D <b>' })])
  const { DBUS_SESSION_BUS_ADDRESS, DISPLAY } = process.env
  const env = { DBUS_SESSION_BUS_ADDRESS, DISPLAY }
  startCli({ isRealProgram: true, args: ['watch'], runpod, dataFolder: newDataFolder(alertSoon), env })
  const shown = await notifications.find('has been idle for')
  expect(shown.title).toMatch(/^R&D <b> has been idle for \d+ s$/)
  expect(shown.body).toMatch(/^GPU \d+(–\d+)?%, CPU \d+/)
  await notifications.closeAll()
})

test('npm start without a display watches in the terminal, with simulated pods if there is no key', async () => {
  const home = newDataFolder()
  const child = spawn(process.execPath, ['scripts/start.mjs'], {
    env: { PATH: process.env['PATH'], HOME: home },
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text))
  // It may build the command line first.
  await vi.waitFor(() => expect(said).toMatch(/mcmc-planck is running and idle/), {
    ...WAIT,
    timeout: 120_000,
  })
  expect(said).toContain('There is no display here')
  child.kill('SIGTERM')
  const [code] = (await once(child, 'exit')) as [number]
  expect(code).toBe(143)
})
