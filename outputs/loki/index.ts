import { defineOutput } from 'sluice/plugin'
import { createLoki } from './create.js'
import { lokiOptions } from './options.js'

export default defineOutput({
  summary: 'Pushes events as log lines to Grafana Loki, or to another server that takes its pushes.',
  options: lokiOptions,
  unsupported: {
    tenant_id_key: 'name the field in tenant_id, as in `$tenant`',
    label_map_path: 'name the fields in labels, as in `bus: $bus`',
    structured_metadata_map_keys: 'name the fields in structured_metadata, as in `trace: $trace`',
    auto_kubernetes_labels: "name the fields in labels, as in `pod: $kubernetes['pod_name']`",
    'drop_single_key=raw': 'write `drop_single_key: on`',
  },
  ignored: {
    'auto_kubernetes_labels=off': '',
    'auto_kubernetes_labels=false': '',
    buffer_size: 'the beginning of an answer is part of every error',
  },
  codecs: () => ['loki'],
  create: createLoki,
})
