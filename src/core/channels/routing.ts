import type { Alert, AlertKind } from '../alerts/alert'
import { isInQuietHours } from '../settings/definitions/quiet-hours'
import type { Channel } from './channel'

/** The kinds that announce an automatic stop, which happens only once they were delivered. */
const stopWarnings: readonly AlertKind[] = ['auto-stop-soon', 'max-hours-soon']

/** What the routes and quiet hours of a channel depend on besides itself. */
export interface RoutingContext {
  /** Whether this computer is locked; null: not known, as on a server. */
  readonly isLocked: boolean | null
  /** Whether stops happen even where no warning was delivered. Then nothing holds a warning back. */
  readonly mayStopUnwarned: boolean
}

/** Whether an alert goes to the channel at all. */
export function isRouted(
  channel: Channel,
  { key, isCritical }: Pick<Alert, 'key' | 'isCritical'>,
  { isLocked }: Pick<RoutingContext, 'isLocked'>,
): boolean {
  if (!channel.isOn) return false
  switch (channel.kindRoutes[key.kind] ?? channel.route) {
    case 'always':
      return true
    case 'critical':
      return isCritical
    case 'locked':
      return isLocked !== false
    case 'never':
      return false
  }
}

/** Whether the quiet hours of the channel hold an alert at `nowMs` (Unix ms). It is sent when they end. */
export function isHeld(
  { quietHours }: Channel,
  { kind, isCritical }: { readonly kind: AlertKind; readonly isCritical: boolean },
  nowMs: number,
  { mayStopUnwarned }: Pick<RoutingContext, 'mayStopUnwarned'>,
): boolean {
  if (quietHours === null) return false
  if (isCritical && !quietHours.holdsCritical) return false
  if (mayStopUnwarned && stopWarnings.includes(kind)) return false
  return isInQuietHours(nowMs, quietHours, quietHours.timeZone ?? undefined)
}
