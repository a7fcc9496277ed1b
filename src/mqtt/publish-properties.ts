import type { IClientPublishOptions } from 'mqtt'

/** What a PUBLISH of MQTT 5 says beside its payload (MQTT 5.0, section 3.3.2.3). */
export type PublishProperties = NonNullable<IClientPublishOptions['properties']>
