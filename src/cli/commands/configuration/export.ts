import { Document, isMap, isSeq } from 'yaml'
import type { CurrentConfiguration } from '../../../core/configuration/configuration-plan'
import { exportConfiguration } from '../../../core/configuration/export-configuration'
import { exportText } from './export-text'

/** The configuration as YAML, with comments on what it doesn't have. */
export function exportYaml(current: CurrentConfiguration): string {
  const document = new Document(exportConfiguration(current))
  document.commentBefore = exportText.head
  const channels = document.get('channels')
  if (isSeq(channels))
    for (const channel of channels.items) if (isMap(channel)) channel.comment = exportText.noAddress
  const heartbeat = document.get('heartbeat')
  if (isMap(heartbeat)) heartbeat.comment = exportText.noHeartbeatAddress
  const tokens = document.get('tokens')
  if (isSeq(tokens)) tokens.commentBefore = exportText.tokens
  return document.toString({ lineWidth: 0 })
}
