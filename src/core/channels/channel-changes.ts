import { fail, ok, type Result } from '../base/result'
import type { Channel, ChannelChanges } from './channel'

export const channelGone = 'This channel no longer exists.'

const comparable = (name: string): string => name.normalize('NFKC').trim().toLowerCase()

/** Why a channel can't be called that, as a sentence; null: it can. */
export function nameTakenProblem(
  channels: readonly Channel[],
  name: string,
  ownId: string | null,
): string | null {
  const isTaken = channels.some((each) => each.id !== ownId && comparable(each.name) === comparable(name))
  return isTaken ? 'Another channel has this name.' : null
}

/** A name that is free: "Slack", "Slack 2", … */
export function freeName(channels: readonly Channel[], wanted: string): string {
  let name = wanted
  for (let number = 2; nameTakenProblem(channels, name, null) !== null; number += 1)
    name = `${wanted} ${number}`
  return name
}

/** The channels after a change of one; the error is a sentence. */
export function withChannelChanges(
  channels: readonly Channel[],
  channelId: string,
  changes: ChannelChanges & Partial<Pick<Channel, 'host' | 'phone'>>,
): Result<readonly Channel[], string> {
  if (!channels.some(({ id }) => id === channelId)) return fail(channelGone)
  const problem = changes.name === undefined ? null : nameTakenProblem(channels, changes.name, channelId)
  if (problem !== null) return fail(problem)
  return ok(channels.map((each) => (each.id === channelId ? { ...each, ...changes } : each)))
}
