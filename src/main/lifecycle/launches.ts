import type { App } from 'electron'
import { type Backlog, createBacklog } from '../../core/base/backlog'

/** What a start of the app asks of the one that runs, beside showing itself. */
type LaunchCommand = 'pause-alerts' | 'quit'

const COMMANDS: readonly LaunchCommand[] = ['pause-alerts', 'quit']

/**
 * The command among the arguments of a program, such as `--quit`; null without one. The menu of the app's icon uses them:
 * see resources/linux/podkeeper.desktop. What follows two dashes comes from others, and is none.
 */
export function findLaunchCommand(args: readonly string[]): LaunchCommand | null {
  const end = args.indexOf('--')
  const switches = end === -1 ? args : args.slice(0, end)
  return COMMANDS.find((name) => switches.includes(`--${name}`)) ?? null
}

/** Another start of the app while it runs, a link, or a click on its icon in the Dock: its arguments, if any. */
export type Launches = Backlog<[args: readonly string[]]>

/** Must be called first: what happens before the rest of the app is there waits for it. */
export function followLaunches(app: Pick<App, 'on'>): Launches {
  const launches: Launches = createBacklog()
  app.on('second-instance', (_event, args) => launches.push(args))
  // How macOS hands on a link.
  app.on('open-url', (event, url) => {
    event.preventDefault()
    launches.push([url])
  })
  app.on('activate', () => launches.push([]))
  return launches
}
