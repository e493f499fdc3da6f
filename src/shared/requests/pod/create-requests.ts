import * as v from 'valibot'
import { type FormProblem, type PodForm, podFormSchema } from '../../../core/creation/form/pod-form'
import type { CatalogQuery, CatalogReading } from '../../../core/creation/form/read-catalog'
import type { AccountId, PodKey } from '../../../core/pods/pod'
import { cloudTiers, isRunId, type PodConfiguration } from '../../../core/pods/pod-request'
import type { SshKeysView } from '../../../core/terminal/ssh-keys'
import { MAX_PRESET_NAME } from '../limits'
import { idSchema, podKeySchema } from '../field-schemas'

/** The part of the contract for new pods. Values of variables go to main with a create, and never come back. */
export interface CreateRequests extends PresetRequests {
  /** What the account can choose from; `isRefreshed`: read anew. */
  podCatalog: (accountId: AccountId, query: CatalogQuery, isRefreshed: boolean) => CatalogView
  /** The form of a pod like an existing one, or of a create that ended. */
  prefilledForm: (source: PrefillSource) => PrefilledForm
  /**
   * Evaluates the form anew, and creates the pod once that was confirmed in the app's own window. `copiedId`: the
   * variables of another pod, see `PrefilledForm`; `replaces`: null unless it is to replace a pod;
   * `draftId`: tells which draft became a pod, see `CreateView`.
   */
  createPod: (
    accountId: AccountId,
    form: PodForm,
    copiedId: string | null,
    replaces: ReplacedPod | null,
    draftId: string,
  ) => CreatePodAnswer
  /** Takes a create back while nothing was sent, or ends its tries. */
  cancelCreate: (accountId: AccountId, createId: string) => void
  /** The SSH keys of this computer, and whether the account knows them. */
  accountSshKeys: (accountId: AccountId) => AccountSshKeys
}

/** The part about saved presets. */
export interface PresetRequests {
  /** The saved presets, by name. */
  presets: () => readonly SavedPreset[]
  /** `preset`: as `presetJson` writes it. Replaces the one of that name. */
  savePreset: (name: string, preset: string) => void
  renamePreset: (from: string, to: string) => void
  deletePreset: (name: string) => void
  /** Asks for a file with the system's dialog. Returns the path; null when canceled. */
  exportPreset: (name: string) => string | null
  /** Asks for a file with the system's dialog, and saves it. Returns its name; null when canceled. */
  importPreset: () => string | null
}

export type AccountSshKeys = Pick<SshKeysView, 'local' | 'canRegister'>

/** A catalog as it was read at `readAtMs` (Unix ms), the oldest part of it. */
export interface CatalogView extends CatalogReading {
  readonly readAtMs: number
}

export type PrefillSource =
  | { readonly kind: 'pod'; readonly podKey: PodKey }
  | { readonly kind: 'create'; readonly accountId: AccountId; readonly createId: string }

export interface PrefilledForm {
  readonly form: PodForm
  /** Variables of the other pod, whose values main keeps. Null: there are none, or they could not be read. */
  readonly copied: { readonly id: string; readonly names: readonly string[] } | null
  /** What the new pod has of the old one depends on it; null: it is like no pod. */
  readonly configuration: Omit<PodConfiguration, 'environment'> | null
  /** Why the variables of the other pod are not copied, as a sentence; null: they are, or there is no other pod. */
  readonly environmentProblem: string | null
  /** The pod that a create was to replace. Absent: none. */
  readonly replaces?: ReplacedPod
}

export interface ReplacedPod {
  readonly podKey: PodKey
  /** Its rules that the form doesn't have hold for the new pod, and its terminal tabs move there. */
  readonly isTakenOver: boolean
}

export type CreatePodAnswer =
  | { readonly kind: 'created'; readonly createId: string }
  | { readonly kind: 'declined' }
  /** Nothing was asked: the form says so where it is typed. */
  | { readonly kind: 'refused'; readonly problems: readonly FormProblem[] }

export interface SavedPreset {
  readonly name: string
  /** As `presetJson` writes it. */
  readonly preset: string
}

/** Whether a text can be the id of a draft. */
export const isDraftId: (text: unknown) => text is string = isRunId

export const MAX_PRESET_CHARS = 40_000

const count = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000))
const presetName = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(MAX_PRESET_NAME))
/** One that was saved by another program may have any name. */
const anyPresetName = v.pipe(v.string(), v.minLength(1), v.maxLength(1_000))

export const createRequestSchemas = {
  podCatalog: v.tuple([
    idSchema,
    v.strictObject({
      clouds: v.pipe(v.array(v.picklist(cloudTiers)), v.maxLength(cloudTiers.length)),
      gpuCount: count,
      vcpuCount: v.nullable(count),
      hasTemplates: v.boolean(),
    }),
    v.boolean(),
  ]),
  prefilledForm: v.tuple([
    v.variant('kind', [
      v.strictObject({ kind: v.literal('pod'), podKey: podKeySchema }),
      v.strictObject({ kind: v.literal('create'), accountId: idSchema, createId: idSchema }),
    ]),
  ]),
  createPod: v.tuple([
    idSchema,
    podFormSchema,
    v.nullable(idSchema),
    v.nullable(v.strictObject({ podKey: podKeySchema, isTakenOver: v.boolean() })),
    v.custom<string>(isDraftId),
  ]),
  cancelCreate: v.tuple([idSchema, idSchema]),
  presets: v.tuple([]),
  savePreset: v.tuple([presetName, v.pipe(v.string(), v.maxLength(MAX_PRESET_CHARS))]),
  renamePreset: v.tuple([anyPresetName, presetName]),
  deletePreset: v.tuple([anyPresetName]),
  exportPreset: v.tuple([anyPresetName]),
  importPreset: v.tuple([]),
  accountSshKeys: v.tuple([idSchema]),
} satisfies { [K in keyof CreateRequests]: v.GenericSchema<unknown, Parameters<CreateRequests[K]>> }
