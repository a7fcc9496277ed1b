import { choice, duration, secret, text, type ValuesOf } from '../../plugin/options.js'
import type { MqttConnectOptions } from '../client-options.js'

/** What brokers of clouds ask of a client beyond MQTT. */
export const cloudOptions = {
  profile: choice(
    'Kind of broker, for its defaults and checks: AWS IoT Core, Azure IoT Hub, or one that takes JSON Web Tokens.',
    ['aws_iot', 'azure_iot_hub', 'google_style'],
  ),
  shared_access_key: secret('Key of the device in Azure IoT Hub, in base64; tokens are made from it.'),
  'jwt.key_file': text('Private key that JSON Web Tokens are signed with, as PEM: RSA (RS256) or P-256 (ES256).'),
  'jwt.audience': text('Audience of these tokens, such as the name of the project.'),
  token_lifetime: duration('How long a token is good for; a new one is made, and the connection too, before it ends.', {
    default: '1h',
    minimum: 60_000,
    maximum: 86_400_000,
  }),
} as const

export type CloudOptions = ValuesOf<typeof cloudOptions> & MqttConnectOptions
