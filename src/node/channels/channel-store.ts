import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import * as v from 'valibot'
import { fail, ok, type Result } from '../../core/base/result'
import {
  type Channel,
  type ChannelChanges,
  type ChannelKind,
  type ChannelPhone,
  newChannel,
} from '../../core/channels/channel'
import { nameTakenProblem, withChannelChanges } from '../../core/channels/channel-changes'
import { channelIdSchema } from '../../core/channels/channel-codec'
import { type ChannelsFile, openChannelsFile } from '../data-folder/channels-file'
import {
  openSecrets,
  type SecretKeyring,
  type Secrets,
  type SecretsKind,
} from '../data-folder/secrets/secrets-file'

const channelSecrets: SecretsKind = {
  field: 'channels',
  id: channelIdSchema,
  values: v.record(v.pipe(v.string(), v.maxLength(50)), v.pipe(v.string(), v.maxLength(2_000))),
  text: {
    notSaved: 'The address was not saved',
    notRemoved: 'The earlier address was not removed',
    unreadable: 'Its address can’t be read',
    missing: 'Its address is missing. Enter it again.',
    onlyApp: 'The app keeps its address in the system keyring, so only the app can send to it.',
    stays: 'The address of a removed channel stays',
  },
}

/** What a person entered: secret, and checked again whenever it is used. */
export interface ChannelAddress {
  readonly address: string
  /** Null: none. */
  readonly token: string | null
  /** Of ntfy: where its buttons publish to; absent or null: it has none. */
  readonly replyTopic?: string | null
}

/** The channels of a data folder with their addresses. Errors are sentences. */
export interface ChannelStore extends Pick<ChannelsFile, 'list' | 'problem' | 'onChange'> {
  /** `host`: of the address. Returns the new channel. */
  add(
    kind: ChannelKind,
    name: string,
    host: string,
    address: ChannelAddress,
  ): Promise<Result<Channel, string>>
  change(channelId: string, changes: ChannelChanges): Result<void, string>
  replaceAddress(channelId: string, host: string, address: ChannelAddress): Promise<Result<void, string>>
  /** Who may answer from now on, and the address that this takes. */
  pair(channelId: string, address: ChannelAddress, phone: ChannelPhone): Promise<Result<void, string>>
  /** Nobody may answer from now on. */
  unpair(channelId: string): Result<void, string>
  remove(channelId: string): Result<void, string>
  addressOf(channelId: string): Promise<Result<ChannelAddress, string>>
}

/** `keyring`: null for a program without one, which keeps addresses in a file of mode 0600. */
export function openChannelStore(
  folder: string,
  keyring: SecretKeyring | null,
  report: (what: string, cause?: unknown) => void,
): ChannelStore {
  const file = openChannelsFile(folder)
  const secrets = openChannelSecrets(folder, keyring, report)

  const saveAddress = (
    channelId: string,
    { address, token, replyTopic = null }: ChannelAddress,
  ): Promise<Result<void, string>> =>
    secrets.save(channelId, {
      address,
      ...(token !== null && { token }),
      ...(replyTopic !== null && { replyTopic }),
    })

  async function replace(
    channelId: string,
    address: ChannelAddress,
    changes: Parameters<typeof withChannelChanges>[2],
  ): Promise<Result<void, string>> {
    const before = await secrets.load(channelId)
    const saved = await saveAddress(channelId, address)
    if (!saved.ok) return saved
    const changed = file.change((channels) => withChannelChanges(channels, channelId, changes))
    if (changed.ok) return changed
    // Alerts go on to the host that is shown.
    if (before.ok) await secrets.save(channelId, before.value)
    else secrets.remove(channelId)
    return changed
  }

  return {
    list: file.list,
    problem: file.problem,
    onChange: file.onChange,
    async add(kind, name, host, address) {
      const channel = newChannel(randomUUID(), kind, name, host)
      const saved = await saveAddress(channel.id, address)
      if (!saved.ok) return saved
      const added = file.change((channels) => {
        const problem = nameTakenProblem(channels, name, null)
        return problem === null ? ok([...channels, channel]) : fail(problem)
      })
      if (added.ok) return ok(channel)
      secrets.remove(channel.id)
      return added
    },
    change: (channelId, changes) =>
      file.change((channels) => withChannelChanges(channels, channelId, changes)),
    // Who may answer was agreed to for the earlier address.
    replaceAddress: (channelId, host, address) => replace(channelId, address, { host, phone: null }),
    pair: (channelId, address, phone) => replace(channelId, address, { phone }),
    unpair: (channelId) =>
      file.change((channels) => withChannelChanges(channels, channelId, { phone: null })),
    remove(channelId) {
      const removed = file.change((channels) => ok(channels.filter(({ id }) => id !== channelId)))
      if (removed.ok) secrets.remove(channelId)
      return removed
    },
    async addressOf(channelId) {
      const loaded = await secrets.load(channelId)
      if (!loaded.ok) return loaded
      const { address = '', token = null, replyTopic = null } = loaded.value
      return ok({ address, token, ...(replyTopic !== null && { replyTopic }) })
    },
  }
}

/** Addresses and tokens of channels, in `channel-secrets.json`. */
const openChannelSecrets = (
  folder: string,
  keyring: SecretKeyring | null,
  report: (what: string, cause: unknown) => void,
): Secrets => openSecrets(join(folder, 'channel-secrets.json'), channelSecrets, keyring, report)
