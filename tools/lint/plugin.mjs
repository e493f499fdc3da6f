import { functionLength } from './function-length.mjs'
import { layers } from './layers.mjs'
import { noFolderCycle } from './no-folder-cycle.mjs'
import { noInlineText } from './no-inline-text.mjs'

export default {
  meta: { name: 'podkeeper' },
  rules: {
    'function-length': functionLength,
    layers,
    'no-folder-cycle': noFolderCycle,
    'no-inline-text': noInlineText,
  },
}
