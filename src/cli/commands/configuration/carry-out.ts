import { type ApiToken, expiryOf, type TokenRights } from '../../../core/pods-api/api-token'
import type { TokenEvent } from '../../../core/pods-api/token-questions'
import type { ConfigurationPlan, TokenFields } from '../../../core/configuration/configuration-plan'
import type { HeartbeatTarget } from '../../../core/channels/heartbeat'
import { isEmptyChange } from '../../../core/configuration/config-change'
import type { Result } from '../../../core/base/result'
import type { ChannelStore } from '../../../node/channels/channel-store'
import type { HeartbeatFile } from '../../../node/data-folder/heartbeat-file'
import type { ControlReply } from '../../../node/control/control-requests'
import type { ApiTokensFile } from '../../../node/pods-api/api-tokens-file'
import { CliExit, exitCodes } from '../../output/exit'
import { configurationText } from './configuration-text'
import type { ResolvedAddress } from './resolve-addresses'

export interface CarryOutParts {
  readonly store: ChannelStore
  readonly tokens: ApiTokensFile
  readonly addresses: ReadonlyMap<number, ResolvedAddress>
  readonly heartbeat: {
    readonly file: Pick<HeartbeatFile, 'save'>
    /** As it is now; null: there is none. */
    readonly kept: HeartbeatTarget | null
    /** The address of the file; null: it names none. */
    readonly url: string | null
  }
  readonly nowMs: () => number
  /** Tokens that exist now, also where something fails afterward: they are shown once only. */
  readonly created: CreatedToken[]
  /** Writes to the activity log. */
  readonly recordToken: (event: TokenEvent, fields: TokenFields) => Promise<unknown>
  /** Settings and rules, of the program that is active. */
  readonly applyConfig: (change: ConfigurationPlan['config']) => Promise<ControlReply<'applyConfig'>>
}

/** A token that was created, which is shown once. */
export interface CreatedToken {
  readonly name: string
  readonly token: string
}

/** Takes back one change; the error is a sentence. */
type Undo = () => Promise<Result<void, string>> | Result<void, string>

/**
 * Carries the plan out: channels and tokens first, because they can be taken back; then settings and rules, all at once;
 * and last what is removed. Throws a `CliExit`, with nothing changed unless it says so.
 */
export async function carryOut(plan: ConfigurationPlan, parts: CarryOutParts): Promise<void> {
  const undos: Undo[] = []
  const done = async (result: Result<unknown, string>, undo: Undo | null): Promise<void> => {
    if (!result.ok) throw await takenBack(undos, result.error, exitCodes.failed)
    if (undo !== null) undos.push(undo)
  }
  await writeChannels(plan, parts, done)
  await writeTokens(plan, parts, done)
  await writeHeartbeat(plan, parts, done)
  if (!isEmptyChange(plan.config)) {
    const applied = await parts.applyConfig(plan.config)
    if (!applied.ok) {
      const { code, message } = applied.error
      // It may have been carried out, so the rest must stay as it is, too.
      if (code === 'lost') throw new CliExit(exitCodes.unreachable, configurationText.unclear(message))
      const isOther = code === 'other-account' || code === 'rejected'
      throw await takenBack(undos, message, isOther ? exitCodes.folderLocked : exitCodes.failed)
    }
  }
  removeRest(plan, parts)
  for (const { kind, fields } of plan.tokens)
    await parts.recordToken(
      ({ add: 'created', change: 'changed', renew: 'rotated', revoke: 'revoked' } as const)[kind],
      fields,
    )
}

type Done = (result: Result<unknown, string>, undo: Undo | null) => Promise<void>

async function writeChannels(
  { channels }: ConfigurationPlan,
  { store, addresses }: CarryOutParts,
  done: Done,
): Promise<void> {
  for (const step of channels) {
    if (step.kind === 'remove') continue
    const given = addresses.get((step.kind === 'add' ? step.at : step.addressAt) ?? -1)
    if (step.kind === 'add') {
      if (given === undefined) continue
      const added = await store.add(step.entry.kind, step.entry.name, given.host, given.address)
      await done(added, added.ok ? () => store.remove(added.value.id) : null)
      if (added.ok) await done(store.change(added.value.id, step.changes), null)
      continue
    }
    const before = store.list().find(({ id }) => id === step.id)
    if (before === undefined) continue
    if (given !== undefined) {
      const kept = await store.addressOf(step.id)
      const undo: Undo | null = kept.ok ? () => store.replaceAddress(step.id, before.host, kept.value) : null
      await done(await store.replaceAddress(step.id, given.host, given.address), undo)
    }
    if (Object.keys(step.changes).length === 0) continue
    const { id: _, kind: __, host: ___, phone: ____, ...fields } = before
    await done(store.change(step.id, step.changes), () => store.change(step.id, fields))
  }
}

async function writeTokens(
  { tokens: steps }: ConfigurationPlan,
  { tokens, nowMs, created }: CarryOutParts,
  done: Done,
): Promise<void> {
  const before = tokens.list()
  for (const step of steps) {
    if (step.kind === 'add') {
      const { fields, expiry } = step
      const createdAtMs = nowMs()
      const expiresAtMs = expiryOf(expiry, createdAtMs)
      const added = tokens.create({ ...fields, createdAtMs, expiresAtMs })
      const undo: Undo = () => {
        const revoked = added.ok ? tokens.revoke(added.value.id) : added
        if (revoked.ok)
          created.splice(0, created.length, ...created.filter(({ name }) => name !== fields.name))
        return toVoid(revoked)
      }
      await done(added, undo)
      if (added.ok) created.push({ name: fields.name, token: added.value.token })
    } else if (step.kind === 'change' || step.kind === 'renew') {
      const kept = before.ok ? before.value.find(({ id }) => id === step.id) : undefined
      const undoOf = (undo: (token: ApiToken) => Result<unknown, string>): Undo | null =>
        kept === undefined ? null : () => toVoid(undo(kept))
      await done(
        tokens.change(step.id, rightsOf(step.fields)),
        undoOf((token) => tokens.change(step.id, rightsOf(token))),
      )
      if (step.kind === 'change') continue
      const { name } = step.fields
      const atMs = nowMs()
      const expiresAtMs = expiryOf(step.expiry, atMs)
      const renewed = tokens.rotate(step.id, { atMs, overlapMs: 0, expiresAtMs })
      // Expired again, whichever it is.
      const undo = undoOf(({ createdAtMs, expiresAtMs: endMs }) => {
        created.splice(0, created.length, ...created.filter((one) => one.name !== name))
        return tokens.rotate(step.id, { atMs: createdAtMs, overlapMs: 0, expiresAtMs: endMs })
      })
      await done(renewed, undo)
      if (renewed.ok) created.push({ name, token: renewed.value })
    }
  }
}

async function writeHeartbeat(
  { heartbeat: step }: ConfigurationPlan,
  { heartbeat: { file, kept, url } }: CarryOutParts,
  done: Done,
): Promise<void> {
  if (step === null) return
  const { to } = step
  const target = to === null ? null : to.isNew ? url : (kept?.url ?? url)
  await done(
    file.save(target === null || to === null ? null : { url: target, everyMinutes: to.everyMinutes }),
    () => file.save(kept),
  )
}

const rightsOf = ({ scopes, accountIds, maxHourlyUsd, podNames }: TokenRights): TokenRights => ({
  scopes,
  accountIds,
  maxHourlyUsd,
  podNames,
})

const toVoid = (result: Result<unknown, string>): Result<void, string> =>
  result.ok ? { ok: true, value: undefined } : result

function removeRest({ channels, tokens: steps }: ConfigurationPlan, { store, tokens }: CarryOutParts): void {
  const removed = [
    ...channels.flatMap((step) => (step.kind === 'remove' ? [store.remove(step.id)] : [])),
    ...steps.flatMap((step) => (step.kind === 'revoke' ? [toVoid(tokens.revoke(step.id))] : [])),
  ]
  const failed = removed.find((result) => !result.ok)
  if (failed !== undefined && !failed.ok)
    throw new CliExit(exitCodes.failed, configurationText.notRemoved(failed.error))
}

async function takenBack(undos: readonly Undo[], why: string, exitCode: number): Promise<CliExit> {
  const left: string[] = []
  for (const undo of [...undos].reverse()) {
    const undone = await undo()
    if (!undone.ok) left.push(undone.error)
  }
  const text =
    left.length > 0
      ? configurationText.notUndone(why, left)
      : undos.length > 0
        ? configurationText.undone(why)
        : why
  return new CliExit(exitCode, text)
}
