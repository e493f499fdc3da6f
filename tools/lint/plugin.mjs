import { layers } from './layers.mjs'
import { noInlineText } from './no-inline-text.mjs'

export default { meta: { name: 'podkeeper' }, rules: { layers, 'no-inline-text': noInlineText } }
