import { defineStage, type StageContext } from 'sluice/http'
import { duration, flag, map, messageOf, text } from 'sluice/plugin'

import { fileHeaders } from './file-headers.js'
import { FileSender } from './file-sender.js'
import { RootFolder } from './root-folder.js'
import { StaticFiles } from './static-files.js'

export default defineStage({
  summary: 'Serves the files of a folder.',
  options: {
    root: text('Folder whose files are served; `path` of the stage stands for it.', { required: true }),
    index: text('File that is served for a folder; empty for none.', { default: 'index.html' }),
    listing: flag('Show what is in a folder that has no index.', { default: false }),
    fallback: text(
      'File of `root` that browsers get for pages that are not there, such as `index.html` of an application that has one page.',
    ),
    fallthrough: flag('Leave what is not there to the stages behind, instead of a 404.', { default: false }),
    precompressed: flag(
      'Serve `FILE.br` or `FILE.gz` in place of a file where it lies beside it and the client takes it.',
      {
        default: true,
      },
    ),
    dot_files: flag('Serve files and folders whose name begins with a dot, too.', { default: false }),
    cache_control: text('Header `Cache-Control` of files, such as `max-age=3600`.'),
    nosniff: flag('Tell browsers to go by the type that is stated (`X-Content-Type-Options`).', { default: true }),
    headers: map(
      "Further headers of files, such as `Content-Security-Policy: default-src 'self'`, which is for who made the pages to choose.",
    ),
    types: map('Media types of endings that are not known, or to be others, such as `dbc: text/plain`.'),
    send_timeout: duration('Longest that a client may take none of what it is sent.', { default: '60s', minimum: 100 }),
  },
  shared: true,
  create(options, context) {
    const root = new RootFolder(options.root)
    const sender = new FileSender({
      root,
      precompressed: options.precompressed,
      headers: fileHeaders(options),
      types: options.types,
      clock: context.clock,
      stallMs: options.send_timeout,
    })
    const files = new StaticFiles(options, root, sender)
    return { handle: (exchange) => files.handle(exchange), run: () => warnWithoutRoot(root, options.root, context) }
  },
})

/** No failure: the folder may come to be, such as that of a disk which is mounted later. */
async function warnWithoutRoot(root: RootFolder, path: string, { log }: Pick<StageContext, 'log'>): Promise<void> {
  await root.check().catch((error: unknown) => log.warn('root is not there', { root: path, reason: messageOf(error) }))
}
