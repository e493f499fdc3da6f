import notifier from 'node-notifier'
import { NOTIFICATION_VARIABLE, type ProgramNotification } from './spawn-notification'

/*
 * A separate program that shows one notification. Its exit status is 0 if the system accepted it. See
 * spawn-notification.ts.
 */
const { [NOTIFICATION_VARIABLE]: given = '' } = process.env
// Child processes must not inherit the text.
delete process.env[NOTIFICATION_VARIABLE]
const { title, message } = JSON.parse(given) as ProgramNotification
// Without this, node-notifier would search the network for a Growl server.
const notification = { title, message, timeout: 10, withFallback: false }
notifier.notify(notification, (error) => {
  process.exit(error ? 1 : 0)
})
