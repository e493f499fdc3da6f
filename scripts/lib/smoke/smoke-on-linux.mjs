import { execFileSync } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import { openDesktopSession } from '../desktop-session.mjs'
import { connectToTrayItem, waitFor } from './tray-item.mjs'

/** From its window to its page, on a slow machine. A key that is pressed before is lost. */
const DRAWN_AFTER_MS = 5_000

/**
 * Uses a packaged app as a person would, on a desktop of its own: its icon comes up, the demo is started in its window, an
 * idle pod is stopped in its menu, and it quits. `start` starts the app with an environment and returns its process;
 * `report` is told of each step. Throws where one fails.
 */
export async function smokeOnLinux({ start, quit, report }) {
  const session = await openDesktopSession()
  try {
    const env = { ...process.env, ...session.env }
    const app = start(env)
    const tray = await connectToTrayItem(session.env.DBUS_SESSION_BUS_ADDRESS, app.pid)
    try {
      await waitFor('The icon in the tray', async () => (await tray.entries())?.length)
      report('It started, and its icon is in the tray')
      await startDemo(env, app.pid)
      const pod = await waitFor('An idle pod of the demo', () => podOf(tray, / · Idle \d+ min · \$/))
      report(`The demo runs: ${pod.label}`)
      const name = pod.label.split(' · ')[0]
      await waitFor('A press of Stop', async () => {
        const stop = (await podOf(tray, name))?.entries.find(({ label }) => label === 'Stop')
        if (stop) await tray.press(stop)
        return stop
      })
      await waitFor(`The stop of ${name}`, async () =>
        (await podOf(tray, name))?.entries.some(({ label }) => label === 'Start'),
      )
      report(`${name} was stopped`)
    } finally {
      tray.disconnect()
    }
    await quit(env)
  } finally {
    await session.close()
  }
}

const podOf = async (tray, start) =>
  (await tray.entries())?.find(
    ({ label, entries }) =>
      entries.length > 0 && (typeof start === 'string' ? label.split(' · ')[0] === start : start.test(label)),
  )

/** The field for the key has the focus of a first start; the demo's button is the third after it. */
async function startDemo(env, pid) {
  const xdotool = (...args) => execFileSync('xdotool', args, { env, encoding: 'utf8', stdio: 'pipe' }).trim()
  const search = ['search', '--onlyvisible', '--pid', String(pid), '--name', '^Podkeeper']
  const window = await waitFor('Its window', () => xdotool(...search).split('\n')[0])
  xdotool('windowactivate', '--sync', window)
  await delay(DRAWN_AFTER_MS)
  xdotool('key', 'Tab', 'Tab', 'Tab', 'Return')
}
