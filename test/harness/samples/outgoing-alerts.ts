import type { OutgoingAlert } from '../../../src/core/channels/messages/outgoing-alert'
import { type Channel, type ChannelKind, newChannel } from '../../../src/core/channels/channel'
import { START_MS } from '../base/fake-clock'

export const startInstant = { wallMs: START_MS, monotonicMs: 5_000, runId: 'run-1' }

export function outgoingAlert(over: Partial<OutgoingAlert> = {}): OutgoingAlert {
  return {
    kind: 'pod-error',
    accountId: 'account-1',
    podId: 'pod1',
    episode: '1',
    podName: 'llama',
    accountName: null,
    computer: null,
    title: 'llama has an error',
    body: 'Out of memory. It still costs $1.20/hr.',
    tone: 'bad',
    isCritical: false,
    url: 'https://console.runpod.io/pods?id=pod1',
    createdAt: startInstant,
    ...over,
  }
}

export const channel = (kind: ChannelKind = 'ntfy', over: Partial<Channel> = {}): Channel => ({
  ...newChannel(`${kind}-1`, kind, 'Phone', 'ntfy.example'),
  ...over,
})
