import type { Measurement } from '../measurement'

/** A count of what queues did. `atMost`: more of it fails the bench; null: it has no goal. */
export const queueFigure = (name: string, value: number, atMost: number | null = null): Measurement => ({
  group: 'queue',
  name,
  unit: '',
  value,
  spread: null,
  baseline: null,
  beside: null,
  goal: atMost === null ? null : { kind: 'value', atMost },
})
