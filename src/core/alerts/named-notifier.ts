import type { Notifier } from './alert'

/** Alerts begin with the account that they are about, where there are several. */
export function namedNotifier(notifier: Notifier, label: () => string | null): Notifier {
  return {
    ...notifier,
    show(alert) {
      const name = label()
      return notifier.show(name === null ? alert : { ...alert, title: `${name}: ${alert.title}` })
    },
  }
}
