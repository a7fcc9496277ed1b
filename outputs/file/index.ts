import { defineOutput } from 'sluice/plugin'
import { optionsOfUrl } from './address.js'
import { Appender } from './appender.js'
import { fileNamer } from './file-name.js'
import { FileOutput } from './file-output.js'
import { formatOf } from './formats.js'
import { fileOptions } from './options.js'

export default defineOutput({
  summary: 'Writes events to files, one for each tag or one for all.',
  options: fileOptions,
  codecs: () => ['ndjson'],
  unsupported: {
    label_delimiter: 'ltsv has a colon between label and value',
    csv_column_names: 'name the columns in columns; without it each batch begins with a line of names',
    gzip: 'compress the files that were moved away by other means, such as logrotate',
    files_rotation: 'leave it out: `max_size` moves files away',
  },
  ignored: {
    'label_delimiter=:': '',
    'gzip=off': '',
    'gzip=false': '',
    'files_rotation=off': '',
    'files_rotation=false': '',
  },
  fromUrl: optionsOfUrl,
  create(options, context) {
    const appender = new Appender({
      mode: Number.parseInt(options.mode, 8),
      sync: options.sync,
      mkdir: options.mkdir,
      append: options.append,
      rotateBytes: options.rotate_size ?? Infinity,
      rotateKeep: options.rotate_keep,
      lines: options.format !== 'msgpack',
    })
    return new FileOutput({
      pathOf: fileNamer(options.path, options.file),
      format: formatOf(options, context),
      appender,
    })
  },
})
