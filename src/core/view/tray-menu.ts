import type { KeepOnChoice } from '../pod-rules/pod-rules'
import type { PowerAction } from '../pods/pod'

export type TrayCommand =
  | { readonly kind: 'act'; readonly podId: string; readonly action: PowerAction }
  | { readonly kind: 'wait-for-gpu'; readonly podId: string }
  | { readonly kind: 'ask-terminate'; readonly podId: string }
  | { readonly kind: 'undo'; readonly intentId: string }
  | { readonly kind: 'show-pod'; readonly podId: string }
  | { readonly kind: 'open-terminal'; readonly podId: string }
  | { readonly kind: 'keep-on'; readonly podId: string; readonly choice: KeepOnChoice }
  | { readonly kind: 'end-keep-on'; readonly podId: string }
  | { readonly kind: 'pause-alerts' | 'resume-alerts' }
  | { readonly kind: 'pause-auto-stops' | 'resume-auto-stops' }
  | { readonly kind: 'open' }
  | { readonly kind: 'open-window'; readonly page: 'pods' | 'settings' }
  | { readonly kind: 'quit' }

export type TrayMenuEntry =
  | { readonly kind: 'separator' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'item'; readonly text: string; readonly command: TrayCommand }
  | { readonly kind: 'submenu'; readonly text: string; readonly entries: readonly TrayMenuEntry[] }
