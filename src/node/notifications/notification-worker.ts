import notifier from 'node-notifier'
import { NOTIFICATION_VARIABLE, type ProgramNotification } from './spawn-notification'

/* A program of its own: shows one notification, and ends with 0 if the system took it. See notification-program.ts. */
const { [NOTIFICATION_VARIABLE]: given = '' } = process.env
// What it starts need not know.
delete process.env[NOTIFICATION_VARIABLE]
const { title, message } = JSON.parse(given) as ProgramNotification
// Else it would look for a Growl on the network.
const notification = { title, message, timeout: 10, withFallback: false }
notifier.notify(notification, (error) => {
  process.exit(error ? 1 : 0)
})
