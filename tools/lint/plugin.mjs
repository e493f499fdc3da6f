import { layers } from './layers.mjs'
import { noFolderCycle } from './no-folder-cycle.mjs'
import { noInlineText } from './no-inline-text.mjs'

export default {
  meta: { name: 'podkeeper' },
  rules: { layers, 'no-folder-cycle': noFolderCycle, 'no-inline-text': noInlineText },
}
