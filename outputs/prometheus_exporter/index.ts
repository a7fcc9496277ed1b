import { type HttpServerOptions, httpServerOptions } from 'sluice/http'
import { defineOutput, duration, integer, list, map, text } from 'sluice/plugin'
import { createExporter } from './create.js'

/** Fluent Bit's. */
const port = 2021

export default defineOutput({
  summary: 'Serves the last values of numeric fields to Prometheus, as gauges.',
  options: {
    metric: text(
      'Name of a metric but for its end, which is the field: `host.cpu` and `user_p` give `host_cpu_user_p`.',
      {
        default: '$TAG',
        filled: true,
      },
    ),
    labels: map('Labels, each with its value or where an event has it, such as `interface: $name`.', {
      default: {},
      aliases: ['add_label'],
    }),
    fields: list('Fields to serve; all that are numbers, true or false unless given.'),
    ttl: duration('How long a value is served that no newer one follows.', { default: '5m', minimum: 1000 }),
    max_series: integer('Values at most; beyond them the one that was longest not set goes.', {
      default: 10_000,
      minimum: 1,
      maximum: 1_000_000,
    }),
    metrics_path: text('Path of the page.', { default: '/metrics', pattern: '^/' }),
    ...httpServerOptions(port),
    listen: list('Addresses to listen on: `HOST`, `HOST:PORT`, `[::1]:PORT` or `unix:/PATH`.', {
      default: ['127.0.0.1'],
      aliases: ['host'],
    }),
  },
  ignored: { 'add_timestamp=off': '', 'add_timestamp=false': '' },
  unsupported: {
    add_timestamp: 'leave it out; Prometheus takes the time of the scrape, and `ttl` says how old a value may be',
  },
  create: (options, context) => createExporter(options satisfies HttpServerOptions, context),
})
