import type { CreateRequests } from '../../shared/requests/pod/create-requests'
import type { Handlers } from '../../shared/ipc'
import { toRequestError } from '../ipc/to-request-error'
import type { PodCreateRequests } from './create-requests'
import type { PresetRequests } from './preset-requests'

/** The handlers for new pods and presets. */
export const createCreateHandlers = (
  creates: PodCreateRequests,
  presets: PresetRequests,
): Pick<Handlers, keyof CreateRequests> => ({
  podCatalog: async (...args) => toRequestError(await creates.podCatalog(...args)),
  prefilledForm: async (source) => toRequestError(await creates.prefilledForm(source)),
  createPod: async (...args) => toRequestError(await creates.createPod(...args)),
  accountSshKeys: async (accountId) => toRequestError(await creates.accountSshKeys(accountId)),
  cancelCreate: (accountId, createId) => toRequestError(creates.cancelCreate(accountId, createId)),
  presets: () => toRequestError(presets.presets()),
  savePreset: (name, preset) => toRequestError(presets.savePreset(name, preset)),
  renamePreset: (from, to) => toRequestError(presets.renamePreset(from, to)),
  deletePreset: (name) => toRequestError(presets.deletePreset(name)),
  exportPreset: async (name) => toRequestError(await presets.exportPreset(name)),
  importPreset: async () => toRequestError(await presets.importPreset()),
})
