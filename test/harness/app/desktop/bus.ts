import { Message, type MessageBus, sessionBus } from '@particle/dbus-next'

export const BUS = { name: 'org.freedesktop.DBus', path: '/org/freedesktop/DBus' }

/** The target of a call: a bus name, an object and an interface. */
export interface BusTarget {
  readonly name: string
  readonly path: string
  readonly interface: string
}

/** A connection to the session bus of the test desktop, or to another bus. */
export function connect(busAddress = process.env['DBUS_SESSION_BUS_ADDRESS']): MessageBus {
  if (busAddress === undefined)
    throw new Error('There is no session bus: the tests are started by `npm run test:e2e`.')
  return sessionBus({ busAddress })
}

/** Calls a method and returns the first value of its reply; `signature` and `args` are in D-Bus notation. */
export async function call(
  bus: MessageBus,
  target: BusTarget,
  member: string,
  signature = '',
  args: readonly unknown[] = [],
): Promise<unknown> {
  const answer = await bus.call(
    new Message({
      destination: target.name,
      path: target.path,
      interface: target.interface,
      member,
      signature,
      body: [...args],
    }),
  )
  const body: readonly unknown[] = answer?.body ?? []
  return body.length > 1 ? body : body[0]
}

/** Reads a property of `target` and unwraps its variant. */
export async function property(bus: MessageBus, target: BusTarget, name: string): Promise<unknown> {
  const properties = { ...target, interface: 'org.freedesktop.DBus.Properties' }
  return unwrapped(await call(bus, properties, 'Get', 'ss', [target.interface, name]))
}

/** The value inside a D-Bus variant. */
export const unwrapped = (variant: unknown): unknown =>
  typeof variant === 'object' && variant !== null && 'value' in variant ? variant.value : variant
