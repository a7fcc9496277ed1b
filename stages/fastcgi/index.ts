import { defineStage } from 'sluice/http'
import { partOf } from 'sluice/net'
import { duration, integer, map, size, text } from 'sluice/plugin'
import { FastCgiStage } from './fastcgi-stage.js'
import { parseUpstream } from './upstream.js'

export default defineStage({
  summary: 'Has a FastCGI responder answer requests, such as php-fpm.',
  options: {
    upstream: text('Where the responder listens: `HOST:PORT` or `unix:/PATH`.', { required: true }),
    root: text('Folder of the scripts, as the responder sees it. Without one it is told of no files.'),
    index: text('Script of a path that ends with a slash.', { default: 'index.php' }),
    extension: text('How the names of scripts end; a path without one is left to the stages behind.', {
      default: '.php',
      pattern: '^.+$',
    }),
    params: map('Further parameters, besides those of CGI.', { default: {} }),
    connect_timeout: duration('Longest that it may take to connect to the responder.', { default: '5s', minimum: 10 }),
    answer_timeout: duration('Longest that nothing may move before or within an answer.', {
      default: '60s',
      minimum: 10,
    }),
    max_connections: integer('Requests at once; further ones get a 503.', { default: 16, minimum: 1, maximum: 1000 }),
    max_body_size: size('Longest body that is passed on; longer ones get a 413. By default that of the server.'),
    max_output_size: size('Most that a script may write; an answer that is longer is cut off.', { default: '32MiB' }),
  },
  shared: true,
  create(options, context) {
    return new FastCgiStage(
      {
        target: parseUpstream(options.upstream),
        path: options.path,
        root: options.root,
        index: options.index,
        extension: options.extension,
        params: options.params,
        connectMs: options.connect_timeout,
        answerMs: options.answer_timeout,
        mostConnections: partOf(options.max_connections, context.workers),
        bodyBytes: options.max_body_size,
        outputBytes: options.max_output_size,
      },
      context,
    )
  },
})
