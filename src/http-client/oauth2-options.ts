import { choice, flag, integer, secret, text, type ValuesOf } from '../plugin/options.js'

/** How a client gets tokens for itself (RFC 6749, section 4.4). */
export const oauth2Options = {
  'oauth2.enable': flag('Get a bearer token from an authorization server, by client credentials.', { default: false }),
  'oauth2.token_url': text('Where tokens are asked for.', {
    pattern: '^https?://[^/?#]+.*$',
    expects: 'an address such as https://login.example.com/token',
    needs: 'oauth2.enable',
  }),
  'oauth2.client_id': text('Name of this client.', { needs: 'oauth2.enable' }),
  'oauth2.client_secret': secret('Secret of this client.'),
  'oauth2.scope': text('Scope of the token.', { needs: 'oauth2.enable' }),
  'oauth2.audience': text('Audience of the token.', { needs: 'oauth2.enable' }),
  'oauth2.auth_method': choice(
    'How the client names itself: with basic authentication, or within the body.',
    ['basic', 'post'],
    { default: 'basic' },
  ),
  'oauth2.refresh_skew_seconds': integer('A token is replaced so many seconds before it ends.', {
    default: 60,
    minimum: 0,
  }),
} as const

export type Oauth2Options = ValuesOf<typeof oauth2Options>
