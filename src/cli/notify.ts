import { text } from 'node:stream/consumers'
import notifier from 'node-notifier'
import * as v from 'valibot'

/* A program of its own: shows the one notification that comes in on stdin. Started by notifier.ts. */
const notificationSchema = v.object({ title: v.string(), message: v.string() })
const { title, message } = v.parse(notificationSchema, JSON.parse(await text(process.stdin)))
notifier.notify({ title, message, timeout: 10 }, (error) => {
  process.exitCode = error ? 1 : 0
})
