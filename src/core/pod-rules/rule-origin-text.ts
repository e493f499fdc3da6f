import type { RuleOrigin } from './pod-rules'

/** "rule “scratch”", "all pods". */
export const ruleOriginText = (origin: RuleOrigin): string =>
  origin.kind === 'pattern' ? `rule “${origin.name}”` : 'all pods'
