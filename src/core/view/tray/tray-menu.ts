import type { KeepOnChoice } from '../../pod-rules/pod-rules'
import type { PodKey, PowerAction } from '../../pods/pod'

export type TrayCommand =
  | { readonly kind: 'act'; readonly podKey: PodKey; readonly action: PowerAction }
  | { readonly kind: 'wait-for-gpu'; readonly podKey: PodKey }
  | { readonly kind: 'ask-terminate'; readonly podKey: PodKey }
  | { readonly kind: 'stop-idle' }
  | { readonly kind: 'undo'; readonly intentId: string }
  | { readonly kind: 'run-job'; readonly podKey: PodKey; readonly jobId: string }
  | { readonly kind: 'show-pod'; readonly podKey: PodKey }
  | { readonly kind: 'open-terminal'; readonly podKey: PodKey }
  | { readonly kind: 'keep-on'; readonly podKey: PodKey; readonly choice: KeepOnChoice }
  | { readonly kind: 'end-keep-on'; readonly podKey: PodKey }
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
