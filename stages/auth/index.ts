import { defineStage } from 'sluice/http'
import { duration, integer, list, secret, text } from 'sluice/plugin'

import { authStage } from './auth-stage.js'

export default defineStage({
  summary: 'Lets in who shows who he is: by password, token, API key or certificate.',
  options: {
    users_file: text('File of users and their passwords, each line `NAME:HASH` as `sluice password NAME` prints it.'),
    tokens_file: text(
      'File of tokens, each line `NAME:SHA256` or `NAME:SHA256:SCOPE,SCOPE`, with the SHA-256 of the token in hexadecimal.',
    ),
    token: secret('One token, without a file; who shows it is the user `token`.'),
    api_key_header: text('Header that tokens may come in besides `Authorization: Bearer`, such as `X-API-Key`.', {
      pattern: String.raw`^[\w!#$%&'*+.^|~-]+$`,
      expects: 'the name of a header',
    }),
    certificates: list(
      'Names in client certificates that the server has verified, `*.example.com` for all below a domain; who has one is the user of that name.',
    ),
    realm: text('What clients show when they ask for a password.', {
      default: 'sluice',
      pattern: String.raw`^[ !#-\[\]-~]+$`,
      expects: 'text of ASCII without quotes and backslashes',
    }),
    allow_users: list('Users that are let in, of those that are known; by default all.'),
    scope: text('What a token must be for; one whose line names no scopes is for everything.'),
    exempt: list('Paths that need none of this, with all below them, such as `/healthz`.'),
    refresh: duration('How often it is looked whether a file has changed.', { default: '5s', minimum: 100 }),
    remember: duration('How long a password that was right is not checked anew.', { default: '5m' }),
    max_failures: integer('Wrong passwords and tokens of one address in a minute; then it gets a 429.', {
      default: 10,
      minimum: 1,
      maximum: 10_000,
    }),
  },
  shared: true,
  create: (options, context) => authStage(options, context),
})
