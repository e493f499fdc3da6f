import type { App } from 'electron'
import { type Backlog, createBacklog } from '../../core/base/backlog'

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
